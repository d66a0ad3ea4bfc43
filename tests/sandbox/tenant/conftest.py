"""A tenant on a free port, at a fixed moment, for each test, and an address for its change notifications."""

import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from sandbox.tenant.app import start
from sandbox.tenant.clock import TenantClock
from sandbox.tenant.graph import routes
from sandbox.tenant.times import instant
from tests.sandbox.tenant.client import NOW, Client
from tests.sandbox.tenant.rules import CALLS


@pytest.fixture
async def client(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    """Give a caller of a freshly seeded tenant; a test that the table names for a call has to make it, and well."""
    clock = tmp_path / "clock"
    TenantClock(clock).reset(instant(NOW))
    running = await start(0, tmp_path, clock, "sandbox")
    async with aiohttp.ClientSession() as session:
        client = Client(running.address, session)
        yield client
        promised = {call for call, test in CALLS.items() if test == request.node.originalname}
        missed = promised - await _good_calls(client) if promised else set()
    await running.stop()
    assert missed == set(), "calls that the table of rules has this test for, and that it did not make"


async def _good_calls(client: Client) -> set[str]:
    """List the calls that were answered well, as the table names them."""
    made = [one for one in (await client.control("GET", "requests"))["requests"] if 200 <= one["status"] < 300]
    found = [(one["method"], *urlsplit(one["path"]).path.lstrip("/").split("/", 1)) for one in made]
    return {f"{method} {routes.match(method, version, path).route.template}" for method, version, path in found}


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
