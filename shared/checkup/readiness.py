"""The check-up for those who ask by HTTP: kept for a while, so that asking often costs Graph nothing."""

import asyncio
from datetime import timedelta

from shared.checkup.catalogue import report
from shared.checkup.finding import Report
from shared.checkup.gathering import Gathering
from shared.runtime.clock import Clock

KEPT = timedelta(minutes=5)


class Readiness:
    """Checks up when asked. Who asks meanwhile, or within five minutes, gets the same report."""

    def __init__(self, gathering: Gathering, clock: Clock) -> None:
        self._gathering = gathering
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._report: Report | None = None

    async def report(self) -> Report:
        """Return the report, and when it was made."""
        async with self._one_at_a_time:
            kept, now = self._report, self._clock.now()
            if kept is None or not kept.at <= now < kept.at + KEPT:
                kept = self._report = report(await self._gathering.facts())
            return kept
