"""Settings-catalog profiles: what was read is kept to the letter, and half a list is no list."""

from base64 import b64encode
from typing import Any

import pytest

from shared.tenant.errors import ApprovalNeededError, TenantUnavailableError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.profiles import Approval, ApprovalRequest
from shared.tenant.profiles import GraphProfiles
from shared.websignin.body import companion_body, profile_body
from tests.shared.tenant.stand_in import Answer, FakeGraph, refusal

PROFILE = "44444444-4444-4444-8444-444444444444"
SECOND = "44444444-4444-4444-8444-444444444445"
LIST = "/beta/deviceManagement/configurationPolicies"
ONE = f"{LIST}/{PROFILE}"
DEFINITION = "device_vendor_msft_policy_config_authentication_enablewebsignin"
ASSIGNED: list[dict[str, Any]] = [
    {
        "id": f"{PROFILE}_g1",
        "source": "direct",
        "sourceId": PROFILE,
        "target": {
            "@odata.type": "#microsoft.graph.groupAssignmentTarget",
            "deviceAndAppManagementAssignmentFilterId": "f1",
            "deviceAndAppManagementAssignmentFilterType": "include",
            "groupId": "g1",
        },
    },
    {
        "id": "x",
        "source": "policySets",
        "sourceId": "s",
        "target": {"@odata.type": "#microsoft.graph.newTarget", "n": 1},
    },
]


def setting(value: str, definition: str = DEFINITION) -> dict[str, Any]:
    """Return a choice setting as the catalog holds it."""
    return {
        "id": "0",
        "settingInstance": {
            "@odata.type": "#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance",
            "settingDefinitionId": definition,
            "choiceSettingValue": {"value": value, "children": []},
        },
    }


def profile(*settings: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a profile with assignments and settings expanded."""
    whole = {"id": PROFILE, "name": "Enable Web Sign-in", "platforms": "windows10", "assignments": ASSIGNED}
    return {**whole, "settings": list(settings), **changes}


@pytest.fixture
def profiles(connection: GraphConnection) -> GraphProfiles:
    """Give the adapter under test."""
    return GraphProfiles(connection)


async def test_found_by_id_with_assignments_to_the_letter(profiles: GraphProfiles, fake: FakeGraph) -> None:
    """Graph's own objects: filter, source and a kind of target nobody knows."""
    fake.on("GET", ONE, Answer(200, profile(setting(f"{DEFINITION}_1"))))
    (found,) = await profiles.find(PROFILE)
    assert list(found.assignments) == ASSIGNED
    assert (found.name, found.platforms, found.web_sign_in) == ("Enable Web Sign-in", "windows10", True)
    assert fake.asked[0].query["$expand"] == "assignments,settings"


async def test_found_by_exact_name_none_one_or_many(profiles: GraphProfiles, fake: FakeGraph) -> None:
    """Graph compares names without case; two that differ in case are two profiles."""
    named = [{"id": PROFILE, "name": "It's"}, {"id": SECOND, "name": "IT'S"}]
    fake.on("GET", LIST, Answer(200, {"value": named}))
    fake.on("GET", ONE, Answer(200, profile(name="It's")))
    assert [found.id for found in await profiles.find("It's")] == [PROFILE]
    assert fake.asked[0].query["$filter"] == "name eq 'It''s'"
    assert await profiles.find("it's") == ()
    fake.on("GET", LIST, Answer(200, {"value": [named[0], {**named[1], "name": "It's"}]}))
    fake.on("GET", f"{LIST}/{SECOND}", Answer(200, profile(id=SECOND, name="It's")))
    assert [found.id for found in await profiles.find("It's")] == [PROFILE, SECOND]


async def test_a_profile_that_is_gone_is_none(profiles: GraphProfiles) -> None:
    """404 for an id."""
    assert await profiles.find(PROFILE) == ()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ([setting(f"{DEFINITION}_1")], True),
        ([setting(f"{DEFINITION}_0")], False),
        ([setting(f"{DEFINITION}_2")], False),
        ([setting("x_1", definition="x")], None),
        ([], None),
        ([setting("x_1", definition="x"), setting(f"{DEFINITION}_1")], True),
        ([{"id": "0", "settingInstance": {"settingDefinitionId": DEFINITION}}], False),
        ([{"id": "0"}], None),
    ],
)
async def test_the_choice_of_web_sign_in(
    profiles: GraphProfiles, fake: FakeGraph, settings: list[dict[str, Any]], *, expected: bool | None
) -> None:
    """True for enabled alone, None when the setting is not in the profile."""
    fake.on("GET", ONE, Answer(200, profile(*settings)))
    (found,) = await profiles.find(PROFILE)
    assert found.web_sign_in is expected


@pytest.mark.parametrize("key", ["assignments", "settings"])
async def test_an_expansion_that_is_cut_short_is_read_to_its_end(
    profiles: GraphProfiles, fake: FakeGraph, key: str
) -> None:
    """Half a set written back would delete the other half."""
    rest = [{**ASSIGNED[0], "id": "rest"}] if key == "assignments" else [setting(f"{DEFINITION}_1")]
    cut = {**profile(), f"{key}@odata.nextLink": f"{fake.url}{ONE}/{key}?$skiptoken=a"}
    fake.on("GET", ONE, Answer(200, cut))
    fake.on("GET", f"{ONE}/{key}", Answer(200, {"value": rest}))
    (found,) = await profiles.find(PROFILE)
    if key == "assignments":
        assert list(found.assignments) == [*ASSIGNED, *rest]
    else:
        assert found.web_sign_in is True


@pytest.mark.parametrize("bad", [None, 7, "x", [7]])
async def test_a_profile_without_its_assignments_is_no_answer(
    profiles: GraphProfiles, fake: FakeGraph, bad: Any
) -> None:
    """An absent list is not an empty one."""
    fake.on("GET", ONE, Answer(200, profile(assignments=bad)))
    with pytest.raises(TenantUnavailableError, match="assignments"):
        await profiles.find(PROFILE)


async def test_assign_posts_what_it_was_given(profiles: GraphProfiles, fake: FakeGraph) -> None:
    """Nothing is added, dropped or renamed on the way."""
    fake.on("POST", f"{ONE}/assign", Answer(200, {"value": []}))
    await profiles.assign(PROFILE, tuple(ASSIGNED))
    assert fake.asked[0].json() == {"assignments": ASSIGNED}
    with pytest.raises(ValueError, match="object id"):
        await profiles.assign("", ())
    assert len(fake.asked) == 1


REQUEST = "55555555-5555-4555-8555-555555555555"
ASKED = f"Approval Required. Use the ID returned. x-msft-approval-code: {REQUEST}"


@pytest.mark.parametrize(
    ("answer", "request_id"),
    [
        (refusal(403, "ApprovalRequired", "approval", x_msft_approval_code=REQUEST.upper()), REQUEST),
        (refusal(412, "BadRequest", ASKED), REQUEST),
        (refusal(400, "BadRequest", ASKED, x_msft_approval_code=REQUEST), REQUEST),
        (refusal(400, "BadRequest", "Header 'x-msft-approval-justification' is required to request approval"), None),
        (refusal(409, "Conflict", "An active Approval Request already exists"), None),
        (refusal(403, "ApprovalRequired", "approval", x_msft_approval_code="no id"), None),
    ],
)
async def test_multi_admin_approval_is_told_from_all_else(
    profiles: GraphProfiles, fake: FakeGraph, answer: Answer, request_id: str | None
) -> None:
    """By any of the statuses it is said to have, with the id of the request wherever it stands."""
    fake.on("POST", f"{ONE}/assign", answer)
    with pytest.raises(ApprovalNeededError) as raised:
        await profiles.assign(PROFILE, ())
    assert (raised.value.request, raised.value.status) == (request_id, answer.status)


async def test_a_write_carries_its_reason_or_its_approval_never_both(profiles: GraphProfiles, fake: FakeGraph) -> None:
    """In base64, as Intune wants the one; the other is the id of the request."""
    fake.on("POST", f"{ONE}/assign", Answer(200, {"value": []}))
    await profiles.assign(PROFILE, (), Approval("Größe"))
    await profiles.assign(PROFILE, (), Approval("why", REQUEST))
    first, second = (
        {name.lower(): value for name, value in asked.headers.items() if "approval" in name.lower()}
        for asked in fake.asked
    )
    assert first == {"x-msft-approval-justification": b64encode("Größe".encode()).decode()}
    assert second == {"x-msft-approval-code": REQUEST}


async def test_requests_for_approval_are_listed(profiles: GraphProfiles, fake: FakeGraph) -> None:
    """With the words they were given, or none."""
    found = [{"id": REQUEST, "status": "approved", "requestJustification": "why"}, {"id": "x", "status": "new"}]
    fake.on("GET", "/beta/deviceManagement/operationApprovalRequests", Answer(200, {"value": found}))
    assert await profiles.requests() == (ApprovalRequest(REQUEST, "approved", "why"), ApprovalRequest("x", "new", ""))


async def test_a_filters_rule_is_read_or_none(profiles: GraphProfiles, fake: FakeGraph) -> None:
    """One that is gone, or whose id is none, has none."""
    path = f"/beta/deviceManagement/assignmentFilters/{SECOND}"
    fake.on("GET", path, Answer(200, {"id": SECOND, "rule": "(x)"}))
    assert await profiles.filter_rule(SECOND) == "(x)"
    assert await profiles.filter_rule(PROFILE) is None
    assert await profiles.filter_rule("f1") is None
    assert len(fake.asked) == 2


def assigning(value: str | None, choice: str = "_1") -> dict[str, Any]:
    """Return the setting that assigns a default credential provider, as the catalog holds it."""
    whole: dict[str, Any] = companion_body("x", "password")["settings"][0]
    held = whole["settingInstance"]["choiceSettingValue"]
    held["value"] = held["value"].removesuffix("_1") + choice
    held["children"][0]["simpleSettingValue"] = {"value": value}
    return whole


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ([assigning("{60b78e88-ead8-445c-9cfd-0b87f74ea6cd}")], "{60B78E88-EAD8-445C-9CFD-0B87F74EA6CD}"),
        ([assigning("{60b78e88-ead8-445c-9cfd-0b87f74ea6cd}", "_0")], None),
        ([assigning(None)], None),
        ([setting(f"{DEFINITION}_1")], None),
    ],
)
async def test_the_default_credential_provider(
    profiles: GraphProfiles, fake: FakeGraph, settings: list[dict[str, Any]], expected: str | None
) -> None:
    """By its class id, in one case, and only where it is assigned."""
    fake.on("GET", ONE, Answer(200, profile(*settings)))
    (found,) = await profiles.find(PROFILE)
    assert found.default_provider == expected


async def test_a_profile_is_made_and_its_id_returned(profiles: GraphProfiles, fake: FakeGraph) -> None:
    """With the body it was given, once."""
    fake.on("POST", LIST, Answer(201, {"id": PROFILE}))
    assert await profiles.make(profile_body("x")) == PROFILE
    assert [asked.json() for asked in fake.asked] == [profile_body("x")]
