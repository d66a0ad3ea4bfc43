"""Every finding of the check-up, seeded into a tenant: found there, mended by --fix where that is ours, clean again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from azure.core.credentials import AccessToken

from sandbox.tenant import seed
from sandbox.tenant.app import start
from sandbox.tenant.clock import TenantClock
from sandbox.tenant.graph import shapes
from shared.checkup.catalogue import CHECKS, report
from shared.checkup.facts import AppFacts, Coming, Hire, Read, SweepSeen, Unread
from shared.checkup.finding import Finding, State
from shared.checkup.gathering import App, Gathering, Tenant
from shared.checkup.wishes import wishes
from shared.runtime.clock import SystemClock
from shared.runtime.settings.loading import load_without_secrets
from shared.tenant.administration import GraphAdministration
from shared.tenant.directory import GraphDirectory
from shared.tenant.errors import ApprovalNeededError
from shared.tenant.grants import GraphGrants
from shared.tenant.graph import GraphConnection
from shared.tenant.groups import GraphGroups
from shared.tenant.licences import GraphLicences
from shared.tenant.mailboxes import GraphMailboxes
from shared.tenant.passes import GraphPasses
from shared.tenant.profiles import GraphProfiles
from shared.tenant.sign_ins import GraphSignInLog
from shared.websignin.readiness import Obstacle, Verdict, unready
from tests.shared.checkup.facts import APP
from tools.doctor.fixing import fix
from tools.doctor.looking import Look
from tools.doctor.sandbox import ADMINISTRATOR, ROLES
from tools.doctor.screen import Screen
from tools.doctor.signing_in import FIXING, READING, TokenSource

pytestmark = [
    pytest.mark.filterwarnings("ignore:GetQueryParameters is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:This class is deprecated:DeprecationWarning"),
]
OK, UNKNOWN, WARNING, FAILURE = State
AMELIE = "amelie.brandt@larkspur.example"
BERLIN, DEVICE = seed.stable_id("group", "devices-berlin"), seed.stable_id("device", "amelie-brandt")
SENDER, DESK = "day.one@larkspur.example", "it.desk@larkspur.example"
PROFILE, COMPANION = "Enable Web Sign-in", "Default sign-in"
FAR_OFF = 4_102_444_800
GLOBE, NO_GLOBE = "wrong-pass", "no-web-sign-in"
"""What the lock screen says of a pass that is none, where there is a globe and where there is none."""

type Operation = dict[str, Any]


@dataclass
class Itself:
    """What the app would tell of itself, and who is coming: Amélie, as Entra has her now."""

    directory: GraphDirectory
    licences: GraphLicences
    facts: AppFacts = APP
    closed: bool = True
    device: Verdict | None = None

    async def read(self) -> AppFacts:
        return self.facts

    async def door_is_closed(self) -> bool:
        return self.closed

    async def soonest(self) -> Coming:
        named = {"number_attribute": "employeeId", "number": None}
        accounts = await self.directory.find_accounts(user_principal_name=AMELIE, **named)
        account = accounts[0]
        privileges, plans = await self.directory.privileges(account.id), await self.licences.plans(account.id)
        start, known = datetime.now(UTC) + timedelta(days=7), {"plans": plans, "device": self.device}
        return Coming((Hire("a" * 25, start, accounts, privileges, **known),), 0)


@dataclass
class Bench:
    """A tenant, looked at with everything there is to look with. `companion`: what settings name."""

    address: str
    session: aiohttp.ClientSession
    app: GraphConnection
    administrator: GraphConnection
    itself: Itself
    companion: str = ""
    strategy: str = "assign-group"
    group: str = BERLIN

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        async with self.session.request(method, f"{self.address}/_sandbox/{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def change(self, *operations: Operation) -> None:
        await self.control("POST", "directory", {"ops": list(operations)})

    async def screen_says(self) -> str:
        body = {"user": AMELIE, "pass": "none", "device": DEVICE}
        return str((await self.control("POST", "sign-in", body))["reason"])

    def look(self) -> Look:
        graph = self.administrator
        settings = load_without_secrets(self.settings())
        profiles, directory, administration = GraphProfiles(graph), GraphDirectory(graph), GraphAdministration(graph)
        grants, mailboxes = GraphGrants(graph, settings.client_id), GraphMailboxes(self.app)
        log = GraphSignInLog(graph)
        groups = GraphGroups(graph)
        tenant = Tenant(grants, GraphPasses(graph), profiles, directory, log, groups, administration, mailboxes)
        gathering = Gathering(tenant, App(self.itself, self.itself), wishes(settings), SystemClock())
        return Look(profiles, directory, administration, gathering, None)

    def settings(self) -> dict[str, str]:
        storage = {f"STORAGE__{name}ServiceUri": f"https://127.0.0.1:1/{name}" for name in ("table", "queue")}
        own = {"GRAPH_BASE_URL": self.address, "LINK_BASE_URL": "http://127.0.0.1:1", "ROW_KEYS": '{"a": "ROW_KEY_A"}'}
        only_berlin = {"SITES": '{"Berlin": {"timezone": "Europe/Berlin", "deviceGroup": "' + self.group + '"}}'}
        others = {"DEVICE_GROUP": "", "DEPARTMENT_DEVICE_GROUPS": "", "WEB_SIGN_IN_COMPANION": self.companion}
        others["SCOPE_STRATEGY"] = self.strategy
        return {**seed.app_settings(), **storage, **own, **only_berlin, **others}

    async def looked(self) -> dict[str, Finding]:
        """Check up; return what was found, by the check."""
        return {one.check.id: one for one in report(await self.look().facts()).findings}

    async def found(self) -> dict[str, Finding]:
        """Check up; return what is not in order."""
        return {id_: one for id_, one in (await self.looked()).items() if one.verdict.state is not State.OK}

    async def fixed(self) -> list[str]:
        """Let --fix do what is ours to do; return what it said."""
        told: list[str] = []
        await fix(self.look(), ("all_users",), Screen(told.append, told.append, lambda _: True, colour=False))
        return told


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """Start a tenant in which all is in order and Amélie's group in scope."""
    clock = tmp_path / "clock"
    TenantClock(clock).reset(datetime(2030, 6, 1, 9, tzinfo=UTC))
    running = await start(0, tmp_path, clock, "sandbox")
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{running.address}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "sandbox")
    async with aiohttp.ClientSession() as session:

        async def control(path: str, body: Any) -> Any:
            async with session.post(f"{running.address}/_sandbox/{path}", json=body) as answer:
                return await answer.json()

        roles = [{"op": "assign-role", "principal": ADMINISTRATOR, "role": role} for role in ROLES]
        await control("directory", {"ops": roles})
        scopes = " ".join((*READING, *FIXING))
        signed_in = await control("token", {"user": ADMINISTRATOR, "scopes": scopes})
        app = GraphConnection(TokenSource(_by_identity(session, running.address)), running.address)
        administrator = GraphConnection(TokenSource(_given(signed_in["token"])), running.address)
        itself = Itself(GraphDirectory(administrator), GraphLicences(administrator))
        bench = Bench(running.address, session, app, administrator, itself)
        await bench.fixed()
        yield bench
        await app.aclose()
        await administrator.aclose()
    await running.stop()


def _given(token: str) -> Callable[[str], Awaitable[AccessToken]]:
    async def fetch(_: str) -> AccessToken:
        return AccessToken(token, FAR_OFF)

    return fetch


def _by_identity(session: aiohttp.ClientSession, address: str) -> Callable[[str], Awaitable[AccessToken]]:
    """Fetch the app's own token, as App Service's identity endpoint gives it."""
    query = {"api-version": "2019-08-01", "resource": "https://graph.microsoft.com", "client_id": seed.APP_CLIENT_ID}

    async def fetch(_: str) -> AccessToken:
        header = {"X-IDENTITY-HEADER": "sandbox"}
        async with session.get(f"{address}/msi/token", params=query, headers=header) as answer:
            return AccessToken((await answer.json())["access_token"], FAR_OFF)

    return fetch


@dataclass(frozen=True)
class Seed:
    """Something wrong: how it comes about, what is said of it, whether --fix mends it, else how it is undone.

    `besides`: what cannot be told, or is not needed, because of it. `screen`: what Amélie's lock screen says then.
    """

    check: str
    state: State
    words: str
    operations: tuple[Operation, ...] = ()
    undo: tuple[Operation, ...] = ()
    besides: frozenset[str] = frozenset()
    ours: bool = False
    screen: str = GLOBE
    companion: str = ""
    strategy: str = "assign-group"
    group: str = BERLIN
    app: dict[str, Any] = field(default_factory=dict)
    closed: bool = True
    device: Verdict | None = None
    act: Callable[[Bench], Awaitable[None]] | None = None


def policy(**changes: Any) -> tuple[Operation, ...]:
    """Change the pass policy."""
    return ({"op": "set-policy", "policy": changes},)


def profile(name: str = PROFILE, **changes: Any) -> tuple[Operation, ...]:
    """Change a profile, or make it."""
    return ({"op": "set-profile", "profile": name, **changes},)


def person(**changes: Any) -> tuple[Operation, ...]:
    """Change Amélie's account."""
    return ({"op": "upsert-user", "user": {"userPrincipalName": AMELIE, **changes}},)


def build(version: str) -> tuple[Operation, ...]:
    """Change the Windows of Amélie's device."""
    return ({"op": "set-device", "device": DEVICE, "fields": {"operatingSystemVersion": version}},)


def told(op: str, **fields: Any) -> tuple[Operation, ...]:
    """Tell the tenant to change."""
    return ({"op": op, **fields},)


def to_berlin(kind: str = "groupAssignmentTarget", **more: str) -> dict[str, Any]:
    """Return an assignment that names Amélie's device group."""
    return {"target": {"@odata.type": f"#microsoft.graph.{kind}", "groupId": BERLIN, **more}}


def locking(**fields: Any) -> dict[str, Any]:
    """Return how a policy of Conditional Access comes and goes."""
    seeded = told("set-access-policy", policy="New", fields=fields)
    return {"operations": seeded, "undo": told("delete-access-policy", policy="New")}


async def asks_for_approval(bench: Bench) -> None:
    """Let the app write what has to be approved."""
    profiles = GraphProfiles(bench.app)
    (found,) = await profiles.find(PROFILE)
    with suppress(ApprovalNeededError):
        await profiles.assign(found.id, ())


async def may_not_read_eligibility(bench: Bench) -> None:
    """Let Graph refuse who may activate a role, for the account by which the check-up tells."""
    path = f"roleEligibilitySchedules.*{seed.stable_id('user', 'day-one')}"
    await bench.control("POST", "faults", {"path": path, "kind": "status", "status": 403, "times": 0})


def berlin(**fields: Any) -> tuple[Operation, ...]:
    """Change Amélie's device group."""
    return ({"op": "upsert-group", "group": {"id": BERLIN, **fields}},)


STEADY = told("set-permissions", permissions=sorted({
    *seed.PERMISSIONS, "GroupMember.ReadWrite.All", "Device.ReadWrite.All", "DeviceManagementServiceConfig.Read.All",
}))  # fmt: skip
NOT_OURS: dict[str, dict[str, Any]] = {
    "found by its rule": {"groupTypes": ["DynamicMembership"]},
    "synchronised": {"onPremisesSyncEnabled": True},
}
ASSIGNED = {"assignments": [to_berlin()]}
SURFACE = {"deviceAndAppManagementAssignmentFilterId": seed.stable_id("filter", "surface"),
           "deviceAndAppManagementAssignmentFilterType": "include"}  # fmt: skip
EXCLUDED = to_berlin("exclusionGroupAssignmentTarget")
SCOPE = frozenset({"web-sign-in-scope"})
PLANS = shapes.user({"id": "", "displayName": "", "userPrincipalName": "", "createdDateTime": ""})["assignedPlans"]
FEDERATED = {"federatedIdpMfaBehavior": "enforceMfaByFederatedIdp"}

SEEDS = (
    Seed("graph-permissions", FAILURE, "AuditLog.Read.All", told("revoke-permission", permission="AuditLog.Read.All"),
         told("grant-permission", permission="AuditLog.Read.All")),
    Seed("graph-permissions-surplus", WARNING, "Mail.Send", told("grant-permission", permission="Mail.Send"),
         told("set-permissions", permissions=sorted(seed.PERMISSIONS)), besides=frozenset({"mail-bound"})),
    Seed("graph-sign-in-log", WARNING, "no Entra ID P1", told("set-p1", present=False), told("set-p1", present=True)),
    Seed("graph-eligibility", OK, "no Entra ID P2", told("set-p2", present=False), told("set-p2", present=True)),
    Seed("graph-eligibility", UNKNOWN, "is missing", act=may_not_read_eligibility),
    Seed("pass-policy-on", FAILURE, "off", policy(state="disabled"), ours=True),
    Seed("pass-policy-lifetimes", WARNING, "passes live 480", policy(maximumLifetimeInMinutes=480), ours=True),
    Seed("pass-policy-targets", FAILURE, "for nobody", policy(includeTargets=[]), ours=True),
    Seed("pass-policy-restarts", WARNING, "one sign-in", policy(isUsableOnce=True), policy(isUsableOnce=False)),
    Seed("pass-policy-length", WARNING, "8 characters", policy(defaultLength=8), policy(defaultLength=12)),
    Seed("web-sign-in-profile", FAILURE, "there is no", told("delete-profile", profile=PROFILE), besides=SCOPE,
         ours=True, screen=NO_GLOBE),
    Seed("web-sign-in-profile", FAILURE, "does not enable", profile(enabled="0"), profile(enabled="1"), SCOPE,
         screen=NO_GLOBE),
    Seed("web-sign-in-profile", FAILURE, "several profiles", profile("Start menu", fields={"name": PROFILE}),
         told("delete-profile", profile=PROFILE) + told("delete-profile", profile=PROFILE)
         + profile(enabled="1", **ASSIGNED), SCOPE),
    Seed("web-sign-in-profile", FAILURE, "macOS", profile(fields={"platforms": "macOS"}),
         profile(fields={"platforms": "windows10"}), SCOPE),
    Seed("web-sign-in-scope", FAILURE, "excludes", profile(assignments=[to_berlin(), EXCLUDED]), profile(**ASSIGNED),
         screen=NO_GLOBE),
    Seed("web-sign-in-scope", WARNING, "include filter", profile(assignments=[to_berlin(**SURFACE)]),
         profile(**ASSIGNED), screen=NO_GLOBE),
    Seed("web-sign-in-companion", WARNING, "no settings-catalog profile", companion=COMPANION, ours=True),
    Seed("web-sign-in-companion", WARNING, "excludes", profile(COMPANION, assignments=[EXCLUDED]),
         told("delete-profile", profile=COMPANION), companion=COMPANION),
    Seed("web-sign-in-approval", WARNING, "waits for an administrator", told("set-approval", status=403),
         told("set-approval", status=None) + told("decide-approval", status="cancelled"), act=asks_for_approval),
    Seed("web-sign-in-approval-policy", WARNING, "Two for every profile", told("set-approval", status=403)
         + profile(assignments=[]), told("set-approval", status=None) + profile(**ASSIGNED), screen=NO_GLOBE),
    *(Seed("web-sign-in-members", WARNING, words, STEADY + berlin(**fields), told("set-permissions",
           permissions=sorted(seed.PERMISSIONS)) + berlin(**dict.fromkeys(fields)), strategy="steady-group")
      for words, fields in NOT_OURS.items()),
    Seed("web-sign-in-device-groups", FAILURE, "no such group", group=seed.stable_id("user", "marcus-adeyemi")),
    Seed("web-sign-in-device-groups", FAILURE, "site Berlin", told("delete-group", group=BERLIN),
         told("upsert-group", group={"id": BERLIN, "displayName": "Devices – Berlin"})
         + told("add-member", group=BERLIN, member=DEVICE), screen=NO_GLOBE),
    Seed("sign-in-federation", FAILURE, AMELIE, told("set-domain", domain=seed.DOMAIN, federation=FEDERATED),
         told("set-domain", domain=seed.DOMAIN, federation=None), screen="federated-elsewhere"),
    Seed("sign-in-strength", FAILURE, "New", **locking(strength=["fido2"])),
    Seed("sign-in-device", WARNING, "New", **locking(controls=["compliantDevice"])),
    Seed("hires-accounts", FAILURE, "disabled", person(accountEnabled=False), person(accountEnabled=True),
         screen="account-disabled"),
    Seed("hires-numbers", WARNING, "is empty", person(employeeId=None), person(employeeId="LK-1001")),
    Seed("hires-collectors", WARNING, "manager-missing", person(manager=None),
         person(manager="jana.hoffmann@larkspur.example")),
    Seed("hires-licences", WARNING, "without Intune", person(assignedPlans=[]), person(assignedPlans=PLANS)),
    Seed("hires-devices", WARNING, "build-too-old", build("10.0.22621.1702"), build("10.0.26100.4061"),
         device=unready(Obstacle.BUILD_TOO_OLD), screen="build-too-old"),
    Seed("mail-sender", FAILURE, SENDER, told("revoke-mailbox", user=SENDER), told("grant-mailbox", user=SENDER)),
    Seed("mail-bound", WARNING, DESK, told("grant-mailbox", user=DESK), told("revoke-mailbox", user=DESK)),
    Seed("app-tables", FAILURE, "503", app={"sweep": Unread("Storage answered 503.")},
         besides=frozenset({"app-sweep"})),
    Seed("app-queues", FAILURE, "tidy-up", app={"missing_queues": Read(("tidy-up",))}),
    Seed("app-sweep", FAILURE, "has not run", app={"sweep": Read(SweepSeen(alive=False, overdue=0, poisoned=0))}),
    Seed("app-clock", WARNING, "60 s", app={"skew": Read(timedelta(minutes=1))}),
    Seed("app-vault", FAILURE, "HR_ACME_SECRET_A", app={"unresolved": ("HR_ACME_SECRET_A",)}),
    Seed("app-webhook-secrets", WARNING, "acme, a", app={"weak_secrets": ("acme, a",)}),
    Seed("app-authentication", FAILURE, "stranger", closed=False),
)  # fmt: skip


async def test_every_finding_is_found_in_a_tenant_and_fixed_where_it_is_ours(bench: Bench) -> None:
    """A clean tenant reports clean; then one thing after the other goes wrong, and nothing else is found.

    What is ours to mend --fix mends, and all else it leaves; the lock screen agrees with each verdict.
    """
    assert {one.check for one in SEEDS} == {check.id for check in CHECKS}
    assert (await bench.found(), await bench.screen_says()) == ({}, GLOBE)
    for one in SEEDS:
        await _lived_through(bench, one)
    bench.companion, bench.strategy, bench.group = "", "assign-group", BERLIN
    assert (await bench.found(), await bench.screen_says()) == ({}, GLOBE)


async def _lived_through(bench: Bench, one: Seed) -> None:
    bench.companion, bench.strategy, bench.group = one.companion, one.strategy, one.group
    bench.itself.closed = one.closed
    bench.itself.facts, bench.itself.device = replace(APP, **one.app), one.device
    await bench.change(*one.operations)
    if one.act is not None:
        await one.act(bench)
    found = await bench.looked()
    open_ones = {id_: each.verdict.found for id_, each in found.items() if each.verdict.state is not State.OK}
    about = f"{one.check} ({one.words}): {open_ones}"
    assert open_ones.keys() - one.besides == ({one.check} if one.state is not OK else set()), about
    assert (found[one.check].verdict.state, one.words in found[one.check].verdict.found) == (one.state, True), about
    assert await bench.screen_says() == one.screen, about
    if one.ours:
        said = await bench.fixed()
        assert (await bench.found(), await bench.screen_says()) == ({}, GLOBE), f"{about} {said}"
    bench.itself.facts, bench.itself.closed, bench.itself.device = APP, True, None
    await bench.control("DELETE", "faults")
    await bench.change(*one.undo)
