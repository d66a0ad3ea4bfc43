"""The count of what a source announces, shared by all instances: one row for each source under compare-and-set.

It is counted before the onboarding is stored. Cut off in between, one is counted that never was, or counted again when
it is sent again: that errs towards asking a person.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from shared.onboarding.brakes.traffic import Coming, Traffic, counted
from shared.onboarding.reasons import Reason
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.leases import Cells
from shared.sources.limits import Limits

KIND = "brakes"
MOST_CONFLICTS = 50
"""Within an instance one counts after the other, so this many instances may count at once."""
BURST = timedelta(hours=6)
"""So long the desk, once told, hears no more of what is held back of the same source."""


@dataclass(frozen=True, slots=True)
class Met:
    """Why one more has to be held back, if so. `quiet`: the desk has heard of this burst."""

    reasons: tuple[Reason, ...]
    quiet: bool


class Counting:
    """Counts."""

    def __init__(self, cells: Cells, limits: Mapping[str, Limits]) -> None:
        self._cells = cells
        self._limits = limits
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def count(self, source: str, coming: Coming, now: datetime) -> Met:
        """Count one more of a source.

        Raises:
            StorageUnavailableError: not known to be counted.
        """
        async with self._turns[source]:
            for _ in range(MOST_CONFLICTS):
                known = await self._cells.read(KIND, source)
                traffic, reasons = counted(_decoded(known), coming, self._limits[source], now)
                try:
                    await self._cells.swap(KIND, source, known, {**_told(known), "traffic": _encoded(traffic)})
                except ConflictError:
                    continue
                return Met(reasons, _is_quiet(known, now))
        raise StorageUnavailableError("The count of a source is written by too many at once.")

    async def is_quiet(self, source: str, now: datetime) -> bool:
        """Tell whether the desk has heard that this source is being held back."""
        return _is_quiet(await self._cells.read(KIND, source), now)

    async def told(self, source: str, now: datetime) -> None:
        """Note that the desk has heard of it. Where many write at once, it may hear of it again."""
        async with self._turns[source]:
            for _ in range(MOST_CONFLICTS):
                known = await self._cells.read(KIND, source)
                traffic = {"traffic": known["traffic"]} if known is not None and "traffic" in known else {}
                try:
                    await self._cells.swap(KIND, source, known, {**traffic, "toldAt": now.isoformat()})
                except ConflictError:
                    continue
                return


def _told(known: Any) -> dict[str, str]:
    return {"toldAt": known["toldAt"]} if known is not None and "toldAt" in known else {}


def _is_quiet(known: Any, now: datetime) -> bool:
    return known is not None and "toldAt" in known and now < datetime.fromisoformat(known["toldAt"]) + BURST


def _encoded(traffic: Traffic) -> str:
    return json.dumps({part.name: dict(getattr(traffic, part.name)) for part in fields(traffic)})


def _decoded(known: Any) -> Traffic:
    parts = json.loads(known["traffic"]) if known is not None and "traffic" in known else {}
    return Traffic(**{name: {int(at): count for at, count in counts.items()} for name, counts in parts.items()})
