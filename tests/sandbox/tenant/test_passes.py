"""Temporary Access Passes: replaced, timed, limited, throttled, refused."""

import asyncio

import pytest

from sandbox.tenant import seed
from tests.sandbox.tenant.client import AMELIE, NOW, Client, passes


async def test_a_second_pass_replaces_the_first(client: Client) -> None:
    """No conflict: a new id, a new code, and the old id is gone."""
    first, second = await client.make_pass(), await client.make_pass()
    assert second.status == 201
    assert first.body["id"] != second.body["id"]
    assert first.body["temporaryAccessPass"] != second.body["temporaryAccessPass"]
    held = (await client.graph("GET", passes(AMELIE))).body["value"]
    assert [one["id"] for one in held] == [second.body["id"]]
    assert (await client.graph("GET", f"{passes(AMELIE)}/{first.body['id']}")).status == 404


async def test_an_expired_pass_is_replaced_too(client: Client) -> None:
    """An expired pass stays visible until the next one takes its place."""
    first = await client.make_pass(lifetimeInMinutes=60)
    await client.advance("PT60M")
    (held,) = (await client.graph("GET", passes(AMELIE))).body["value"]
    assert (held["id"], held["isUsable"], held["methodUsabilityReason"]) == (first.body["id"], False, "Expired")
    assert (await client.make_pass()).status == 201
    assert len((await client.graph("GET", passes(AMELIE))).body["value"]) == 1


async def test_usability_follows_the_clock(client: Client) -> None:
    """Not yet valid, usable from the start on, expired when the lifetime counted from the start is over."""
    await client.make_pass(startDateTime="2030-06-01T10:00:00Z", lifetimeInMinutes=60)
    seen = []
    for step in ("PT0S", "PT59M59S", "PT1S", "PT59M", "PT1M"):
        await client.advance(step)
        (held,) = (await client.graph("GET", passes(AMELIE))).body["value"]
        seen.append((held["methodUsabilityReason"], held["isUsable"]))
    usable = ("EnabledByPolicy", True)
    # The clock runs on at real speed, so the second before the start may just be over.
    assert seen[0] == ("NotYetValid", False)
    assert seen[2:] == [usable, usable, ("Expired", False)]


async def test_a_pass_without_a_start_begins_now(client: Client) -> None:
    """Left out, the start is the moment of creation."""
    made = (await client.make_pass()).body
    assert made["startDateTime"] == made["createdDateTime"]
    assert made["isUsable"] is True
    assert made["createdDateTime"].startswith(NOW[:16])


async def test_a_lifetime_left_out_is_the_policys_default(client: Client) -> None:
    """Omitted lifetime and one-time come from the policy."""
    await client.change("set-policy", policy={"defaultLifetimeInMinutes": 75, "isUsableOnce": True})
    made = (await client.graph("POST", passes(AMELIE), {"@odata.type": "x"})).body
    assert (made["lifetimeInMinutes"], made["isUsableOnce"]) == (75, True)


async def test_both_ends_of_the_policys_range_are_allowed(client: Client) -> None:
    """Minimum and maximum belong to the range."""
    for minutes in (60, 1440):
        assert (await client.make_pass(lifetimeInMinutes=minutes)).status == 201


async def test_the_code_has_the_policys_length(client: Client) -> None:
    """The default length of the policy is the length of every code."""
    await client.change("set-policy", policy={"defaultLength": 31})
    assert len((await client.make_pass()).body["temporaryAccessPass"]) == 31


async def test_an_offset_in_the_start_is_ignored(client: Client) -> None:
    """The digits are read as UTC: a local time is misread by its offset, as has been seen of Graph."""
    made = (await client.make_pass(startDateTime="2030-06-03T08:30:00+02:00")).body
    assert made["startDateTime"] == "2030-06-03T08:30:00Z"


@pytest.mark.parametrize(
    "body",
    [
        {"lifetimeInMinutes": "60"},
        {"lifetimeInMinutes": 60.5},
        {"lifetimeInMinutes": True},
        {"isUsableOnce": "false"},
        {"startDateTime": "tomorrow"},
        {"startDateTime": 5},
        {"startDateTime": "2030-06-03"},
    ],
)
async def test_a_field_of_the_wrong_type_is_refused(client: Client, body: dict[str, object]) -> None:
    """Graph's front end says which literal it could not convert."""
    reply = await client.make_pass(**body)
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert "Cannot convert the literal" in reply.message


async def test_an_unknown_field_is_refused(client: Client) -> None:
    """A property the type does not have is no property of a body."""
    reply = await client.make_pass(lifetime=60)
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert "'lifetime' does not exist on type 'microsoft.graph.temporaryAccessPass" in reply.message


async def test_a_deleted_pass_is_gone_and_deleting_it_again_is_404(client: Client) -> None:
    """204, then 404."""
    path = f"{passes(AMELIE)}/{(await client.make_pass()).body['id']}"
    assert [(await client.graph("DELETE", path)).status for _ in range(2)] == [204, 404]
    assert (await client.graph("GET", passes(AMELIE))).body["value"] == []


async def test_there_is_no_patch_of_a_pass(client: Client) -> None:
    """A pass can be made and deleted, not changed."""
    path = f"{passes(AMELIE)}/{(await client.make_pass()).body['id']}"
    assert (await client.graph("PATCH", path, {"lifetimeInMinutes": 60})).status == 405


async def test_an_unknown_user_gets_404(client: Client) -> None:
    """A user that is not there, or not yet, has no methods."""
    assert (await client.make_pass("nobody@larkspur.example")).status == 404


async def test_a_new_account_gets_no_pass_until_it_is_replicated(client: Client) -> None:
    """For 90 seconds of app time nothing finds a new account."""
    upn = "new.hire@larkspur.example"
    await client.change("upsert-user", user={"userPrincipalName": upn})
    assert (await client.make_pass(upn)).status == 404
    await client.advance("PT90S")
    assert (await client.make_pass(upn)).status == 201


async def test_a_new_pass_may_be_invisible_for_a_while(client: Client) -> None:
    """Where the tenant is set so, a look straight after the POST finds nothing."""
    await client.change("set-replication", seconds=90, passSeconds=60)
    await client.make_pass()
    assert (await client.graph("GET", passes(AMELIE))).body["value"] == []
    await client.advance("PT1M")
    assert len((await client.graph("GET", passes(AMELIE))).body["value"]) == 1


async def test_a_multi_use_pass_is_blocked_when_the_policy_turns_to_one_time(client: Client) -> None:
    """So is a pass whose user leaves the policy's targets."""
    await client.make_pass()
    for policy in ({"isUsableOnce": True}, {"isUsableOnce": False, "includeTargets": []}):
        await client.change("set-policy", policy=policy)
        (held,) = (await client.graph("GET", passes(AMELIE))).body["value"]
        assert (held["isUsable"], held["methodUsabilityReason"]) == (False, "DisabledByPolicy")


async def test_the_window_of_the_throttle_slides_on_the_sandboxs_clock(client: Client) -> None:
    """Five pass, the sixth waits; when the first is ten seconds old there is room for one more."""
    for _ in range(5):
        await client.graph("GET", passes(AMELIE))
    refused = await client.graph("GET", passes(AMELIE))
    assert (refused.status, 1 <= int(refused.headers["Retry-After"]) <= 10) == (429, True)
    await client.advance("PT10S")
    assert (await client.graph("GET", passes(AMELIE))).status == 200


async def test_only_authentication_methods_are_throttled(client: Client) -> None:
    """Users are read as often as one likes, and the limit is a setting."""
    await client.change("set-throttle", limit=1)
    for _ in range(12):
        assert (await client.graph("GET", f"/v1.0/users/{AMELIE}")).status == 200
    assert [(await client.graph("GET", passes(AMELIE))).status for _ in range(2)] == [200, 429]


async def test_no_window_holds_more_than_the_limit_under_a_rush(client: Client) -> None:
    """Twenty at once: five are served."""
    replies = await asyncio.gather(*(client.graph("GET", passes(AMELIE)) for _ in range(20)))
    assert sorted(reply.status for reply in replies) == [200] * 5 + [429] * 15


async def test_the_policy_is_read_and_changed_as_documented(client: Client) -> None:
    """GET shows all of it; PATCH needs the type, answers 204 and changes nothing else."""
    path = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass"
    kind = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"
    before = (await client.graph("GET", path)).body
    assert (before["@odata.type"], before["id"], before["state"]) == (kind, "TemporaryAccessPass", "enabled")
    change = {"@odata.type": kind, "maximumLifetimeInMinutes": 480}
    assert (await client.graph("PATCH", path, change)).status == 403
    await client.change("grant-permission", permission="Policy.ReadWrite.AuthenticationMethod")
    client.tokens.clear()
    assert (await client.graph("PATCH", path, {"maximumLifetimeInMinutes": 480})).status == 400
    assert (await client.graph("PATCH", path, change)).status == 204
    assert (await client.graph("GET", path)).body == before | {"maximumLifetimeInMinutes": 480}


@pytest.mark.parametrize(
    "policy",
    [
        {"minimumLifetimeInMinutes": 9},
        {"maximumLifetimeInMinutes": 43_201},
        {"defaultLifetimeInMinutes": 59},
        {"defaultLength": 7},
        {"defaultLength": 49},
    ],
)
async def test_a_policy_out_of_range_is_refused(client: Client, policy: dict[str, int]) -> None:
    """10 to 43,200 minutes, the default between minimum and maximum, 8 to 48 characters."""
    reply = await client.send("POST", "/_sandbox/directory", json={"op": "set-policy", "policy": policy})
    assert reply.status == 400


async def test_passes_of_all_accounts_can_be_made_admins_too(client: Client) -> None:
    """Nothing in Graph protects an administrator from an app with the permission."""
    admin = next(person for person in seed.PEOPLE if person.key == "dana-direkt")
    assert (await client.make_pass(admin.upn)).status == 201
