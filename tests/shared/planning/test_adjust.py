"""What is learned after a start was planned: the tenant's lifetime, and the collector's own hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.planning.adjust import as_made, for_collector, with_length
from shared.planning.exceptional import SHORT, Exceptional
from shared.planning.plan import LinkLead, Plan, Wishes, make_plan, plan_request
from shared.planning.policy import Fitted, Limits, fit
from shared.planning.start import LocalStart, instant, known_zones

EARLY = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = date(2026, 12, 7)
ZONES = sorted(known_zones())


def planned(at: time, lifetime: int = 600, zone: str = "Europe/Berlin") -> Plan:
    """Plan a Monday."""
    return make_plan(LocalStart(DAY, at, zone), EARLY, Wishes(lifetime=lifetime))


def fitted(lifetime: int, maximum: int = 1440) -> Fitted:
    """Fit a wished lifetime into a tenant's maximum."""
    found = fit(lifetime, one_time=False, limits=Limits(enabled=True, minimum=60, maximum=maximum, one_time_only=False))
    assert isinstance(found, Fitted)
    return found


def shorts(plan: Plan) -> set[Exceptional]:
    """Tell which short passes a plan names."""
    return set(plan.exceptions) & SHORT


@pytest.mark.parametrize(
    ("at", "wished", "maximum", "named"),
    [
        (time(9), 600, 1440, set()),
        (time(9), 300, 1440, set()),
        (time(9), 299, 1440, {Exceptional.SHORT_LIFETIME}),
        (time(9), 600, 299, {Exceptional.SHORT_BY_POLICY}),
        (time(9), 600, 480, set()),
        (time(3), 600, 1440, {Exceptional.SHORT_LIFETIME}),
        (time(3), 1440, 600, {Exceptional.SHORT_BY_POLICY}),
        (time(9), 250, 200, {Exceptional.SHORT_LIFETIME, Exceptional.SHORT_BY_POLICY}),
        (time(6), 480, 1440, set()),
        (time(5), 480, 1440, {Exceptional.SHORT_LIFETIME}),
        (time(22), 60, 1440, set()),
    ],
)
def test_a_pass_that_ends_before_one_in_the_afternoon_names_what_makes_it_short(
    at: time, wished: int, maximum: int, named: set[Exceptional]
) -> None:
    """Settings, the policy, or both; 13:00 itself is late enough, and a night shift's pass ends the next morning."""
    plan = with_length(planned(at, wished), fitted(wished, maximum))
    assert shorts(plan) == named
    assert with_length(plan, fitted(wished, maximum)) == plan
    assert not shorts(with_length(plan, fitted(1440))) or wished < 300


def test_one_in_the_afternoon_is_that_of_the_day_the_start_was_moved_to() -> None:
    """A start moved to Tuesday is judged by Tuesday's clock."""
    late = datetime(2026, 12, 7, 18, tzinfo=UTC)
    plan = make_plan(LocalStart(DAY, time(9), "Europe/Berlin"), late)
    assert shorts(with_length(plan, fitted(600, 120))) == {Exceptional.SHORT_BY_POLICY}
    assert shorts(plan) == set()


def test_a_pass_made_late_is_judged_by_its_real_end() -> None:
    """Made at ten, a pass of four hours lasts until two: nothing is short any more."""
    plan = planned(time(9), 240)
    assert shorts(plan) == {Exceptional.SHORT_LIFETIME}
    ten = plan.start + timedelta(hours=1)
    assert shorts(as_made(plan, ten, fitted(240))) == set()


def test_who_asks_by_hand_hears_of_the_policy_alone() -> None:
    """The asker chose the hours; that the tenant grants fewer is news."""
    now = datetime(2026, 12, 7, 6, tzinfo=UTC)
    plan = plan_request(None, "Europe/Berlin", now, Wishes(lifetime=120))
    assert shorts(plan) == set()
    assert shorts(with_length(plan, fitted(120))) == set()
    assert shorts(with_length(plan, fitted(120, 60))) == {Exceptional.SHORT_BY_POLICY}


@pytest.mark.parametrize(
    ("zone", "collector", "opens"),
    [
        ("Europe/Berlin", "Europe/Berlin", "Mon 07:30"),
        ("Europe/Berlin", "Europe/London", "Mon 06:30"),
        ("Europe/Berlin", "America/New_York", "Sun 16:00"),
        ("Europe/Berlin", "America/Los_Angeles", "Sun 16:00"),
        ("Europe/Berlin", "Asia/Kolkata", "Mon 12:00"),
        ("Asia/Tokyo", "Europe/Berlin", "Sun 16:00"),
        ("Pacific/Auckland", "America/Denver", "Sun 11:30"),
        ("America/Los_Angeles", "Asia/Tokyo", "Mon 16:00"),
        ("Pacific/Honolulu", "Australia/Lord_Howe", "Mon 16:00"),
    ],
)
def test_the_window_opens_while_the_collector_is_at_work(zone: str, collector: str, opens: str) -> None:
    """As the collector's clock shows it: usual where that leaves an hour of the day, at four in the afternoon else."""
    plan = for_collector(planned(time(9), zone=zone), collector)
    local = plan.opens.astimezone(ZoneInfo(collector))
    assert local.strftime("%a %H:%M") == opens
    early = Exceptional.EARLY_WINDOW in plan.exceptions
    assert early == (opens[4:] == "16:00")
    if early:
        assert (plan.opens - plan.invite_at, plan.opens - plan.issue_at) == (timedelta(hours=1), timedelta(minutes=55))


def test_in_ones_own_zone_there_is_no_early_window() -> None:
    """A night shift is handed over at night by those who work it, and by nobody at four the day before."""
    for at in (time(2), time(6), time(23)):
        plan = planned(at)
        assert for_collector(plan, "Europe/Berlin") == for_collector(plan, "Europe/Paris") == plan


def test_the_early_window_never_comes_before_the_notice() -> None:
    """Told on the morning of a start in the small hours: what would be past by then happens with the notice."""
    now = datetime(2026, 12, 7, 12, tzinfo=UTC)
    plan = make_plan(LocalStart(date(2026, 12, 8), time(6), "Asia/Tokyo"), now)
    moved = for_collector(plan, "Europe/Berlin")
    assert moved.notice_at == now
    assert moved.invite_at == max(now, instant(LocalStart(DAY, time(15), "Europe/Berlin")))


def hours_awake(begin: datetime, end: datetime, zone: str) -> timedelta:
    """Count the minutes of a span between 07:00 and 20:00 of a zone, one by one."""
    local = [
        (begin + timedelta(minutes=n)).astimezone(ZoneInfo(zone)).time()
        for n in range(int((end - begin) / timedelta(minutes=1)))
    ]
    return timedelta(minutes=sum(time(7) <= at < time(20) for at in local))


@given(
    zone=st.sampled_from(ZONES),
    collector=st.sampled_from(ZONES),
    day=st.dates(date(2026, 1, 1), date(2036, 12, 31)),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    ahead=st.timedeltas(timedelta(hours=-10), timedelta(days=30)),
    link_lead=st.sampled_from(LinkLead),
)
def test_for_any_two_zones_the_plan_stays_sound(  # noqa: PLR0917
    zone: str, collector: str, day: date, at: time, ahead: timedelta, link_lead: LinkLead
) -> None:
    """In order, not before the notice, hours of the pass untouched, done once for all; early only where needed."""
    start = LocalStart(day, at, zone)
    plan = make_plan(start, instant(start) - ahead, Wishes(link_lead=link_lead))
    moved = for_collector(plan, collector)
    instants = (moved.notice_at, moved.invite_at, moved.issue_at, moved.opens, moved.valid_from)
    assert list(instants) == sorted(instants)
    assert (moved.valid_from, moved.valid_until, moved.start) == (plan.valid_from, plan.valid_until, plan.start)
    assert (moved.notice_at, moved.closes) == (plan.notice_at, plan.closes)
    assert for_collector(moved, collector) == moved
    early = Exceptional.EARLY_WINDOW in moved.exceptions
    assert early == (moved != plan)
    if early:
        assert hours_awake(plan.opens, plan.start, collector) < timedelta(hours=1)
        shown = moved.opens.astimezone(ZoneInfo(collector))
        assert shown.hour == 16 or moved.opens == moved.notice_at
        assert plan.opens - moved.opens <= timedelta(hours=25)
    elif plan.opens < plan.start and plan.opens > plan.notice_at:
        same = (
            plan.opens.astimezone(ZoneInfo(zone)).utcoffset() == plan.opens.astimezone(ZoneInfo(collector)).utcoffset()
        )
        assert same or hours_awake(plan.opens, plan.start, collector) >= timedelta(hours=1)
