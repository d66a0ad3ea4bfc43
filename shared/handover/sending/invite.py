"""The notice of the working day before, and the link on the morning. Neither holds a pass.

The link's key exists in this invocation and in the mail, nowhere else, and so does the code that goes with a hire's.
Its public half, and the hash of the code, are stored before the mail is sent: an invocation that is cut off in between
leaves a link that nobody has, and the next one makes a new pair.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from shared.handover.keys.links import Addresses, link
from shared.handover.keys.pickup import CodeHash, hashed, new_code
from shared.handover.keys.sealing import new_key_pair
from shared.handover.sending.deliver import Delivering, Handed, TextNotSentError
from shared.handover.sending.facts import facts_of
from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.collector import Collector, Route
from shared.onboarding.crews import crew_of
from shared.onboarding.eligibility.preflight import NotReady, Preflight, Ready
from shared.onboarding.model import Onboarding, Subject
from shared.onboarding.people import People
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.pass_life import pending_step
from shared.onboarding.schedule.spans import STEP_TAKES
from shared.onboarding.statuses import Step
from shared.onboarding.steps.waiting import StepContext, reason_of
from shared.onboarding.sweeping.releasing import Releasing
from shared.onboarding.transaction import Change
from shared.tenant.errors import TenantError, TenantRefusedError

log = logging.getLogger("day_one_pass")

MAILED_WITHIN = STEP_TAKES / 2
"""The other half is for the mail itself, whose request ends by a time limit."""


@dataclass(frozen=True, slots=True)
class Announcing:
    """Where an account is entered that was found, and what releases a pass that somebody waits for."""

    people: People
    releasing: Releasing


class Inviting:
    """Does the two steps that mail the manager."""

    def __init__(
        self,
        context: StepContext,
        preflight: Preflight,
        delivering: Delivering,
        announcing: Announcing,
        addresses: Addresses,
    ) -> None:
        self._store = context.store
        self._waiting = context.waiting
        self._clock = context.clock
        self._brakes = context.brakes
        self._preflight = preflight
        self._delivering = delivering
        self._people = announcing.people
        self._releasing = announcing.releasing
        self._addresses = addresses

    async def run(self, onboarding: str) -> None:
        """Do whichever of the two steps is due for this onboarding; nothing where neither is."""
        kept = await self._store.read(onboarding)
        if kept is None:
            return
        now = self._clock.now()
        if schedule.is_due(kept.row, Step.NOTICE, now):
            await self._attempt(kept.row, self._notice)
        elif schedule.is_due(kept.row, Step.INVITE, now):
            await self._attempt(kept.row, self._invite)

    async def _attempt(self, row: Onboarding, step: Callable[[Onboarding, Ready], Awaitable[None]]) -> None:
        if await self._waiting.too_late(row):
            return
        try:
            verdict = await self._preflight.check(row)
            await self._name(row, verdict.subject)
            if isinstance(verdict, NotReady):
                await self._keep_people(row, verdict)
                # The desk reads whose account it is, not what the event says: it may be asked to let him go.
                found = lifecycle.found(row, verdict.subject, verdict.collector)
                await self._waiting.wait(found, verdict.reason, verdict.detail)
                return
            reason = self._brakes.reason()
            if reason is Reason.OBSERVING or (reason and step == self._invite):
                await self._waiting.wait(row, reason)
                return
            await step(row, verdict)
        except TextNotSentError as failed:
            await self._without_text(row, failed.error)
        except TenantError as error:
            await self._waiting.wait(row, *reason_of(error))

    async def _without_text(self, row: Onboarding, error: TenantError) -> None:
        """Try again what may work in a while; what is refused, or still fails as the window opens, is the next one's.

        Never is the code sent by another channel of the hire's: link and code would be in one place.
        """
        log.warning("a text was not sent: %s", error, extra={"onboarding": row.id})
        now = self._clock.now()
        has_time = row.plan is not None and now < row.plan.opens
        if has_time and not isinstance(error, TenantRefusedError):
            await self._waiting.wait(row, *reason_of(error))
            return

        def decide(fresh: Onboarding) -> Change | None:
            awaits_link = fresh.ended_at is None and pending_step(fresh) is Step.INVITE
            if not awaits_link or fresh.plan != row.plan or Route.HIRE_TEXT in fresh.shut:
                return None
            shut = lifecycle.route_shut(fresh, Route.HIRE_TEXT)
            return Change(shut, Audit(Did.ROUTE_SHUT, now, why=Reason.TEXT_NOT_TAKEN))

        await self._store.update(row.id, decide)

    async def _notice(self, row: Onboarding, ready: Ready) -> None:
        """Mail first, then store: cut off in between, the notice comes twice, which harms nobody."""
        facts = facts_of(_as_checked(row, ready), self._addresses.desk)
        await self._part_from(row, ready.collector)
        await self._delivering.announce(ready, facts)
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if fresh.ended_at is not None or _moved(row, fresh):
                return Change(lifecycle.misled(fresh, ready.collector, now), Audit(Did.MAIL_OVERTAKEN, now))
            if not schedule.is_due(fresh, Step.NOTICE, now):
                return None
            noticed = lifecycle.noticed(_as_checked(fresh, ready), ready.subject, ready.collector, now)
            return Change(noticed, Audit(Did.NOTICE_GIVEN, now))

        await self._store.update(row.id, decide)

    async def _invite(self, row: Onboarding, ready: Ready) -> None:
        link_key, public_key = new_key_pair()
        code = new_code() if ready.collector.link_to else None
        kept_of_code = await asyncio.to_thread(hashed, code) if code else None
        invited = await self._store_key(row, ready, public_key.text, kept_of_code)
        if invited is None or invited.delivery is None or invited.delivery.public_key != public_key.text:
            return
        if self._clock.now() - invited.delivery.made_at > MAILED_WITHIN:
            # Another run may have given this link up by now and mailed a newer one; this must not come after it.
            return
        number = invited.delivery.number
        language = ready.collector.reads_link_in
        url = link(self._addresses.link_base, row.id, link_key, with_code=code is not None, language=language)
        facts = facts_of(invited, self._addresses.desk)
        await self._part_from(row, ready.collector)
        await self._name_crew(invited)
        await self._delivering.hand(ready.collector, facts, Handed(number, url, code))
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if fresh.ended_at is not None:
                return Change(lifecycle.misled(fresh, ready.collector, now), Audit(Did.MAIL_OVERTAKEN, now))
            if fresh.delivery is None or fresh.delivery.public_key != public_key.text:
                return None
            mailed = lifecycle.invited(fresh, number, now)
            if _moved(invited, fresh):
                mailed = lifecycle.misled(mailed, ready.collector, now)
            return Change(mailed, Audit(Did.LINK_MAILED, now))

        mailed = await self._store.update(row.id, decide)
        if mailed is None:
            return
        if mailed.ask is not None:
            # A person asked for this and waits: the pass is not left to the next sweep.
            await self._releasing.release_at_once(mailed)
        await self._delivering.nudge(ready.collector, row.id)

    async def _part_from(self, row: Onboarding, collector: Collector) -> None:
        """Tell whoever was told before that this is his to collect, where it no longer is."""
        if row.heard is not None and row.heard.id != collector.id:
            await self._delivering.part(row.heard, facts_of(row, self._addresses.desk))

    async def _name(self, row: Onboarding, subject: Subject | None) -> None:
        """An account leads to its onboardings from the moment it is found, before the row says so."""
        if subject is not None:
            await self._people.name_account(subject.id, row.id)

    async def _name_crew(self, row: Onboarding) -> None:
        """A manager's hires of a day lead to one another before any of them can be told of."""
        crew = crew_of(row)
        if crew is not None:
            await self._people.name_crew(crew.name, row.id)

    async def _store_key(
        self, row: Onboarding, ready: Ready, public_key: str, code: CodeHash | None
    ) -> Onboarding | None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, Step.INVITE, now) or fresh.plan != row.plan:
                return None
            inviting = lifecycle.inviting(_as_checked(fresh, ready), public_key, now, code)
            return Change(inviting, Audit(Did.LINK_MADE, now))

        return await self._store.update(row.id, decide)

    async def _keep_people(self, row: Onboarding, verdict: NotReady) -> None:
        if verdict.subject is None:
            return
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            found = lifecycle.found(fresh, verdict.subject, verdict.collector)
            if found == fresh or fresh.ended_at is not None:
                return None
            return Change(found, Audit(Did.ACCOUNT_FOUND, now))

        await self._store.update(row.id, decide)


def _moved(known: Onboarding, fresh: Onboarding) -> bool:
    """Tell whether the start moved since; the hours of a plan also change when the pass is made."""
    if known.plan is None or fresh.plan is None:
        return False
    return (known.plan.wanted, known.plan.zone) != (fresh.plan.wanted, fresh.plan.zone)


def _as_checked(row: Onboarding, ready: Ready) -> Onboarding:
    """Return the row with what the check has read of the people, and the plan that fits them and the tenant."""
    return replace(lifecycle.found(row, ready.subject, ready.collector), plan=ready.plan)
