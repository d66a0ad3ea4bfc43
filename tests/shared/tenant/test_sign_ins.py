"""The sign-in log: who used a pass when, how far the log is, or nothing known."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.tenant import batches
from shared.tenant.errors import PermissionMissingError
from shared.tenant.graph import GraphConnection
from shared.tenant.sign_ins import GraphSignInLog
from tests.shared.tenant.stand_in import Answer, FakeGraph, refusal

USER = "11111111-1111-4111-8111-11111111ABCD"
LOG = "/beta/auditLogs/signIns"
SINCE = datetime(2030, 6, 3, 6, 30, tzinfo=UTC)


def entry(at: str, method: str = "Temporary Access Pass", *, succeeded: bool = True, code: int = 0) -> dict[str, Any]:
    """Return an entry of the log."""
    return {
        "id": at,
        "createdDateTime": at,
        "userId": USER,
        "status": {"errorCode": code},
        "authenticationDetails": [
            {"authenticationMethod": "Previously satisfied", "succeeded": True},
            {"authenticationMethod": method, "succeeded": succeeded},
        ],
    }


@pytest.fixture
def log(connection: GraphConnection) -> GraphSignInLog:
    """Give the adapter under test."""
    return GraphSignInLog(connection)


async def test_all_uses_over_all_pages(log: GraphSignInLog, fake: FakeGraph) -> None:
    """The log comes newest first and in pages; ids come back in lower case."""
    fake.on(
        "GET",
        LOG,
        Answer(200, {"value": [entry("2030-06-03T09:00:00Z")], "@odata.nextLink": f"{fake.url}{LOG}?$skiptoken=a"}),
        Answer(200, {"value": [entry("2030-06-03T07:02:03.1234567Z"), entry("2030-06-03T06:40:00Z", "Password")]}),
    )
    at = datetime(2030, 6, 3, tzinfo=UTC)
    assert await log.uses_of_passes([USER], SINCE) == {
        USER.lower(): (at.replace(hour=9), at.replace(hour=7, minute=2, second=3, microsecond=123456))
    }


async def test_many_accounts_are_asked_about_in_few_requests(
    log: GraphSignInLog, fake: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifteen in one request; the next comes when the limit of the logs allows it."""
    monkeypatch.setattr(batches, "PAUSE_SECONDS", 0.01)
    fake.on("GET", LOG, Answer(200, {"value": []}))
    users = [f"11111111-1111-4111-8111-1111111111{number:02}" for number in range(31)]
    assert await log.uses_of_passes([*users, users[0]], SINCE) == {}
    filters = [asked.query["$filter"] for asked in fake.asked]
    assert [one.count("userId eq ") for one in filters] == [15, 15, 1]
    assert filters[-1] == f"createdDateTime ge 2030-06-03T06:30:00Z and (userId eq '{users[-1]}')"


async def test_the_newest_sign_in_is_anybodys(log: GraphSignInLog, fake: FakeGraph) -> None:
    """One entry tells how far the log is, whoever and however; none tells nothing."""
    fake.on("GET", LOG, Answer(200, {"value": [entry("2030-06-03T09:00:00Z", "Password", code=50126)]}))
    assert await log.newest(SINCE) == datetime(2030, 6, 3, 9, tzinfo=UTC)
    assert (fake.asked[0].query["$top"], fake.asked[0].query["$filter"]) == (
        "1",
        "createdDateTime ge 2030-06-03T06:30:00Z",
    )
    fake.on("GET", LOG, Answer(200, {"value": []}))
    assert await log.newest(SINCE) is None


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [entry("2030-06-03T07:00:00Z", "Password")],
        [entry("2030-06-03T07:00:00Z", succeeded=False)],
        [entry("2030-06-03T07:00:00Z", code=50126)],
        [{"createdDateTime": "2030-06-03T07:00:00Z", "status": {"errorCode": 0}}],
        [{**entry("2030-06-03T07:00:00Z"), "authenticationDetails": None}],
    ],
)
async def test_what_is_no_use_of_the_pass_is_unknown(
    log: GraphSignInLog, fake: FakeGraph, entries: list[dict[str, Any]]
) -> None:
    """Another method, a failure, an entry without details."""
    fake.on("GET", LOG, Answer(200, {"value": entries}))
    assert await log.uses_of_passes([USER], SINCE) == {}


async def test_a_tenant_that_does_not_show_its_log_is_unknown(log: GraphSignInLog, fake: FakeGraph) -> None:
    """Without P1 nothing is known; without the permission somebody has to be told."""
    code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    fake.on("GET", LOG, refusal(403, code, "Neither tenant is B2C or tenant doesn't have premium license"))
    assert (await log.uses_of_passes([USER], SINCE), await log.newest(SINCE)) == ({}, None)
    fake.on("GET", LOG, refusal(403, "Authorization_RequestDenied", "no"))
    with pytest.raises(PermissionMissingError) as raised:
        await log.uses_of_passes([USER], SINCE)
    assert raised.value.permission == "AuditLog.Read.All"
