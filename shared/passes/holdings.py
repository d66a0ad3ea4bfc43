"""What Graph holds against what the row says: verify a pass after an unclear attempt, delete one that has to go."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Step
from shared.onboarding.steps.waiting import StepContext, reason_of, retry_at, with_told
from shared.onboarding.transaction import Change
from shared.passes.budget import Budget, SlotMissedError
from shared.passes.ownership import SKEW, is_live, is_ours, settled
from shared.tenant.errors import NotFoundInTenantError, TenantError, TenantThrottledError
from shared.tenant.ports.passes import ExistingPass, TemporaryAccessPasses

log = logging.getLogger("day_one_pass")

PUT_OFF = {Step.VERIFY: Did.VERIFY_PUT_OFF, Step.REVOKE: Did.REVOKE_PUT_OFF}


class Holdings:
    """Does the two steps that ask Graph which pass it holds. No setting pauses them: what must go, goes."""

    def __init__(self, context: StepContext, passes: TemporaryAccessPasses, budget: Budget) -> None:
        self._store = context.store
        self._clock = context.clock
        self._waiting = context.waiting
        self._passes = passes
        self._budget = budget

    async def verify(self, row: Onboarding, slots: tuple[datetime, ...]) -> None:
        """Compare the pass in Graph with the one sealed here: an earlier request may have been carried out late."""
        if row.subject is None or row.issued is None or not slots:
            return
        try:
            await self._budget.reach(slots[0])
            found = await self._passes.look(row.subject.id)
        except SlotMissedError:
            return
        except TenantError as error:
            await self._put_off(row, Step.VERIFY, error)
            return
        if any(held.id == row.issued.id for held in found):
            await self._transit(row, Step.VERIFY, Did.PASS_VERIFIED, lifecycle.verified)
        elif foreign := self._foreign(found, row):
            await self._replaced(row, foreign)
        else:
            await self._transit(row, Step.VERIFY, Did.PASS_OVERTAKEN, lifecycle.overtaken)

    async def _replaced(self, row: Onboarding, foreign: ExistingPass) -> None:
        """Another's pass stands in the place of ours: it is left alone, and the desk hears of it in good time."""
        until = foreign.start + timedelta(minutes=foreign.lifetime)
        reason, detail = Reason.OTHER_PASS_LIVE, f"until {until:%Y-%m-%d %H:%M} UTC"
        told = await self._waiting.told(row, reason, detail)
        again = retry_at(reason, self._clock.now())

        def waits(fresh: Onboarding) -> Onboarding:
            return with_told(lifecycle.waits(lifecycle.overtaken(fresh), reason, detail, again), told)

        await self._transit(row, Step.VERIFY, Did.PASS_REPLACED, waits, reason)

    async def revoke(self, row: Onboarding, slots: tuple[datetime, ...]) -> None:
        """Delete what this row has made."""
        if row.subject is None:
            await self._revoked(row, Did.NO_PASS_TO_DELETE)
            return
        left = list(slots)
        try:
            ours = await self._ours(row, row.subject.id, left)
            if ours is not None:
                await self._budget.reach(left.pop(0))
                await self._passes.delete(row.subject.id, ours)
        except (SlotMissedError, IndexError):
            return
        except TenantError as error:
            await self._put_off(row, Step.REVOKE, error)
            return
        await self._revoked(row, Did.PASS_DELETED if ours else Did.NO_PASS_TO_DELETE)

    async def _ours(self, row: Onboarding, user: str, left: list[datetime]) -> str | None:
        """Find which pass is ours: known by its id, or looked for where an attempt's outcome is not known."""
        if not row.attempts:
            return row.issued.id if row.issued else None
        await self._budget.reach(left.pop(0))
        try:
            found = await self._passes.look(user)
        except NotFoundInTenantError:
            # The look before each POST had found the account: it is deleted since, and its passes with it.
            return None
        return next((held.id for held in found if is_ours(held, row)), None)

    def _foreign(self, found: tuple[ExistingPass, ...], row: Onboarding) -> ExistingPass | None:
        now = self._clock.now()
        return next((held for held in found if is_live(held, now) and not is_ours(held, row)), None)

    async def _revoked(self, row: Onboarding, did: Did) -> None:
        """Nothing is left; looked at once more where a request without an answer may still be carried out."""
        now = self._clock.now()
        look_again = retry_at(row.reason, now) if row.reason else now

        def revoked(fresh: Onboarding) -> Onboarding:
            if not _same_holdings(fresh, row):
                return fresh
            if not settled(row.attempts, now):
                return lifecycle.put_off(fresh, "", now + SKEW)
            return lifecycle.revoked(fresh, look_again)

        await self._transit(row, Step.REVOKE, did, revoked)
        log.info(did.value, extra={"onboarding": row.id})

    async def _put_off(self, row: Onboarding, step: Step, error: TenantError) -> None:
        if isinstance(error, TenantThrottledError):
            await self._budget.throttled(error.retry_after)
        reason, detail = reason_of(error)
        again = retry_at(reason, self._clock.now())
        await self._transit(
            row,
            step,
            PUT_OFF[step],
            lambda fresh: lifecycle.put_off(fresh, f"{step} put off: {reason} {detail}".rstrip(), again),
            reason,
        )

    async def _transit(
        self,
        row: Onboarding,
        step: Step,
        did: Did,
        change: Callable[[Onboarding], Onboarding],
        why: Reason | None = None,
    ) -> None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            changed = change(fresh)
            if not schedule.is_due(fresh, step, now) or changed == fresh:
                return None
            return Change(changed, Audit(did, now, why=why))

        await self._store.update(row.id, decide)


def _same_holdings(fresh: Onboarding, row: Onboarding) -> bool:
    return (fresh.attempts, fresh.issued) == (row.attempts, row.issued)
