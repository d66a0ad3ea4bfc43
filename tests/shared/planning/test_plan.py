"""From a local start to what is due when."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.planning.adjust import as_made, start_for_graph
from shared.planning.exceptional import Exceptional
from shared.planning.plan import LinkLead, Plan, TooOldError, Wishes, make_plan
from shared.planning.policy import Fitted
from shared.planning.start import LocalStart, instant, known_zones
from shared.planning.workdays import WorkWeek

EARLY = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
TEN_HOURS = Fitted(600, one_time=False)
MONDAY = LocalStart(date(2026, 12, 7), time(9), "Europe/Berlin")


def _at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def _shown(plan: Plan) -> dict[str, str]:
    names = ("notice_at", "invite_at", "issue_at", "opens", "valid_from", "start", "closes")
    return {name: plan.local(getattr(plan, name)).strftime("%a %d %b %H:%M") for name in names}


def _ordered(plan: Plan) -> bool:
    return (
        plan.notice_at
        <= plan.invite_at
        <= plan.issue_at
        <= plan.opens
        <= plan.valid_from
        < plan.valid_until
        == plan.closes
    )


def test_a_monday_start_as_people_in_berlin_see_it() -> None:
    """Notice on Friday afternoon, everything else on Monday morning."""
    assert _shown(make_plan(MONDAY, EARLY)) == {
        "notice_at": "Fri 04 Dec 16:00",
        "invite_at": "Mon 07 Dec 07:15",
        "issue_at": "Mon 07 Dec 07:20",
        "opens": "Mon 07 Dec 07:30",
        "valid_from": "Mon 07 Dec 08:00",
        "start": "Mon 07 Dec 09:00",
        "closes": "Mon 07 Dec 18:00",
    }


@pytest.mark.parametrize(
    ("zone", "start", "valid_from", "valid_until"),
    [
        ("Europe/Berlin", "2027-03-28T03:00", "2027-03-28T01:00+01:00", "2027-03-28T12:00+02:00"),
        ("Europe/Berlin", "2027-03-28T09:00", "2027-03-28T08:00+02:00", "2027-03-28T18:00+02:00"),
        ("America/New_York", "2026-11-01T02:00", "2026-11-01T01:00-05:00", "2026-11-01T11:00-05:00"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T00:30-04:00", "2026-11-01T09:30-05:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T01:15+10:30", "2026-10-04T11:45+11:00"),
        ("Asia/Kolkata", "2026-12-01T09:00", "2026-12-01T08:00+05:30", "2026-12-01T18:00+05:30"),
        ("Pacific/Apia", "2026-12-01T00:30", "2026-11-30T23:30+13:00", "2026-12-01T09:30+13:00"),
    ],
)
def test_a_pass_is_valid_an_elapsed_hour_before_the_start_for_ten_elapsed_hours(
    zone: str, start: str, valid_from: str, valid_until: str
) -> None:
    """On days on which the clocks change, too; the times are as the hire's clock shows them."""
    wall = datetime.fromisoformat(start)
    plan = make_plan(LocalStart(wall.date(), wall.time(), zone), datetime(2026, 9, 1, tzinfo=UTC))
    assert plan.local(plan.valid_from).isoformat(timespec="minutes") == valid_from
    assert plan.local(plan.valid_until).isoformat(timespec="minutes") == valid_until


def test_with_link_lead_day_before_the_link_goes_with_the_notice_and_the_pass_does_not() -> None:
    """Only the link comes earlier; the pass is still made just before the window."""
    plan = make_plan(MONDAY, EARLY, Wishes(link_lead=LinkLead.DAY_BEFORE))
    assert plan.invite_at == plan.notice_at == _at("2026-12-04T16:00")
    assert plan.issue_at == _at("2026-12-07T07:20")


def test_a_holiday_moves_the_notice_to_the_working_day_before_it() -> None:
    """Friday is a holiday, so people are told on Thursday."""
    plan = make_plan(MONDAY, EARLY, week=WorkWeek(holidays=frozenset({date(2026, 12, 4)})))
    assert plan.notice_at == _at("2026-12-03T16:00")


def test_a_start_just_after_midnight_is_noticed_before_it_is_invited() -> None:
    """However early the start and late the notice, notice never comes after the link."""
    night = LocalStart(date(2026, 12, 8), time(0, 5), "Europe/Berlin")
    plan = make_plan(night, EARLY, Wishes(notice_time=time(23, 59)))
    assert plan.notice_at == plan.invite_at == _at("2026-12-07T22:20")


def test_what_should_have_happened_happens_now_and_the_rest_in_its_time() -> None:
    """An event at the weekend: the notice is due at once, link and pass on Monday as ever."""
    now = _at("2026-12-05T11:00")
    plan = make_plan(MONDAY, now)
    assert plan.notice_at == now
    assert plan.invite_at == _at("2026-12-07T07:15")
    assert not plan.put_off


@pytest.mark.parametrize("when", ["2026-12-07T08:30", "2026-12-07T11:00", "2026-12-07T16:00"])
def test_until_four_on_the_start_day_validity_begins_now_with_its_full_length(when: str) -> None:
    """A late event shortens nothing."""
    plan = make_plan(MONDAY, _at(when))
    assert plan.notice_at == plan.invite_at == plan.issue_at == plan.opens == plan.valid_from == _at(when)
    assert plan.valid_until - plan.valid_from == timedelta(hours=10)
    assert not plan.put_off


@pytest.mark.parametrize(
    ("when", "starts", "why"),
    [
        ("2026-12-07T16:01", "2026-12-08T09:00", Exceptional.LATE_ON_START_DAY),
        ("2026-12-07T23:59", "2026-12-08T09:00", Exceptional.LATE_ON_START_DAY),
        ("2026-12-08T06:00", "2026-12-08T09:00", Exceptional.AFTER_START_DAY),
        ("2026-12-08T08:01", "2026-12-09T09:00", Exceptional.AFTER_START_DAY),
        ("2026-12-11T12:00", "2026-12-14T09:00", Exceptional.AFTER_START_DAY),
        ("2026-12-12T12:00", "2026-12-14T09:00", Exceptional.AFTER_START_DAY),
        ("2026-12-14T12:00", "2026-12-15T09:00", Exceptional.AFTER_START_DAY),
    ],
)
def test_a_later_event_gets_the_usual_hour_of_the_next_working_day(when: str, starts: str, why: Exceptional) -> None:
    """Nobody waits for a pass that evening or at the weekend; the plan says that the day was moved, and from when."""
    plan = make_plan(MONDAY, _at(when))
    assert plan.start == _at(starts)
    assert plan.valid_from == _at(starts) - timedelta(hours=1)
    assert plan.exceptions == (why,)
    assert plan.wanted == instant(MONDAY)


def test_a_moved_start_passes_over_holidays() -> None:
    """Tuesday is a holiday, so Monday evening's event leads to Wednesday."""
    plan = make_plan(MONDAY, _at("2026-12-07T17:00"), week=WorkWeek(holidays=frozenset({date(2026, 12, 8)})))
    assert plan.start == _at("2026-12-09T09:00")


def test_a_night_shift_is_not_late_before_it_starts() -> None:
    """At 17:00 a start at 22:00 is still to come, and is served that night."""
    night = LocalStart(date(2026, 12, 7), time(22), "Europe/Berlin")
    assert make_plan(night, _at("2026-12-07T17:00")).valid_from == _at("2026-12-07T21:00")
    assert make_plan(night, _at("2026-12-07T22:30")).put_off


def test_a_start_more_than_seven_days_back_is_too_old() -> None:
    """Counted in the hire's own days: 15 December is the eighth after the 7th."""
    with pytest.raises(TooOldError):
        make_plan(MONDAY, _at("2026-12-15T00:01"))


def test_an_issue_after_the_planned_begin_moves_the_whole_validity() -> None:
    """The moment of issue counts: begin, end and close move along, the window stays open."""
    planned = make_plan(MONDAY, EARLY)
    now = _at("2026-12-07T08:20")
    issued = as_made(planned, now, TEN_HOURS)
    assert (issued.valid_from, issued.valid_until, issued.closes) == (
        now,
        _at("2026-12-07T18:20"),
        _at("2026-12-07T18:20"),
    )
    assert issued.opens == planned.opens


def test_an_issue_in_time_changes_nothing_but_a_clamped_lifetime() -> None:
    """What the policy left of the lifetime is counted from the planned begin."""
    planned = make_plan(MONDAY, EARLY)
    assert as_made(planned, planned.issue_at, TEN_HOURS) == planned
    assert as_made(planned, planned.issue_at, Fitted(480, one_time=False)).closes == _at("2026-12-07T16:00")


def test_times_are_whole_seconds_and_never_before_now() -> None:
    """Graph is asked in whole seconds; half a second is rounded up."""
    now = _at("2026-12-07T11:00") + timedelta(milliseconds=500)
    assert make_plan(MONDAY, now).valid_from == _at("2026-12-07T11:00:01")


@pytest.mark.parametrize(("seconds", "left_out"), [(-5, True), (0, True), (120, True), (121, False), (3600, False)])
def test_a_start_within_two_minutes_is_left_out_of_the_request(seconds: int, left_out: bool) -> None:
    """Graph refuses a start in the past; without one the pass is valid at once."""
    start = EARLY + timedelta(seconds=seconds)
    assert start_for_graph(start, EARLY) == (None if left_out else start)


def test_every_zone_has_a_plan_in_order_on_every_day_of_a_year() -> None:
    """All zones, all days, three times of day, planned well before: an elapsed hour, ten hours, in order."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for number, name in enumerate(sorted(known_zones())):
        for day in range(number % 5, 366, 5):
            start = LocalStart(date(2026, 3, 1) + timedelta(days=day), (time(0), time(2, 30), time(9))[day % 3], name)
            plan = make_plan(start, now)
            assert _ordered(plan), start
            assert plan.start - plan.valid_from == timedelta(hours=1)
            assert plan.valid_until - plan.valid_from == timedelta(hours=10)
            assert plan.local(plan.notice_at).date() < start.date


ZONES = st.sampled_from(sorted(known_zones()))
DAYS = st.dates(date(1971, 1, 1), date(2050, 1, 1))
WISHES = st.builds(
    Wishes,
    lifetime=st.integers(10, 43_200),
    lead=st.integers(0, 240),
    window_lead=st.integers(0, 240),
    invite_lead=st.integers(0, 120),
    issue_lead=st.integers(0, 600),
    notice_time=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    link_lead=st.sampled_from(LinkLead),
)


@given(
    name=ZONES,
    day=DAYS,
    at=st.times(),
    ahead=st.timedeltas(timedelta(days=-9), timedelta(days=400)),
    wishes=WISHES,
    later=st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_any_plan_is_in_order_and_of_full_length(  # noqa: PLR0917
    name: str, day: date, at: time, ahead: timedelta, wishes: Wishes, later: timedelta
) -> None:
    """Whatever zone, day, wishes and moment: in order, nothing before now, full length, and so again at issue."""
    start = LocalStart(day, at.replace(second=0, microsecond=0), name)
    now = instant(start) - ahead
    try:
        plan = make_plan(start, now, wishes)
    except TooOldError:
        assert now.astimezone(ZoneInfo(name)).date() - day > timedelta(days=7)
        return
    assert _ordered(plan)
    assert plan.notice_at >= now
    assert plan.valid_until - plan.valid_from == timedelta(minutes=wishes.lifetime)
    assert plan.valid_from >= plan.start - timedelta(minutes=wishes.lead)
    assert plan.put_off or plan.start == plan.wanted
    issued = as_made(plan, now + later, Fitted(wishes.lifetime, one_time=False))
    assert _ordered(issued)
    assert issued.valid_from >= max(plan.valid_from, now + later)
    assert issued.valid_until - issued.valid_from == timedelta(minutes=wishes.lifetime)


@given(
    st.sampled_from(sorted(known_zones())), st.dates(date(1971, 1, 1), date(2050, 1, 1)), st.integers(1, 7 * 24 * 60)
)
def test_a_moved_start_is_the_first_usual_hour_of_a_working_day_to_come(name: str, day: date, minutes: int) -> None:
    """No working day's usual hour lies between the event and the one it was moved to."""
    start = LocalStart(day, time(9), name)
    now = instant(start) + timedelta(minutes=minutes)
    try:
        plan = make_plan(start, now)
    except TooOldError:
        assume(False)
    assume(plan.put_off)
    assert plan.valid_from == plan.start - timedelta(hours=1)
    today, moved_to = plan.local(now).date(), plan.local(plan.start).date()
    for n in range((moved_to - today).days):
        passed = today + timedelta(days=n)
        usual = instant(LocalStart(passed, time(9), name)) - timedelta(hours=1)
        assert passed.weekday() >= 5 or usual < now
