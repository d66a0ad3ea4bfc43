"""Telling people how an onboarding ended, or that its hours moved: the manager, and the desk if it has to act."""

from collections.abc import Callable

from shared.handover import messages
from shared.handover.desk_messages import Fault
from shared.handover.facts import facts_of, to_desk
from shared.handover.parts import Facts
from shared.onboarding import lifecycle, schedule
from shared.onboarding.model import Onboarding, Step
from shared.onboarding.reasons import ADVICE, Reason
from shared.onboarding.record import Audit, Did
from shared.onboarding.store import Change
from shared.onboarding.waiting import StepContext, reason_of, retry_at
from shared.runtime.settings import Mode
from shared.tenant.ports import Mail, Mailer, TenantError

CALLED_OFF = frozenset({Reason.CANCELLED_BY_SOURCE, Reason.REVOKED})


class Telling:
    """Does the step that mails what happened. Cut off in between, a mail comes twice, which harms nobody."""

    def __init__(self, context: StepContext, mailer: Mailer, desk: str) -> None:
        self._store = context.store
        self._clock = context.clock
        self._brakes = context.brakes
        self._mailer = mailer
        self._desk = desk

    async def tell(self, row: Onboarding) -> None:
        """Mail whoever has to hear of the end, then note that it was told."""
        try:
            for mail in self._mails(row):
                await self._mailer.send(mail)
        except TenantError as error:
            reason, _ = reason_of(error)
            again = retry_at(reason, self._clock.now())
            await self._transit(row, Did.NOT_TOLD_YET, lambda fresh: lifecycle.put_off(fresh, "", again), reason)
            return
        await self._transit(row, Did.TOLD, lifecycle.told)

    async def tell_move(self, row: Onboarding) -> None:
        """Mail the new hours to whoever has heard of the old ones; where they move again meanwhile, those follow."""
        now = self._clock.now()
        try:
            if row.heard is not None and self._brakes.mode is not Mode.OBSERVE:
                await self._mailer.send(messages.changed(row.heard.mail, facts_of(row, self._desk)))
        except TenantError as error:
            reason, _ = reason_of(error)
            again = retry_at(reason, now)
            audit = Audit(Did.MOVE_NOT_TOLD_YET, now, why=reason)
            await self._move_told(row, audit, lambda fresh: lifecycle.move_not_told(fresh, again))
        else:
            await self._move_told(row, Audit(Did.MOVE_TOLD, now), lifecycle.move_told)

    async def _move_told(self, row: Onboarding, audit: Audit, change: Callable[[Onboarding], Onboarding]) -> None:
        def decide(fresh: Onboarding) -> Change | None:
            same = (fresh.plan, fresh.heard, fresh.tell_move_at) == (row.plan, row.heard, row.tell_move_at)
            return Change(change(fresh), audit) if same else None

        await self._store.update(row.id, decide)

    def _mails(self, row: Onboarding) -> list[Mail]:
        if self._brakes.mode is Mode.OBSERVE or row.reason is None:
            return []
        fault = Fault(row.status, row.reason, f"{ADVICE[row.reason]} {row.detail}".rstrip())
        desk = [] if row.reason in CALLED_OFF else [to_desk(row, fault, self._desk)]
        return [*(_to_manager(row, facts_of(row, self._desk)) if row.plan else []), *desk]

    async def _transit(
        self, row: Onboarding, did: Did, change: Callable[[Onboarding], Onboarding], why: Reason | None = None
    ) -> None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, Step.TELL, now) or fresh.reason is not row.reason:
                return None
            return Change(change(fresh), Audit(did, now, why=why))

        await self._store.update(row.id, decide)


def _to_manager(row: Onboarding, facts: Facts) -> list[Mail]:
    """Only who has heard of the hire hears of the end."""
    if row.heard is None:
        return []
    if row.reason in CALLED_OFF:
        return [messages.cancelled(row.heard.mail, facts)]
    return [messages.expired(row.heard.mail, facts)] if row.reason is Reason.NOT_COLLECTED else []
