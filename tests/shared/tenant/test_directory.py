"""Accounts, managers, groups and roles."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from shared.tenant import graph as graph_module
from shared.tenant.directory import GraphDirectory
from shared.tenant.errors import PermissionMissingError, TenantError, TenantUnavailableError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.people import Account
from tests.shared.tenant.stand_in import Answer, FakeGraph, refusal

USER = "11111111-1111-4111-8111-111111111111"
OTHER = "11111111-1111-4111-8111-111111111112"
GROUP = "22222222-2222-4222-8222-222222222222"
ADMINS = "22222222-2222-4222-8222-222222222223"
GLOBAL_ADMIN = "62e90394-69f5-4237-9190-012177145e10"
ANA: dict[str, Any] = {
    "id": USER,
    "displayName": "Ana Lima",
    "userPrincipalName": "ana@contoso.example",
    "createdDateTime": "2030-05-20T08:00:00Z",
    "department": "Sales",
    "officeLocation": "Berlin",
    "mail": None,
    "otherMails": ["ana@home.example"],
    "mobilePhone": "+49 1",
    "accountEnabled": True,
    "userType": "Member",
    "employeeId": "E-1001",
    "onPremisesExtensionAttributes": {"extensionAttribute1": None, "extensionAttribute5": "X5"},
    "preferredLanguage": "de-DE",
    "manager": {
        "@odata.type": "#microsoft.graph.user",
        "id": OTHER,
        "displayName": "Maria",
        "mail": "maria@contoso.example",
        "userPrincipalName": "maria@contoso.example",
        "accountEnabled": True,
    },
}
MEMBERS = f"/v1.0/users/{USER}/transitiveMemberOf"
ACTIVE = "/v1.0/roleManagement/directory/roleAssignments"
ELIGIBLE = "/v1.0/roleManagement/directory/roleEligibilitySchedules"


@pytest.fixture
def directory(connection: GraphConnection) -> GraphDirectory:
    """Give the adapter under test."""
    return GraphDirectory(connection)


async def by_name(directory: GraphDirectory, name: str) -> tuple[Account, ...]:
    """Find by user principal name."""
    return await directory.find_accounts(user_principal_name=name, number_attribute="employeeId", number=None)


async def by_number(directory: GraphDirectory, number: str, attribute: str = "employeeId") -> tuple[Account, ...]:
    """Find by employee number."""
    return await directory.find_accounts(user_principal_name=None, number_attribute=attribute, number=number)


async def test_an_account_with_its_manager_in_one_request(directory: GraphDirectory, fake: FakeGraph) -> None:
    """Every field the product decides by, asked for by name, since several come only when asked for."""
    fake.on("GET", f"/v1.0/users/{USER}", Answer(200, ANA))
    account = await directory.account(USER)
    assert account is not None
    assert (account.office, account.department, account.user_type, account.enabled) == (
        "Berlin",
        "Sales",
        "Member",
        True,
    )
    assert account.attributes == {"employeeId": "E-1001", "extensionAttribute5": "X5"}
    assert (account.mail, account.other_mails) == (None, ("ana@home.example",))
    assert account.manager is not None
    assert account.manager.mail == "maria@contoso.example"
    (asked,) = fake.asked
    assert set(ANA) - {"manager"} == set(asked.query["$select"].split(","))
    assert (
        asked.query["$expand"]
        == "manager($select=id,displayName,mail,userPrincipalName,accountEnabled,officeLocation,preferredLanguage)"
    )


async def test_no_manager_and_one_that_is_a_mere_contact_are_none(directory: GraphDirectory, fake: FakeGraph) -> None:
    """A contact in the directory cannot sign in, so cannot collect."""
    lone = {key: value for key, value in ANA.items() if key != "manager"}
    contact = {**ANA, "manager": {"@odata.type": "#microsoft.graph.orgContact", "id": OTHER}}
    fake.on("GET", f"/v1.0/users/{USER}", Answer(200, lone), Answer(200, contact))
    for _ in range(2):
        account = await directory.account(USER)
        assert account is not None
        assert account.manager is None


async def test_an_account_that_is_not_there_is_none(directory: GraphDirectory, fake: FakeGraph) -> None:
    """404, and what cannot be an object id, which is not even asked for."""
    assert await directory.account(USER) is None
    assert len(fake.asked) == 1
    assert await directory.account("") is None
    assert await directory.account("ana@contoso.example") is None
    assert len(fake.asked) == 1


@pytest.mark.parametrize("gone", ["id", "userPrincipalName", "accountEnabled"])
async def test_an_account_without_what_decides_is_no_answer(
    directory: GraphDirectory, fake: FakeGraph, gone: str
) -> None:
    """An account whose accountEnabled was not shown is not enabled, nor disabled."""
    fake.on("GET", f"/v1.0/users/{USER}", Answer(200, {key: value for key, value in ANA.items() if key != gone}))
    with pytest.raises(TenantUnavailableError, match=gone):
        await directory.account(USER)


async def test_a_field_of_another_kind_is_no_answer(directory: GraphDirectory, fake: FakeGraph) -> None:
    """What is read as text is text, or nothing."""
    fake.on("GET", f"/v1.0/users/{USER}", Answer(200, {**ANA, "department": ["Sales"]}))
    with pytest.raises(TenantUnavailableError, match="department"):
        await directory.account(USER)


async def test_a_name_is_quoted_into_the_path(directory: GraphDirectory, fake: FakeGraph) -> None:
    """A guest's name holds a #, which would end the address; case does not matter."""
    guest = "ana_home.example#EXT#@contoso.example"
    fake.on("GET", "/v1.0/users/.*", Answer(200, {**ANA, "userPrincipalName": guest}))
    assert len(await by_name(directory, guest.upper())) == 1
    assert fake.asked[0].raw.startswith("/v1.0/users/ANA_HOME.EXAMPLE%23EXT%23%40CONTOSO.EXAMPLE?")


@pytest.mark.parametrize("name", [USER, "..", "../groups", "me", "a@b@c", "a/b@c.example", "a b@c.example", "@", "a@"])
async def test_what_is_no_user_principal_name_finds_nothing(
    directory: GraphDirectory, fake: FakeGraph, name: str
) -> None:
    """An event that names an object id, or a path, where a name belongs does not choose an account by it."""
    assert await by_name(directory, name) == ()
    assert fake.asked == []


async def test_an_answer_for_another_name_is_not_taken(directory: GraphDirectory, fake: FakeGraph) -> None:
    """Whatever Graph may match by besides, only the name itself counts."""
    fake.on("GET", "/v1.0/users/.*", Answer(200, ANA))
    assert await by_name(directory, "alias@contoso.example") == ()


async def test_by_number_finds_none_one_or_many(directory: GraphDirectory, fake: FakeGraph) -> None:
    """Entra does not keep employee numbers unique, so all who carry it are returned."""
    fake.on("GET", "/v1.0/users", Answer(200, {"value": []}))
    assert await by_number(directory, "E-1001") == ()
    fake.on("GET", "/v1.0/users", Answer(200, {"value": [{"id": USER}, {"id": OTHER}]}))
    fake.on("GET", f"/v1.0/users/{USER}", Answer(200, ANA))
    fake.on("GET", f"/v1.0/users/{OTHER}", Answer(200, {**ANA, "id": OTHER}))
    assert [account.id for account in await by_number(directory, "E-1001")] == [USER, OTHER]


async def test_a_number_is_quoted_into_the_filter(directory: GraphDirectory, fake: FakeGraph) -> None:
    """A quote in a number from outside does not end the literal."""
    fake.on("GET", "/v1.0/users", Answer(200, {"value": []}))
    await by_number(directory, "x' or accountEnabled eq true or employeeId eq '&$top=999#")
    assert fake.asked[0].query["$filter"] == (
        "employeeId eq 'x'' or accountEnabled eq true or employeeId eq ''&$top=999#'"
    )
    assert fake.asked[0].query["$top"] == "3"


async def test_an_extension_attribute_is_an_advanced_query(directory: GraphDirectory, fake: FakeGraph) -> None:
    """It may be refused without the header and the count."""
    fake.on("GET", "/v1.0/users", Answer(200, {"value": []}))
    await by_number(directory, "7", "extensionAttribute15")
    assert fake.asked[0].query["$filter"] == "onPremisesExtensionAttributes/extensionAttribute15 eq '7'"
    assert fake.asked[0].query["$count"] == "true"
    assert fake.asked[0].headers["consistencylevel"] == "eventual"


async def test_other_attributes_are_refused(directory: GraphDirectory, fake: FakeGraph) -> None:
    """The name of an attribute is never taken for what it is not."""
    for name in ("extensionAttribute16", "extensionAttribute0", "mail", "employeeId eq 'x' or mail", ""):
        with pytest.raises(ValueError, match="number_attribute"):
            await by_number(directory, "1", name)
    assert await by_number(directory, "") == ()
    assert fake.asked == []


def group(group_id: str, *, assignable: bool | None = None, name: str | None = "Sales") -> dict[str, Any]:
    """Return a group as transitiveMemberOf lists it."""
    return {
        "@odata.type": "#microsoft.graph.group",
        "id": group_id,
        "displayName": name,
        "isAssignableToRole": assignable,
    }


def roles(holder: str, *role_ids: str, scope: str = "/") -> dict[str, Any]:
    """Return role assignments as Graph lists them."""
    assigned = [{"id": "a", "principalId": holder, "roleDefinitionId": r, "directoryScopeId": scope} for r in role_ids]
    return {"value": assigned}


async def test_an_ordinary_person_takes_three_requests(directory: GraphDirectory, fake: FakeGraph) -> None:
    """Memberships, active roles, eligible roles: ordinary groups are not asked about."""
    unit = {"@odata.type": "#microsoft.graph.administrativeUnit", "id": OTHER, "displayName": "Berlin"}
    fake.on("GET", MEMBERS, Answer(200, {"value": [group(GROUP), group(ADMINS, assignable=False), unit]}))
    fake.on("GET", f"{ACTIVE}|{ELIGIBLE}", Answer(200, {"value": []}))
    found = await directory.privileges(USER)
    assert (found.roles, found.groups) == ((), frozenset({GROUP, ADMINS}))
    assert (found.role_assignable, found.eligibility_known) == (False, True)
    assert len(fake.asked) == 3
    assert {asked.query["$filter"] for asked in fake.asked[1:]} == {f"principalId eq '{USER}'"}


async def test_roles_by_group_by_unit_and_eligible_ones_are_all_seen(
    directory: GraphDirectory, fake: FakeGraph
) -> None:
    """A guard that looks at direct, active, tenant-wide roles alone is walked around by a group."""
    role = {
        "@odata.type": "#microsoft.graph.directoryRole",
        "id": OTHER,
        "displayName": "Global Administrator",
        "roleTemplateId": GLOBAL_ADMIN,
    }
    fake.on("GET", MEMBERS, Answer(200, {"value": [role, group(ADMINS, assignable=True)]}))
    of_user, of_group = roles(USER, "r1", scope="/administrativeUnits/x"), roles(ADMINS, GLOBAL_ADMIN)
    fake.on("GET", ACTIVE, Answer(200, of_user), Answer(200, of_group))
    fake.on("GET", ELIGIBLE, Answer(200, roles(USER)), Answer(200, roles(ADMINS, "r3")))
    found = await directory.privileges(USER)
    assert found.roles == ("Global Administrator", "r1", "r3")
    assert found.role_assignable is True
    assert len(fake.asked) == 5
    assert fake.asked[-1].query["$filter"] == f"principalId eq '{ADMINS}'"


async def test_all_pages_of_the_memberships_are_read(directory: GraphDirectory, fake: FakeGraph) -> None:
    """The one group that matters may be on the last page."""
    link = f"{fake.url}{MEMBERS}?$skiptoken=abc"
    fake.on(
        "GET",
        MEMBERS,
        Answer(200, {"value": [group(GROUP)], "@odata.nextLink": link}),
        Answer(200, {"value": [group(ADMINS, assignable=True)]}),
    )
    fake.on("GET", f"{ACTIVE}|{ELIGIBLE}", Answer(200, {"value": []}))
    found = await directory.privileges(USER)
    assert found.groups == {GROUP, ADMINS}
    assert found.role_assignable
    assert fake.asked[1].query == {"$skiptoken": "abc"}


@pytest.mark.parametrize(
    "link", ["https://evil.example/x", "http://127.0.0.1:1/v1.0/x", "//evil.example/x", "/v1.0/x", "", 7]
)
async def test_a_next_page_elsewhere_is_not_followed(directory: GraphDirectory, fake: FakeGraph, link: Any) -> None:
    """The token goes to Graph's address in settings and nowhere else."""
    fake.on("GET", MEMBERS, Answer(200, {"value": [], "@odata.nextLink": link}))
    with pytest.raises(TenantUnavailableError, match="address"):
        await directory.privileges(USER)
    assert len(fake.asked) == 1


async def test_a_list_without_end_is_given_up(
    directory: GraphDirectory, fake: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that leads to itself is a fault, not a loop."""
    monkeypatch.setattr(graph_module, "PAGES", 4)
    fake.on("GET", MEMBERS, Answer(200, {"value": [], "@odata.nextLink": f"{fake.url}{MEMBERS}?$skiptoken=a"}))
    with pytest.raises(TenantUnavailableError, match="end"):
        await directory.privileges(USER)
    assert len(fake.asked) == 4


async def test_a_tenant_without_p2_has_no_eligible_roles(directory: GraphDirectory, fake: FakeGraph) -> None:
    """That one refusal means nobody is eligible, and is asked for once."""
    fake.on("GET", MEMBERS, Answer(200, {"value": [group(ADMINS, assignable=True)]}))
    fake.on("GET", ACTIVE, Answer(200, {"value": []}))
    fake.on("GET", ELIGIBLE, refusal(400, "AadPremiumLicenseRequired", "The tenant needs a premium license."))
    found = await directory.privileges(USER)
    assert found.eligibility_known is False
    assert [asked.path for asked in fake.asked].count(ELIGIBLE) == 1


@pytest.mark.parametrize("path", [MEMBERS, ACTIVE, ELIGIBLE])
@pytest.mark.parametrize(
    "failure",
    [
        lambda: Answer(503),
        lambda: refusal(403, "Authorization_RequestDenied", "no"),
        lambda: refusal(400, "badRequest", "no"),
        lambda: Answer(200, {"values": []}),
        lambda: Answer(200, {"value": [7]}),
    ],
)
async def test_any_other_failure_is_no_answer(
    directory: GraphDirectory, fake: FakeGraph, path: str, failure: Callable[[], Answer]
) -> None:
    """Not knowing whether somebody is an administrator is never taken for no."""
    for known in (MEMBERS, ACTIVE, ELIGIBLE):
        fake.on("GET", known, Answer(200, {"value": []}))
    fake.on("GET", path, failure())
    with pytest.raises(TenantError):
        await directory.privileges(USER)


async def test_groups_named_but_not_shown_are_a_missing_permission(directory: GraphDirectory, fake: FakeGraph) -> None:
    """An app that may not read groups sees them with every property null: role-assignable ones look ordinary."""
    fake.on("GET", MEMBERS, Answer(200, {"value": [group(GROUP), group(ADMINS, name=None)]}))
    with pytest.raises(PermissionMissingError) as raised:
        await directory.privileges(USER)
    assert raised.value.permission == "GroupMember.Read.All"


async def test_a_group_exists_or_not(directory: GraphDirectory, fake: FakeGraph) -> None:
    """A user's id under /groups is a 404; what is no id is not asked for."""
    fake.on("GET", f"/v1.0/groups/{GROUP}", Answer(200, {"id": GROUP, "displayName": "Devices"}))
    assert await directory.group_exists(GROUP) is True
    assert await directory.group_exists(USER) is False
    assert await directory.group_exists("") is False
    assert len(fake.asked) == 2


async def test_importing_the_adapters_loads_no_sdk() -> None:
    """What never talks to Graph pays nothing for it: not the SDK, not the identity library, not even httpx."""
    adapters = "directory, graph, mail, passes, profiles, registrations, sign_ins"
    heavy = "{name.partition('.')[0] for name in sys.modules} & {'msgraph', 'kiota_http', 'azure', 'httpx'}"
    script = f"import sys; from shared.tenant import {adapters}; sys.exit(str({heavy}) if {heavy} else 0)"
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
