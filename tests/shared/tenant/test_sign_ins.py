"""The sign-in log: the first use of a pass, or nothing known."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.tenant.graph import GraphConnection
from shared.tenant.ports import PermissionMissingError
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


async def test_the_first_use_over_all_pages(log: GraphSignInLog, fake: FakeGraph) -> None:
    """The log comes newest first, so the first use is on the last page."""
    fake.on(
        "GET",
        LOG,
        Answer(200, {"value": [entry("2030-06-03T09:00:00Z")], "@odata.nextLink": f"{fake.url}{LOG}?$skiptoken=a"}),
        Answer(200, {"value": [entry("2030-06-03T07:02:03.1234567Z"), entry("2030-06-03T06:40:00Z", "Password")]}),
    )
    assert await log.first_use_of_pass(USER, SINCE) == datetime(2030, 6, 3, 7, 2, 3, 123456, tzinfo=UTC)
    assert fake.asked[0].query["$filter"] == (f"userId eq '{USER.lower()}' and createdDateTime ge 2030-06-03T06:30:00Z")


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [entry("2030-06-03T07:00:00Z", "Password")],
        [entry("2030-06-03T07:00:00Z", succeeded=False)],
        [entry("2030-06-03T07:00:00Z", code=50126)],
        [entry("2030-06-03T06:00:00Z")],
        [{"createdDateTime": "2030-06-03T07:00:00Z", "status": {"errorCode": 0}}],
        [{**entry("2030-06-03T07:00:00Z"), "authenticationDetails": None}],
    ],
)
async def test_what_is_no_use_of_the_pass_is_unknown(
    log: GraphSignInLog, fake: FakeGraph, entries: list[dict[str, Any]]
) -> None:
    """Another method, a failure, an older sign-in, an entry without details."""
    fake.on("GET", LOG, Answer(200, {"value": entries}))
    assert await log.first_use_of_pass(USER, SINCE) is None


async def test_a_tenant_that_does_not_show_its_log_is_unknown(log: GraphSignInLog, fake: FakeGraph) -> None:
    """Without P1 nothing is known; without the permission somebody has to be told."""
    code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    fake.on("GET", LOG, refusal(403, code, "Neither tenant is B2C or tenant doesn't have premium license"))
    assert await log.first_use_of_pass(USER, SINCE) is None
    fake.on("GET", LOG, refusal(403, "Authorization_RequestDenied", "no"))
    with pytest.raises(PermissionMissingError) as raised:
        await log.first_use_of_pass(USER, SINCE)
    assert raised.value.permission == "AuditLog.Read.All"
