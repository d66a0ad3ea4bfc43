"""When a desk is told who starts, and up to whom: nobody is left out, wherever he starts."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.planning.digest import Hours
from shared.planning.workdays import MONDAY_TO_FRIDAY, WorkWeek

BERLIN = Hours("Europe/Berlin", lambda _: MONDAY_TO_FRIDAY, time(14))
zones = st.sampled_from(["Europe/Berlin", "Pacific/Apia", "Pacific/Honolulu", "Australia/Adelaide", "UTC"])
weekends = st.frozensets(st.integers(0, 6), max_size=6)


@pytest.mark.parametrize(
    ("now", "day", "until"),
    [
        ("2030-05-27T13:59:59+02:00", None, None),
        ("2030-05-27T14:00:00+02:00", "2030-05-27", "2030-05-29T00:00:00+02:00"),
        ("2030-05-31T23:59:00+02:00", "2030-05-31", "2030-06-04T00:00:00+02:00"),
        ("2030-06-01T15:00:00+02:00", None, None),
    ],
)
def test_a_desk_is_told_from_two_o_clock_on_working_days(now: str, day: str | None, until: str | None) -> None:
    """Of all who start before the end of the next of them: on a Friday, of the weekend and of Monday."""
    due = BERLIN.day_due(datetime.fromisoformat(now))
    assert due == (date.fromisoformat(day) if day else None)
    assert due is None or BERLIN.covered_until(due) == datetime.fromisoformat(str(until))


def test_a_holiday_is_a_day_off() -> None:
    """Before it, the day after it is told of."""
    week = WorkWeek(holidays=frozenset({date(2030, 5, 30)}))
    hours = Hours("Europe/Berlin", lambda _: week, time(14))
    assert hours.day_due(datetime(2030, 5, 30, 13, tzinfo=UTC)) is None
    assert hours.covered_until(date(2030, 5, 29)) == datetime.fromisoformat("2030-06-01T00:00:00+02:00")


@given(zones, weekends, st.integers(0, 4_000), st.integers(0, 24 * 60 - 1))
def test_whoever_starts_is_told_of_before(zone: str, weekend: frozenset[int], days: int, minute: int) -> None:
    """Each start lies in some digest that was sent before it: none falls between two of them."""
    hours = Hours(zone, lambda _: WorkWeek(weekend), time(14))
    start = datetime(2028, 1, 1, tzinfo=ZoneInfo(zone)) + timedelta(days=days, minutes=minute)
    digests = (datetime.combine(start.date() - timedelta(days=back), time(14), ZoneInfo(zone)) for back in range(15))
    sent = [at for at in digests if at < start and hours.day_due(at) == at.date()]
    assert any(start.astimezone(UTC) < hours.covered_until(at.date()) for at in sent)
