"""A tenant with Azure Communication Services on a free port, and the app's identity there."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import aiohttp
import pytest
from azure.core.credentials import AccessToken

from sandbox.tenant.app import start
from sandbox.tenant.clock import TenantClock
from sandbox.tenant.times import instant
from tests.sandbox.tenant.client import NOW, Client


@dataclass
class Identity:
    """The managed identity: a token of the sandbox for whatever the SDK asks for."""

    client: Client
    resource: str = ""

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Fetch a token; remember for what."""
        self.resource = scopes[0].removesuffix("/.default").rstrip("/")
        return AccessToken(await self.client.token(self.resource), 4102444800)

    async def close(self) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    """Give a caller of a freshly seeded tenant."""
    clock = tmp_path / "clock"
    TenantClock(clock).reset(instant(NOW))
    running = await start(0, tmp_path, clock, "sandbox")
    async with aiohttp.ClientSession() as session:
        yield Client(running.address, session)
    await running.stop()


@pytest.fixture
def identity(client: Client) -> Identity:
    """Give the app's identity."""
    return Identity(client)
