"""Whose turn it is to sweep: the timer's, every minute; somebody else's only where the timer has stopped.

One row says when the last sweep began. The timer writes it and goes ahead; whoever stands in for it takes the turn by
compare-and-set, so that one of many does.
"""

from datetime import datetime, timedelta
from typing import Any

from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError
from shared.runtime.leases import Cells

SWEEP, TURN = "sweep", "turn"

FROZEN_AFTER = timedelta(minutes=3)
"""Two runs of the timer missed, and some patience."""
STAND_IN_EVERY = timedelta(minutes=1)


class Turns:
    """Hands out turns."""

    def __init__(self, cells: Cells, clock: Clock) -> None:
        self._cells = cells
        self._clock = clock
        self._known: tuple[datetime, datetime] | None = None

    async def take(self) -> None:
        """Take the timer's turn."""
        now = self._clock.now()
        await self._cells.put(SWEEP, TURN, _turn(now, stands_in=False))

    async def take_if_frozen(self) -> bool:
        """Take a turn in the timer's stead; False where it runs, or another stands in for it.

        The row is read again only when the sweep that was last seen is old enough: almost every call costs nothing.
        """
        now = self._clock.now()
        if self._known is not None and self._known[0] <= now < self._known[1]:
            return False
        held = await self._cells.read(SWEEP, TURN)
        next_turn = _next_turn(held) if held is not None else None
        if next_turn is not None and now < next_turn:
            self._known = (now, next_turn)
            return False
        try:
            await self._cells.swap(SWEEP, TURN, held, _turn(now, stands_in=held is not None))
        except ConflictError:
            return False
        # Where nothing ever swept, the timer gets its time to begin.
        return held is not None


def _turn(at: datetime, *, stands_in: bool) -> dict[str, Any]:
    return {"at": at.isoformat(), "standsIn": stands_in}


def _next_turn(held: Any) -> datetime:
    return datetime.fromisoformat(held["at"]) + (STAND_IN_EVERY if held["standsIn"] else FROZEN_AFTER)
