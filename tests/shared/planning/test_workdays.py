"""Working days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.planning.workdays import is_working_day, next_working_day, previous_working_day

FRIDAY = date(2026, 12, 18)
MONDAY = date(2026, 12, 21)


def test_the_working_day_before_a_monday_is_friday() -> None:
    """Weekends are passed over backwards."""
    assert previous_working_day(MONDAY) == FRIDAY


def test_the_working_day_after_any_day_of_the_weekend_is_monday() -> None:
    """Weekends are passed over forwards, from within as well."""
    assert {next_working_day(FRIDAY + timedelta(days=n)) for n in range(3)} == {MONDAY}


def test_holidays_are_passed_over_like_weekends() -> None:
    """Christmas on Thursday and Friday makes Wednesday the working day before Monday."""
    holidays = frozenset({date(2026, 12, 24), date(2026, 12, 25)})
    assert previous_working_day(date(2026, 12, 28), holidays) == date(2026, 12, 23)
    assert next_working_day(date(2026, 12, 23), holidays) == date(2026, 12, 28)


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.frozensets(st.integers(-9, 9), max_size=12))
def test_nothing_worked_lies_between_a_day_and_its_neighbour(day: date, offsets: frozenset[int]) -> None:
    """The neighbour is a working day and every day in between is none."""
    holidays = frozenset(day + timedelta(days=n) for n in offsets)
    after, before = next_working_day(day, holidays), previous_working_day(day, holidays)
    assert before < day < after
    assert is_working_day(after, holidays)
    assert is_working_day(before, holidays)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(is_working_day(d, holidays) for d in between if d != day)
