"""What the command is told."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tools.doctor.signing_in import SignIn

USAGE = 64
"""The exit code for a command that was not understood (sysexits.h): 1 and 2 tell of the tenant."""


@dataclass(frozen=True, slots=True)
class Options:
    """The order. `targets`: for whom the policy is turned on, group ids or `all_users`."""

    sign_in: SignIn
    settings: Path | None
    app_client_id: str | None
    as_json: bool
    fix: bool
    yes: bool
    targets: tuple[str, ...]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage()
        self.exit(USAGE, f"{self.prog}: {message}\n")


def parsed(arguments: Sequence[str] | None) -> Options:
    """Read the command line; ends the process with `USAGE` where it cannot be understood."""
    parser = _Parser(
        prog="python -m tools.doctor",
        description="Check up on a tenant: is everything ready for the first mornings to come?",
        epilog="Exit code: 0 all in order, 1 something is unknown or to be looked at, 2 something is broken.",
    )
    parser.add_argument("--sign-in", type=SignIn, choices=list(SignIn), default=SignIn.AZURE_CLI, metavar="HOW",
                        help="azure-cli (az login), browser, device-code, or app (the app's own identity)")  # fmt: skip
    parser.add_argument("--settings", type=Path, metavar="FILE",
                        help="the app's settings, as `az functionapp config appsettings list` writes them;"
                        " else they are taken from the environment")  # fmt: skip
    parser.add_argument("--app-client-id", metavar="ID", help="client id of the app registration: asks the app, too")
    parser.add_argument("--json", action="store_true", dest="as_json", help="write JSON instead of a table")
    parser.add_argument("--fix", action="store_true", help="make the changes that are ours to make, one by one")
    parser.add_argument("--yes", action="store_true", help="do not ask before a change")
    parser.add_argument("--target", action="append", default=[], dest="targets", metavar="ID",
                        help="for whom --fix turns the policy on: a group's object id, or all_users")  # fmt: skip
    given = vars(parser.parse_args(arguments))
    if given["fix"] and given["sign_in"] is SignIn.APP:
        parser.error("--fix needs an administrator's own sign-in: the app must not be able to do this")
    return Options(**given | {"targets": tuple(given["targets"])})


def settings_of(file: Path) -> Mapping[str, str]:
    """Read settings from a file: Azure's list of names and values, or a local.settings.json.

    Raises:
        OSError: it cannot be read.
        ValueError: it is neither.
    """
    found = json.loads(file.read_text(encoding="utf-8"))
    if isinstance(found, dict) and isinstance(found.get("Values"), dict):
        return {str(name): str(value) for name, value in found["Values"].items()}
    if isinstance(found, list) and all(isinstance(one, dict) and {"name", "value"} <= one.keys() for one in found):
        return {str(one["name"]): str(one["value"]) for one in found}
    raise ValueError(f"{file} holds no settings: write it with `az functionapp config appsettings list -o json`")
