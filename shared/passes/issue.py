"""Making the pass: look, then one POST, then seal at once to the key of the link that is already out.

The attempt is recorded, and the user's lease taken, before Graph is asked for anything: whoever comes after knows that
a pass may exist, waits until the attempt's deadline has passed, and looks first. The code is in clear in `_make` only.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from shared.handover.keys.sealing import Binding, SealBrokenError, seal
from shared.handover.keys.secrets import PassCode, PublicKey
from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.eligibility.preflight import NotReady, Preflight, Ready
from shared.onboarding.ids import digest
from shared.onboarding.model import Attempt, Delivery, IssuedPass, Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.spans import STEP_TAKES
from shared.onboarding.statuses import Step
from shared.onboarding.steps.waiting import StepContext, reason_of
from shared.onboarding.transaction import Change
from shared.passes.budget import Budget, SlotMissedError
from shared.passes.ownership import is_live, is_ours, settled
from shared.planning.adjust import as_made, start_for_graph
from shared.planning.plan import Plan
from shared.runtime.leases import Leases, LeaseTakenError
from shared.tenant.errors import TenantError, TenantThrottledError, TenantUnavailableError
from shared.tenant.ports.passes import CreatedPass, ExistingPass, PassOrder, TemporaryAccessPasses

log = logging.getLogger("day_one_pass")

ASKED_WITHIN = STEP_TAKES / 2
"""The other half is for the POST itself, whose request ends by a time limit: then nothing of the attempt can happen."""

USER = "user"


@dataclass(frozen=True, slots=True)
class _Order:
    """What one attempt asks for, and which link it is sealed to."""

    row: Onboarding
    attempt: Attempt
    plan: Plan
    delivery: Delivery
    slots: tuple[datetime, ...]


class Issuing:
    """Does the step that makes the pass."""

    def __init__(
        self, context: StepContext, preflight: Preflight, passes: TemporaryAccessPasses, budget: Budget, leases: Leases
    ) -> None:
        self._store = context.store
        self._waiting = context.waiting
        self._clock = context.clock
        self._brakes = context.brakes
        self._preflight = preflight
        self._passes = passes
        self._budget = budget
        self._leases = leases

    async def run(self, onboarding: str) -> None:
        """Make the pass of this onboarding if that is due and the sweep has taken two slots for it."""
        kept = await self._store.read(onboarding)
        if kept is None or not schedule.is_due(kept.row, Step.ISSUE, self._clock.now()):
            return
        row = kept.row
        if await self._waiting.too_late(row):
            return
        if reason := self._brakes.reason():
            await self._waiting.wait(row, reason)
            return
        if len(kept.slots) < 2 or row.subject is None:  # noqa: PLR2004 - the look and the POST
            return
        try:
            async with self._leases.held(USER, digest(row.subject.id), STEP_TAKES):
                await self._issue(row, kept.slots)
        except LeaseTakenError:
            return
        except TenantError as error:
            await self._waiting.wait(row, *reason_of(error))

    async def _issue(self, row: Onboarding, slots: tuple[datetime, ...]) -> None:
        verdict = await self._preflight.check(row)
        if not verdict.is_for(row.delivery):
            await self._turn_to(row, verdict)
            return
        if isinstance(verdict, NotReady):
            await self._waiting.wait(row, verdict.reason, verdict.detail)
            return
        order = await self._record(row, verdict, slots)
        if order is not None:
            await self._look_and_make(order)

    async def _look_and_make(self, order: _Order) -> None:
        """Ask Graph, twice. What is known for sure closes the attempt; what is not leaves it open."""
        clean = False
        try:
            await self._budget.reach(order.slots[0])
            found = await self._passes.look(order.delivery.subject)
            now = self._clock.now()
            clean = settled(order.row.attempts, now) and not any(is_ours(held, order.row) for held in found)
            foreign = _foreign(found, order.row, now)
            if foreign is not None:
                await self._close(order, clean)
                await self._waiting.wait(order.row, Reason.OTHER_PASS_LIVE, _until(foreign))
                return
            await self._budget.reach(order.slots[1])
        except SlotMissedError:
            await self._close(order, clean)
            return
        except TenantError as error:
            await self._close(order, clean)
            await self._put_off(order, error)
            return
        if self._clock.now() > order.attempt.begun + ASKED_WITHIN:
            await self._close(order, clean)
            return
        await self._make(order, clean)

    async def _make(self, order: _Order, clean: bool) -> None:
        asked = PassOrder(order.attempt.start, order.attempt.lifetime, order.attempt.one_time)
        try:
            created = await self._passes.create(order.delivery.subject, asked)
        except TenantUnavailableError as error:
            # It may have been made all the same: the attempt stays open, and the next one looks first.
            await self._put_off(order, error)
            return
        except TenantError as error:
            await self._close(order, clean)
            await self._put_off(order, error)
            return
        try:
            made = _sealed(order, created, self._clock.now())
        except SealBrokenError:
            await self._give_up(order)
            return
        finally:
            del created
        await self._store_pass(order, made)

    async def _record(self, row: Onboarding, ready: Ready, slots: tuple[datetime, ...]) -> _Order | None:
        """Record the attempt, if the row is still what it was and nobody else has begun one."""
        now = self._clock.now()
        if row.delivery is None:
            return None
        plan = as_made(ready.plan, now, ready.fitted)
        attempt = Attempt(
            id=uuid4().hex,
            begun=now,
            deadline=now + STEP_TAKES,
            start=start_for_graph(plan.valid_from, now),
            lifetime=ready.fitted.lifetime,
            one_time=ready.fitted.one_time,
        )

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, Step.ISSUE, now) or fresh.delivery != row.delivery or fresh.plan != row.plan:
                return None
            return Change(lifecycle.attempting(fresh, attempt), Audit(Did.PASS_ASKED_FOR, now))

        recorded = await self._store.update(row.id, decide)
        if recorded is None or attempt not in recorded.attempts:
            return None
        return _Order(row, attempt, plan, row.delivery, slots)

    async def _store_pass(self, order: _Order, made: IssuedPass) -> None:
        now = self._clock.now()
        plan = replace(order.plan, valid_from=made.valid_from, valid_until=made.valid_until, closes=made.valid_until)

        def decide(fresh: Onboarding) -> Change:
            issued = lifecycle.issued(fresh, made, order.attempt, plan)
            return Change(issued, Audit(Did.PASS_MADE, now))

        await self._store.update(order.row.id, decide)
        log.info("pass made", extra={"onboarding": order.row.id})

    async def _give_up(self, order: _Order) -> None:
        """What cannot be sealed is kept in no plainer form: the attempt stays open, and its pass goes from Graph."""
        now = self._clock.now()
        log.error("a pass could not be sealed, and is given up", extra={"onboarding": order.row.id})

        def decide(fresh: Onboarding) -> Change | None:
            if order.attempt not in fresh.attempts:
                return None
            failed = lifecycle.failed(fresh, Reason.STEP_FAILED, Step.ISSUE, now)
            return Change(failed, Audit(Did.STEP_FAILED, now, why=Step.ISSUE))

        await self._store.update(order.row.id, decide)

    async def _close(self, order: _Order, clean: bool) -> None:
        """This attempt made no pass. `clean`: the look has shown that no earlier one did either."""
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if order.attempt not in fresh.attempts:
                return None
            closed = lifecycle.attempt_closed(fresh, order.attempt, clean)
            return Change(closed, Audit(Did.NO_PASS_MADE, now))

        await self._store.update(order.row.id, decide)

    async def _put_off(self, order: _Order, error: TenantError) -> None:
        if isinstance(error, TenantThrottledError):
            await self._budget.throttled(error.retry_after)
        await self._waiting.wait(order.row, *reason_of(error))

    async def _turn_to(self, row: Onboarding, verdict: Ready | NotReady) -> None:
        """The account or the collector is another since the link was mailed: that link is dead.

        A new one goes out once nothing stands against it; the desk reads of those people, not of the ones before.
        """
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, Step.ISSUE, now):
                return None
            turned = lifecycle.turned_to(fresh, verdict.subject, verdict.collector)
            return Change(turned, Audit(Did.PEOPLE_CHANGED, now))

        await self._store.update(row.id, decide)


def _foreign(found: tuple[ExistingPass, ...], row: Onboarding, now: datetime) -> ExistingPass | None:
    return next((held for held in found if is_live(held, now) and not is_ours(held, row)), None)


def _until(held: ExistingPass) -> str:
    return f"until {held.start + timedelta(minutes=held.lifetime):%Y-%m-%d %H:%M} UTC"


def _sealed(order: _Order, created: CreatedPass, now: datetime) -> IssuedPass:
    public_key = PublicKey.parse(order.delivery.public_key)
    if public_key is None:
        raise ValueError(f"{order.row.id} has no key to seal to")
    binding = Binding(
        order.row.id, created.record.id, order.delivery.subject, order.delivery.collector, order.delivery.number
    )
    return IssuedPass(
        id=created.record.id,
        made_at=now,
        valid_from=created.record.start,
        valid_until=created.record.start + timedelta(minutes=created.record.lifetime),
        one_time=created.record.one_time,
        delivery=order.delivery.number,
        sealed=seal(PassCode(created.code), public_key, binding).text,
    )
