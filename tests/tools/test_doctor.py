"""The check-up as a command, against the sandbox's tenant, with the Azure CLI's own credential class."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest

from sandbox.tenant import seed
from sandbox.tenant.app import start
from sandbox.tenant.clock import TenantClock
from shared.checkup.catalogue import CHECKS, report
from shared.runtime.clock import SystemClock
from shared.runtime.settings.loading import load_without_secrets
from shared.runtime.settings.model import Settings
from tests.demo.test_readme import ROOT
from tests.shared.checkup.facts import CLEAN, access, policy
from tools.doctor.__main__ import main
from tools.doctor.command import Access, check_up
from tools.doctor.looking import AskApp
from tools.doctor.options import USAGE, parsed, settings_of
from tools.doctor.page import page
from tools.doctor.sandbox import ADMINISTRATOR, ROLES
from tools.doctor.screen import Screen
from tools.doctor.signing_in import FIXING, READING, credential
from tools.doctor.table import WIDTH, written

pytestmark = [
    pytest.mark.filterwarnings("ignore:GetQueryParameters is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:This class is deprecated:DeprecationWarning"),
]
LOCKED = {"controls": frozenset({"compliantDevice"})}
NOW = datetime(2030, 6, 1, 9, tzinfo=UTC)
AZ = """#!/bin/sh
printf '{"accessToken": "%s", "expires_on": 4102444800}' "$(cat "$0.token")"
"""
AZ_SCOPES = "AuditLog.Read.All Directory.AccessAsUser.All Group.ReadWrite.All User.ReadWrite.All"
"""What a token of the Azure CLI says (Azure/azure-cli issue 23906)."""


async def all_is_fine() -> Any:
    """Say what an app says where all is in order: it fills in what only the app can tell."""
    return {"checks": [{"id": check.id, "state": "ok", "found": "says the app", "command": None} for check in CHECKS]}


@dataclass
class Terminal:
    """A tenant, an administrator signed in with the Azure CLI, and what the command wrote."""

    address: str
    session: aiohttp.ClientSession
    az: Path
    told: list[str] = field(default_factory=list)

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """Use a control of the tenant."""
        async with self.session.request(method, f"{self.address}/_sandbox/{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def change(self, *operations: dict[str, Any]) -> None:
        """Change the tenant."""
        await self.control("POST", "directory", {"ops": list(operations)})

    async def signs_in(self, scopes: str) -> None:
        """Let the administrator sign in, with these scopes in the token."""
        token = await self.control("POST", "token", {"user": ADMINISTRATOR, "scopes": scopes})
        self.az.with_suffix(".token").write_text(token["token"])

    async def runs(self, *arguments: str, agrees: bool = True, ask_app: AskApp | None = all_is_fine) -> tuple[int, str]:
        """Run the command; return its exit code, and what it wrote."""
        self.told.clear()
        screen = Screen(self.told.append, self.told.append, lambda _: agrees, colour=False)
        options = parsed(arguments)
        access = Access(credential(options.sign_in, self.settings, fixing=options.fix), ask_app, SystemClock())
        code = await check_up(self.settings, access, options, screen)
        return code, "\n".join(self.told)

    @property
    def settings(self) -> Settings:
        """The app's settings, as an administrator has them: without a secret."""
        storage = {f"STORAGE__{name}ServiceUri": f"https://127.0.0.1:1/{name}" for name in ("table", "queue")}
        addresses = {"GRAPH_BASE_URL": self.address, "LINK_BASE_URL": "http://127.0.0.1:1"}
        return load_without_secrets({**seed.app_settings(), **storage, **addresses, "ROW_KEYS": '{"a": "ROW_KEY_A"}'})

    async def writes(self) -> list[str]:
        """List what was asked of Graph that is not a read."""
        seen = (await self.control("GET", "requests"))["requests"]
        return [f"{one['method']} {one['path'].rpartition('/')[2]}" for one in seen if one["method"] != "GET"]


@pytest.fixture
async def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Terminal]:
    """Start a tenant, and put an Azure CLI on the path whose person holds the roles that the check-up names."""
    clock, az = tmp_path / "clock", tmp_path / "bin" / "az"
    TenantClock(clock).reset(NOW)
    running = await start(0, tmp_path, clock, "sandbox")
    az.parent.mkdir()
    az.write_text(AZ)
    az.chmod(0o700)
    monkeypatch.setenv("PATH", f"{az.parent}:/usr/bin:/bin")
    async with aiohttp.ClientSession() as session:
        terminal = Terminal(running.address, session, az)
        await terminal.change(*({"op": "assign-role", "principal": ADMINISTRATOR, "role": role} for role in ROLES))
        await terminal.signs_in(" ".join((*READING, *FIXING)))
        yield terminal
    await running.stop()


async def test_what_is_seeded_is_found_fixed_where_we_may_and_then_left_alone(terminal: Terminal) -> None:
    """Exit codes by severity; each change is shown and asked for; run again, --fix changes nothing."""
    assert (await terminal.runs())[0] == 0
    others = {"@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": seed.stable_id("group", "x")}
    await terminal.change(
        {"op": "set-policy", "policy": {"state": "disabled", "includeTargets": [], "maximumLifetimeInMinutes": 480}},
        {"op": "set-profile", "profile": "Enable Web Sign-in", "assignments": [{"target": others}]},
        {"op": "set-access-policy", "policy": "Only known devices", "fields": {"controls": ["compliantDevice"]}},
        {"op": "grant-permission", "permission": "Mail.Send"},
    )
    code, told = await terminal.runs()
    assert code == 2
    for words in ("held and not needed: Mail.Send", "off: no pass", "passes live 480", "gets past Only known devices"):
        assert words in " ".join(told.split()), told

    code, told = await terminal.runs("--fix", "--target", "all_users", agrees=False)
    assert (code, told.count("left as it is"), await terminal.writes()) == (2, 8, [])
    code, told = await terminal.runs("--fix", "--target", "all_users")
    assert (code, told.count("   done\n")) == (1, 8), told
    assert "before   off, for nobody\n   after    on, for everybody" in told
    assert sorted(set(await terminal.writes())) == ["PATCH temporaryAccessPass", "POST assign"]
    held = (await terminal.control("GET", "directory"))["profile"]["assignments"]
    assert held[0]["target"]["groupId"] == others["groupId"]

    done = len(await terminal.writes())
    code, told = await terminal.runs("--fix", "--target", "all_users")
    assert (code, "done" in told, len(await terminal.writes())) == (1, False, done)


async def test_a_profile_that_is_missing_is_made_and_one_that_is_wrong_is_left(terminal: Terminal) -> None:
    """Made with the one setting, for Windows, and assigned; one by that name with the setting off is somebody's."""
    await terminal.change({"op": "delete-profile", "profile": "Enable Web Sign-in"})
    assert (await terminal.runs())[0] == 2
    assert (await terminal.runs("--fix"))[0] == 0
    await terminal.change({"op": "set-profile", "profile": "Enable Web Sign-in", "enabled": 2})
    writes = await terminal.writes()
    code, told = await terminal.runs("--fix", "--json")
    assert (code, await terminal.writes()) == (2, writes)
    found = {one["id"]: one for one in json.loads(told)["checks"]}
    assert (
        found["web-sign-in-profile"]["found"] == "'Enable Web Sign-in' does not enable the setting Enable Web Sign-in"
    )


async def test_the_azure_clis_own_scopes_reach_no_policy_and_the_app_fills_in(terminal: Terminal) -> None:
    """What the sign-in may not read is unknown, with what it lacks; what the app knows of it is taken from the app."""
    await terminal.signs_in(AZ_SCOPES)
    code, told = await terminal.runs(ask_app=None)
    assert code == 1
    assert "Policy.Read.AuthenticationMethod is missing" in told
    assert "Policy.Read.All is missing" in told
    assert "DeviceManagementRBAC.Read.All is missing" in told

    async def broken() -> Any:
        told: dict[str, Any] = await all_is_fine()
        return {
            "checks": [one | ({"state": "failure"} if one["id"] == "pass-policy-on" else {}) for one in told["checks"]]
        }

    async def closed() -> Any:
        raise httpx.ConnectError("nobody is there")

    assert (await terminal.runs())[0] == 0
    assert (await terminal.runs(ask_app=broken))[0] == 2
    code, told = await terminal.runs(ask_app=closed)
    assert (code, "The app's own report could not be read: nobody is there" in told) == (1, True)


def test_the_table_fits_a_terminal_and_commands_can_be_copied() -> None:
    """No line is wider than 80 columns but one of a command, which stands as it has to be typed."""
    for colour in (True, False):
        made = report(replace(CLEAN, **policy(enabled=False, maximum_lifetime=480), **access(**LOCKED)))
        text = re.sub(r"\x1b\[\d+m", "", written(made, colour=colour))
        commands = {line for one in made.findings for line in one.command.splitlines()}
        wide = [line for line in text.splitlines() if len(line) > WIDTH]
        assert all(any(line.endswith(command) for command in commands) for line in wide)
        assert text.endswith(f"{len(CHECKS)} checks: {len(CHECKS) - 3} in order, 2 to be looked at, 1 broken.")
        assert re.search(r"^1  The policy is on +pass-policy-on$", text, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments", [["--fix", "--sign-in", "app"], ["--sign-in", "nobody"], ["--unknown"]], ids=lambda one: one[-1]
)
def test_an_order_that_cannot_be_understood_is_no_finding(arguments: list[str]) -> None:
    """Its exit code is another; and the app's own identity never gets the rights of --fix."""
    with pytest.raises(SystemExit) as ended:
        parsed(arguments)
    assert ended.value.code == USAGE


def test_without_a_sign_in_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is asked of the tenant, and nothing is said of it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    storage = {f"STORAGE__{name}ServiceUri": f"https://127.0.0.1:1/{name}" for name in ("table", "queue")}
    given = {**seed.app_settings(), **storage, "LINK_BASE_URL": "http://127.0.0.1:1", "ROW_KEYS": '{"a": "ROW_KEY_A"}'}
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"Values": given}))
    assert main(["--settings", str(file)]) == USAGE
    assert "Azure CLI not found" in capsys.readouterr().err


def test_settings_come_from_azures_list_or_a_local_file(tmp_path: Path) -> None:
    """Both shapes are read; anything else says how to write one."""
    file = tmp_path / "settings.json"
    for shape in ([{"name": "MODE", "value": "live", "slotSetting": False}], {"Values": {"MODE": "live"}}):
        file.write_text(json.dumps(shape))
        assert settings_of(file) == {"MODE": "live"}
    file.write_text("[1]")
    with pytest.raises(ValueError, match="appsettings list"):
        settings_of(file)


def test_the_page_says_what_the_checks_are() -> None:
    """What people read is what is checked; `python -m tools.doctor.page > docs/check-up.md` writes it."""
    assert (ROOT / "docs/check-up.md").read_text(encoding="utf-8") == page()
