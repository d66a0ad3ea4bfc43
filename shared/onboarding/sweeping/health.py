"""Is it alive? Read from the one row that the sweep leaves behind at each run."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.onboarding.records import trouble
from shared.onboarding.sweeping import crowds as crowd_row
from shared.onboarding.sweeping.daily import KIND, NAME
from shared.onboarding.sweeping.sweep import STATE
from shared.onboarding.sweeping.turns import SWEEP
from shared.runtime.clock import Clock
from shared.runtime.leases import Cells
from shared.runtime.telemetry import metrics
from shared.runtime.telemetry import port as telemetry

STALE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Health:
    """`alive`: the sweep's timer has run within five minutes. `details` are for people with `Pass.Read`."""

    alive: bool
    details: dict[str, Any]


class HealthReport:
    """Reads the sweep's row."""

    def __init__(self, cells: Cells, clock: Clock, sources: Sequence[str]) -> None:
        self._cells = cells
        self._clock = clock
        self._sources = sources

    async def read(self) -> Health:
        """Read it."""
        seen, totals, crowds = await asyncio.gather(
            self._cells.read(SWEEP, STATE),
            self._cells.read(KIND, NAME),
            self._cells.read(crowd_row.KIND, crowd_row.NAME),
        )
        if seen is None:
            return Health(alive=False, details={"sweep": None})
        last = datetime.fromisoformat(seen["at"])
        age = self._clock.now() - last
        telemetry.add(metrics.SWEEP_AGE, age.total_seconds())
        stood_in = bool(seen.get("stoodIn"))
        details = {
            "sweep": {"at": seen["at"], "ageSeconds": round(age.total_seconds()), "stoodIn": stood_in},
            "due": seen["due"],
            "released": seen["released"],
            "overdue": seen["overdue"],
            "oldestDueSince": seen["oldest"] or None,
            "poisoned": seen["poisoned"],
            "poisonedUnreadable": seen.get("unreadable", 0),
            "dueOfNewerVersion": seen.get("newer", 0),
            "totals": {"at": totals["at"], **json.loads(totals["totals"])} if totals and "totals" in totals else None,
            "comingWeek": {"at": crowds["at"], **json.loads(crowds["forecast"])}
            if crowds and "forecast" in crowds
            else None,
            "recordsWaiting": await self._waiting(),
            "steps": {step: int(count) for step, count in (part.split("=") for part in seen["steps"].split())},
        }
        return Health(alive=age <= STALE and not stood_in, details=details)

    async def _waiting(self) -> dict[str, Any]:
        """Tell of each source which of the records that it named cannot be read, and why."""
        seen = await asyncio.gather(*(self._cells.read(trouble.KIND, source) for source in self._sources))
        noted = zip(self._sources, seen, strict=True)
        return {source: json.loads(cell["waiting"]) for source, cell in noted if cell is not None}
