"""Once a day, by whichever instance is first: totals for the health report, and old event records are dropped.

A first connection that sends the whole workforce is thousands of events without effect: they show as one number.
"""

import json
import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from shared.onboarding.store import Store
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError
from shared.runtime.leases import Cells

log = logging.getLogger("day_one_pass")

KIND, NAME = "sweep", "totals"
EVENTS_KEPT = timedelta(days=90)
A_DAY = timedelta(days=1)


class Daily:
    """The daily pass over everything stored."""

    def __init__(self, store: Store, cells: Cells, clock: Clock) -> None:
        self._store = store
        self._cells = cells
        self._clock = clock

    async def run_if_due(self) -> None:
        """Count and clean up, if that was not begun yet today (UTC). Cut off, it is done again tomorrow."""
        now = self._clock.now()
        known = await self._cells.read(KIND, NAME)
        if known is not None and known["day"] == now.date().isoformat():
            return
        try:
            await self._cells.swap(KIND, NAME, known, {**_held(known), "day": now.date().isoformat()})
        except ConflictError:
            return
        totals = await self._count(now)
        dropped = await self._store.drop_events(now - EVENTS_KEPT)
        await self._cells.put(
            KIND, NAME, {"day": now.date().isoformat(), "at": now.isoformat(), "totals": json.dumps(totals)}
        )
        log.info("daily totals %s; %d old event records dropped", json.dumps(totals), dropped)

    async def _count(self, now: datetime) -> dict[str, dict[str, int]]:
        statuses, devices = await self._store.count_rows()
        without_effect: Counter[str] = Counter()
        async for source, outcome in self._store.events_without_effect(now - A_DAY):
            without_effect[f"{source}: {outcome}"] += 1
        return {
            "status": dict(statuses),
            "webSignIn": dict(devices),
            "eventsWithoutEffectInADay": dict(without_effect),
        }


def _held(known: Any) -> dict[str, str]:
    return {key: known[key] for key in ("at", "totals") if known is not None and key in known}
