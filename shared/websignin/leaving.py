"""The step that takes a device out of the group again, once its hire needs it there no more."""

import asyncio
import logging

from shared.onboarding import lifecycle, memberships, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.spans import STEP_TAKES
from shared.onboarding.statuses import Step
from shared.onboarding.steps.waiting import StepContext, reason_of, retry_at, with_told
from shared.onboarding.transaction import Change
from shared.runtime.leases import LeaseTakenError
from shared.tenant.errors import TenantError
from shared.websignin.membership import Memberships

log = logging.getLogger("day_one_pass")


class Leaving:
    """Takes back what a row answers for and needs no more."""

    def __init__(self, context: StepContext, joined: Memberships) -> None:
        self._store = context.store
        self._clock = context.clock
        self._brakes = context.brakes
        self._waiting = context.waiting
        self._joined = joined

    async def run(self, row: Onboarding) -> None:
        """Take all of it back, one by one."""
        if self._brakes.reason() is Reason.OBSERVING:
            await self._put_off(row, Reason.OBSERVING)
            return
        try:
            async with asyncio.timeout(STEP_TAKES.total_seconds()):
                for membership in memberships.needless(row):
                    await self._joined.leave(row, membership)
        except LeaseTakenError:
            return
        except TimeoutError:
            await self._put_off(row, Reason.TENANT_UNAVAILABLE)
        except TenantError as error:
            await self._put_off(row, *reason_of(error))
        else:
            log.info(Did.LEFT_GROUP.value, extra={"onboarding": row.id})

    async def _put_off(self, row: Onboarding, reason: Reason, detail: str = "") -> None:
        """Let it be tried again; the desk hears why, where there is still a name to be told by."""
        told = row.told if row.erased or row.erase_for else await self._waiting.told(row, reason, detail, row.status)
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, Step.LEAVE, now):
                return None
            off = lifecycle.leave_put_off(fresh, reason, detail, retry_at(reason, now))
            return Change(with_told(off, told), Audit(Did.LEAVE_PUT_OFF, now, why=reason))

        await self._store.update(row.id, decide)
