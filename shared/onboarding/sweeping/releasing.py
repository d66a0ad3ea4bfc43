"""Releasing one piece of work: a hint into its queue, and its due time moved on in one write."""

import logging
from dataclasses import dataclass
from datetime import datetime

from shared.onboarding.codec import DueEntry
from shared.onboarding.model import Onboarding
from shared.onboarding.schedule.spans import STEP_TAKES
from shared.onboarding.statuses import Life
from shared.onboarding.store import Store
from shared.onboarding.sweeping.hints import QUEUE_OF
from shared.passes.budget import Budget
from shared.runtime.clock import Clock
from shared.runtime.errors import StorageUnavailableError
from shared.runtime.storage import Queues

log = logging.getLogger("day_one_pass")


@dataclass(frozen=True, slots=True)
class Releasing:
    """Releases what the sweep finds due, and at once what a person waits for."""

    store: Store
    queues: Queues
    budget: Budget
    clock: Clock

    async def release(self, entry: DueEntry, slots: tuple[datetime, ...]) -> bool:
        """Release one due time; False where it is gone or storage did not answer: the next sweep sees to it."""
        first = min(slots, default=self.clock.now())
        # Visibility counts whole seconds: rounded down, for what comes early waits, and what comes late is lost.
        delay = max(0, int((first - self.budget.head_start - self.clock.now()).total_seconds()))
        try:
            if slots:
                # The slots must stand in the row before the hint is read.
                moved = await self.store.due_times.move(entry, first + STEP_TAKES, slots)
                await self.queues.send(QUEUE_OF[entry.step], entry.id, delay)
                return moved
            # Hint first: cut off in between, it comes twice, which is harmless.
            await self.queues.send(QUEUE_OF[entry.step], entry.id)
            return await self.store.due_times.move(entry, first + STEP_TAKES, slots)
        except StorageUnavailableError:
            log.warning("not released; the next sweep will", extra={"onboarding": entry.id})
            return False

    async def release_at_once(self, row: Onboarding) -> None:
        """Release the pass of a row that is due now, without waiting for the sweep. Best effort."""
        if row.due is None or row.due.at > self.clock.now() or not row.due.slots:
            return
        kept = await self.store.read(row.id)
        entry = await self.store.due_times.of(kept, Life.PASS) if kept is not None else None
        if entry is not None and entry.step is row.due.step:
            await self.release(entry, await self.budget.take_at_once(entry.slots))
