"""What an event does to an onboarding. Pure: the decision, not its storing."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.onboarding import lifecycle
from shared.onboarding.model import Onboarding, Origin, Status
from shared.onboarding.reasons import Reason
from shared.planning.plan import Plan, TooOldError, Wishes, make_plan
from shared.planning.start import (
    ImpossibleStartError,
    LocalStart,
    SiteHours,
    StartFault,
    WantedStart,
    instant,
    resolve,
)
from shared.sources.hire import EventKind, HireData, HireEvent

FAULTS = {StartFault.UNKNOWN_ZONE: Reason.UNKNOWN_TIMEZONE, StartFault.UNKNOWN_SITE: Reason.UNKNOWN_SITE}


@dataclass(frozen=True, slots=True)
class Calendar:
    """What settings say about starts."""

    sites: dict[str, SiteHours]
    default_timezone: str
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class Effect:
    """The row as the event leaves it. `fresh`: it is a new onboarding. `outcome` goes into the event's record."""

    row: Onboarding
    outcome: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """The event is recorded and changes nothing."""

    outcome: str


@dataclass(frozen=True, slots=True)
class _Planned:
    plan: Plan | None
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it came: its source, the hash of its id, what it says."""

    source: str
    event_id: str
    event: HireEvent

    @property
    def origin(self) -> Origin:
        """What orders it among the events of one person."""
        return Origin(self.event.occurred_at, self.event_id)


def admit(
    arrival: Arrival, row: Onboarding | None, fresh_id: str, calendar: Calendar, now: datetime
) -> Effect | Ignored:
    """Decide what an event does. `row` is the person's newest onboarding; `fresh_id` serves if a new one begins.

    The source's own time orders events, whenever they arrive: one that is older than what is known changes nothing.
    """
    if row is not None and not _is_newer(arrival.origin, row.origin):
        return Ignored("older-than-known")
    if arrival.event.kind is EventKind.CANCELLED:
        return _withdraw(arrival, row, fresh_id, now)
    if row is None or _is_over(row):
        return _begin(arrival, row, fresh_id, calendar, now)
    return _change(arrival, row, calendar, now)


def _is_newer(origin: Origin, known: Origin) -> bool:
    return (origin.occurred_at, origin.event) > (known.occurred_at, known.event)


def _withdraw(arrival: Arrival, row: Onboarding | None, fresh_id: str, now: datetime) -> Effect:
    """A withdrawal that comes before its hire is kept, so that the older event does not bring the hire back."""
    withdrawn = row or _fresh(arrival, fresh_id, None, now)
    if row is not None and _is_over(row) and not _pass_lives(row, now):
        # Remembered all the same: a creation that is older and comes later must not begin the hire anew.
        return Effect(replace(row, origin=arrival.origin), "already-ended")
    cancelled = lifecycle.cancelled(withdrawn, Reason.CANCELLED_BY_SOURCE, arrival.origin, now)
    return Effect(cancelled, "cancelled", fresh=row is None)


def _begin(
    arrival: Arrival, ended: Onboarding | None, fresh_id: str, calendar: Calendar, now: datetime
) -> Effect | Ignored:
    planned = _plan(arrival.event.hire, calendar, now)
    if planned.reason is Reason.START_LONG_PAST:
        return Ignored(Reason.START_LONG_PAST)
    if ended is not None and not (_is_again(arrival, ended) or _starts_later(planned.plan, ended, now)):
        return Ignored("already-ended")
    row = _fresh(arrival, fresh_id, planned.plan, now)
    if planned.reason is not None:
        row = lifecycle.failed(row, planned.reason, planned.detail, now)
    return Effect(row, row.status, fresh=True)


def _change(arrival: Arrival, row: Onboarding, calendar: Calendar, now: datetime) -> Effect:
    hire, origin = arrival.event.hire, arrival.origin
    if hire == row.hire and row.status is not Status.FAILED and _same_start(row, hire, calendar, now):
        return Effect(replace(row, origin=origin), "unchanged")
    if row.status is Status.OPENED:
        return Effect(replace(row, hire=hire, origin=origin), "recorded-after-opening")
    planned = _plan(hire, calendar, now)
    if planned.reason is Reason.START_LONG_PAST:
        return Effect(lifecycle.cancelled(row, Reason.START_LONG_PAST, origin, now), Reason.START_LONG_PAST)
    if planned.plan is not None:
        return Effect(lifecycle.replanned(row, hire, origin, planned.plan), "replanned")
    row = replace(row, hire=hire, origin=origin)
    return Effect(lifecycle.failed(row, planned.reason or Reason.IMPOSSIBLE_START, planned.detail, now), "failed")


def _fresh(arrival: Arrival, fresh_id: str, plan: Plan | None, now: datetime) -> Onboarding:
    return Onboarding(
        id=fresh_id,
        source=arrival.source,
        hire=arrival.event.hire,
        origin=arrival.origin,
        created=now,
        status=Status.PLANNED,
        plan=plan,
    )


def _is_again(arrival: Arrival, ended: Onboarding) -> bool:
    """Withdrawn, and created anew: the withdrawal was a mistake, or the hire changed his mind."""
    return ended.status is Status.CANCELLED and arrival.event.kind is EventKind.CREATED


def _pass_lives(row: Onboarding, now: datetime) -> bool:
    """A pass that was collected and used still opens the account until its hours are over."""
    return row.issued is not None and row.issued.valid_until > now


def _starts_later(plan: Plan | None, ended: Onboarding, now: datetime) -> bool:
    if plan is None or plan.wanted <= now:
        return False
    return ended.plan is None or plan.wanted > ended.plan.wanted


def planned_anew(row: Onboarding, calendar: Calendar, now: datetime) -> Onboarding:
    """Plan a hire whose event could not be planned, once settings have been mended; or say again why it cannot be."""
    planned = _plan(row.hire, calendar, now)
    if planned.plan is not None:
        return lifecycle.replanned(row, row.hire, row.origin, planned.plan)
    return lifecycle.failed(row, planned.reason or Reason.IMPOSSIBLE_START, planned.detail, now)


def _plan(hire: HireData, calendar: Calendar, now: datetime) -> _Planned:
    try:
        return _Planned(make_plan(_start(hire, calendar, now), now, calendar.wishes))
    except ImpossibleStartError as error:
        return _Planned(None, FAULTS.get(error.fault, Reason.IMPOSSIBLE_START), str(error))
    except TooOldError:
        return _Planned(None, Reason.START_LONG_PAST)


def _same_start(row: Onboarding, hire: HireData, calendar: Calendar, now: datetime) -> bool:
    """The same words may mean another start after a site's zone or hours changed in settings."""
    if row.plan is None:
        return False
    try:
        return instant(_start(hire, calendar, now)) == row.plan.wanted
    except ImpossibleStartError:
        return False


def _start(hire: HireData, calendar: Calendar, now: datetime) -> LocalStart:
    wanted = WantedStart(hire.start_date, hire.start_time, hire.timezone, hire.site)
    return resolve(wanted, calendar.sites, calendar.default_timezone, now)


def _is_over(row: Onboarding) -> bool:
    """A failed row is not over: the next event of the source may mend it."""
    return row.ended_at is not None and row.status is not Status.FAILED
