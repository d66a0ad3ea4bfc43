"""Deleting a pass of ours that has to go: the hire was withdrawn, or its date moved before anybody collected."""

import logging
from datetime import datetime

from shared.onboarding import lifecycle
from shared.onboarding.codec import Audit
from shared.onboarding.model import Onboarding, Step
from shared.onboarding.store import Change
from shared.onboarding.waiting import StepContext, reason_of, retry_at
from shared.passes.budget import Budget, SlotMissedError
from shared.passes.ownership import is_ours
from shared.tenant.ports import TemporaryAccessPasses, TenantError, TenantThrottledError

log = logging.getLogger("day_one_pass")


class Revoking:
    """Does the step that takes a pass away. It is not paused by any setting: what must go, goes."""

    def __init__(self, context: StepContext, passes: TemporaryAccessPasses, budget: Budget) -> None:
        self._store = context.store
        self._clock = context.clock
        self._passes = passes
        self._budget = budget

    async def run(self, onboarding: str) -> None:
        """Delete what this row has made, if that is due and the sweep has taken slots for it."""
        kept = await self._store.read(onboarding)
        if kept is None or not lifecycle.is_due(kept.row, Step.REVOKE, self._clock.now()):
            return
        row, slots = kept.row, list(kept.slots)
        if row.subject is None:
            await self._done(row, "nothing to delete")
            return
        try:
            ours = await self._ours(row, row.subject.id, slots)
            if ours is not None:
                await self._budget.reach(slots.pop(0))
                await self._passes.delete(row.subject.id, ours)
        except (SlotMissedError, IndexError):
            return
        except TenantError as error:
            await self._put_off(row, error)
            return
        await self._done(row, "pass deleted" if ours else "no pass to delete")

    async def _ours(self, row: Onboarding, user: str, slots: list[datetime]) -> str | None:
        """Find which pass is ours: known by its id, or looked for where an attempt's outcome is not known."""
        if not row.attempts:
            return row.issued.id if row.issued else None
        await self._budget.reach(slots.pop(0))
        found = await self._passes.look(user)
        return next((held.id for held in found if is_ours(held, row)), None)

    async def _done(self, row: Onboarding, what: str) -> None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not fresh.doomed or fresh.attempts != row.attempts or fresh.issued != row.issued:
                return None
            return Change(lifecycle.revoked(fresh), Audit(what, "app", now))

        await self._store.update(row.id, decide)
        log.info(what, extra={"onboarding": row.id})

    async def _put_off(self, row: Onboarding, error: TenantError) -> None:
        if isinstance(error, TenantThrottledError):
            await self._budget.throttled(error.retry_after)
        reason, detail = reason_of(error)
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not fresh.doomed:
                return None
            put_off = lifecycle.revoking_put_off(fresh, reason, detail, retry_at(reason, now))
            return Change(put_off, Audit(f"pass not deleted: {reason}", "app", now))

        await self._store.update(row.id, decide)
