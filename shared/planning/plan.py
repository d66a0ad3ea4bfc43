"""From a local start to the instants at which something is due.

Spans are elapsed time, not wall time: an hour before 08:00 is an hour before it on the night the clocks change, too.
Every instant is aware, in UTC and whole seconds.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.planning.exceptional import PUT_OFF, Exceptional
from shared.planning.start import LocalStart, clock_change, instant
from shared.planning.workdays import MONDAY_TO_FRIDAY, WorkWeek

LATE_AFTER = time(16)
OLDEST = timedelta(days=7)
FIRST_MORNING_ENDS = time(13)


class LinkLead(StrEnum):
    """When the link is mailed: shortly before the window, or with the notice."""

    START_DAY = "start-day"
    DAY_BEFORE = "day-before"


class TooOldError(Exception):
    """The start lies more than seven days back: to be recorded and ignored."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How long before what, in minutes of elapsed time, and the time of day for notices in the hire's zone."""

    lifetime: int = 600
    lead: int = 60
    window_lead: int = 30
    invite_lead: int = 15
    issue_lead: int = 10
    notice_time: time = time(16)
    link_lead: LinkLead = LinkLead.START_DAY


DEFAULT_WISHES = Wishes()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due when. notice_at ≤ invite_at ≤ issue_at ≤ opens ≤ valid_from < valid_until = closes.

    `start` is the first working minute that the plan serves, after any move; `wanted` the one HR gave. No instant but
    `start` and `wanted` lies before the moment the plan was made. `exceptions` name all that sets it apart.
    """

    zone: str
    start: datetime
    wanted: datetime
    valid_from: datetime
    valid_until: datetime
    opens: datetime
    closes: datetime
    notice_at: datetime
    invite_at: datetime
    issue_at: datetime
    exceptions: tuple[Exceptional, ...] = ()

    @property
    def put_off(self) -> bool:
        """Whether the pass becomes valid on another day than HR said."""
        return not PUT_OFF.isdisjoint(self.exceptions)

    def local(self, when: datetime) -> datetime:
        """Show an instant on the hire's own clock."""
        return when.astimezone(ZoneInfo(self.zone))

    def marked(self, mark: Exceptional, *, holds: bool = True) -> "Plan":
        """Return the plan with an exception named, or with it taken away; either way it is named once at most."""
        others = tuple(named for named in self.exceptions if named is not mark)
        return replace(self, exceptions=(*others, mark) if holds else others)


def make_plan(
    start: LocalStart, now: datetime, wishes: Wishes = DEFAULT_WISHES, week: WorkWeek = MONDAY_TO_FRIDAY
) -> Plan:
    """Plan a start. What should have happened already is due now, in order, and the pass keeps its full length.

    An event that comes after the start, and later than 16:00 local on the start day or up to seven days after it,
    finds nobody waiting: its pass becomes valid at the usual hour of the next working day, which is the first one
    whose usual hour is still to come. A start on a day that is not worked stays where HR put it: people do start then.

    Plans of the same start made at different moments may differ; compare starts to learn whether anything changed.

    Raises:
        TooOldError: the start day lies more than seven days back.
    """
    now = whole_second(now)
    late = _late(start, now)
    wanted = instant(start)
    if late:
        start = _next_usual(start, now, wishes, week)
    first = instant(start)
    valid_from = first - timedelta(minutes=wishes.lead)
    opens = valid_from - timedelta(minutes=wishes.window_lead)
    notice_at, invite_at = _mails(start, opens, wishes, week)
    begins = max(valid_from, now)
    ends = begins + timedelta(minutes=wishes.lifetime)
    plan = Plan(
        zone=start.zone,
        start=first,
        wanted=wanted,
        valid_from=begins,
        valid_until=ends,
        opens=max(opens, now),
        closes=ends,
        notice_at=max(notice_at, now),
        invite_at=max(invite_at, now),
        issue_at=max(opens - timedelta(minutes=wishes.issue_lead), now),
        exceptions=_exceptions(start, late, week),
    )
    return plan.marked(Exceptional.SHORT_LIFETIME, holds=ends_before_one_pm(plan))


def plan_request(start: datetime | None, zone: str, now: datetime, wishes: Wishes = DEFAULT_WISHES) -> Plan:
    """Plan a pass that a person asked for: from `start` (an instant), or at once where that is None or past.

    No notice, no working days, and no word about a short morning: whoever asked waits, and knows the hours.
    """
    now = whole_second(now)
    begins = max(whole_second(start), now) if start else now
    opens = max(begins - timedelta(minutes=wishes.window_lead), now)
    ends = begins + timedelta(minutes=wishes.lifetime)
    invite_at = max(opens - timedelta(minutes=wishes.invite_lead), now)
    return Plan(
        zone=zone,
        start=begins,
        wanted=start or begins,
        valid_from=begins,
        valid_until=ends,
        opens=opens,
        closes=ends,
        notice_at=now,
        invite_at=invite_at,
        issue_at=max(opens - timedelta(minutes=wishes.issue_lead), invite_at),
    )


def ends_before_one_pm(plan: Plan) -> bool:
    """Tell whether the pass ends before 13:00 local of the start day, when a first morning may not be over."""
    start_day = plan.local(plan.start).date()
    return plan.valid_until < instant(LocalStart(start_day, FIRST_MORNING_ENDS, plan.zone))


def _late(start: LocalStart, now: datetime) -> Exceptional | None:
    local = now.astimezone(ZoneInfo(start.zone))
    behind = local.date() - start.date
    if behind > OLDEST:
        raise TooOldError(f"the start lies more than {OLDEST.days} days back: recorded and ignored")
    if behind > timedelta(0):
        return Exceptional.AFTER_START_DAY
    # A shift that starts at 22:00 is not late at 17:00: whoever has not started yet is not late.
    late = not behind and local.time() > LATE_AFTER and now > instant(start)
    return Exceptional.LATE_ON_START_DAY if late else None


def _next_usual(start: LocalStart, now: datetime, wishes: Wishes, week: WorkWeek) -> LocalStart:
    today = now.astimezone(ZoneInfo(start.zone)).date()
    usual = replace(start, date=week.after(today - timedelta(days=1)))
    while instant(usual) - timedelta(minutes=wishes.lead) < now:
        usual = replace(start, date=week.after(usual.date))
    return usual


def _exceptions(start: LocalStart, late: Exceptional | None, week: WorkWeek) -> tuple[Exceptional, ...]:
    free_day = None if week.is_worked(start.date) else Exceptional.FREE_DAY
    return tuple(named for named in (late, clock_change(start), free_day) if named)


def _mails(start: LocalStart, opens: datetime, wishes: Wishes, week: WorkWeek) -> tuple[datetime, datetime]:
    """Return when notice and link are due: the link never after the pass, the notice never after the link."""
    link = opens - timedelta(minutes=max(wishes.invite_lead, wishes.issue_lead))
    notice = min(instant(LocalStart(week.before(start.date), wishes.notice_time, start.zone)), link)
    return notice, notice if wishes.link_lead is LinkLead.DAY_BEFORE else link


def whole_second(when: datetime) -> datetime:
    """Round up: Graph is asked in whole seconds, and what it made is later compared with what was asked."""
    whole = when.astimezone(UTC).replace(microsecond=0)
    return whole + timedelta(seconds=1) if when.microsecond else whole
