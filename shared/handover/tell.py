"""Telling people how an onboarding ended: the manager, and the desk where there is something to do."""

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
    has_heard = row.noticed_at is not None or facts.link_mailed_at is not None
    if row.collector is None or not has_heard:
        return []
    if row.reason in CALLED_OFF:
        return [messages.cancelled(row.collector.mail, facts)]
    return [messages.expired(row.collector.mail, facts)] if row.reason is Reason.NOT_COLLECTED else []
