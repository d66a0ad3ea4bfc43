"""Subscriptions and the delta query of the stand-in, which tests of the whole app rely on."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.tenant.client import AMELIE, Client

WANTED = {"changeType": "updated", "resource": "users", "clientState": "x" * 16}
PLACE = "/v1.0/subscriptions"


class Echo(BaseHTTPRequestHandler):
    """An address that answers a validation, unless its path says no."""

    def do_POST(self) -> None:
        """Send the token back."""
        token = parse_qs(urlsplit(self.path).query)["validationToken"][0].encode()
        self.send_response(404 if "silent" in self.path else 200)
        self.send_header("Content-Length", str(len(token)))
        self.end_headers()
        self.wfile.write(token)

    def log_message(self, *_: object) -> None:
        """Keep the console clear."""


@pytest.fixture
def address() -> Iterator[str]:
    """Serve it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def wanted(address: str, end: str) -> dict[str, str]:
    """Write a subscription."""
    return {**WANTED, "notificationUrl": address, "lifecycleNotificationUrl": address, "expirationDateTime": end}


async def test_a_subscription_is_validated_made_renewed_and_ended(client: Client, address: str) -> None:
    """An address that does not answer, or an end beyond 29 days, is refused; its client state is never shown."""
    now = (await client.control("GET", "clock"))["now"]
    soon, late = f"{now[:10]}T23:59:59Z", "2099-01-01T00:00:00Z"
    made = await client.graph("POST", PLACE, wanted(address, soon))
    assert (made.status, made.body["clientState"]) == (201, None)
    one = f"{PLACE}/{made.body['id']}"
    for refused in (wanted(f"{address}/silent", soon), wanted(address, late), wanted(address, "soon"), {"resource": 7}):
        assert (await client.graph("POST", PLACE, refused)).status == 400
    assert (await client.graph("PATCH", one, {"expirationDateTime": soon})).status == 200
    assert (await client.graph("PATCH", one, {"expirationDateTime": late})).status == 400
    assert (await client.graph("DELETE", one)).status == 204
    assert (await client.graph("PATCH", one, {"expirationDateTime": soon})).status == 404


async def test_a_delta_tells_who_has_changed_in_what_was_selected(client: Client) -> None:
    """From the link on; who is gone is told as removed, and a link that is not known is over."""
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
