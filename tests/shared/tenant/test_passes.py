"""Temporary Access Passes: bodies as Graph's documents and logs have them, written by hand."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.tenant.errors import NotFoundInTenantError, PermissionMissingError, TenantRefusedError, TenantThrottledError
from shared.tenant.graph import GraphConnection
from shared.tenant.passes import GraphPasses
from shared.tenant.ports.passes import PassOrder
from tests.shared.tenant.stand_in import Answer, FakeGraph, refusal

USER = "11111111-1111-4111-8111-111111111111"
PASS = "33333333-3333-4333-8333-333333333333"
CODE = "Zx7-kQ9wLp"
PATH = f"/v1.0/users/{USER}/authentication/temporaryAccessPassMethods"
POLICY = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass"
CREATED = {
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x",
    "id": PASS,
    "temporaryAccessPass": CODE,
    "createdDateTime": "2030-06-03T06:29:58.1234567Z",
    "startDateTime": "2030-06-03T06:30:00Z",
    "lifetimeInMinutes": 480,
    "isUsableOnce": False,
    "isUsable": False,
    "methodUsabilityReason": "NotYetValid",
}
START = datetime(2030, 6, 3, 6, 30, tzinfo=UTC)


@pytest.fixture
def passes(connection: GraphConnection) -> GraphPasses:
    """Give the adapter under test."""
    return GraphPasses(connection)


async def test_create_sends_utc_with_z_and_reads_the_code(passes: GraphPasses, fake: FakeGraph) -> None:
    """The start goes out in UTC with Z whatever its offset; the code is in the answer and in no repr."""
    fake.on("POST", PATH, Answer(201, CREATED))
    berlin = START.astimezone(timezone(timedelta(hours=2)))
    made = await passes.create(USER, PassOrder(berlin, 480, one_time=False))
    assert made.code == CODE
    assert CODE not in repr(made)
    assert made.record.created == datetime(2030, 6, 3, 6, 29, 58, 123456, tzinfo=UTC)
    assert made.record.start == START
    assert made.record.start.tzinfo is UTC
    assert fake.asked[0].json() == {
        "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
        "startDateTime": "2030-06-03T06:30:00Z",
        "lifetimeInMinutes": 480,
        "isUsableOnce": False,
    }


async def test_a_pass_that_starts_now_names_no_start(passes: GraphPasses, fake: FakeGraph) -> None:
    """A start that has just gone by is refused by Graph, so now is said by saying nothing."""
    fake.on("POST", PATH, Answer(201, CREATED))
    await passes.create(USER, PassOrder(None, 60, one_time=True))
    body = fake.asked[0].json()
    assert "startDateTime" not in body
    assert body["isUsableOnce"] is True


async def test_look_reads_none_or_one(passes: GraphPasses, fake: FakeGraph) -> None:
    """A list; the code is null in it."""
    fake.on("GET", PATH, Answer(200, {"value": []}), Answer(200, {"value": [{**CREATED, "temporaryAccessPass": None}]}))
    assert await passes.look(USER) == ()
    (found,) = await passes.look(USER)
    assert (found.id, found.lifetime, found.usable, found.usability_reason) == (PASS, 480, False, "NotYetValid")


async def test_delete_of_a_pass_that_is_gone_is_done(passes: GraphPasses, fake: FakeGraph) -> None:
    """204 and 404 are the same to the caller."""
    fake.on("DELETE", f"{PATH}/{PASS}", Answer(204))
    await passes.delete(USER, PASS)
    fake.on("DELETE", f"{PATH}/{PASS}", Answer(404, {"error": {"code": "resourceNotFound", "message": "gone"}}))
    await passes.delete(USER, PASS)
    assert len(fake.asked) == 2


@pytest.mark.parametrize("bad", ["", ".", "..", "a@b.example", f"{PASS}/x", "11111111"])
async def test_what_is_no_object_id_is_never_sent(passes: GraphPasses, fake: FakeGraph, bad: str) -> None:
    """An empty id would turn the address of one pass into that of all."""
    with pytest.raises(ValueError, match="object id"):
        await passes.delete(USER, bad)
    with pytest.raises(ValueError, match="object id"):
        await passes.create(bad, PassOrder(None, 60, one_time=True))
    with pytest.raises(ValueError, match="object id"):
        await passes.look(bad)
    assert fake.asked == []


async def test_policy(passes: GraphPasses, fake: FakeGraph) -> None:
    """The policy's numbers and targets as they stand."""
    policy = {
        "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration",
        "id": "TemporaryAccessPass",
        "state": "disabled",
        "minimumLifetimeInMinutes": 60,
        "maximumLifetimeInMinutes": 480,
        "defaultLifetimeInMinutes": 90,
        "defaultLength": 8,
        "isUsableOnce": True,
        "includeTargets": [{"targetType": "group", "id": "all_users", "isRegistrationRequired": False}],
        "excludeTargets": [{"targetType": "group", "id": "g1"}],
    }
    fake.on("GET", POLICY, Answer(200, policy))
    found = await passes.policy()
    assert (found.enabled, found.one_time_only) == (False, True)
    assert (found.minimum_lifetime, found.maximum_lifetime, found.default_lifetime) == (60, 480, 90)
    assert (found.include, found.exclude) == (frozenset({"all_users"}), frozenset({"g1"}))


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (400, "badRequest", "Invalid LifetimeInMinutes specified. The valid range between 60 and 480."),
        (400, "badRequest", "Invalid StartDateTime specified. It can not be a time in the past."),
        (400, "badRequest", "Temporary Access Pass cannot be added to an external guest user."),
        (400, "badRequest", "UserCredentialPolicy does not allow this method."),
    ],
)
async def test_a_refusal_keeps_graphs_own_words(
    passes: GraphPasses, fake: FakeGraph, status: int, code: str, message: str
) -> None:
    """They say to an administrator what is to be done."""
    fake.on("POST", PATH, refusal(status, code, message))
    with pytest.raises(TenantRefusedError) as raised:
        await passes.create(USER, PassOrder(None, 60, one_time=True))
    assert (raised.value.status, raised.value.code, raised.value.detail) == (status, code, message)


async def test_a_missing_permission_is_named(passes: GraphPasses, fake: FakeGraph) -> None:
    """403 says which permission to grant; 404 of the user is its own error."""
    fake.on("POST", PATH, refusal(403, "accessDenied", "Request Authorization failed"))
    with pytest.raises(PermissionMissingError) as raised:
        await passes.create(USER, PassOrder(None, 60, one_time=True))
    assert raised.value.permission == "UserAuthMethod-TAP.ReadWrite.All"
    fake.on("POST", PATH, refusal(404, "resourceNotFound", "The requested user was not found."))
    with pytest.raises(NotFoundInTenantError):
        await passes.create(USER, PassOrder(None, 60, one_time=True))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.0), ("-3", 0.0), ("Mon, 03 Jun 2030 06:30:12 GMT", 12.0), ("soon", None), ("nan", None)],
)
async def test_retry_after_in_all_its_forms(
    passes: GraphPasses, fake: FakeGraph, header: str, seconds: float | None
) -> None:
    """A number of seconds, or a date counted from the answer's own Date, or nothing usable."""
    throttled = refusal(429, "TooManyRequests", "x", Retry_After=header, Date="Mon, 03 Jun 2030 06:30:00 GMT")
    fake.on("GET", PATH, throttled)
    with pytest.raises(TenantThrottledError) as raised:
        await passes.look(USER)
    assert raised.value.retry_after == seconds
