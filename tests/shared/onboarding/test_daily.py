"""The daily pass: once a day by whoever is first, and by another where that one died over it."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from azure.data.tables.aio import TableClient

from shared.onboarding.audit.census import Census
from shared.onboarding.sweeping.daily import AGAIN, Daily
from shared.runtime.leases import Cells
from tests.model.storage import Table
from tests.model.wire import Wire

A_MINUTE = timedelta(minutes=1)


class DiedError(Exception):
    """The worker's death."""


@dataclass(slots=True)
class Around:
    """The clock, and what is to be dropped. `dies`: the worker does, in the midst of it."""

    at: datetime = datetime(2030, 6, 4, 8, tzinfo=UTC)
    dies: bool = False
    dropped: int = 0

    def now(self) -> datetime:
        """Tell the time."""
        return self.at

    async def drop(self, _now: datetime) -> None:
        """Count it, or die."""
        if self.dies:
            raise DiedError
        self.dropped += 1


def test_what_a_dead_worker_began_is_done_by_another_on_the_same_day(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody is at it beside him; half an hour later another drops, counts and says the digest, and then none."""
    around, wire = Around(), Wire()
    rows, cells = (cast(TableClient, Table(wire)) for _ in range(2))
    daily = Daily(Census(rows), [around], Cells(cells), around)
    caplog.set_level(logging.INFO)

    def dropped_after(span: timedelta) -> int:
        around.at += span
        asyncio.run(daily.run_if_due())
        return around.dropped

    around.dies = True
    with pytest.raises(DiedError):
        dropped_after(timedelta(0))
    around.dies = False
    assert [dropped_after(span) for span in (A_MINUTE, AGAIN, A_MINUTE, AGAIN)] == [0, 1, 1, 1]
    assert len([line for line in caplog.messages if line.startswith("audit digest")]) == 1
    assert dropped_after(timedelta(days=1)) == 2
