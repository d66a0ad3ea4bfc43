"""Instants in words: no day, zone or season is left to guess."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.languages.voice import ENGLISH, clock_time

NEW_YORK_BEFORE = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "words"),
    [
        ("2026-11-30T07:00Z", "Europe/Berlin", "Monday 30 November 2026, 08:00 (Europe/Berlin, UTC+01:00)"),
        ("2026-07-01T07:00Z", "Europe/Berlin", "Wednesday 1 July 2026, 09:00 (Europe/Berlin, UTC+02:00)"),
        ("2027-01-01T02:00Z", "America/New_York", "Thursday 31 December 2026, 21:00 (America/New_York, UTC-05:00)"),
        ("2026-03-01T20:00Z", "Asia/Kolkata", "Monday 2 March 2026, 01:30 (Asia/Kolkata, UTC+05:30)"),
        ("2026-07-01T12:00Z", "America/St_Johns", "Wednesday 1 July 2026, 09:30 (America/St_Johns, UTC-02:30)"),
        ("2026-07-01T12:00Z", "Asia/Kathmandu", "Wednesday 1 July 2026, 17:45 (Asia/Kathmandu, UTC+05:45)"),
        ("2026-01-05T09:00Z", "Europe/London", "Monday 5 January 2026, 09:00 (Europe/London, UTC+00:00)"),
        ("2026-01-05T09:00Z", "UTC", "Monday 5 January 2026, 09:00 (UTC)"),
    ],
)
def test_an_instant_is_told_with_date_time_zone_and_offset(instant: str, zone: str, words: str) -> None:
    """Nobody has to guess the day, the zone or the season."""
    assert ENGLISH.when(datetime.fromisoformat(instant), zone) == words


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    """In the night the clocks go back, the offset tells the two hours apart."""
    first, second = (ENGLISH.when(NEW_YORK_BEFORE + timedelta(hours=h), "America/New_York") for h in (0, 1))
    assert first == "Sunday 1 November 2026, 01:30 (America/New_York, UTC-04:00)"
    assert second == "Sunday 1 November 2026, 01:30 (America/New_York, UTC-05:00)"


def test_a_period_names_the_day_once() -> None:
    """Within one day and offset, date and zone are told once."""
    start = datetime(2026, 11, 30, 7, tzinfo=UTC)
    assert (
        ENGLISH.period(start, start + timedelta(hours=10), "Europe/Berlin")
        == "Monday 30 November 2026, 08:00 to 18:00 (Europe/Berlin, UTC+01:00)"
    )


@pytest.mark.parametrize(
    ("start", "hours", "zone"),
    [(datetime(2026, 11, 30, 20, tzinfo=UTC), 10, "Europe/Berlin"), (NEW_YORK_BEFORE, 4, "America/New_York")],
    ids=["over midnight", "over a change of the clocks"],
)
def test_a_period_over_a_border_is_told_in_full(start: datetime, hours: int, zone: str) -> None:
    """Where day or offset changes, both ends are whole."""
    end = start + timedelta(hours=hours)
    assert ENGLISH.period(start, end, zone) == f"{ENGLISH.when(start, zone)} to {ENGLISH.when(end, zone)}"


def test_day_and_time_are_local() -> None:
    """Parts of an instant are told in the zone too."""
    late = datetime(2026, 11, 30, 23, 5, tzinfo=UTC)
    assert ENGLISH.day(late, "Asia/Tokyo") == "Tuesday 1 December 2026"
    assert clock_time(late, "Asia/Tokyo") == "08:05"
