"""The stand-in Graph of these tests, and a connection to it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from shared.tenant import graph as graph_module
from shared.tenant.graph import GraphConnection
from tests.shared.tenant.stand_in import FakeGraph, StubCredential


def pytest_configure(config: pytest.Config) -> None:
    """Let the SDK warn of its own classes while they are imported: that is no fault of what is tested."""
    for message in ("GetQueryParameters is deprecated", "This class is deprecated"):
        config.addinivalue_line("filterwarnings", f"ignore:{message}:DeprecationWarning")


@pytest.fixture
def credential() -> StubCredential:
    """Give a credential that always has a token, until told otherwise."""
    return StubCredential()


@pytest.fixture
async def fake() -> AsyncIterator[FakeGraph]:
    """Serve the stand-in on a free port of loopback."""
    fake = FakeGraph()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", fake.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()


@pytest.fixture
async def connection(
    fake: FakeGraph, credential: StubCredential, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[GraphConnection]:
    """Connect to the stand-in: pauses are short, patience outlasts a busy machine, and the SDK is loaded already."""
    connection = GraphConnection(credential, fake.url)
    _ = connection.calls
    monkeypatch.setattr(graph_module, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(graph_module, "CHANGE_SECONDS", 2.0)
    monkeypatch.setattr(graph_module, "READ_SECONDS", 2.0)
    yield connection
    await connection.aclose()
