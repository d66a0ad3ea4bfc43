"""The same adapters against the sandbox's tenant, with the credential class of production."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from azure.identity.aio import ManagedIdentityCredential

from sandbox.tenant import seed
from sandbox.tenant.app import start
from sandbox.tenant.clock import TenantClock
from shared.tenant import graph as graph_module
from shared.tenant.autopilot import GraphAutopilot
from shared.tenant.device_states import GraphDeviceStates
from shared.tenant.devices import GraphDevices
from shared.tenant.directory import GraphDirectory
from shared.tenant.errors import (
    NotFoundInTenantError,
    PermissionMissingError,
    TenantRefusedError,
    TenantThrottledError,
    TenantUnavailableError,
)
from shared.tenant.graph import GraphConnection
from shared.tenant.groups import GraphGroups
from shared.tenant.mail import GraphMailer
from shared.tenant.passes import GraphPasses
from shared.tenant.ports.devices import Device, GroupKind
from shared.tenant.ports.mail import Mail
from shared.tenant.ports.passes import ExistingPass, PassOrder, TemporaryAccessPasses
from shared.tenant.profiles import GraphProfiles
from shared.tenant.sign_ins import GraphSignInLog
from shared.websignin.readiness import Applied
from shared.websignin.scope import ScopeOutcome, bring_into_scope
from shared.websignin.sought import web_sign_in
from tests.model import tenant as model_tenant
from tests.model.faults import Fault
from tests.model.wire import Wire

NOW = datetime(2030, 6, 1, 9, tzinfo=UTC)
ORDER = PassOrder(NOW + timedelta(hours=1), 480, one_time=False)
AMELIE = seed.stable_id("user", "amelie-brandt")
MARCUS_DEVICE = seed.stable_id("deviceObject", "marcus-adeyemi")
SENDER = seed.app_settings()["MAIL_SENDER"]
BERLIN = json.loads(seed.app_settings()["SITES"])["Berlin"]["deviceGroup"]


@dataclass
class Tenant:
    """The sandbox's tenant, the connection of the app to it, and its controls."""

    graph: GraphConnection
    address: str
    session: aiohttp.ClientSession

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """Use a control that must work."""
        async with self.session.request(method, f"{self.address}/_sandbox/{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def received(self, method: str, part: str) -> int:
        """Count the requests to Graph that the tenant saw."""
        seen = (await self.control("GET", "requests"))["requests"]
        return sum(one["method"] == method and part in one["path"] for one in seen)


@pytest.fixture
async def tenant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tenant]:
    """Start a freshly seeded tenant, and connect to it as the app does."""
    clock = tmp_path / "clock"
    TenantClock(clock).reset(NOW)
    running = await start(0, tmp_path, clock, "sandbox")
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{running.address}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "sandbox")
    credential = ManagedIdentityCredential(client_id=seed.APP_CLIENT_ID)
    graph = GraphConnection(credential, running.address)
    _ = graph.calls
    monkeypatch.setattr(graph_module, "CHANGE_SECONDS", 2.0)
    monkeypatch.setattr(graph_module, "FIRST_PAUSE_SECONDS", 0.01)
    async with aiohttp.ClientSession() as session:
        yield Tenant(graph, running.address, session)
    await graph.aclose()
    await credential.close()
    await running.stop()


async def test_a_pass_from_policy_to_deletion(tenant: Tenant) -> None:
    """Policy, look, create, look, delete, look: the code in the one answer only."""
    passes = GraphPasses(tenant.graph)
    assert (await passes.policy()).enabled
    assert await passes.look(AMELIE) == ()
    made = await passes.create(AMELIE, ORDER)
    assert made.code
    assert await passes.look(AMELIE) == (made.record,)
    assert (made.record.start, made.record.lifetime) == (ORDER.start, 480)
    await passes.delete(AMELIE, made.record.id)
    await passes.delete(AMELIE, made.record.id)
    assert await tenant.received("POST", "temporaryAccessPassMethods") == 1


@pytest.mark.parametrize("kind", ["commit-then-timeout", "commit-then-status", "malformed", "reset", "status"])
async def test_a_pass_whose_answer_is_lost_was_asked_for_once(tenant: Tenant, kind: str) -> None:
    """Whether it was made is for the look to say; nothing posts twice."""
    fault = {"method": "POST", "path": "temporaryAccessPassMethods", "kind": kind, "status": 504, "seconds": 3}
    await tenant.control("POST", "faults", fault)
    passes = GraphPasses(tenant.graph)
    with pytest.raises(TenantUnavailableError):
        await passes.create(AMELIE, ORDER)
    assert await tenant.received("POST", "temporaryAccessPassMethods") == 1
    found = await passes.look(AMELIE)
    assert len(found) == (0 if kind in ("reset", "status") else 1)


async def test_the_sixth_request_in_ten_seconds_is_throttled(tenant: Tenant) -> None:
    """And says for how long, at once."""
    passes = GraphPasses(tenant.graph)
    for _ in range(5):
        await passes.look(AMELIE)
    with pytest.raises(TenantThrottledError) as raised:
        await passes.look(AMELIE)
    assert raised.value.retry_after is not None
    assert 0 < raised.value.retry_after <= 10
    assert await tenant.received("GET", "temporaryAccessPassMethods") == 6


async def test_graphs_refusals_arrive_in_its_own_words(tenant: Tenant) -> None:
    """Out of range, external guest, unknown user."""
    passes = GraphPasses(tenant.graph)
    with pytest.raises(TenantRefusedError, match="The valid range between 60 and"):
        await passes.create(AMELIE, PassOrder(None, 10, one_time=False))
    with pytest.raises(TenantRefusedError, match="external guest"):
        await passes.create(seed.stable_id("user", "gus-gast"), ORDER)
    with pytest.raises(NotFoundInTenantError):
        await passes.create(seed.stable_id("user", "nobody"), ORDER)


type Act = Callable[[GraphConnection], Awaitable[object]]


@pytest.mark.parametrize(
    ("permission", "act"),
    [
        ("User.Read.All", lambda g: GraphDirectory(g).account(AMELIE)),
        ("User.Read.All", lambda g: GraphDevices(g).registered_by(AMELIE)),
        ("Device.Read.All", lambda g: GraphDevices(g).groups_of(Device(MARCUS_DEVICE, MARCUS_DEVICE))),
        ("DeviceManagementServiceConfig.Read.All", lambda g: GraphAutopilot(g).identities("PF")),
        (
            "GroupMember.ReadWrite.All and Device.ReadWrite.All",
            lambda g: GraphGroups(g).add(BERLIN, MARCUS_DEVICE),
        ),
        ("RoleManagement.Read.Directory", lambda g: GraphDirectory(g).privileges(AMELIE)),
        ("Policy.Read.AuthenticationMethod", lambda g: GraphPasses(g).policy()),
        ("UserAuthMethod-TAP.ReadWrite.All", lambda g: GraphPasses(g).create(AMELIE, ORDER)),
        ("Mail.Send", lambda g: GraphMailer(g, SENDER).send(Mail("a@larkspur.example", "s", "t", "h", "1a"))),
        ("DeviceManagementConfiguration.ReadWrite.All", lambda g: GraphProfiles(g).assign(seed.PROFILE_ID, ())),
        ("AuditLog.Read.All", lambda g: GraphSignInLog(g).uses_of_passes([AMELIE], NOW)),
    ],
)
async def test_a_permission_taken_away_is_named(tenant: Tenant, permission: str, act: Act) -> None:
    """The error says what to grant."""
    granted: list[str] = (await tenant.control("GET", "directory"))["permissions"]
    left = [one for one in granted if one != permission]
    await tenant.control("POST", "directory", {"op": "set-permissions", "permissions": left})
    with pytest.raises(PermissionMissingError) as raised:
        await act(tenant.graph)
    assert raised.value.permission == permission


@pytest.mark.parametrize(
    ("person", "roles", "assignable"),
    [
        ("amelie-brandt", 0, False),
        ("dana-direkt", 1, False),
        ("greta-gruppe", 1, True),
        ("emil-eligible", 1, False),
        ("ella-eligible-gruppe", 1, True),
        ("udo-einheit", 1, False),
        ("rita-rollengruppe", 0, True),
    ],
)
async def test_the_seeded_administrators_are_seen(tenant: Tenant, person: str, roles: int, *, assignable: bool) -> None:
    """Direct, by group, eligible, scoped to a unit, and a member of a group that may get a role tomorrow."""
    found = await GraphDirectory(tenant.graph).privileges(seed.stable_id("user", person))
    assert (len(found.roles), found.role_assignable) == (roles, assignable)
    assert found.eligibility_known


async def test_a_tenant_without_p2(tenant: Tenant) -> None:
    """Nobody is eligible there, and that is known to be unknown."""
    await tenant.control("POST", "directory", {"op": "set-p2", "present": False})
    found = await GraphDirectory(tenant.graph).privileges(AMELIE)
    assert (found.roles, found.eligibility_known) == ((), False)


async def test_a_group_that_somebody_may_activate_counts_as_one_he_is_in(tenant: Tenant) -> None:
    """By PIM for Groups, as member or owner, where the app is told to ask; refused, nothing is taken for granted."""
    directory = GraphDirectory(tenant.graph, pim_for_groups=True)
    with pytest.raises(PermissionMissingError, match="403"):
        await directory.privileges(AMELIE)
    changes: list[dict[str, Any]] = [
        {"op": "make-eligible-member", "principal": AMELIE, "group": "IT operations", "access": "owner"},
        {"op": "grant-permission", "permission": "PrivilegedEligibilitySchedule.Read.AzureADGroup"},
    ]
    await tenant.control("POST", "directory", {"ops": changes})
    credential = ManagedIdentityCredential(client_id=seed.APP_CLIENT_ID)
    fresh = GraphConnection(credential, tenant.address)
    found = await GraphDirectory(fresh, pim_for_groups=True).privileges(AMELIE)
    assert (found.role_assignable, len(found.roles)) == (True, 1)
    assert seed.stable_id("group", "it-operations") in found.groups
    assert not (await GraphDirectory(fresh).privileges(AMELIE)).role_assignable
    await tenant.control("POST", "directory", {"op": "set-p2", "present": False})
    assert not (await GraphDirectory(fresh, pim_for_groups=True).privileges(AMELIE)).role_assignable
    await fresh.aclose()
    await credential.close()


async def test_accounts_by_name_and_number(tenant: Tenant) -> None:
    """A guest's name with its #, a number two people carry, and an extension attribute."""
    directory = GraphDirectory(tenant.graph)
    people = (await tenant.control("GET", "directory"))["people"]

    async def find(name: str | None, number: str | None, attribute: str = "employeeId") -> list[str]:
        found = await directory.find_accounts(user_principal_name=name, number_attribute=attribute, number=number)
        return sorted(account.id for account in found)

    assert await find(people["gus-gast"]["upn"], None) == [people["gus-gast"]["id"]]
    twins = sorted([people["lena-doppelt"]["id"], people["lena-doppelt-2"]["id"]])
    assert await find(None, people["lena-doppelt"]["employeeId"]) == twins
    assert await find(None, people["amelie-brandt"]["employeeId"], "extensionAttribute5") == [AMELIE]
    assert await find("nobody@larkspur.example", None) == []


async def test_a_device_and_its_groups(tenant: Tenant) -> None:
    """Who is here has registered a device, and its groups are named by their ids."""
    devices = GraphDevices(tenant.graph)
    (device,) = await devices.registered_by(seed.stable_id("user", "marcus-adeyemi"))
    assert device.id == MARCUS_DEVICE
    assert seed.stable_id("group", "devices-finance") in await devices.groups_of(device)


async def test_a_device_joins_a_group_and_leaves_it(tenant: Tenant) -> None:
    """Once in is in, once out is out; and whose members are not the app's to add is known beforehand."""
    for permission in ("GroupMember.ReadWrite.All", "Device.ReadWrite.All"):
        await tenant.control("POST", "directory", {"op": "grant-permission", "permission": permission})
    groups, devices = GraphGroups(tenant.graph), GraphDevices(tenant.graph)
    device = await devices.with_object_id(MARCUS_DEVICE)
    assert device == await devices.with_device_id(device.device_id if device else "")
    assert device is not None
    assert [await groups.add(BERLIN, device.id) for _ in range(2)] == [True, False]
    assert BERLIN in await devices.groups_of(device)
    for _ in range(2):
        await groups.remove(BERLIN, device.id)
    assert BERLIN not in await devices.groups_of(device)
    assert await devices.with_object_id(device.id) == device
    kinds = {name: await groups.kind(seed.stable_id("group", name)) for name in KINDS}
    assert kinds == KINDS


KINDS = {
    "devices-berlin": GroupKind.ASSIGNED,
    "devices-all-windows": GroupKind.DYNAMIC,
    "devices-prepared": GroupKind.SERVICE_OWNED,
    "nobody": None,
}


async def test_a_mail_arrives_with_its_header(tenant: Tenant) -> None:
    """HTML, the text that a mail system makes of it, the reference, and no second try after a lost answer."""
    mail = Mail("jana.hoffmann@larkspur.example", "Amélie starts", "text", "<p>Hello <b>Jana</b></p>", "1abc")
    await GraphMailer(tenant.graph, SENDER).send(mail)
    fault = {"method": "POST", "path": "sendMail", "kind": "commit-then-status", "status": 503}
    await tenant.control("POST", "faults", fault)
    with pytest.raises(TenantUnavailableError):
        await GraphMailer(tenant.graph, SENDER).send(mail)
    assert await tenant.received("POST", "sendMail") == 2
    inbox = (await tenant.control("GET", "inbox"))["mails"]
    assert {(one["subject"], one["html"], one["headers"]["x-day-one-pass"]) for one in inbox} == {
        ("Amélie starts", mail.html, "1abc")
    }


async def test_a_group_comes_into_scope_and_all_else_stays(tenant: Tenant) -> None:
    """The seeded filters, exclusions and policy sets are there to the letter after the one write."""
    profiles, directory = GraphProfiles(tenant.graph), GraphDirectory(tenant.graph)
    name = seed.app_settings()["WEB_SIGN_IN_PROFILE"]
    (before,) = await profiles.find(name)
    first = await bring_into_scope(profiles, directory, profile=web_sign_in(name), group_id=BERLIN)
    second = await bring_into_scope(profiles, directory, profile=web_sign_in(name), group_id=BERLIN)
    assert (first.outcome, first.wrote) == (ScopeOutcome.IN_SCOPE, True)
    assert (second.outcome, second.wrote) == (ScopeOutcome.IN_SCOPE, False)
    (after,) = await profiles.find(name)
    assert after.assignments[: len(before.assignments)] == before.assignments
    assert len(after.assignments) == len(before.assignments) + 1
    assert await tenant.received("POST", "/assign") == 1


async def test_a_lost_answer_to_the_one_write_is_found_out_by_trying_again(tenant: Tenant) -> None:
    """The write was made; the second try writes nothing."""
    profiles, directory = GraphProfiles(tenant.graph), GraphDirectory(tenant.graph)
    fault = {"method": "POST", "path": "/assign", "kind": "commit-then-status", "status": 504}
    await tenant.control("POST", "faults", fault)
    with pytest.raises(TenantUnavailableError):
        await bring_into_scope(profiles, directory, profile=web_sign_in(seed.PROFILE_ID), group_id=BERLIN)
    again = await bring_into_scope(profiles, directory, profile=web_sign_in(seed.PROFILE_ID), group_id=BERLIN)
    assert (again.outcome, again.wrote) == (ScopeOutcome.IN_SCOPE, False)
    assert await tenant.received("POST", "/assign") == 1


async def test_the_models_tenant_does_with_passes_what_this_one_does(tenant: Tenant) -> None:
    """Create, replace, look, delete by a wrong and the right id, a lost answer: the same words from both."""
    await tenant.control("POST", "directory", {"op": "set-throttle", "limit": 50})
    model = model_tenant.Tenant(FixedClock(), Wire())
    await tenant.control(
        "POST", "faults", {"method": "POST", "path": "Methods$", "kind": "commit-then-status", "status": 504}
    )
    model.faults.append(("create", Fault.LOST))
    assert await _a_life_of_passes(GraphPasses(tenant.graph)) == await _a_life_of_passes(model)


class FixedClock:
    """The time at which the sandbox begins."""

    def now(self) -> datetime:
        """Return it."""
        return NOW


async def _a_life_of_passes(passes: TemporaryAccessPasses) -> list[object]:
    said: list[object] = []
    with pytest.raises(TenantUnavailableError):
        await passes.create(AMELIE, ORDER)
    said.append(_words(await passes.look(AMELIE)))
    first, second = await passes.create(AMELIE, ORDER), await passes.create(AMELIE, replace(ORDER, lifetime=120))
    held = await passes.look(AMELIE)
    said += [first.record.id != second.record.id, [one.id for one in held] == [second.record.id], _words(held)]
    await passes.delete(AMELIE, first.record.id)
    said.append(_words(await passes.look(AMELIE)))
    await passes.delete(AMELIE, second.record.id)
    said.append(_words(await passes.look(AMELIE)))
    return said


def _words(found: tuple[ExistingPass, ...]) -> list[tuple[object, ...]]:
    return [(one.start, one.lifetime, one.one_time, one.usable, one.usability_reason) for one in found]


async def test_what_entra_and_intune_show_of_a_device(tenant: Tenant) -> None:
    """Its build and last sync from Intune, its join from Entra, and what became of the one profile on it."""
    states, device = GraphDeviceStates(tenant.graph), Device(MARCUS_DEVICE, seed.stable_id("device", "marcus-adeyemi"))
    shown = await states.shown(device)
    assert (shown.system, shown.trust, shown.enabled) == ("Windows", "AzureAd", True)
    managed = await states.managed(device)
    assert managed is not None
    assert managed.synced is not None
    assert managed.version == "10.0.26100.4061"
    assert timedelta() <= managed.synced - (NOW - timedelta(hours=1)) < timedelta(minutes=5)
    assert await states.applied(managed, seed.PROFILE_ID) is Applied.SUCCEEDED
    assert await states.applied(managed, seed.stable_id("profile", "start-menu")) is Applied.SILENT
    for word, meant in (("Conflict", Applied.FAILED), ("Pending", Applied.PENDING), ("Weather", Applied.SILENT)):
        change = {"op": "set-device", "device": MARCUS_DEVICE, "fields": {"applied": word}}
        await tenant.control("POST", "directory", change)
        assert await states.applied(managed, seed.PROFILE_ID) is meant
    await tenant.control("POST", "faults", {"method": "POST", "path": "reports", "kind": "status", "status": 404})
    assert await states.applied(managed, seed.PROFILE_ID) is Applied.SILENT
    change = {"op": "set-device", "device": MARCUS_DEVICE, "fields": {"isManaged": False}}
    await tenant.control("POST", "directory", change)
    assert await states.managed(device) is None
