"""What a step does when it cannot go on: the row waits for a named reason, and the desk hears of it once."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.handover.mails.desk_messages import Fault
from shared.handover.sending.facts import to_desk
from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import ADVICE, Reason
from shared.onboarding.schedule.pass_life import pending_step
from shared.onboarding.statuses import Status
from shared.onboarding.store import Store
from shared.onboarding.transaction import Change
from shared.runtime.clock import Clock
from shared.runtime.mode import Mode
from shared.tenant.errors import (
    ApprovalNeededError,
    ApprovalRejectedError,
    NotFoundInTenantError,
    PermissionMissingError,
    TenantError,
    TenantRefusedError,
    TenantThrottledError,
)
from shared.tenant.ports.mail import Mailer

log = logging.getLogger("day_one_pass")

SOON = timedelta(minutes=2)
LATER = timedelta(minutes=30)

RETRY: Mapping[Reason, timedelta] = {
    Reason.TENANT_UNAVAILABLE: SOON,
    Reason.TENANT_THROTTLED: SOON,
    Reason.PAUSED: timedelta(minutes=1),
    Reason.ACCOUNT_NOT_FOUND: timedelta(minutes=10),
    Reason.OBSERVING: LATER,
    Reason.APPROVAL_NEEDED: timedelta(minutes=10),
    Reason.OTHER_ONBOARDING_RUNNING: timedelta(minutes=5),
    Reason.DEVICE_NOT_NAMED: timedelta(minutes=10),
}
"""How soon a wait is looked at again; half an hour where nothing is said. What people mend is noticed by itself."""

SILENT = frozenset(
    {
        Reason.TENANT_UNAVAILABLE,
        Reason.TENANT_THROTTLED,
        Reason.ASSIGNMENT_OVERWRITTEN,
        Reason.PAUSED,
        Reason.OBSERVING,
        Reason.OUTSIDE_PILOT,
        Reason.OTHER_ONBOARDING_RUNNING,
        Reason.DEVICE_NOT_NAMED,
    }
)
"""Waits that nobody at the desk has to do anything about."""


def retry_at(reason: Reason, now: datetime, patience: float | None = None) -> datetime:
    """Tell when a wait for this reason is looked at again.

    `patience`: for how many seconds the tenant wants to be left alone, if it said so; half an hour at most is granted.
    """
    wanted = min(timedelta(seconds=patience or 0), LATER)
    return now + max(RETRY.get(reason, LATER), wanted)


def patience_of(error: TenantError) -> float | None:
    """Tell for how many seconds a failure of the tenant asks for patience."""
    return error.retry_after if isinstance(error, TenantThrottledError) else None


def reason_of(error: TenantError) -> tuple[Reason, str]:
    """Name a failure of the tenant, with what a person needs to know beyond the name."""
    match error:
        case TenantThrottledError():
            return Reason.TENANT_THROTTLED, ""
        case PermissionMissingError():
            return Reason.PERMISSION_MISSING, error.permission
        case ApprovalNeededError() | ApprovalRejectedError():
            is_open = isinstance(error, ApprovalNeededError)
            return Reason.APPROVAL_NEEDED if is_open else Reason.APPROVAL_REJECTED, error.detail
        case NotFoundInTenantError():
            return Reason.ACCOUNT_NOT_FOUND, error.detail
        case TenantRefusedError():
            return Reason.TENANT_REFUSED, f"{error.code}: {error.detail}"
        case _:
            return Reason.TENANT_UNAVAILABLE, ""


@dataclass(frozen=True, slots=True)
class Brakes:
    """What an administrator stops by settings."""

    paused: bool
    mode: Mode

    def reason(self) -> Reason | None:
        """Tell why nothing may be made now; None where it may."""
        if self.mode is Mode.OBSERVE:
            return Reason.OBSERVING
        return Reason.PAUSED if self.paused else None


class Waiting:
    """Puts rows into waiting."""

    def __init__(self, store: Store, mailer: Mailer, clock: Clock, brakes: Brakes, desk: str) -> None:
        self._store = store
        self._mailer = mailer
        self._clock = clock
        self._brakes = brakes
        self._desk = desk

    async def wait(self, row: Onboarding, reason: Reason, detail: str = "") -> None:
        """Let the pass of `row` wait, if its last step is still the one to be done; mail the desk once per reason."""
        now = self._clock.now()
        told = await self.told(row, reason, detail)
        step = pending_step(row)

        def decide(fresh: Onboarding) -> Change | None:
            if fresh.ended_at is not None or fresh.doomed or pending_step(fresh) is not step:
                return None
            if fresh.status in {Status.ISSUED, Status.OPENED} or fresh.hold is not None:
                return None
            waiting = lifecycle.waits(fresh, reason, detail, retry_at(reason, now))
            return Change(with_told(waiting, told), Audit(Did.WAITS, now, why=reason))

        await self._store.update(row.id, decide)
        if reason not in row.told:
            log.warning("waits: %s", reason.value, extra={"onboarding": row.id})

    async def too_late(self, row: Onboarding) -> bool:
        """End a row whose hours went by while nothing could be done for it; tell whether that is so."""
        now = self._clock.now()
        if row.plan is None or now < row.plan.closes:
            return False

        def decide(fresh: Onboarding) -> Change | None:
            if fresh.plan != row.plan or fresh.ended_at is not None or fresh.doomed:
                return None
            if fresh.status in {Status.ISSUED, Status.OPENED}:
                return None
            return Change(lifecycle.expired(fresh, now), Audit(Did.HOURS_GONE_BY, now))

        await self._store.update(row.id, decide)
        return True

    async def told(
        self, row: Onboarding, reason: Reason, detail: str, status: Status = Status.WAITING
    ) -> tuple[Reason, ...]:
        """Mail the desk why it stands there, unless it has heard of it or need not; return what it has heard of."""
        if reason in row.told or reason in SILENT or not await self._tell(row, reason, detail, status):
            return row.told
        return (*row.told, reason)

    async def _tell(self, row: Onboarding, reason: Reason, detail: str, status: Status) -> bool:
        if self._brakes.mode is Mode.OBSERVE:
            return False
        remedy = ADVICE[reason] + (f" ({detail})" if detail else "")
        try:
            await self._mailer.send(to_desk(row, Fault(status, reason, remedy), self._desk))
        except TenantError:
            # The wait itself must be stored; the mail is tried again with the next look.
            log.warning("the desk could not be told", extra={"onboarding": row.id, "reason": reason.value})
            return False
        return True


def with_told(row: Onboarding, told: tuple[Reason, ...]) -> Onboarding:
    """Keep what the desk has heard of, besides what another step told it meanwhile."""
    return replace(row, told=tuple(dict.fromkeys((*row.told, *told))))


@dataclass(frozen=True, slots=True)
class StepContext:
    """What every step works with."""

    store: Store
    waiting: Waiting
    clock: Clock
    brakes: Brakes
