"""The command, for whatever tenant: look, perhaps fix and look again, and tell."""

import json
from dataclasses import dataclass

from azure.core.credentials_async import AsyncTokenCredential

from shared.checkup.finding import Report, State
from shared.checkup.writing import as_json
from shared.runtime.clock import Clock
from shared.runtime.settings.model import Settings
from shared.tenant.graph import GraphConnection
from tools.doctor.fixing import fix
from tools.doctor.looking import AskApp, look
from tools.doctor.options import Options
from tools.doctor.screen import Screen
from tools.doctor.signing_in import SignIn
from tools.doctor.table import written

EXIT = {State.OK: 0, State.UNKNOWN: 1, State.WARNING: 1, State.FAILURE: 2}


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks the tenant, how the app is asked for its own report, and whose clock counts."""

    credential: AsyncTokenCredential
    ask_app: AskApp | None
    clock: Clock


async def check_up(settings: Settings, access: Access, options: Options, screen: Screen) -> int:
    """Do it; return the exit code."""
    graph = GraphConnection(access.credential, settings.graph_base_url)
    as_app = options.sign_in is SignIn.APP
    try:
        seen = look(settings, graph, access.clock, access.ask_app, as_app=as_app)
        if options.fix:
            await fix(seen, options.targets, screen)
        report = await seen.report(screen.say)
    finally:
        await graph.aclose()
    screen.write(_told(report, options, screen))
    return EXIT[report.worst]


def _told(report: Report, options: Options, screen: Screen) -> str:
    if options.as_json:
        return json.dumps(as_json(report), indent=2, ensure_ascii=False)
    return written(report, colour=screen.colour)
