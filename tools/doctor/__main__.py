"""Check up on a real tenant: `python -m tools.doctor --help`; see docs/check-up.md."""

import asyncio
import os
import sys
from collections.abc import Sequence

from azure.core.exceptions import ClientAuthenticationError

from shared.runtime.clock import SystemClock
from shared.runtime.errors import SettingsError
from shared.runtime.settings.loading import load_without_secrets
from shared.runtime.settings.model import Settings
from shared.runtime.telemetry.logs import quiet_libraries
from tools.doctor.command import Access, check_up
from tools.doctor.looking import by_http
from tools.doctor.options import USAGE, Options, parsed, settings_of
from tools.doctor.screen import Screen
from tools.doctor.signing_in import credential


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0, 1 or 2 for what was found, `USAGE` where the check-up could not begin."""
    options = parsed(arguments)
    quiet_libraries()
    try:
        settings = load_without_secrets(settings_of(options.settings) if options.settings else os.environ)
        return asyncio.run(_run(settings, options))
    except ClientAuthenticationError as error:
        print(f"Not done, for there is no sign-in: {error.message}", file=sys.stderr)
    except (OSError, ValueError, SettingsError) as error:
        print(f"Not done: {error}", file=sys.stderr)
    return USAGE


async def _run(settings: Settings, options: Options) -> int:
    who = credential(options.sign_in, settings, fixing=options.fix)
    client = options.app_client_id
    ask_app = by_http(settings.link_base_url, client, who) if client else None
    try:
        await who.get_token(f"{settings.graph_base_url}/.default")
        access = Access(who, ask_app, SystemClock())
        return await check_up(settings, access, options, Screen.usual(yes=options.yes, as_json=options.as_json))
    finally:
        await who.close()


if __name__ == "__main__":
    sys.exit(main())
