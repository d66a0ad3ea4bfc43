"""Working days: Monday to Friday, less the holidays that the caller passes in as plain dates.

Weekends other than Saturday and Sunday are not known here yet.
"""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta

_SATURDAY = 5
_NO_HOLIDAYS: frozenset[date] = frozenset()


def is_working_day(day: date, holidays: AbstractSet[date] = _NO_HOLIDAYS) -> bool:
    """Tell whether people work on this day."""
    return day.weekday() < _SATURDAY and day not in holidays


def previous_working_day(day: date, holidays: AbstractSet[date] = _NO_HOLIDAYS) -> date:
    """Return the last working day before `day`, whether `day` is one or not."""
    return _nearest(day, timedelta(days=-1), holidays)


def next_working_day(day: date, holidays: AbstractSet[date] = _NO_HOLIDAYS) -> date:
    """Return the first working day after `day`, whether `day` is one or not."""
    return _nearest(day, timedelta(days=1), holidays)


def _nearest(day: date, step: timedelta, holidays: AbstractSet[date]) -> date:
    # Ends: `holidays` is a finite set, so there is a working day beyond the last of them.
    day += step
    while not is_working_day(day, holidays):
        day += step
    return day
