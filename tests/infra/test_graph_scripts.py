"""The administrator's scripts, run against a stand-in for the Azure CLI that keeps what they make."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.infra.tree import ROOT

GRAPH = ROOT / "infra" / "graph"
DECLARED = json.loads((GRAPH / "permissions.json").read_text(encoding="utf-8"))
NOTHING: dict[str, Any] = {"identities": {}, "locks": [], "grants": [], "applications": {}, "bin": []}


class Desk:
    """An administrator's machine."""

    def __init__(self, folder: Path) -> None:
        self._state = folder / "state.json"
        self._state.write_text(json.dumps(NOTHING), encoding="utf-8")
        stand_in = folder / "az"
        stand_in.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).parent}/az.py" "$@"\n', encoding="utf-8"
        )
        stand_in.chmod(0o755)
        self._environment = {"PATH": f"{folder}:{os.environ['PATH']}", "AZ_STATE": str(self._state)}

    @property
    def state(self) -> dict[str, Any]:
        """What there is in the tenant."""
        return dict(json.loads(self._state.read_text(encoding="utf-8")))

    def lock(self, name: str) -> None:
        """Lock an identity, as infra/app/identity.bicep does."""
        self._state.write_text(json.dumps(self.state | {"locks": [name]}), encoding="utf-8")

    def run(self, script: str, *arguments: str) -> str:
        """Run a script and return what it says."""
        command = [GRAPH / script, *arguments]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give an administrator's machine and an empty tenant."""
    return Desk(tmp_path)


def test_set_up_grants_exactly_what_is_declared_however_often(desk: Desk) -> None:
    """Once or twice: the same grants, the same registration with its roles, a trust in the identity, and no secret."""
    said = [desk.run("set-up.sh", "prod", "rg", "app.example.net", "one.example.com") for _ in range(2)]
    assert [one["appRoleId"] for one in desk.state["grants"]] == [one["id"] for one in DECLARED["application"]]
    assert {(one["principalId"], one["resourceId"]) for one in desk.state["grants"]} == {("principal", "graph")}
    registration = desk.state["applications"]["day-one-pass-prod"]
    assert [role["value"] for role in registration["appRoles"]] == [role["value"] for role in DECLARED["appRoles"]]
    assert registration["web"]["redirectUris"] == [
        "https://app.example.net/.auth/login/aad/callback",
        "https://one.example.com/.auth/login/aad/callback",
    ]
    assert "passwordCredentials" not in registration
    assert desk.state["trust"]["subject"] == "principal"
    assert desk.state["trust"]["issuer"] == "https://login.microsoftonline.com/tenant/v2.0"
    assert "granted  User.Read.All" in said[0]
    assert "granted" not in said[1]
    assert "azd env set APPLICATION_CLIENT_ID application" in said[1]


def test_what_a_feature_needs_is_granted_where_it_is_named(desk: Desk) -> None:
    """Its permissions come to the others; a feature that there is not is refused before anything is done."""
    with pytest.raises(subprocess.CalledProcessError) as refused:
        desk.run("set-up.sh", "--with", "autopilots", "prod", "rg", "app.example.net")
    assert "There is no feature autopilots. There are: autopilot, pim, steady-group, teams" in refused.value.stderr
    assert desk.state == NOTHING
    desk.run("set-up.sh", "--with", "autopilot", "prod", "rg", "app.example.net")
    wanted = [*DECLARED["application"], *(one for one in DECLARED["optional"] if one["feature"] == "autopilot")]
    assert [one["appRoleId"] for one in desk.state["grants"]] == [one["id"] for one in wanted]


def test_removal_leaves_no_grant(desk: Desk) -> None:
    """After removal the tenant is as before, the registration not even in the bin; doing it again is no fault."""
    desk.run("set-up.sh", "prod", "rg", "app.example.net")
    desk.lock("id-day-one-pass-prod")
    assert "No grant is left." in desk.run("remove.sh", "prod", "rg")
    left = desk.state
    del left["trust"]
    assert left == NOTHING
    assert "No grant is left." in desk.run("remove.sh", "prod", "rg")


@pytest.mark.parametrize("script", ["set-up.sh", "remove.sh"])
def test_without_arguments_nothing_is_done_and_usage_is_said(desk: Desk, script: str) -> None:
    """Started without knowing how, a script explains itself and touches nothing."""
    with pytest.raises(subprocess.CalledProcessError) as refused:
        desk.run(script)
    assert f"Usage: {script}" in refused.value.stderr
    assert desk.state == NOTHING
