"""A tenant on a free port, at a fixed moment, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from sandbox.tenant.app import start
from tests.sandbox.tenant.client import NOW, Client


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    """Give a caller of a freshly seeded tenant."""
    running = await start(0, tmp_path, tmp_path / "clock", "sandbox")
    async with aiohttp.ClientSession() as session:
        caller = Client(running.address, session)
        await caller.control("POST", "reset", {"now": NOW})
        yield caller
    await running.stop()
