"""Subscriptions and the delta query of the stand-in, which tests of the whole app rely on."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from sandbox.tenant import seed
from tests.sandbox.tenant.client import AMELIE, Client

WANTED = {"changeType": "updated", "resource": "users", "clientState": "x" * 16}
PLACE = "/v1.0/subscriptions"


def wanted(address: str, end: str) -> dict[str, str]:
    """Write a subscription."""
    return {**WANTED, "notificationUrl": address, "lifecycleNotificationUrl": address, "expirationDateTime": end}


async def test_a_subscription_is_validated_made_renewed_and_ended(client: Client, address: str) -> None:
    """An address that does not answer, an end beyond 41,760 minutes or an unknown field is refused; 29 days are taken.

    Its client state is never shown.
    """
    now = datetime.fromisoformat((await client.control("GET", "clock"))["now"])
    soon, late = ((now + timedelta(minutes=ahead)).isoformat() for ahead in (41_760, 41_762))
    made = await client.graph("POST", PLACE, wanted(address, soon))
    assert (made.status, made.body["clientState"]) == (201, None)
    one = f"{PLACE}/{made.body['id']}"
    good = wanted(address, soon)
    bad = (wanted(f"{address}/silent", soon), wanted(address, late), wanted(address, "soon"), {"resource": 7})
    for refused in (*bad, good | {"colour": "blue"}):
        assert (await client.graph("POST", PLACE, refused)).status == 400
    assert (await client.graph("PATCH", one, {"expirationDateTime": soon})).status == 200
    for unfit in ({"expirationDateTime": late}, {"expirationDateTime": soon, "colour": "blue"}):
        assert (await client.graph("PATCH", one, unfit)).status == 400
    assert (await client.graph("DELETE", one)).status == 204
    assert (await client.graph("PATCH", one, {"expirationDateTime": soon})).status == 404


async def test_a_delta_tells_who_has_changed_in_what_was_selected(client: Client) -> None:
    """From the link on, without one everybody; who is gone is told as removed, and a link that is not known is over."""
    everybody = await client.graph("GET", "/v1.0/users/delta", select="id,employeeHireDate")
    assert len(everybody.body["value"]) == len(seed.PEOPLE)
    first = await client.graph("GET", "/v1.0/users/delta", select="id,employeeHireDate", deltatoken="latest")
    assert first.body["value"] == []
    await client.change("upsert-user", user={"userPrincipalName": AMELIE, "jobTitle": "Poet"})
    link = urlsplit(first.body["@odata.deltaLink"])
    query = {name.removeprefix("$"): values[0] for name, values in parse_qs(link.query).items()}
    assert (await client.graph("GET", link.path, **query)).body["value"] == []
    await client.change("upsert-user", user={"userPrincipalName": AMELIE, "employeeHireDate": "2030-06-03T00:00:00Z"})
    ((changed),) = (await client.graph("GET", link.path, **query)).body["value"]
    assert changed["employeeHireDate"] == "2030-06-03T00:00:00Z"
    await client.change("delete-user", user=AMELIE)
    ((removed),) = (await client.graph("GET", link.path, **query)).body["value"]
    assert (removed["id"], removed["@removed"]) == (changed["id"], {"reason": "changed"})
    assert (await client.graph("GET", link.path, deltatoken="lost")).status == 410
