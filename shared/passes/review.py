"""Just before the window opens: does all that the pass was made on still hold?

Read only, and outside the budget but for what has to be deleted. What holds no more is mended or said; from the moment
somebody has collected, nothing of this touches the pass, for a person may be in mid-set-up.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from shared.handover.mails.reminders import held_back
from shared.handover.sending.remind import Reminding
from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.eligibility.preflight import NotReady, Preflight, Ready
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Step
from shared.onboarding.steps.waiting import StepContext, reason_of, retry_at, with_told
from shared.onboarding.transaction import Change
from shared.tenant.errors import TenantError

log = logging.getLogger("day_one_pass")

BLOCKED_BY_ENTRA = frozenset({Reason.POLICY_DISABLED, Reason.POLICY_EXCLUDES_ACCOUNT})
"""Here Entra itself lets nobody use the pass, and lets them again once the policy is mended: it may stay."""

LOOK_AGAIN = timedelta(minutes=5)
"""The window is near: what is mended has to be noticed sooner than usual."""


class Reviewing:
    """Does the step between pass and window."""

    def __init__(self, context: StepContext, preflight: Preflight, reminding: Reminding) -> None:
        self._store = context.store
        self._waiting = context.waiting
        self._clock = context.clock
        self._preflight = preflight
        self._reminding = reminding

    async def review(self, row: Onboarding) -> None:
        """Read again what the pass was made on, and let the window open on it, or not."""
        try:
            verdict = await self._preflight.check(row)
        except TenantError as error:
            # What cannot be read has not changed as far as is known: the window opens, and it is read again soon.
            await self._put_off(row, *reason_of(error))
            return
        if isinstance(verdict, NotReady):
            await self._hold_back(row, verdict)
        elif not verdict.is_for(row.delivery):
            people = (verdict.subject, verdict.collector)
            await self._transit(row, Did.PEOPLE_CHANGED, lambda fresh: lifecycle.passed_on(fresh, *people))
        elif _is_outdated(row, verdict):
            await self._transit(row, Did.PASS_OUTDATED, lifecycle.overtaken)
        else:
            now = self._clock.now()
            await self._transit(row, Did.REVIEWED, lambda fresh: lifecycle.reviewed(fresh, now))

    async def _hold_back(self, row: Onboarding, verdict: NotReady) -> None:
        """Say so, and take the pass away unless Entra blocks it itself. Cut off in between, people hear it twice."""
        reason, detail = verdict.reason, verdict.detail
        told = await self._waiting.told(row, reason, detail)
        if told != row.told:
            await self._reminding.remind(row, held_back, desk=False)
        again = self._clock.now() + LOOK_AGAIN

        def hold(fresh: Onboarding) -> Onboarding:
            if reason in BLOCKED_BY_ENTRA:
                return lifecycle.waits(fresh, reason, detail, again)
            return lifecycle.withheld(fresh, reason, detail)

        await self._transit(row, Did.HELD_BACK, lambda fresh: with_told(hold(fresh), told), reason)
        log.warning("held back: %s", reason.value, extra={"onboarding": row.id})

    async def _put_off(self, row: Onboarding, reason: Reason, detail: str) -> None:
        again = retry_at(reason, self._clock.now())
        why = f"review put off: {reason} {detail}".rstrip()
        await self._transit(row, Did.REVIEW_PUT_OFF, lambda fresh: lifecycle.put_off(fresh, why, again), reason)

    async def _transit(
        self, row: Onboarding, did: Did, change: Callable[[Onboarding], Onboarding], why: Reason | None = None
    ) -> None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, Step.REVIEW, now) or fresh.plan != row.plan or fresh.issued != row.issued:
                return None
            return Change(change(fresh), Audit(did, now, why=why))

        await self._store.update(row.id, decide)


def _is_outdated(row: Onboarding, ready: Ready) -> bool:
    """Tell whether the policy allows one-time passes only by now: it blocks one that may be used again."""
    return row.issued is not None and ready.fitted.one_time and not row.issued.one_time
