"""The step that tells people: how it ended, that its hours moved, what others have to hear of a pass that lives."""

from collections.abc import Callable

from shared.handover.sending.news import News
from shared.handover.sending.together import Together
from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.news import live_news
from shared.onboarding.statuses import Step
from shared.onboarding.steps.waiting import StepContext, reason_of, retry_at
from shared.onboarding.transaction import Change
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantError
from shared.tenant.ports.mail import Mailer


class Telling:
    """Does the steps that mail what happened. Cut off in between, a mail comes twice, which harms nobody."""

    def __init__(self, context: StepContext, mailer: Mailer, news: News, together: Together) -> None:
        self._store = context.store
        self._clock = context.clock
        self._brakes = context.brakes
        self._mailer = mailer
        self._news = news
        self._together = together

    async def tell(self, row: Onboarding) -> None:
        """Mail whoever has to hear of what is due to be told, then note that it was."""
        reason = _due_news(row)
        if reason is None:
            return
        try:
            await self._mail(row, reason)
        except TenantError as error:
            why, _ = reason_of(error)
            again = retry_at(why, self._clock.now())
            await self._transit(row, reason, Did.NOT_TOLD_YET, lambda fresh: lifecycle.put_off(fresh, "", again), why)
            return
        await self._transit(row, reason, Did.TOLD, lambda fresh: lifecycle.told(fresh, reason), reason)

    async def tell_move(self, row: Onboarding) -> None:
        """Mail the new hours to whoever has heard of the old ones; where they move again meanwhile, those follow."""
        now = self._clock.now()
        try:
            if row.heard is not None and self._brakes.mode is not Mode.OBSERVE:
                for mail in self._news.moved(row, row.heard):
                    await self._mailer.send(mail)
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

    async def _mail(self, row: Onboarding, reason: Reason) -> None:
        over = row.ended_at is None and row.plan is not None and self._clock.now() >= row.plan.closes
        if self._brakes.mode is Mode.OBSERVE or over:
            # What is news of a pass that lives comes too late: how it ended is told next.
            return
        mates = await self._together.mates(row) if self._news.tells_manager_of_openings else ()
        for mail in await self._news.mails(row, reason, among=bool(mates)):
            await self._mailer.send(mail)
        await self._together.tell(row, mates, reason)

    async def _transit(
        self, row: Onboarding, news: Reason, did: Did, change: Callable[[Onboarding], Onboarding], why: Reason
    ) -> None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if fresh.due is None or fresh.due.at > now or _due_news(fresh) is not news:
                return None
            return Change(change(fresh), Audit(did, now, why=why))

        await self._store.update(row.id, decide)


def _due_news(row: Onboarding) -> Reason | None:
    """Return what the step that is due has to tell; None where the row is not due to tell anything."""
    match row.due.step if row.due else None:
        case Step.TELL:
            return row.reason
        case Step.REMIND:
            # That it is due says that somebody hears of an opening.
            news = live_news(row, opened=True)
            return news[0] if news else None
        case _:
            return None
