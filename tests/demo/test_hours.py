"""The demonstration's own arithmetic, against the product's and against days written down by hand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.draw import draw, new_seed, parse_seed
from demo.hours import clocks_change, hours_of
from sandbox.people import HireOfCompany
from sandbox.tenant import seed as company
from shared.onboarding.schedule.device import LOOK_AHEAD
from shared.planning.plan import make_plan
from shared.planning.start import LocalStart

ZONES = tuple(site.timezone for site in company.SITES)
SITES = [{"name": site.name, "start_time": site.start_time} for site in company.SITES]
HIRES = [
    HireOfCompany(
        upn=person.upn,
        employee_id=person.number or "",
        name=person.name,
        site=person.site,
        timezone=next(site.timezone for site in company.SITES if site.name == person.site),
        department=person.department or "",
        manager=person.manager or "",
        manager_mail="",
        device="",
        group="",
    )
    for person in company.PEOPLE
    if person.clean
]
seeds = st.builds("{:%Y%m%d}-{}".format, st.dates(date(2026, 1, 1), date(2035, 1, 1)), st.integers(0, 9999))


def test_a_monday_after_the_clocks_changed_in_berlin() -> None:
    """On the Monday after the change 09:00 is 07:00 UTC; the Friday before it 16:00 still was 15:00 UTC."""
    hours = hours_of(date(2027, 3, 29), time(9), "Europe/Berlin")
    assert hours.start == datetime(2027, 3, 29, 7, tzinfo=UTC)
    assert hours.valid_from == datetime(2027, 3, 29, 6, tzinfo=UTC)
    assert hours.valid_until == datetime(2027, 3, 29, 16, tzinfo=UTC)
    assert hours.notice_at == datetime(2027, 3, 26, 15, tzinfo=UTC)


@settings(deadline=None)
@given(st.dates(date(2026, 1, 1), date(2035, 1, 1)), st.times(time(6), time(12)), st.sampled_from(ZONES))
def test_the_product_comes_to_the_same_hours(day: date, at: time, zone: str) -> None:
    """Told in time, product and demonstration agree on every instant, at every site and across changes of clocks."""
    at = at.replace(second=0, microsecond=0)
    hours = hours_of(day, at, zone)
    plan = make_plan(LocalStart(day, at, zone), hours.start - timedelta(days=20))
    names = ("start", "valid_from", "valid_until", "opens", "issue_at", "invite_at", "notice_at")
    assert {name: getattr(plan, name) for name in names} == {name: getattr(hours, name) for name in names}


@settings(deadline=None)
@given(seeds, st.booleans())
def test_what_is_drawn_can_be_told(seed: str, crossing: bool) -> None:
    """A start is a coming Monday, known on a working day before anything is due, with a stranger as HR's manager."""
    drawn = draw(seed, HIRES, SITES, crossing=crossing)
    told = drawn.begins.astimezone(ZoneInfo(drawn.hire.timezone))
    assert drawn.day.weekday() == 0
    assert parse_seed(seed) < drawn.day
    assert told.weekday() < 5
    assert drawn.begins < drawn.hours.notice_at - LOOK_AHEAD, "else a sweep may look at the device while HR tells"
    assert drawn.hours.start - drawn.begins < timedelta(days=40), "the oldest of the young accounts is 20 days old"
    assert drawn.old_manager != drawn.hire.manager
    assert drawn.clocks_change or not crossing


@settings(deadline=None)
@given(seeds)
def test_the_same_seed_draws_the_same(seed: str) -> None:
    """A story can be told again."""
    assert draw(seed, HIRES, SITES) == draw(seed, HIRES, SITES)


def test_stories_differ() -> None:
    """Many seeds bring every hire, and starts with and without a change of clocks before them."""
    stories = [draw(f"20270301-{number}", HIRES, SITES) for number in range(200)]
    assert {story.hire.upn for story in stories} == {hire.upn for hire in HIRES}
    assert {story.clocks_change for story in stories} == {True, False}
    assert {story.own_time for story in stories} == {True, False}


def test_a_new_seed_is_one() -> None:
    """What a run prints can be given back to it."""
    assert parse_seed(new_seed())


@pytest.mark.parametrize("text", ["", "7", "20271399-1", "20270301", "20270301-"])
def test_what_is_no_seed_is_refused(text: str) -> None:
    """A seed has a date that exists, and a number."""
    with pytest.raises(ValueError, match=r"seed|day|data|format"):
        parse_seed(text)


def test_changes_of_clocks_are_known() -> None:
    """Berlin changes in March, India never."""
    first, last = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
    assert clocks_change("Europe/Berlin", first, last)
    assert not clocks_change("Asia/Kolkata", first, last)
