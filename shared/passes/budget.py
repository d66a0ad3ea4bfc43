"""The budget of authentication-method requests, shared by all instances: one row under compare-and-set.

What a slot is, and why the limit holds, stands in `shared.planning.slots`.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shared.planning.slots import (
    Slot,
    SlotState,
    at_rate,
    free_slots,
    next_of_any,
    next_slots,
    spacing,
    throttled,
    usable,
)
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.leases import Cells
from shared.runtime.telemetry import metrics, vocabulary
from shared.runtime.telemetry import port as telemetry

KIND, NAME = "budget", "graph"
MOST_CONFLICTS = 20
LONGEST_WAIT = timedelta(seconds=12)
NEVER_EARLY = 0.002
"""Seconds: an event loop may wake a little before the wall clock says so, and a slot is never used early."""


class Use(StrEnum):
    """What became of a slot, as metrics count it."""

    SWEEP = "sweep"
    AT_ONCE = "at-once"
    MISSED = "missed"


class SlotMissedError(Exception):
    """No slot can be had in the time that work which has begun may wait; the sweep takes others for it."""


class Budget:
    """Hands out slots, and keeps their time.

    `head_start`: how long before its slot a piece of work begins. A queue is polled every two seconds, and the account
    is checked once more before Graph is asked for a pass; whoever begins at the slot itself misses it.
    """

    def __init__(self, cells: Cells, clock: Clock, rate: int) -> None:
        self._cells = cells
        self._clock = clock
        self._rate = rate
        self.head_start = 2 * spacing(rate)

    async def take(self, wanted: Sequence[int], until: datetime) -> list[tuple[datetime, ...]]:
        """Take slots before `until` for as many of the `wanted` numbers of requests, in order, as there are.

        One read and one write for all of them. Returns the instants for each one served, so perhaps fewer than wanted.
        """
        taken: list[tuple[datetime, ...]] = []

        def take_all(state: SlotState) -> SlotState:
            taken.clear()
            earliest = self._clock.now() + self.head_start
            for count in wanted:
                if free_slots(state, earliest, until) < count:
                    break
                slots, state = next_slots(state, earliest, count)
                taken.append(tuple(slot.at for slot in slots))
            return state

        if wanted:
            await self._change(take_all)
        _used(Use.SWEEP, sum(map(len, taken)))
        return taken

    async def take_at_once(self, count: int) -> tuple[datetime, ...]:
        """Take the next free slots of any share, for what a person waits for."""
        taken: list[datetime] = []

        def take_next(state: SlotState) -> SlotState:
            slots, state = next_of_any(state, self._clock.now() + self.head_start, count)
            taken[:] = [slot.at for slot in slots]
            return state

        await self._change(take_next)
        _used(Use.AT_ONCE, len(taken))
        return tuple(taken)

    async def throttled(self, retry_after: float | None) -> None:
        """Tell all instances that Graph asked for a pause; `retry_after` in seconds, None where it named none."""
        await self._change(lambda state: throttled(state, self._clock.now(), retry_after))

    async def reach(self, slot: datetime) -> None:
        """Wait for a slot; where it has gone by, for the next free one instead, but not while Graph asks for a pause.

        Raises:
            SlotMissedError: either is too far away, or the second has gone by as well.
        """
        if slot - self._clock.now() > LONGEST_WAIT:
            raise SlotMissedError
        if await self._reached(slot):
            return
        another = await self._take_another()
        if another is None or not await self._reached(another):
            raise SlotMissedError

    async def _take_another(self) -> datetime | None:
        """Take the next free slot of any share for work that has begun, if it may be waited for.

        During a pause none may: all who wait would ask right after it, and the sweep has them ask by their deadlines.
        """
        taken: list[datetime] = []

        def take_one(state: SlotState) -> SlotState:
            now = self._clock.now()
            (slot,), after = next_of_any(state, now, 1)
            pauses = state.not_before is not None and now < state.not_before
            may_wait = not pauses and slot.at - now <= LONGEST_WAIT
            taken[:] = [slot.at] if may_wait else []
            return after if may_wait else state

        await self._change(take_one)
        _used(Use.AT_ONCE, len(taken))
        return next(iter(taken), None)

    async def _reached(self, slot: datetime) -> bool:
        ahead = slot - self._clock.now()
        await asyncio.sleep(max(0.0, ahead.total_seconds() + NEVER_EARLY))
        in_time = usable(Slot(0, slot), self._state(await self._cells.read(KIND, NAME)), self._clock.now())
        _used(Use.MISSED, 0 if in_time else 1)
        return in_time

    def _state(self, known: Any) -> SlotState:
        return at_rate(_decode(known["state"]) if known else SlotState(self._rate), self._rate)

    async def _change(self, change: Callable[[SlotState], SlotState]) -> None:
        for _ in range(MOST_CONFLICTS):
            known = await self._cells.read(KIND, NAME)
            state = self._state(known)
            changed = change(state)
            if changed == state:
                return
            try:
                await self._cells.swap(KIND, NAME, known, {"state": _encode(changed)})
            except ConflictError:
                continue
            return
        raise StorageUnavailableError("The budget row is written by too many at once.")


def _used(how: Use, slots: int) -> None:
    if slots:
        telemetry.add(metrics.SLOTS, slots, {vocabulary.USE: how})


def _encode(state: SlotState) -> str:
    return json.dumps(
        {
            "rate": state.rate,
            "next_regular": state.next_regular,
            "next_ad_hoc": state.next_ad_hoc,
            "not_before": state.not_before.isoformat() if state.not_before else None,
        }
    )


def _decode(text: str) -> SlotState:
    held = json.loads(text)
    not_before = held.pop("not_before")
    return SlotState(**held, not_before=datetime.fromisoformat(not_before) if not_before else None)
