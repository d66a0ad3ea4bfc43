"""Schedules of six fields, in UTC."""

from datetime import UTC, datetime

import pytest

from sandbox.host.ncrontab import ScheduleError, parse_schedule

NOW = datetime(2030, 6, 3, 10, 15, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 * * * * *", datetime(2030, 6, 3, 10, 16, tzinfo=UTC)),
        ("*/20 * * * * *", datetime(2030, 6, 3, 10, 15, 40, tzinfo=UTC)),
        ("0 0 9-17/4 * * *", datetime(2030, 6, 3, 13, tzinfo=UTC)),
        ("0 30 9 * * mon-fri", datetime(2030, 6, 4, 9, 30, tzinfo=UTC)),
        ("0 0 0 1 jan *", datetime(2031, 1, 1, tzinfo=UTC)),
        ("0 0 0 29 2 *", datetime(2032, 2, 29, tzinfo=UTC)),
        ("30 15 10 * * *", datetime(2030, 6, 4, 10, 15, 30, tzinfo=UTC)),
        ("0 0 0 13 * 5", datetime(2030, 9, 13, tzinfo=UTC)),
    ],
)
def test_next_occurrence(text: str, expected: datetime) -> None:
    """The next occurrence is the first instant strictly after now that fits all six fields."""
    assert parse_schedule(text).next_after(NOW) == expected


@pytest.mark.parametrize(
    "text", ["* * * * *", "60 * * * * *", "0 0 24 * * *", "0 0 0 0 * *", "x * * * * *", "0 */0 * * * *"]
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    """Five fields, values out of range and words are refused when the app is loaded."""
    with pytest.raises(ScheduleError):
        parse_schedule(text)


def test_day_that_never_comes_is_refused() -> None:
    """30 February ends in an error, not in an endless loop."""
    with pytest.raises(ScheduleError):
        parse_schedule("0 0 0 30 2 *").next_after(NOW)
