"""What is left to do after the window: end, forget, learn of the use, erase."""

import logging
from collections.abc import Callable
from datetime import datetime

from shared.handover.tell import Telling
from shared.onboarding import lifecycle, schedule
from shared.onboarding.model import Onboarding, Step
from shared.onboarding.record import Audit, Did
from shared.onboarding.store import Change
from shared.onboarding.waiting import StepContext, reason_of
from shared.passes.holdings import Holdings
from shared.tenant.ports import SignInLog, TenantError

log = logging.getLogger("day_one_pass")


class Tidying:
    """Does the steps of the queue `tidy-up`."""

    def __init__(self, context: StepContext, holdings: Holdings, telling: Telling, sign_ins: SignInLog) -> None:
        self._store = context.store
        self._clock = context.clock
        self._holdings = holdings
        self._telling = telling
        self._sign_ins = sign_ins

    async def run(self, onboarding: str) -> None:
        """Do whichever of them is due for this onboarding; nothing where none is."""
        kept = await self._store.read(onboarding)
        now = self._clock.now()
        if kept is None or kept.row.due is None or kept.row.due.at > now:
            return
        match kept.row.due.step:
            case Step.REVOKE:
                await self._holdings.revoke(kept.row, kept.slots)
            case Step.VERIFY:
                await self._holdings.verify(kept.row, kept.slots)
            case Step.TELL:
                await self._telling.tell(kept.row)
            case Step.CHECK_USE:
                await self._check_use(kept.row, now)
            case Step.EXPIRE:
                await self._end(onboarding, Step.EXPIRE, Did.ENDED, lambda row: lifecycle.expired(row, now))
            case Step.FORGET:
                await self._end(onboarding, Step.FORGET, Did.SEALED_PASS_ERASED, lifecycle.handed_over)
            case Step.ERASE:
                await self._end(onboarding, Step.ERASE, Did.PERSONAL_DATA_ERASED, lifecycle.erased)
            case _:
                return

    async def _check_use(self, row: Onboarding, now: datetime) -> None:
        if row.issued is None or row.subject is None:
            return
        try:
            first_use = await self._sign_ins.first_use_of_pass(row.subject.id, row.issued.valid_from)
        except TenantError as error:
            # The log is one that the product can do without: no answer leaves the use unknown, a little longer.
            log.warning("sign-in log not read", extra={"onboarding": row.id, "reason": reason_of(error)[0].value})
            first_use = None
        await self._end(
            row.id,
            Step.CHECK_USE,
            Did.USED if first_use else Did.USE_NOT_SEEN_YET,
            lambda fresh: lifecycle.used(fresh, first_use, now) if first_use else lifecycle.use_checked(fresh, now),
        )

    async def _end(self, onboarding: str, step: Step, did: Did, change: Callable[[Onboarding], Onboarding]) -> None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, step, now):
                return None
            return Change(change(fresh), Audit(did, now))

        await self._store.update(onboarding, decide)
