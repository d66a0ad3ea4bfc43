"""Telling the desk that a source is being held back: once for a burst, whatever the number of hires in it."""

from collections.abc import Callable

from shared.handover.mails.source_messages import held_to_desk
from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.brakes.counting import Counting
from shared.onboarding.codec import stamp
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import ADVICE, Reason
from shared.onboarding.statuses import Step
from shared.onboarding.steps.waiting import StepContext, reason_of, retry_at
from shared.onboarding.transaction import Change
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantError
from shared.tenant.ports.mail import Mailer


class TellingHolds:
    """Does the step that mails the desk. Cut off after the mail, it comes twice, which harms nobody."""

    def __init__(self, context: StepContext, counting: Counting, mailer: Mailer, desk: str) -> None:
        self._context = context
        self._counting = counting
        self._mailer = mailer
        self._desk = desk

    async def tell(self, row: Onboarding) -> None:
        """Mail the desk why this hire is held back, unless it has heard of the burst; then note that it was told."""
        now = self._context.clock.now()
        if row.hold is None:
            return
        try:
            if self._context.brakes.mode is not Mode.OBSERVE and not await self._counting.is_quiet(row.source, now):
                reason = row.hold.reasons[0]
                await self._mailer.send(held_to_desk(row.source, reason, ADVICE[reason], stamp(now), self._desk))
                await self._counting.told(row.source, now)
        except TenantError as error:
            why, _ = reason_of(error)
            again = retry_at(why, now)
            await self._note(row, Did.NOT_TOLD_YET, why, lambda fresh: lifecycle.put_off(fresh, "", again))
        else:
            await self._note(row, Did.TOLD, row.hold.reasons[0], lambda fresh: lifecycle.hold_told(fresh, now))

    async def _note(self, row: Onboarding, did: Did, why: Reason, change: Callable[[Onboarding], Onboarding]) -> None:
        now = self._context.clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, Step.TELL_HOLD, now):
                return None
            return Change(change(fresh), Audit(did, now, why=why))

        await self._context.store.update(row.id, decide)
