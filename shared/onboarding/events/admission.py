"""What an event does to an onboarding. Pure: the decision, not its storing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shared.onboarding import lifecycle
from shared.onboarding.brakes import holding
from shared.onboarding.eligibility.precedence import pass_lives
from shared.onboarding.events.outcomes import OUTCOMES, Outcome, Says, Stands
from shared.onboarding.model import Onboarding, Origin
from shared.onboarding.reasons import Reason
from shared.onboarding.requests.reissue import LONGEST_WINDOW, may_be_reissued
from shared.onboarding.statuses import Status
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
from shared.planning.workdays import WorkWeek
from shared.sources.hire import EventKind, HireData, HireEvent

UNPLANNABLE = frozenset({Reason.UNKNOWN_TIMEZONE, Reason.UNKNOWN_SITE, Reason.IMPOSSIBLE_START})
"""Ends of an onboarding that never had hours, or whose newest event names none that can be; and the wait for a site."""
BY_SOURCE = frozenset({Reason.CANCELLED_BY_SOURCE, Reason.START_LONG_PAST})
"""Ends that are the source's own word: its newer word stands against them."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What settings say about starts. `work_week` gives the working days of a site, or of none, around a year."""

    sites: dict[str, SiteHours]
    default_timezone: str
    wishes: Wishes
    work_week: Callable[[str | None, int], WorkWeek]

    def knows(self, site: str | None) -> bool:
        """Tell whether the hours of a site are known; of none they are the usual ones."""
        return site is None or site in self.sites


@dataclass(frozen=True, slots=True)
class Effect:
    """The row as the event leaves it. `fresh`: it is a new onboarding. `outcome` goes into the event's record."""

    row: Onboarding
    outcome: Outcome
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """The event is recorded and changes nothing."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Planned:
    plan: Plan | None
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it came: its source, the id that source gave it, the hash of that, and what it says."""

    source: str
    name: str
    event_id: str
    event: HireEvent

    @property
    def origin(self) -> Origin:
        """What orders it among the events of one person."""
        return Origin(self.event.occurred_at, self.name)


@dataclass(frozen=True, slots=True)
class _Case:
    """An event, and the person's newest onboarding as it stands."""

    arrival: Arrival
    row: Onboarding | None
    stands: Stands
    planned: _Planned
    fresh_id: str
    at: datetime

    @property
    def hire(self) -> HireData:
        return self.arrival.event.hire

    @property
    def known(self) -> Onboarding:
        if self.row is None:
            raise ValueError("nothing is known of this person")
        return self.row


def admit(
    arrival: Arrival, row: Onboarding | None, fresh_id: str, calendar: Calendar, now: datetime
) -> Effect | Ignored:
    """Decide what an event does. `row` is the person's newest onboarding; `fresh_id` serves if a new one begins.

    The source's own time orders events, whenever they arrive, and at equal times the greater id: one that is older
    than what is known changes nothing.
    """
    if row is not None and not _is_newer(arrival.origin, row.origin):
        return Ignored(Outcome.OLDER)
    hire = arrival.event.hire
    case = _Case(arrival, row, _stands(row, now), _plan(hire, calendar, now), fresh_id, now)
    same_start = row is not None and _same_start(row, hire, calendar, now)
    outcome = OUTCOMES[_says(case, same_start=same_start)][case.stands]
    return _EFFECTS[outcome](case)


def _is_newer(origin: Origin, known: Origin) -> bool:
    return (origin.occurred_at, origin.event) > (known.occurred_at, known.event)


def _stands(row: Onboarding | None, now: datetime) -> Stands:
    if row is None:
        return Stands.NOBODY
    if row.status is Status.FAILED:
        return Stands.FAILED if row.reason in UNPLANNABLE else Stands.RUNNING
    if row.ended_at is None:
        return Stands.OPENED if row.status is Status.OPENED else Stands.RUNNING
    if row.reason in BY_SOURCE and not row.erased:
        return Stands.CALLED_OFF
    lives_on = row.status is Status.USED and pass_lives(row, now)
    return Stands.LIVES_ON if lives_on or may_be_reissued(row, now, LONGEST_WINDOW) else Stands.OVER


def _says(case: _Case, *, same_start: bool) -> Says:
    row, plan = case.row, case.planned.plan
    if case.arrival.event.kind is EventKind.CANCELLED:
        return Says.WITHDRAWN
    if row is not None and plan is not None and row.follows is not None and plan.wanted <= row.follows:
        return Says.BACK
    if row is not None and same_start:
        return Says.SAME if case.hire == row.hire else Says.OTHER_DATA
    if plan is None:
        return Says.LONG_PAST if case.planned.reason is Reason.START_LONG_PAST else Says.IMPOSSIBLE
    is_later = row is None or row.plan is None or plan.wanted > row.plan.wanted
    return Says.LATER_START if is_later and plan.wanted > case.at else Says.OTHER_START


def _begun(case: _Case) -> Effect:
    before = case.row
    follows = before.follows if before is not None else None
    if before is not None and before.plan is not None and case.stands is not Stands.CALLED_OFF:
        follows = before.plan.wanted
    begun = _fresh(case)
    planned = replace(begun, plan=case.planned.plan, follows=follows)
    return Effect(lifecycle.held(planned, begun.hold), Outcome.PLANNED, fresh=True)


def _unplannable(case: _Case) -> Effect:
    is_fresh = case.stands in {Stands.NOBODY, Stands.CALLED_OFF}
    row = _fresh(case) if is_fresh else replace(case.known, hire=case.hire, origin=case.arrival.origin)
    return Effect(_failed(row, case.planned, case.at), Outcome.FAILED, fresh=is_fresh)


def _replanned(case: _Case) -> Effect:
    if case.planned.plan is None:
        raise ValueError("an event without a plan cannot move one")
    # A row that was put aside does not know any more whose it is.
    known = replace(case.known, source=case.arrival.source)
    moved = lifecycle.replanned(known, case.hire, case.arrival.origin, case.planned.plan, case.at)
    return Effect(moved, Outcome.REPLANNED)


def _called_off(case: _Case) -> Effect:
    """A withdrawal that comes before its hire is kept, so that the older event does not bring the hire back."""
    row = replace(case.row, hire=case.hire) if case.row is not None else _fresh(case)
    cancelled = lifecycle.cancelled(row, Reason.CANCELLED_BY_SOURCE, case.arrival.origin, case.at)
    return Effect(cancelled, Outcome.CANCELLED, fresh=case.row is None)


def _long_past(case: _Case) -> Effect | Ignored:
    if case.stands not in {Stands.RUNNING, Stands.FAILED}:
        return Ignored(Outcome.LONG_PAST)
    row = replace(case.known, hire=case.hire)
    ended = lifecycle.cancelled(row, Reason.START_LONG_PAST, case.arrival.origin, case.at)
    return Effect(ended, Outcome.LONG_PAST)


def _after_end(case: _Case) -> Effect | Ignored:
    """Remembered, so that an older event which comes later does not count for newer; what is erased stays erased."""
    if case.known.erased:
        return Ignored(Outcome.AFTER_END)
    row = replace(case.known, origin=case.arrival.origin)
    if case.stands is Stands.CALLED_OFF:
        row = replace(row, hire=case.hire, status=Status.CANCELLED, reason=Reason.CANCELLED_BY_SOURCE)
    return Effect(row, Outcome.AFTER_END)


def _recorded(outcome: Outcome) -> Callable[[_Case], Effect]:
    return lambda case: Effect(replace(case.known, hire=case.hire, origin=case.arrival.origin), outcome)


def _updated(case: _Case) -> Effect:
    return Effect(lifecycle.updated(case.known, case.hire, case.arrival.origin), Outcome.UPDATED)


_EFFECTS: Mapping[Outcome, Callable[[_Case], Effect | Ignored]] = {
    Outcome.LONG_PAST: _long_past,
    Outcome.PLANNED: _begun,
    Outcome.FAILED: _unplannable,
    Outcome.UNCHANGED: _recorded(Outcome.UNCHANGED),
    Outcome.UPDATED: _updated,
    Outcome.REPLANNED: _replanned,
    Outcome.AFTER_OPENING: _recorded(Outcome.AFTER_OPENING),
    Outcome.AFTER_END: _after_end,
    Outcome.CANCELLED: _called_off,
}


def _fresh(case: _Case) -> Onboarding:
    """Begin a row; whoever was held back and called off is held back when he comes again, by whatever detour."""
    return Onboarding(
        id=case.fresh_id,
        source=case.arrival.source,
        hire=case.hire,
        origin=case.arrival.origin,
        created=case.at,
        status=Status.PLANNED,
        plan=None,
        hold=case.row.hold if case.row is not None else None,
    )


def planned_anew(row: Onboarding, calendar: Calendar, now: datetime) -> Onboarding:
    """Plan a hire whose event could not be planned, once settings have been mended; or say again why it cannot be."""
    planned = _plan(row.hire, calendar, now)
    if planned.plan is None:
        return _failed(row, planned, now)
    moved = lifecycle.replanned(row, row.hire, row.origin, planned.plan, now)
    return lifecycle.held(moved, holding.by_site(moved.hold, now, site_known=calendar.knows(row.hire.site)))


def _failed(row: Onboarding, planned: _Planned, now: datetime) -> Onboarding:
    return lifecycle.failed(row, planned.reason or Reason.IMPOSSIBLE_START, planned.detail, now)


def plan_of(hire: HireData, calendar: Calendar, now: datetime) -> Plan:
    """Plan what is said of a hire.

    Raises:
        ImpossibleStartError: there is no such start.
        TooOldError: it has long gone by.
    """
    start = _start(hire, calendar, now)
    week = calendar.work_week(_known_site(hire, calendar), start.date.year)
    return make_plan(start, now, calendar.wishes, week)


def _plan(hire: HireData, calendar: Calendar, now: datetime) -> _Planned:
    try:
        return _Planned(plan_of(hire, calendar, now))
    except ImpossibleStartError as error:
        is_zone = error.fault is StartFault.UNKNOWN_ZONE
        return _Planned(None, Reason.UNKNOWN_TIMEZONE if is_zone else Reason.IMPOSSIBLE_START, str(error))
    except TooOldError:
        return _Planned(None, Reason.START_LONG_PAST)


def _same_start(row: Onboarding, hire: HireData, calendar: Calendar, now: datetime) -> bool:
    """The same words may mean another start after a site changed in settings, or came to be known there."""
    has_waited_for_site = row.hold is not None and Reason.UNKNOWN_SITE in row.hold.reasons
    if row.plan is None or (has_waited_for_site and calendar.knows(hire.site)):
        return False
    try:
        start = _start(hire, calendar, now)
    except ImpossibleStartError:
        return False
    return (instant(start), start.zone) == (row.plan.wanted, row.plan.zone)


def _start(hire: HireData, calendar: Calendar, now: datetime) -> LocalStart:
    wanted = WantedStart(hire.start_date, hire.start_time, hire.timezone, _known_site(hire, calendar))
    return resolve(wanted, calendar.sites, calendar.default_timezone, now)


def _known_site(hire: HireData, calendar: Calendar) -> str | None:
    """Plan a site that nobody knows as none: whoever is sent there is held back until a person lets him go."""
    return hire.site if calendar.knows(hire.site) else None
