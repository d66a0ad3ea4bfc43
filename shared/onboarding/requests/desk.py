"""What a Pass.Admin may do with a row that waits: release it, or put it back to work."""

from dataclasses import replace
from datetime import datetime

from shared.handover.callers.principal import Principal
from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.errors import (
    NothingToReleaseError,
    NothingToRetryError,
    OtherAccountError,
    OwnCaseError,
    UnknownOnboardingError,
)
from shared.onboarding.events.admission import UNPLANNABLE, Calendar, planned_anew
from shared.onboarding.model import Onboarding, Release
from shared.onboarding.reasons import RELEASABLE, Reason
from shared.onboarding.registry import Registry
from shared.onboarding.statuses import Status, WebSignIn
from shared.onboarding.transaction import Change
from shared.runtime.clock import Clock


class Desk:
    """Releases and retries."""

    def __init__(self, registry: Registry, calendar: Calendar, clock: Clock) -> None:
        self._store = registry.store
        self._hints = registry.hints
        self._calendar = calendar
        self._clock = clock

    async def confirm(self, onboarding: str, by: Principal, seen: str | None = None) -> Onboarding:
        """Let a hire go that is held back; else release what waits, for the account and collector it was found with.

        `seen`: object id of the account that `by` has looked at, for an event may name another at any moment; None
        takes whichever it is.

        Raises:
            UnknownOnboardingError, NothingToReleaseError, OwnCaseError
            OtherAccountError: it is another than `seen`, or none was found yet.
        """
        now = self._clock.now()

        def decide(row: Onboarding) -> Change:
            if not is_releasable(row):
                raise NothingToReleaseError
            if is_own_case(row, by):
                raise OwnCaseError
            if seen is not None and not is_for(row, seen):
                raise OtherAccountError
            return let_go(row, by, now) if is_held(row) else _released(row, by, now)

        return await self._done(await self._store.update(onboarding, decide))

    async def retry(self, onboarding: str, by: Principal) -> Onboarding:
        """Put back to work at once what waits or has failed of an onboarding, the pass and the device side.

        Raises:
            UnknownOnboardingError, NothingToRetryError
        """
        now = self._clock.now()

        def decide(row: Onboarding) -> Change:
            if row.erased or not (is_stuck(row) or device_is_stuck(row)):
                raise NothingToRetryError
            work = lifecycle.web_resumed(resumed(row, self._calendar, now) if is_stuck(row) else row)
            return Change(replace(work, told=()), Audit(Did.PUT_BACK_TO_WORK, now, caller=by.object_id))

        return await self._done(await self._store.update(onboarding, decide))

    async def _done(self, row: Onboarding | None) -> Onboarding:
        if row is None:
            raise UnknownOnboardingError
        await self._hints.send_if_due(row, self._clock.now())
        return row


def resumed(row: Onboarding, calendar: Calendar, now: datetime) -> Onboarding:
    """Put the pass back to work; planned anew where no plan could be made before."""
    return planned_anew(row, calendar, now) if row.reason in UNPLANNABLE else lifecycle.resumed(row)


def is_held(row: Onboarding) -> bool:
    """Tell whether a hire is held back, and may be let go."""
    return row.status is Status.WAITING and row.hold is not None


def is_releasable(row: Onboarding) -> bool:
    """Tell whether a Pass.Admin may set aside what this waits for."""
    people_known = row.subject is not None and row.collector is not None
    return is_held(row) or (row.status is Status.WAITING and row.reason in RELEASABLE and people_known)


def let_go(row: Onboarding, by: Principal, now: datetime) -> Change:
    """Let a hire go that is held back, from the reason that is shown; another may hold him back yet."""
    audit = Audit(Did.RELEASED, now, why=row.reason, caller=by.object_id)
    return Change(lifecycle.let_go(row, by.object_id), audit)


def is_stuck(row: Onboarding) -> bool:
    """Tell whether the pass waits or has failed, and there is something to go on with."""
    return row.status in {Status.WAITING, Status.FAILED} and row.reason is not Reason.ROW_ALTERED


def device_is_stuck(row: Onboarding) -> bool:
    """Tell whether the device side waits or has failed, while there is a pass to come."""
    return row.ended_at is None and row.web.status in {WebSignIn.WAITING, WebSignIn.FAILED}


def is_for(row: Onboarding, account: str) -> bool:
    """Tell whether an onboarding is for this account, as it was last found."""
    return row.subject is not None and row.subject.id.casefold() == account.casefold()


def is_own_case(row: Onboarding, by: Principal) -> bool:
    """Tell whether somebody asked, collects, or gets the pass: then he is no second pair of eyes."""
    asked = row.ask.askers if row.ask else ()
    ids = (row.subject and row.subject.id, row.collector and row.collector.id, *asked)
    return by.object_id in {one.casefold() for one in ids if one}


def _released(row: Onboarding, by: Principal, now: datetime) -> Change:
    if row.subject is None or row.collector is None:
        raise NothingToReleaseError
    release = Release(by.object_id, now, row.subject.id, row.collector.bound)
    audit = Audit(Did.RELEASED, now, why=row.reason, caller=by.object_id)
    return Change(lifecycle.released(row, release), audit)
