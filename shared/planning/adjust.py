"""What is learned after a start was planned, and what it changes in the plan."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.planning.exceptional import Exceptional
from shared.planning.plan import Plan, ends_before_one_pm, whole_second
from shared.planning.policy import Clamp, Fitted
from shared.planning.start import LocalStart, instant

# Graph refuses a startDateTime in the past, and leaving it out means now: a start so near is not worth the risk.
NEAR = timedelta(minutes=2)
DAY_BEGINS, DAY_ENDS = time(7), time(20)
EARLY_OPENING = time(16)
ENOUGH = timedelta(hours=1)
LINK_BEFORE_EARLY = timedelta(hours=1)
PASS_BEFORE_EARLY = timedelta(minutes=55)
LINK_BEFORE_PASS = timedelta(minutes=5)


def with_length(plan: Plan, fitted: Fitted) -> Plan:
    """Return the plan with the lifetime that the tenant's policy leaves, and say where that ends the first morning."""
    ends = plan.valid_from + timedelta(minutes=fitted.lifetime)
    plan = replace(plan, valid_until=ends, closes=ends)
    early = ends_before_one_pm(plan)
    wished_too_short = Exceptional.SHORT_LIFETIME in plan.exceptions
    plan = plan.marked(Exceptional.SHORT_LIFETIME, holds=early and wished_too_short)
    return plan.marked(Exceptional.SHORT_BY_POLICY, holds=early and fitted.clamped is Clamp.TENANT_MAXIMUM)


def as_made(plan: Plan, now: datetime, fitted: Fitted) -> Plan:
    """Return the plan as it stands when the pass is made: it cannot begin before now, and keeps its full length."""
    return with_length(replace(plan, valid_from=max(plan.valid_from, whole_second(now))), fitted)


def renewed(plan: Plan, now: datetime) -> Plan:
    """Plan a pass that is made anew for somebody who waits: all of it is due now, and it keeps its full length."""
    due = now.astimezone(UTC).replace(microsecond=0)
    begins = max(plan.valid_from, whole_second(now))
    ends = begins + (plan.valid_until - plan.valid_from)
    at_once = replace(plan, notice_at=due, invite_at=due, issue_at=due, opens=due)
    return replace(at_once, valid_from=begins, valid_until=ends, closes=ends)


def start_for_graph(valid_from: datetime, now: datetime) -> datetime | None:
    """Return the startDateTime to send, or None (leave it out: the pass is valid at once) within two minutes of now.

    Source: Graph answers 400 to a startDateTime in the past, by its own clock.
    """
    return None if valid_from - now <= NEAR else valid_from


def for_collector(plan: Plan, zone: str) -> Plan:
    """Return the plan for a collector who lives by the clocks of `zone`.

    Where these differ from the hire's, and the span from the window's opening to the start leaves less than an hour
    of 07:00 to 20:00 there, the window opens at 16:00 of the collector before it. Link and pass come an hour before
    that, and nothing before the notice; the pass still becomes valid when it was to.
    """
    if _same_clock(plan, zone) or _awake(plan.opens, plan.start, zone) >= ENOUGH:
        return plan
    early = _last_before(plan.opens, EARLY_OPENING, zone)
    opens = max(early, plan.notice_at)
    if opens >= plan.opens:
        return plan
    moved = replace(
        plan,
        opens=opens,
        invite_at=min(plan.invite_at, max(early - LINK_BEFORE_EARLY, plan.notice_at)),
        issue_at=min(plan.issue_at, max(early - PASS_BEFORE_EARLY, plan.notice_at)),
    )
    return moved.marked(Exceptional.EARLY_WINDOW)


def earlier(plan: Plan, issue_at: datetime, now: datetime) -> Plan:
    """Return the plan with its pass made earlier, for the sake of a wave; the link goes out before it, not before now.

    The hours of window and pass stay, and what was due even earlier stays where it was.
    """
    invite_at = min(plan.invite_at, max(issue_at - LINK_BEFORE_PASS, now))
    moved = replace(
        plan, notice_at=min(plan.notice_at, invite_at), invite_at=invite_at, issue_at=min(plan.issue_at, issue_at)
    )
    return moved.marked(Exceptional.BROUGHT_FORWARD)


def _same_clock(plan: Plan, zone: str) -> bool:
    return plan.local(plan.opens).utcoffset() == plan.opens.astimezone(ZoneInfo(zone)).utcoffset()


def _awake(begin: datetime, end: datetime, zone: str) -> timedelta:
    """Return how much of a span lies in the day of a zone, counting the longest stretch."""
    day, last = (moment.astimezone(ZoneInfo(zone)).date() for moment in (begin, end))
    longest = timedelta(0)
    while day <= last:
        wakes, sleeps = (instant(LocalStart(day, at, zone)) for at in (DAY_BEGINS, DAY_ENDS))
        longest = max(longest, min(end, sleeps) - max(begin, wakes))
        day += timedelta(days=1)
    return longest


def _last_before(moment: datetime, at: time, zone: str) -> datetime:
    day = moment.astimezone(ZoneInfo(zone)).date()
    today = instant(LocalStart(day, at, zone))
    found = today if today < moment else instant(LocalStart(day - timedelta(days=1), at, zone))
    return found.astimezone(UTC)
