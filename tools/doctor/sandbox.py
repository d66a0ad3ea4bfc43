"""The same command in a sandbox: `make doctor`. An administrator is there, and the app is asked, too."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from azure.core.credentials import AccessToken

from sandbox.azurite import StorageMissingError
from sandbox.people import Company
from sandbox.ports import NoFreePortError
from sandbox.processes import StartError
from sandbox.world import World
from shared.runtime.clock import SystemClock
from shared.runtime.settings.loading import load_settings
from shared.runtime.telemetry.logs import quiet_libraries
from tools.doctor.command import Access, check_up
from tools.doctor.options import Options, parsed
from tools.doctor.screen import Screen
from tools.doctor.signing_in import FIXING, READING, TokenSource

ADMINISTRATOR = "mei.tanaka@larkspur.example"
ROLES = ("Global Reader", "Authentication Policy Administrator", "Intune Administrator")
"""What the administrator of the sandbox holds: enough to read everything, and for each change that `--fix` makes."""
SOON = timedelta(days=3)
"""So near is the first day of who is coming that the devices were looked at already."""
WITH_FAULTS = "--with-faults"
FAR_OFF = 4_102_444_800
"""The end of 2099: no sandbox lives longer than its tokens."""


FAULTS: tuple[dict[str, Any], ...] = (
    {"op": "set-policy", "policy": {"state": "disabled", "maximumLifetimeInMinutes": 480}},
    {"op": "set-access-policy", "policy": "Known devices only", "fields": {"controls": ["compliantDevice"]}},
    {"op": "upsert-user", "user": {"userPrincipalName": "arjun.kulkarni@larkspur.example", "employeeId": None}},
)
"""What `--with-faults` spoils, to be found."""


def main() -> int:
    """Start a world, check it up, and take it down. With `--with-faults` it is spoilt before."""
    options = parsed([argument for argument in sys.argv[1:] if argument != WITH_FAULTS])
    quiet_libraries()
    try:
        with World.start() as world:
            return _checked(world, options)
    except (NoFreePortError, StartError, StorageMissingError) as error:
        print(f"The sandbox did not come up: {error}", file=sys.stderr)
        return 1


def _checked(world: World, options: Options) -> int:
    company = Company(world)
    start = (datetime.fromisoformat(world.now()) + SOON).date().isoformat()
    for hire in company.hires():
        company.post(company.event(hire, start, device={"deviceId": hire.device}))
    world.run_timer("sweep")
    roles = [{"op": "assign-role", "principal": ADMINISTRATOR, "role": role} for role in ROLES]
    world.control("POST", "directory", {"ops": [*roles, *(FAULTS if WITH_FAULTS in sys.argv else ())]})
    reader = company.token("auditor", "Pass.Read", app=True)

    async def ask_app() -> Mapping[str, Any]:
        answer = world.request("GET", "/api/readiness", headers={"Authorization": f"Bearer {reader}"})
        return dict(answer.json())

    async def token(_: str) -> AccessToken:
        wanted = {"user": ADMINISTRATOR, "scopes": " ".join((*READING, *FIXING))}
        return AccessToken(str(world.control("POST", "token", wanted).json()["token"]), FAR_OFF)

    access = Access(TokenSource(token), ask_app, SystemClock())
    return asyncio.run(
        check_up(
            load_settings(world.settings()), access, options, Screen.usual(yes=options.yes, as_json=options.as_json)
        )
    )


if __name__ == "__main__":
    sys.exit(main())
