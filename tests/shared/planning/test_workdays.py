"""Working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.planning.workdays import MONDAY_TO_FRIDAY, WorkWeek

FRIDAY = date(2026, 12, 18)
MONDAY = date(2026, 12, 21)


def test_the_working_day_before_a_monday_is_friday() -> None:
    """Weekends are passed over backwards."""
    assert MONDAY_TO_FRIDAY.before(MONDAY) == FRIDAY


def test_the_working_day_after_any_day_of_the_weekend_is_monday() -> None:
    """Weekends are passed over forwards, from within as well."""
    assert {MONDAY_TO_FRIDAY.after(FRIDAY + timedelta(days=n)) for n in range(3)} == {MONDAY}


def test_holidays_are_passed_over_like_weekends() -> None:
    """Christmas on Thursday and Friday makes Wednesday the working day before Monday."""
    week = WorkWeek(holidays=frozenset({date(2026, 12, 24), date(2026, 12, 25)}))
    assert week.before(date(2026, 12, 28)) == date(2026, 12, 23)
    assert week.after(date(2026, 12, 23)) == date(2026, 12, 28)


def test_where_friday_and_saturday_are_free_sunday_is_worked() -> None:
    """A weekend is any set of weekdays, and need not be two of them."""
    cairo = WorkWeek(weekend=frozenset({4, 5}))
    assert cairo.after(date(2026, 12, 17)) == date(2026, 12, 20)
    assert cairo.before(date(2026, 12, 20)) == date(2026, 12, 17)
    assert WorkWeek(weekend=frozenset()).after(FRIDAY) == date(2026, 12, 19)


def test_a_week_without_a_working_day_is_refused() -> None:
    """There would be no day to give notice on, however far one looked."""
    with pytest.raises(ValueError, match="worked"):
        WorkWeek(weekend=frozenset(range(7)))


@given(
    st.dates(date(1970, 1, 1), date(2100, 1, 1)),
    st.frozensets(st.integers(0, 6), max_size=6),
    st.frozensets(st.integers(-9, 9), max_size=12),
)
def test_nothing_worked_lies_between_a_day_and_its_neighbour(
    day: date, weekend: frozenset[int], offsets: frozenset[int]
) -> None:
    """The neighbour is a working day and every day in between is none."""
    week = WorkWeek(weekend, frozenset(day + timedelta(days=n) for n in offsets))
    after, before = week.after(day), week.before(day)
    assert before < day < after
    assert week.is_worked(after)
    assert week.is_worked(before)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(week.is_worked(d) for d in between if d != day)
