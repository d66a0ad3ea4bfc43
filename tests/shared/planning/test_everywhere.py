"""The invariants of a plan in every time zone, on every day on which its clocks change, for ten years."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given
from hypothesis import strategies as st

from shared.planning.exceptional import Exceptional
from shared.planning.plan import Plan, TooOldError, Wishes, make_plan
from shared.planning.start import LocalStart, clock_change, known_zones
from shared.planning.workdays import WorkWeek

FIRST, LAST = date(2026, 1, 1), date(2036, 12, 31)
LONG_BEFORE = datetime(2025, 6, 2, tzinfo=UTC)
AROUND_A_CHANGE = (time(0), time(1, 30), time(2, 15), time(2, 45), time(9), time(23, 15))
CHRISTMAS = frozenset(date(year, 12, day) for year in range(2024, 2039) for day in (24, 25, 26, 31))
WEEKS = st.builds(
    WorkWeek, weekend=st.frozensets(st.integers(0, 6), max_size=3), holidays=st.sampled_from([frozenset(), CHRISTMAS])
)
ZONES = st.sampled_from(sorted(known_zones()))
DAYS = st.dates(FIRST, LAST)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def offset(day: date, zone: ZoneInfo) -> timedelta | None:
    """Return what a zone's clocks are ahead of UTC as a day begins in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).astimezone(zone).utcoffset()


def days_of_change(name: str) -> Iterator[date]:
    """Yield the days on which the clocks of a zone change, and the day after each."""
    zone, week, day = ZoneInfo(name), timedelta(days=7), FIRST
    while day < LAST:
        if offset(day, zone) != offset(day + week, zone):
            ends = next(
                day + timedelta(days=n)
                for n in range(1, 8)
                if offset(day + timedelta(days=n), zone) != offset(day, zone)
            )
            yield from (ends - timedelta(days=1), ends)
        day += week


def starts_around_changes() -> Iterator[LocalStart]:
    """Yield times of day around each change of clocks, of all zones."""
    for name in sorted(known_zones()):
        for day in days_of_change(name):
            yield from (LocalStart(day, at, name) for at in AROUND_A_CHANGE)


def assert_sound(plan: Plan, start: LocalStart, now: datetime, wishes: Wishes, week: WorkWeek) -> None:
    """See what must hold of any plan, whatever was asked and when."""
    instants = (plan.notice_at, plan.invite_at, plan.issue_at, plan.opens, plan.valid_from, plan.valid_until)
    assert list(instants) == sorted(instants), start
    assert plan.notice_at >= now
    assert plan.closes == plan.valid_until
    assert plan.valid_until - plan.valid_from == timedelta(minutes=wishes.lifetime)
    assert_said(plan, start, week)
    notice = plan.local(plan.notice_at)
    # What should have happened already happens at the next whole second.
    if plan.notice_at >= now + timedelta(seconds=1) and plan.notice_at < plan.invite_at:
        assert notice.time() == time(16) or clock_change(LocalStart(notice.date(), time(16), plan.zone)), start
        assert week.is_worked(notice.date()), start
        assert notice.date() < plan.local(plan.start).date()


def assert_said(plan: Plan, start: LocalStart, week: WorkWeek) -> None:
    """See that the hire's clock shows the very start that HR named, or that the plan says why it does not."""
    shown = plan.local(plan.start)
    if not plan.put_off:
        as_named = (shown.date(), shown.time()) == (start.date, start.time)
        assert as_named != (Exceptional.SKIPPED_TIME in plan.exceptions), start
        assert (Exceptional.FREE_DAY in plan.exceptions) != week.is_worked(start.date)
    one = datetime.combine(shown.date(), time(13), shown.tzinfo)
    assert (Exceptional.SHORT_LIFETIME in plan.exceptions) == (plan.valid_until < one.astimezone(UTC)), start


def test_around_every_change_of_clocks_in_every_zone_for_ten_years() -> None:
    """The local start to the minute, full length, in order, notice at four on a working day: without an exception."""
    wishes, week = Wishes(), WorkWeek(holidays=CHRISTMAS)
    plans = skipped = repeated = 0
    for start in starts_around_changes():
        plan = make_plan(start, LONG_BEFORE, wishes, week)
        assert_sound(plan, start, LONG_BEFORE, wishes, week)
        plans += 1
        skipped += Exceptional.SKIPPED_TIME in plan.exceptions
        repeated += Exceptional.REPEATED_TIME in plan.exceptions
    assert plans > 40_000
    assert min(skipped, repeated) > 400


@given(
    name=ZONES,
    day=DAYS,
    at=TIMES,
    ahead=st.timedeltas(timedelta(days=-8), timedelta(days=400)),
    lifetime=st.integers(60, 43_200),
    week=WEEKS,
)
@example("Asia/Kathmandu", date(2030, 6, 3), time(9), timedelta(days=7), 600, WorkWeek())
@example("Pacific/Chatham", date(2030, 9, 29), time(2, 50), timedelta(days=7), 600, WorkWeek())
@example("Australia/Lord_Howe", date(2030, 10, 6), time(2, 15), timedelta(days=7), 600, WorkWeek())
@example("Pacific/Apia", date(2026, 12, 1), time(0, 30), timedelta(days=7), 600, WorkWeek())
@example("Africa/Casablanca", date(2027, 2, 7), time(2, 30), timedelta(days=7), 600, WorkWeek())
@example("Africa/Cairo", date(2030, 6, 7), time(9), timedelta(hours=-8), 600, WorkWeek(frozenset({4, 5})))
def test_anywhere_and_at_any_moment_the_plan_is_sound_and_made_again_the_same(  # noqa: PLR0917
    name: str, day: date, at: time, ahead: timedelta, lifetime: int, week: WorkWeek
) -> None:
    """Any zone, day, time, week and moment, late ones too; and planning once more at that moment changes nothing."""
    start, wishes = LocalStart(day, at, name), Wishes(lifetime=lifetime)
    now = datetime.combine(day, at, ZoneInfo(name)).astimezone(UTC) - ahead
    try:
        plan = make_plan(start, now, wishes, week)
    except TooOldError:
        assume(False)
    assert_sound(plan, start, now, wishes, week)
    assert make_plan(start, now, wishes, week) == plan
    assert not plan.put_off or week.is_worked(plan.local(plan.start).date())


def test_a_day_that_a_zone_skipped_is_the_day_after() -> None:
    """Samoa had no 30 December 2011, Kwajalein no 21 August 1993: a start then is on the next day, and said."""
    for name, day in (("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))):
        plan = make_plan(LocalStart(day, time(9), name), datetime(1990, 1, 1, tzinfo=UTC))
        assert plan.local(plan.start).replace(tzinfo=None) == datetime.combine(day + timedelta(days=1), time(9))
        assert Exceptional.SKIPPED_TIME in plan.exceptions
        assert plan.notice_at < plan.invite_at
