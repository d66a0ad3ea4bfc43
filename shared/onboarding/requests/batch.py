"""Letting many hires of one source go at once: those that a Pass.Admin has seen to be held back, and no other.

Each is a transition of its own with its own record; cut off anywhere, the rest is still held back.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from shared.handover.callers.principal import Principal
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.registry import Registry
from shared.onboarding.requests.desk import is_held, is_own_case, let_go
from shared.onboarding.transaction import Change
from shared.runtime.clock import Clock

MOST = 500
"""In one call, which must be over before the platform cuts it off."""
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Batch:
    """All hires of a source that are held back for a reason, and that no event has shaped since `until`."""

    source: str
    reason: Reason
    until: datetime

    def is_of(self, row: Onboarding) -> bool:
        """Tell whether a hire is of the source, and held back for the reason."""
        return is_held(row) and (row.source, row.reason) == (self.source, self.reason)

    def covers(self, row: Onboarding) -> bool:
        """Tell whether a hire is meant."""
        return self.is_of(row) and row.hold is not None and row.hold.since <= self.until


@dataclass(frozen=True, slots=True)
class LetGo:
    """Those whom the reason holds back no more, and how many of the source it still does."""

    rows: tuple[Onboarding, ...]
    left: int


class Batches:
    """Lets go of many."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        self._store = registry.store
        self._hints = registry.hints
        self._clock = clock

    async def confirm(self, batch: Batch, by: Principal) -> LetGo:
        """Let go of up to `MOST` of a batch, whoever is no party to it; called again, of the next.

        Raises:
            StorageUnavailableError: not known of how many; a second call settles it.
        """
        held = await self._store.waiting(batch.source, batch.reason)
        wanted = [row.id for row in held if batch.covers(row)][:MOST]
        done: list[Onboarding] = []
        for ids in batched(wanted, AT_ONCE, strict=False):
            done += [row for row in await asyncio.gather(*(self._let_go(one, batch, by) for one in ids)) if row]
        return LetGo(tuple(done), left=len(held) - len(done))

    async def _let_go(self, onboarding: str, batch: Batch, by: Principal) -> Onboarding | None:
        now = self._clock.now()

        def decide(row: Onboarding) -> Change | None:
            return let_go(row, by, now) if batch.covers(row) and not is_own_case(row, by) else None

        row = await self._store.update(onboarding, decide)
        if row is None or batch.is_of(row):
            return None
        await self._hints.send_if_due(row, now)
        return row
