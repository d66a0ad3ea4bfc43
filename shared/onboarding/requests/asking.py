"""What a person at the desk, or an app, asks for: a pass at once or at a given start, a fresh link, an end.

The same pipeline as an HR event, and stricter about who asks: never the target, never the recipient; what is not for
the manager, or not asked by a person, waits for a second pair of eyes.
"""

import asyncio
import logging
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.handover.callers.principal import Principal
from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.collector import Route
from shared.onboarding.eligibility.order import Order
from shared.onboarding.eligibility.precedence import pass_lives
from shared.onboarding.eligibility.preflight import NotReady, Preflight
from shared.onboarding.errors import (
    AlreadyOpenedError,
    EndedError,
    KeyReusedError,
    OnItsWayError,
    OwnCaseError,
    RefusedAccountError,
    UnknownOnboardingError,
)
from shared.onboarding.ids import digest, new_id, shard_of
from shared.onboarding.model import Ask, Onboarding, Origin, Request
from shared.onboarding.reasons import PASSED_OVER, Reason
from shared.onboarding.registry import Registry
from shared.onboarding.requests.reissue import LONGEST_WINDOW, may_be_reissued
from shared.onboarding.statuses import Status
from shared.onboarding.transaction import Change
from shared.planning.plan import Wishes, plan_request
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.leases import Leases, LeaseTakenError
from shared.sources.hire import HireData

log = logging.getLogger("day_one_pass")

AD_HOC = "ad-hoc"
ASKED = "asked"
ASKING_TAKES = timedelta(seconds=30)
A_MOMENT = 0.3
MOST_CONFLICTS = 16
"""Whoever asks for somebody who is being asked for waits for a moment, and for 5 s at most."""

REFUSED = frozenset(
    {
        Reason.ACCOUNT_NOT_FOUND,
        Reason.ACCOUNT_AMBIGUOUS,
        Reason.ACCOUNT_DISABLED,
        Reason.ACCOUNT_IS_GUEST,
        Reason.ACCOUNT_PRIVILEGED,
        Reason.ACCOUNT_PROTECTED,
        Reason.OWN_REQUEST,
        Reason.OUTSIDE_PILOT,
    }
)
"""What is refused at the door, where whoever asks still stands; everything else waits in the pipeline."""


COLLECTED = frozenset({Status.OPENED, Status.USED})
"""A fresh pass throws out whoever holds the one before it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One request, validated. `start` aware or None for now; `body` is the hash of what was posted."""

    user: str
    reason: str
    start: datetime | None
    lifetime: int | None
    one_time: bool | None
    route: Route
    body: str


@dataclass(frozen=True, slots=True)
class Hours:
    """What settings say about an ad-hoc pass: the zone people read times in, by office or by default; the length."""

    zones: dict[str, str]
    default_zone: str
    lifetime: int


@dataclass(frozen=True, slots=True)
class Door:
    """What a new request has to pass: the account's checks, and being the only one for this person."""

    preflight: Preflight
    order: Order
    leases: Leases


@dataclass(frozen=True, slots=True)
class _Checked:
    """A request whose account may have a pass; `number` is the employee number that Entra holds for it."""

    row: Onboarding
    user_id: str
    number: str | None


class Asking:
    """Takes what is asked for by hand."""

    def __init__(self, registry: Registry, door: Door, clock: Clock, hours: Hours) -> None:
        self._store = registry.store
        self._people = registry.people
        self._hints = registry.hints
        self._preflight = door.preflight
        self._order = door.order
        self._leases = door.leases
        self._clock = clock
        self._hours = hours

    async def check(self, wanted: Wanted, key: str, by: Principal) -> None:
        """Check a request as `request` does, and store nothing. What came before with this key is good.

        Raises:
            KeyReusedError, RefusedAccountError, OnItsWayError, TenantError: as `request`.
        """
        person = f"{by.object_id}|{key}"
        named = await self._people.onboardings(AD_HOC, person)
        if named and (kept := await self._store.read(named[-1])):
            _same(kept.row, wanted)
            return
        fresh = _fresh(new_id(shard_of(AD_HOC, person)), wanted, by, self._clock.now(), self._hours)
        await self._refuse_second(await self._checked(fresh))

    async def request(self, wanted: Wanted, key: str, by: Principal) -> Onboarding:
        """Begin an ad-hoc onboarding; the same caller, key and body again is answered with the same one.

        Raises:
            KeyReusedError: the key was used for another body.
            RefusedAccountError: no pass may be made for this account, or not at this caller's request.
            OnItsWayError: a pass for this person is on its way, or lives.
            TenantError: the account could not be checked; nothing is stored.
        """
        person = f"{by.object_id}|{key}"
        for _ in range(MOST_CONFLICTS):
            named = await self._people.onboardings(AD_HOC, person)
            if named and (kept := await self._store.read(named[-1])):
                return _same(kept.row, wanted)
            fresh_id = named[-1] if named else new_id(shard_of(AD_HOC, person))
            checked = await self._checked(_fresh(fresh_id, wanted, by, self._clock.now(), self._hours))
            try:
                async with self._leases.held(ASKED, digest(checked.user_id), ASKING_TAKES):
                    row = await self._begin(checked, person, named)
            except LeaseTakenError:
                await asyncio.sleep(A_MOMENT)
            except ConflictError:
                continue
            else:
                await self._hints.send_if_due(row, self._clock.now())
                return row
        raise StorageUnavailableError("Too many ask for this person at once.")

    async def _begin(self, checked: "_Checked", person: str, named: tuple[str, ...]) -> Onboarding:
        """Begin it, unless a pass is on its way already. Nobody else asks for this account meanwhile."""
        row = checked.row
        if await self._people.onboardings(AD_HOC, person) != named:
            raise ConflictError
        await self._refuse_second(checked)
        await self._people.name_account(checked.user_id, row.id)
        if not named and (await self._people.name(AD_HOC, person, (), row.id))[-1] != row.id:
            raise ConflictError
        by = row.ask.by if row.ask else ""
        return await self._store.commit(None, Change(row, Audit(Did.ASKED_FOR, row.created, caller=by)))

    async def _refuse_second(self, checked: "_Checked") -> None:
        other = await self._order.on_its_way(checked.user_id, checked.number)
        if other is not None:
            raise OnItsWayError(other.id, collected=other.claim is not None)

    async def resend(self, onboarding: str, route: Route | None, replace_opened: bool, by: Principal) -> Onboarding:
        """Send a fresh link, to the same collector or by another route; the link before it is dead with this write.

        Where nobody could collect on that route, nothing is written: the link before it lives.

        Raises:
            UnknownOnboardingError, EndedError, OwnCaseError
            AlreadyOpenedError: somebody has the pass; `replace_opened` says that it is to be replaced all the same.
            RefusedAccountError: there is nobody on that route, or it is the caller.
            TenantError: that could not be checked.
        """
        now = self._clock.now()

        def decide(row: Onboarding) -> Change:
            if not is_resendable(row, now):
                raise EndedError
            if row.status in COLLECTED and not replace_opened:
                raise AlreadyOpenedError
            _not_own(row, by)
            ask = Ask(by.object_id, by.is_person, route or _route(row), before=row.ask.askers if row.ask else ())
            return Change(lifecycle.resent(row, ask), Audit(Did.RESENT, now, why=ask.route, caller=by.object_id))

        if kept := await self._store.read(onboarding):
            await self._checked(decide(kept.row).row, REFUSED | PASSED_OVER.keys())
        return await self._written(onboarding, await self._store.update(onboarding, decide))

    async def revoke(self, onboarding: str, by: Principal) -> Onboarding:
        """Take a pass back: the link is dead with this write, the pass is deleted as soon as Graph can be asked.

        Raises:
            UnknownOnboardingError, EndedError
        """
        now = self._clock.now()

        def decide(row: Onboarding) -> Change | None:
            if row.reason is Reason.REVOKED:
                return None
            if not is_revocable(row, now):
                raise EndedError
            return Change(lifecycle.revoked_by_person(row, now), Audit(Did.REVOKED, now, caller=by.object_id))

        return await self._written(onboarding, await self._store.update(onboarding, decide))

    async def _checked(self, row: Onboarding, refused: AbstractSet[Reason] = REFUSED) -> "_Checked":
        verdict = await self._preflight.check(row)
        if verdict.subject is None or (isinstance(verdict, NotReady) and verdict.reason in refused):
            reason = verdict.reason if isinstance(verdict, NotReady) else Reason.ACCOUNT_NOT_FOUND
            log.warning("a request was refused: %s", reason.value, extra={"caller": row.ask and row.ask.by})
            raise RefusedAccountError(reason)
        row = lifecycle.found(row, verdict.subject, verdict.collector)
        zone = self._hours.zones.get(verdict.subject.office or "")
        if zone and row.plan:
            row = replace(row, plan=replace(row.plan, zone=zone))
        return _Checked(row, verdict.subject.id, verdict.number)

    async def _written(self, onboarding: str, row: Onboarding | None) -> Onboarding:
        if row is None:
            raise UnknownOnboardingError(onboarding)
        await self._hints.send_if_due(row, self._clock.now())
        return row


def _fresh(fresh_id: str, wanted: Wanted, by: Principal, now: datetime, hours: Hours) -> Onboarding:
    wishes = Wishes(lifetime=wanted.lifetime or hours.lifetime)
    return Onboarding(
        id=fresh_id,
        source=AD_HOC,
        hire=HireData(external_id=fresh_id, display_name=wanted.user, start_date=""),
        origin=Origin(now, digest(wanted.body)),
        created=now,
        status=Status.PLANNED,
        plan=plan_request(wanted.start, hours.default_zone, now, wishes),
        ask=Ask(by.object_id, by.is_person, wanted.route, wanted.reason),
        request=Request(wanted.user, wanted.lifetime, wanted.one_time, wanted.body),
    )


def is_resendable(row: Onboarding, now: datetime) -> bool:
    """Tell whether a fresh link makes sense: while a pass is on its way, or one that was collected still lives."""
    if row.status is Status.USED:
        return pass_lives(row, now)
    return row.ended_at is None and row.plan is not None and now < row.plan.closes


def is_revocable(row: Onboarding, now: datetime) -> bool:
    """Tell whether there may be something to take back: a pass, or a link that still makes one."""
    return row.ended_at is None or row.status is Status.USED or may_be_reissued(row, now, LONGEST_WINDOW)


def _same(row: Onboarding, wanted: Wanted) -> Onboarding:
    if row.request is None or row.request.body != wanted.body:
        raise KeyReusedError
    return row


def _route(row: Onboarding) -> Route:
    """The route as before: the one asked for, else that of whoever the chain has come to."""
    if row.ask is not None:
        return row.ask.route
    return row.collector.route if row.collector else Route.MANAGER


def _not_own(row: Onboarding, by: Principal) -> None:
    people = {row.subject.id if row.subject else "", row.collector.id if row.collector else ""}
    if by.object_id.casefold() in {one.casefold() for one in people}:
        raise OwnCaseError
