"""Changes of users: what is asked of Graph to be told of them, and what its answers mean."""

from datetime import UTC, date, datetime

import pytest

from shared.sources.kinds import graph
from shared.sources.records import Listed
from shared.tenant.changes import GraphUserChanges
from shared.tenant.errors import ChangesOver, TenantRefusedError, TenantUnavailableError
from shared.tenant.graph import GraphConnection
from shared.tenant.hires import TenantHires
from shared.tenant.ports.changes import ChangedUsers, Subscription
from tests.shared.tenant.stand_in import GROUP, USER, Answer, FakeGraph, refusal

UNTIL = datetime(2030, 6, 3, 7, tzinfo=UTC)
WANTED = Subscription("https://app.example/api/hr/entra", "the-client-state-of-ours", UNTIL)


@pytest.fixture
def changes(connection: GraphConnection) -> GraphUserChanges:
    """Give the adapter under test."""
    return GraphUserChanges(connection)


async def test_a_subscription_is_made_renewed_and_ended(changes: GraphUserChanges, fake: FakeGraph) -> None:
    """Both kinds of notification come to one address; one that is gone is told at its renewal, and ends in peace."""
    fake.on("POST", "/v1.0/subscriptions", Answer(201, {"id": USER}))
    assert await changes.subscribe(WANTED) == USER
    (asked,) = fake.asked
    assert asked.json() == {
        "changeType": "created,updated,deleted",
        "resource": "users",
        "notificationUrl": WANTED.address,
        "lifecycleNotificationUrl": WANTED.address,
        "clientState": WANTED.state,
        "expirationDateTime": "2030-06-03T07:00:00Z",
    }
    fake.on("PATCH", f"/v1.0/subscriptions/{USER}", Answer(200, {"id": USER}))
    assert await changes.renew(USER, UNTIL)
    assert not await changes.renew(GROUP, UNTIL)
    await changes.unsubscribe(GROUP)
    fake.on("POST", "/v1.0/subscriptions", Answer(201, {"id": ""}), refusal(400, "InvalidRequest", "no answer there"))
    for error in (TenantUnavailableError, TenantRefusedError):
        with pytest.raises(error):
            await changes.subscribe(WANTED)


async def test_who_starts_is_listed_page_by_page_by_an_advanced_query(
    connection: GraphConnection, fake: FakeGraph
) -> None:
    """By default Graph does not filter by the hire date."""
    pages = ([{"id": USER, "employeeHireDate": "2030-06-03T00:00:00Z"}], [{"id": GROUP, "employeeHireDate": None}])
    following = f"{fake.url}/v1.0/users?$skiptoken=2"
    first = Answer(200, {"value": pages[0], "@odata.nextLink": following})
    fake.on("GET", "/v1.0/users", first, Answer(200, {"value": pages[1]}))
    found = await graph.KIND.records.listing(graph, date(2030, 6, 3), TenantHires(connection))  # type: ignore[union-attr,misc,arg-type]
    assert found == (Listed(USER, "2030-06-03"),)
    asked = fake.asked[0]
    assert asked.query["$filter"] == "employeeHireDate ge 2030-06-03T00:00:00Z"
    assert (asked.query["$count"], asked.headers["consistencylevel"]) == ("true", "eventual")


async def test_changes_are_read_page_by_page_from_a_link_of_graphs_own(
    changes: GraphUserChanges, fake: FakeGraph
) -> None:
    """At first from now on; then who has changed and is gone. A foreign link is not followed; an old one is over."""
    place, newest = "/v1.0/users/delta", f"{fake.url}/v1.0/users/delta?$deltatoken=next"
    fake.on("GET", place, Answer(200, {"value": [], "@odata.deltaLink": newest}))
    assert await changes.since(None) == ChangedUsers((), (), newest)
    assert fake.asked[0].query["$deltatoken"] == "latest"
    assert "employeeHireDate" in fake.asked[0].query["$select"]
    removed = {"id": GROUP, "@removed": {"reason": "changed"}}
    fake.on(
        "GET",
        place,
        Answer(200, {"value": [{"id": USER}], "@odata.nextLink": f"{fake.url}{place}?$skiptoken=2"}),
        Answer(200, {"value": [removed], "@odata.deltaLink": newest}),
        Answer(200, {"value": [], "@odata.deltaLink": "https://evil.example/delta"}),
        refusal(410, "syncStateNotFound", "Start again."),
        refusal(400, "BadRequest", "No."),
    )
    assert await changes.since(newest) == ChangedUsers((USER,), (GROUP,), newest)
    for error in (TenantUnavailableError, ChangesOver, TenantRefusedError):
        with pytest.raises(error):
            await changes.since(newest)
    with pytest.raises(TenantUnavailableError, match="another address"):
        await changes.since("https://evil.example/delta")
