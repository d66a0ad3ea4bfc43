"""A tenant on a free port, at a fixed moment, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from sandbox.tenant.app import start
from sandbox.tenant.clock import TenantClock
from sandbox.tenant.times import instant
from tests.sandbox.tenant.client import NOW, Client


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    """Give a caller of a freshly seeded tenant."""
    clock = tmp_path / "clock"
    TenantClock(clock).reset(instant(NOW))
    running = await start(0, tmp_path, clock, "sandbox")
    async with aiohttp.ClientSession() as session:
        yield Client(running.address, session)
    await running.stop()
