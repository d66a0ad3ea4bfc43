"""Time in the model passes by being waited for, however much of it has gone by."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.model.time_loop import TimeLoop

BEGINS = datetime(2030, 5, 29, 8, tzinfo=UTC)


@pytest.mark.parametrize("gone_by", [timedelta(), timedelta(days=365, hours=10, seconds=15.252)])
def test_every_sleep_ends(gone_by: timedelta) -> None:
    """A sleep until a moment that a float of this size cannot tell from now ends, too."""
    loop = TimeLoop(BEGINS)
    loop.skip_to(BEGINS + gone_by)
    slept = asyncio.wait_for(asyncio.sleep(5.0 - 1e-9), timeout=60)
    for _ in range(1000):
        loop.run_until_complete(asyncio.sleep(0.0007))
    loop.run_until_complete(slept)
    assert loop.now() - BEGINS >= gone_by + timedelta(seconds=5)
    loop.close()
