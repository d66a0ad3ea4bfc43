"""Waves: the passes of the coming days spread over the minutes there are, and a word days ahead where these are few.

Due times alone are looked at, of the days that come next, as the sweep reads them beside what is due: hires further off
cost nothing, and only rows that have to move are touched. Between two runs the sweep serves the soonest window first,
whatever was planned.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from shared.handover.mails.crowd_mail import crowd_to_desk
from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.store import Store
from shared.onboarding.transaction import Change
from shared.planning.waves import Coming, Forecast, ease, eased, forecast, passes_per_minute
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError
from shared.runtime.leases import Cells
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantError
from shared.tenant.ports.mail import Mailer

log = logging.getLogger("day_one_pass")

KIND, NAME = "sweep", "crowds"
EVERY = timedelta(minutes=30)
AHEAD = timedelta(days=7)
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Warned:
    """Who mails about a crowd and to whom, in which zone it tells times, and whether mails are sent at all."""

    mailer: Mailer
    desk: str
    zone: str
    mode: Mode


class Crowds:
    """Brings forward what has to be, and keeps the forecast in one row that health reads."""

    def __init__(self, store: Store, cells: Cells, clock: Clock, warned: Warned, rate: int) -> None:
        self._store = store
        self._cells = cells
        self._clock = clock
        self._warned = warned
        self._per_minute = passes_per_minute(rate)
        self._looked: datetime | None = None

    def ahead(self) -> timedelta:
        """Tell how far the next sweep is to look for `look`; nothing where this instance did in this half hour."""
        looked = self._looked is not None and self._looked <= self._clock.now() < self._looked + EVERY
        return timedelta() if looked else AHEAD

    async def look(self, coming: Sequence[Coming]) -> None:
        """Look at the coming days if nobody has in this half hour. Cut off, it is done again in the next."""
        now = self._looked = self._clock.now()
        known = await self._cells.read(KIND, NAME)
        if known is not None and now < datetime.fromisoformat(known["at"]) + EVERY:
            return
        told = known["told"] if known is not None else ""
        try:
            await self._cells.swap(KIND, NAME, known, {**_held(known), "at": now.isoformat(), "told": told})
        except ConflictError:
            return
        seen = await self._ease(coming, now)
        told = await self._tell(seen, told)
        await self._cells.put(KIND, NAME, {"at": now.isoformat(), "told": told, "forecast": _as_json(seen)})

    async def _ease(self, coming: Sequence[Coming], now: datetime) -> Forecast:
        moved = ease(coming, now, self._per_minute)
        for batch in batched(moved.items(), AT_ONCE, strict=False):
            await asyncio.gather(*(self._bring_forward(name, at, now) for name, at in batch))
        if moved:
            log.info("%d passes brought forward", len(moved))
        return forecast(eased(coming, moved), now, self._per_minute)

    async def _bring_forward(self, onboarding: str, at: datetime, now: datetime) -> None:
        def decide(row: Onboarding) -> Change | None:
            if row.plan is None or row.plan.issue_at <= at or not schedule.is_on_its_way(row):
                return None
            return Change(lifecycle.brought_forward(row, at, now), Audit(Did.BROUGHT_FORWARD, now))

        await self._store.update(onboarding, decide)

    async def _tell(self, seen: Forecast, told: str) -> str:
        """Tell the desk once of each window that cannot be served in time; return up to which it has heard."""
        news = [late for late in seen.late if late.deadline.isoformat() > told]
        if not news or self._warned.mode is Mode.OBSERVE:
            return told
        log.warning("%d passes cannot be ready in time", sum(late.passes for late in news))
        try:
            letter = crowd_to_desk(tuple(news), self._per_minute, self._warned.desk, self._warned.zone)
            await self._warned.mailer.send(letter)
        except TenantError:
            log.warning("the desk could not be told of a crowd")
            return told
        return news[-1].deadline.isoformat()


def _held(known: Any) -> dict[str, str]:
    return {"forecast": known["forecast"]} if known is not None and "forecast" in known else {}


def _as_json(seen: Forecast) -> str:
    return json.dumps(
        {
            "passes": seen.passes,
            "lastReadyAt": seen.ready.isoformat() if seen.ready else None,
            "late": [
                {
                    "window": late.deadline.isoformat(),
                    "passes": late.passes,
                    "byMinutes": round(late.by.total_seconds() / 60),
                }
                for late in seen.late
            ],
        }
    )
