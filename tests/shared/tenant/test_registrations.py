"""The report of registered methods: what an account has and when that was so, or nothing known."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.tenant.errors import PermissionMissingError, TenantUnavailableError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.reports import Registered
from shared.tenant.registrations import GraphRegistrationReport
from tests.shared.tenant.stand_in import Answer, FakeGraph, refusal

REPORT = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
ENTRY: dict[str, Any] = {
    "id": "11111111-1111-4111-8111-11111111ABCD",
    "methodsRegistered": ["temporaryAccessPass", "windowsHelloForBusiness"],
    "lastUpdatedDateTime": "2030-06-03T13:50:00Z",
}


@pytest.fixture
def report(connection: GraphConnection) -> GraphRegistrationReport:
    """Give the adapter under test."""
    return GraphRegistrationReport(connection)


async def test_people_are_found_by_name_and_told_by_id(report: GraphRegistrationReport, fake: FakeGraph) -> None:
    """One request names them all; a quote in a name stays in the name."""
    fake.on("GET", REPORT, Answer(200, {"value": [ENTRY]}))
    at = datetime(2030, 6, 3, 13, 50, tzinfo=UTC)
    assert await report.registered(["o'neill@x.example", "amelie@x.example"]) == {
        ENTRY["id"].lower(): Registered(frozenset(ENTRY["methodsRegistered"]), at)
    }
    assert [asked.query["$filter"] for asked in fake.asked] == [
        "userPrincipalName eq 'amelie@x.example' or userPrincipalName eq 'o''neill@x.example'"
    ]


@pytest.mark.parametrize("gap", [{"methodsRegistered": None}, {"methodsRegistered": [7]}, {"lastUpdatedDateTime": ""}])
async def test_half_an_entry_is_no_answer(
    report: GraphRegistrationReport, fake: FakeGraph, gap: dict[str, Any]
) -> None:
    """Without the methods, or without its time, an entry tells nothing."""
    fake.on("GET", REPORT, Answer(200, {"value": [ENTRY | gap]}))
    with pytest.raises(TenantUnavailableError):
        await report.registered(["amelie@x.example"])


async def test_a_tenant_that_does_not_show_its_report_is_unknown(
    report: GraphRegistrationReport, fake: FakeGraph
) -> None:
    """Without P1 nothing is known; without the permission somebody has to be told."""
    code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    fake.on("GET", REPORT, refusal(403, code, "no premium license"))
    assert await report.registered(["amelie@x.example"]) == {}
    fake.on("GET", REPORT, refusal(403, "Authentication_MSGraphPermissionMissing", "no"))
    with pytest.raises(PermissionMissingError) as raised:
        await report.registered(["amelie@x.example"])
    assert raised.value.permission == "AuditLog.Read.All"
