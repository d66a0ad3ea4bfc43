"""The bodies that Graph is known to send, written by hand once, and what the stand-in answers."""

import re
from typing import Any

import pytest

from sandbox.tenant import seed
from tests.sandbox.tenant.client import AMELIE, Client, Reply, fixture, passes

_PATTERNS = {
    "<guid>": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "<instant>": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{7}Z|Z)?",
    "<text>": r".+",
    "<seconds>": r"[1-9]\d*",
}
_START = {"startDateTime": "2030-06-03T06:30:00Z", "lifetimeInMinutes": 480, "isUsableOnce": False}


def assert_like(expected: Any, found: Any, where: str = "body") -> None:
    """Compare field by field what the fixture names; more may be there."""
    match expected:
        case dict():
            for name, value in expected.items():
                assert name in found, f"{where}.{name} is missing"
                assert_like(value, found[name], f"{where}.{name}")
        case list():
            assert len(expected) == len(found), where
            for index, value in enumerate(expected):
                assert_like(value, found[index], f"{where}[{index}]")
        case str() if expected.startswith("<contains:"):
            assert expected[len("<contains:") : -1] in found, where
        case str() if expected in _PATTERNS:
            assert re.fullmatch(_PATTERNS[expected], found), f"{where}: {found!r}"
        case _:
            assert expected == found, where


def assert_fixture(name: str, reply: Reply) -> None:
    """Compare an answer with a fixture: status, headers, body."""
    expected = fixture(name)
    assert reply.status == expected["status"], reply.body
    assert_like(expected.get("headers", {}), reply.headers, "headers")
    assert_like(expected["body"], reply.body)


async def test_a_created_pass_is_answered_as_graph_does(client: Client) -> None:
    """The 201 carries the code and exactly the fields the documentation lists."""
    reply = await client.make_pass(**_START)
    assert_fixture("pass_created", reply)
    assert set(reply.body) == {*fixture("pass_created")["body"], "@odata.context"}


async def test_a_pass_is_read_without_its_code(client: Client) -> None:
    """Every later read gives null for the code."""
    made = await client.make_pass(**_START)
    assert_fixture("pass_read", await client.graph("GET", passes(AMELIE)))
    one = await client.graph("GET", f"{passes(AMELIE)}/{made.body['id']}")
    assert one.body["temporaryAccessPass"] is None


@pytest.mark.parametrize("minutes", [59, 481, 9, 43_201, 0, -5])
async def test_a_lifetime_outside_the_policy_is_refused(client: Client, minutes: int) -> None:
    """The message names the tenant's own limits, and is repeated under innerError."""
    await client.change("set-policy", policy={"maximumLifetimeInMinutes": 480})
    assert_fixture("lifetime_out_of_range", await client.make_pass(lifetimeInMinutes=minutes))


async def test_a_start_in_the_past_is_refused(client: Client) -> None:
    """A start one second ago is in the past."""
    assert_fixture("start_in_the_past", await client.make_pass(startDateTime="2030-06-01T08:59:59Z"))


async def test_multi_use_is_refused_where_the_policy_forces_one_time(client: Client) -> None:
    """What was asked is not quietly turned into a one-time pass."""
    await client.change("set-policy", policy={"isUsableOnce": True})
    assert_fixture("multi_use_not_allowed", await client.make_pass(isUsableOnce=False))
    assert (await client.make_pass(isUsableOnce=True)).body["isUsableOnce"] is True


async def test_an_external_guest_gets_no_pass(client: Client) -> None:
    """A guest's UPN holds a #, which must arrive percent-encoded."""
    guest = next(person for person in seed.PEOPLE if person.guest)
    assert "#EXT#" in guest.upn
    assert_fixture("external_guest", await client.make_pass(guest.upn))


@pytest.mark.parametrize(
    "policy",
    [
        {"state": "disabled"},
        {"includeTargets": [{"targetType": "group", "id": seed.stable_id("group", "break-glass")}]},
        {"excludeTargets": [{"targetType": "group", "id": seed.stable_id("group", "all-staff")}]},
    ],
    ids=["off", "not included", "excluded"],
)
async def test_a_user_outside_the_policy_gets_no_pass(client: Client, policy: dict[str, Any]) -> None:
    """The policy off, the user not among its targets, or in an excluded group: one message for all."""
    await client.change("set-policy", policy=policy)
    assert_fixture("not_targeted", await client.make_pass())


async def test_a_missing_permission_is_403_in_the_words_of_the_service(client: Client) -> None:
    """A permission that was taken away fails at once, for a pass as accessDenied."""
    await client.token()
    await client.change("revoke-permission", permission="UserAuthMethod-TAP.ReadWrite.All")
    assert_fixture("permission_missing", await client.make_pass())


async def test_the_sixth_request_in_ten_seconds_is_throttled(client: Client) -> None:
    """Looks and posts count alike; Retry-After is in whole seconds."""
    for _ in range(4):
        assert (await client.graph("GET", passes(AMELIE))).status == 200
    assert (await client.make_pass()).status == 201
    assert_fixture("throttled", await client.graph("GET", passes(AMELIE)))


async def test_eligibility_without_p2_is_the_licence_error(client: Client) -> None:
    """Only a tenant with P2 knows eligible roles."""
    await client.change("set-p2", present=False)
    reply = await client.graph("GET", "/v1.0/roleManagement/directory/roleEligibilitySchedules")
    assert_fixture("premium_needed", reply)


async def test_nobody_above_is_404(client: Client) -> None:
    """The manager of somebody without one is not found."""
    assert_fixture("no_manager", await client.graph("GET", "/v1.0/users/ingrid.solheim@larkspur.example/manager"))


async def test_a_member_added_twice_is_refused(client: Client) -> None:
    """The second reference of the same device is a 400."""
    for name in ("GroupMember.ReadWrite.All", "Device.ReadWrite.All"):
        await client.change("grant-permission", permission=name)
    group = seed.stable_id("group", "devices-berlin")
    link = f"https://graph.microsoft.com/v1.0/directoryObjects/{seed.stable_id('deviceObject', 'amelie-brandt')}"
    reply = await client.graph("POST", f"/v1.0/groups/{group}/members/$ref", {"@odata.id": link})
    assert_fixture("already_a_member", reply)


async def test_the_settings_catalog_is_unknown_to_v1(client: Client) -> None:
    """Asked in v1.0, the segment does not exist."""
    assert_fixture("no_such_segment", await client.graph("GET", "/v1.0/deviceManagement/configurationPolicies"))


async def test_assign_answers_the_whole_new_set(client: Client) -> None:
    """The set sent is the set stored, with Intune's own defaults filled in."""
    path = f"/beta/deviceManagement/configurationPolicies/{seed.PROFILE_ID}"
    assert_fixture("assigned", await client.graph("POST", f"{path}/assign", fixture("assign_request")))
    read = await client.graph("GET", f"{path}/assignments")
    assert_like(fixture("assigned")["body"], read.body)
