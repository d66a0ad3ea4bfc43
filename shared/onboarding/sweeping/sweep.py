"""The sweep: the only scheduler. Once a minute it releases what is due, and notes what it saw for the health report.

It reads due times, never rows, so its cost does not grow with the hires still to come. Work that takes requests of the
budget gets its slots here, and no more of it is released than there are slots until the next run.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from shared.onboarding.codec import DueEntry
from shared.onboarding.due_times import passes_to_come
from shared.onboarding.sweeping.hints import FOR_ALL, QUEUE_OF, SCOPE_WEB_SIGN_IN
from shared.onboarding.sweeping.poison import Poison, Poisoned
from shared.onboarding.sweeping.releasing import Releasing
from shared.onboarding.sweeping.turns import SWEEP, Turns
from shared.planning.waves import Coming
from shared.runtime.leases import Cells
from shared.runtime.telemetry import metrics
from shared.runtime.telemetry import port as telemetry

INTERVAL = timedelta(minutes=1)
MOST_PER_SHARD = 100
FEW_PER_SHARD = 10
STANDS_IN_FOR = 15.0
"""Seconds at most, for an HR system waits meanwhile. Cut off anywhere, a sweep loses nothing."""
AT_ONCE = 8
STATE = "state"

log = logging.getLogger("day_one_pass")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run saw and did."""

    at: datetime
    due: int
    released: int
    oldest: datetime | None
    poisoned: Poisoned
    stood_in: bool


class Sweep:
    """Releases due work."""

    def __init__(self, releasing: Releasing, poison: Poison, cells: Cells) -> None:
        self._turns = Turns(cells, releasing.clock)
        self._releasing = releasing
        self._poison = poison
        self._due_times = releasing.store.due_times
        self._budget = releasing.budget
        self._clock = releasing.clock
        self._cells = cells

    async def run(self, ahead: timedelta = timedelta()) -> tuple[Coming, ...]:
        """Release what is due, soonest deadline first: the timer's run.

        Returns the passes to come whose next step is due within `ahead`: one read finds them beside what is due.
        """
        await self._turns.take()
        return await self._sweep(MOST_PER_SHARD, ahead)

    async def stand_in(self) -> None:
        """Sweep a little where the timer has stopped. For doorways that have done their own work: nothing is raised."""
        try:
            async with asyncio.timeout(STANDS_IN_FOR):
                if await self._turns.take_if_frozen():
                    log.error("the sweep's timer does not run; swept in its stead")
                    await self._sweep(FEW_PER_SHARD, stands_in=True)
        except Exception:
            # An edge: what goes wrong here must not undo the work of the doorway, which has succeeded.
            log.exception("could not sweep in the timer's stead")

    async def _sweep(
        self, most_per_shard: int, ahead: timedelta = timedelta(), *, stands_in: bool = False
    ) -> tuple[Coming, ...]:
        now = self._clock.now()
        poisoned = await self._poison.read()
        if poisoned.read:
            telemetry.add(metrics.POISONED, poisoned.read)
        found = await (self._due_times.until(now + ahead) if ahead else self._due_times.due(now, most_per_shard))
        due = found.due_at(now)
        entries = sorted(due.entries, key=lambda entry: entry.deadline)
        released = await self._release_all([(entry, ()) for entry in _one_for_all(entries) if not entry.slots])
        released += await self._release_all(await self._with_slots([e for e in entries if e.slots], now))
        swept = Swept(now, len(entries), released, min((e.since for e in entries), default=None), poisoned, stands_in)
        await self._note(swept, entries, len(due.newer))
        return passes_to_come(found.entries)

    async def _with_slots(
        self, entries: Sequence[DueEntry], now: datetime
    ) -> list[tuple[DueEntry, tuple[datetime, ...]]]:
        taken = await self._budget.take([entry.slots for entry in entries], now + INTERVAL)
        return list(zip(entries, taken, strict=False))

    async def _release_all(self, work: Sequence[tuple[DueEntry, tuple[datetime, ...]]]) -> int:
        done = 0
        for batch in batched(work, AT_ONCE, strict=False):
            done += sum(await asyncio.gather(*(self._releasing.release(entry, slots) for entry, slots in batch)))
        return done

    async def _note(self, swept: Swept, entries: Sequence[DueEntry], newer: int) -> None:
        if newer:
            log.error("%d due times are of a newer version of this app, and left to it", newer)
        steps = Counter(entry.step.value for entry in entries)
        values = {
            "at": swept.at.isoformat(),
            "due": swept.due,
            "released": swept.released,
            "oldest": swept.oldest.isoformat() if swept.oldest else "",
            "overdue": sum(entry.deadline < swept.at for entry in entries),
            "poisoned": swept.poisoned.read,
            "unreadable": swept.poisoned.kept,
            "stoodIn": swept.stood_in,
            "newer": newer,
            "steps": " ".join(f"{step}={count}" for step, count in sorted(steps.items())),
        }
        await self._cells.put(SWEEP, STATE, values)


def _one_for_all(entries: Sequence[DueEntry]) -> list[DueEntry]:
    """Of what one hint does at once, leave the first: the others are served by its work, or come again."""
    firsts = {_done_at_once(entry): entry for entry in reversed(entries)}
    return [entry for entry in entries if entry is firsts[_done_at_once(entry)]]


def _done_at_once(entry: DueEntry) -> tuple[str, ...]:
    """Name what one hint does: a step for all hires, or all that a queue does for the device of one."""
    if entry.step in FOR_ALL:
        return (entry.step,)
    queue = QUEUE_OF[entry.step]
    return (queue, entry.id) if queue == SCOPE_WEB_SIGN_IN else (queue, entry.id, entry.life)
