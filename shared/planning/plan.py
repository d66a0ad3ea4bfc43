"""From a local start to the instants at which something is due.

Spans are elapsed time, not wall time: an hour before 08:00 is an hour before it on the night the clocks change, too.
Every instant is aware, in UTC and whole seconds.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.planning.start import LocalStart, instant
from shared.planning.workdays import next_working_day, previous_working_day

LATE_AFTER = time(16)
OLDEST = timedelta(days=7)
# Graph refuses a startDateTime in the past, and leaving it out means now: a start so near is not worth the risk.
NEAR = timedelta(minutes=2)
_NO_HOLIDAYS: frozenset[date] = frozenset()


class LinkLead(StrEnum):
    """When the link is mailed: shortly before the window, or with the notice."""

    START_DAY = "start-day"
    DAY_BEFORE = "day-before"


class Moved(StrEnum):
    """Why a pass becomes valid on another day than HR said; the mail says so."""

    LATE_ON_START_DAY = "late-on-start-day"
    AFTER_START_DAY = "after-start-day"


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
    `start` and `wanted` lies before the moment the plan was made.
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
    moved: Moved | None = None

    def local(self, when: datetime) -> datetime:
        """Show an instant on the hire's own clock."""
        return when.astimezone(ZoneInfo(self.zone))


def make_plan(
    start: LocalStart,
    now: datetime,
    wishes: Wishes = DEFAULT_WISHES,
    holidays: AbstractSet[date] = _NO_HOLIDAYS,
) -> Plan:
    """Plan a start. What should have happened already is due now, in order, and the pass keeps its full length.

    An event that comes after the start, and later than 16:00 local on the start day or up to seven days after it,
    finds nobody waiting: its pass becomes valid at the usual hour of the next working day, which is the first one
    whose usual hour is still to come.

    Plans of the same start made at different moments may differ; compare starts to learn whether anything changed.

    Raises:
        TooOldError: the start day lies more than seven days back.
    """
    now = _whole_second(now)
    moved = _moved(start, now)
    wanted = instant(start)
    if moved:
        start = _next_usual(start, now, wishes, holidays)
    first = instant(start)
    valid_from = first - timedelta(minutes=wishes.lead)
    opens = valid_from - timedelta(minutes=wishes.window_lead)
    issue_at = opens - timedelta(minutes=wishes.issue_lead)
    notice_at, invite_at = _mails(start, opens, wishes, holidays)
    begins = max(valid_from, now)
    ends = begins + timedelta(minutes=wishes.lifetime)
    return Plan(
        zone=start.zone,
        start=first,
        wanted=wanted,
        valid_from=begins,
        valid_until=ends,
        opens=max(opens, now),
        closes=ends,
        notice_at=max(notice_at, now),
        invite_at=max(invite_at, now),
        issue_at=max(issue_at, now),
        moved=moved,
    )


def plan_request(start: datetime | None, zone: str, now: datetime, wishes: Wishes = DEFAULT_WISHES) -> Plan:
    """Plan a pass that a person asked for: from `start` (an instant), or at once where that is None or past.

    No notice and no working days: somebody is waiting.
    """
    now = _whole_second(now)
    begins = max(_whole_second(start), now) if start else now
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
        notice_at=invite_at,
        invite_at=invite_at,
        issue_at=max(opens - timedelta(minutes=wishes.issue_lead), invite_at),
    )


def validity(plan: Plan, now: datetime, lifetime: int | None = None) -> Plan:
    """Return the plan as it stands when the pass is made: it cannot begin before now, and keeps its full length.

    `lifetime` (minutes) is the length that the tenant's policy left; None keeps the planned one.
    """
    length = plan.valid_until - plan.valid_from if lifetime is None else timedelta(minutes=lifetime)
    begins = max(plan.valid_from, _whole_second(now))
    return replace(plan, valid_from=begins, valid_until=begins + length, closes=begins + length)


def start_for_graph(valid_from: datetime, now: datetime) -> datetime | None:
    """Return the startDateTime to send, or None (leave it out: the pass is valid at once) within two minutes of now.

    Source: Graph answers 400 to a startDateTime in the past, by its own clock.
    """
    return None if valid_from - now <= NEAR else valid_from


def _moved(start: LocalStart, now: datetime) -> Moved | None:
    local = now.astimezone(ZoneInfo(start.zone))
    behind = local.date() - start.date
    if behind > OLDEST:
        raise TooOldError(f"the start lies more than {OLDEST.days} days back: recorded and ignored")
    if behind > timedelta(0):
        return Moved.AFTER_START_DAY
    # A shift that starts at 22:00 is not late at 17:00: whoever has not started yet is not late.
    late = not behind and local.time() > LATE_AFTER and now > instant(start)
    return Moved.LATE_ON_START_DAY if late else None


def _next_usual(start: LocalStart, now: datetime, wishes: Wishes, holidays: AbstractSet[date]) -> LocalStart:
    today = now.astimezone(ZoneInfo(start.zone)).date()
    usual = replace(start, date=next_working_day(today - timedelta(days=1), holidays))
    while instant(usual) - timedelta(minutes=wishes.lead) < now:
        usual = replace(start, date=next_working_day(usual.date, holidays))
    return usual


def _mails(
    start: LocalStart, opens: datetime, wishes: Wishes, holidays: AbstractSet[date]
) -> tuple[datetime, datetime]:
    """Return when notice and link are due: the link never after the pass, the notice never after the link."""
    day_before = previous_working_day(start.date, holidays)
    link = opens - timedelta(minutes=max(wishes.invite_lead, wishes.issue_lead))
    notice = min(instant(LocalStart(day_before, wishes.notice_time, start.zone)), link)
    return notice, notice if wishes.link_lead is LinkLead.DAY_BEFORE else link


def _whole_second(when: datetime) -> datetime:
    """Round up: Graph is asked in whole seconds, and what it made is later compared with what was asked."""
    whole = when.astimezone(UTC).replace(microsecond=0)
    return whole + timedelta(seconds=1) if when.microsecond else whole
