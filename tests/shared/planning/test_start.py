"""Local starts: what an event says, and the instant it means."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.planning.exceptional import Exceptional
from shared.planning.start import (
    ImpossibleStartError,
    LocalStart,
    SiteHours,
    StartFault,
    WantedStart,
    clock_change,
    instant,
    known_zones,
    resolve,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SITES = {"Berlin": SiteHours("Europe/Berlin", "08:30"), "Pune": SiteHours("Asia/Kolkata")}


def _local(start: LocalStart) -> str:
    return instant(start).astimezone(ZoneInfo(start.zone)).isoformat()


def _resolve(
    day: str = "2026-12-01", at: str | None = None, zone: str | None = None, site: str | None = None
) -> LocalStart:
    return resolve(WantedStart(day, at, zone, site), SITES, "America/New_York", NOW)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (_resolve(at="10:15", zone="Asia/Tokyo", site="Berlin"), (time(10, 15), "Asia/Tokyo")),
        (_resolve(site="Berlin"), (time(8, 30), "Europe/Berlin")),
        (_resolve(at="07:00", site="Berlin"), (time(7), "Europe/Berlin")),
        (_resolve(zone="Asia/Tokyo", site="Berlin"), (time(8, 30), "Asia/Tokyo")),
        (_resolve(site="Pune"), (time(9), "Asia/Kolkata")),
        (_resolve(), (time(9), "America/New_York")),
    ],
)
def test_the_event_comes_before_the_site_and_the_site_before_the_default(
    start: LocalStart, expected: tuple[time, str]
) -> None:
    """Zone and time are each taken from the nearest that has one; the last resort is 09:00."""
    assert (start.time, start.zone) == expected
    assert start.date == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        (WantedStart("2026-12-01", timezone="Mars/Olympus"), StartFault.UNKNOWN_ZONE),
        (WantedStart("2026-12-01", timezone="europe/berlin"), StartFault.UNKNOWN_ZONE),
        (WantedStart("2026-12-01", timezone="../../etc/passwd"), StartFault.UNKNOWN_ZONE),
        (WantedStart("2026-12-01", timezone="W. Europe Standard Time"), StartFault.UNKNOWN_ZONE),
        (WantedStart("2026-12-01", timezone="localtime"), StartFault.UNKNOWN_ZONE),
        (WantedStart("2026-12-01", timezone="Factory"), StartFault.UNKNOWN_ZONE),
        (WantedStart("2026-12-01", site="Atlantis"), StartFault.UNKNOWN_SITE),
        (WantedStart("2026-12-01", timezone="Europe/Berlin", site="Atlantis"), StartFault.UNKNOWN_SITE),
        (WantedStart("2026-02-31"), StartFault.IMPOSSIBLE_DATE),
        (WantedStart("0000-00-00"), StartFault.IMPOSSIBLE_DATE),
        (WantedStart("2026-12-01", time="24:00"), StartFault.IMPOSSIBLE_TIME),
        (WantedStart("2026-12-01", time="09:60"), StartFault.IMPOSSIBLE_TIME),
        (WantedStart("2027-12-27"), StartFault.ABSURD_DATE),
        (WantedStart("9999-12-31"), StartFault.ABSURD_DATE),
        (WantedStart("0001-01-01"), StartFault.ABSURD_DATE),
    ],
)
def test_a_well_shaped_but_impossible_start_is_named_as_what_it_is(wanted: WantedStart, fault: StartFault) -> None:
    """Each impossible field has a fault of its own, and the text never repeats what was sent."""
    with pytest.raises(ImpossibleStartError) as refused:
        resolve(wanted, SITES, "America/New_York", NOW)
    assert refused.value.fault is fault
    for value in (wanted.timezone, wanted.site, wanted.time):
        assert not value or value not in str(refused.value)


def test_four_hundred_days_ahead_are_still_believed() -> None:
    """The bound itself is inside, counted in the hire's own days."""
    assert _resolve("2027-12-26").date == date(2027, 12, 26)


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (date(2027, 3, 28), time(2, 30), "Europe/Berlin", "2027-03-28T03:30:00+02:00"),
        (date(2027, 3, 28), time(1, 59), "Europe/Berlin", "2027-03-28T01:59:00+01:00"),
        (date(2027, 3, 28), time(3), "Europe/Berlin", "2027-03-28T03:00:00+02:00"),
        (date(2026, 11, 1), time(1, 30), "America/New_York", "2026-11-01T01:30:00-04:00"),
        (date(2026, 11, 1), time(2), "America/New_York", "2026-11-01T02:00:00-05:00"),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", "2026-10-04T02:45:00+11:00"),
        (date(2026, 4, 5), time(1, 45), "Australia/Lord_Howe", "2026-04-05T01:45:00+11:00"),
        (date(2026, 12, 1), time(9), "Asia/Kolkata", "2026-12-01T09:00:00+05:30"),
        (date(2011, 12, 30), time(9), "Pacific/Apia", "2011-12-31T09:00:00+14:00"),
        (date(2026, 12, 1), time(9), "Pacific/Apia", "2026-12-01T09:00:00+13:00"),
    ],
)
def test_known_changes_of_clocks(day: date, at: time, zone: str, expected: str) -> None:
    """A skipped time is later by what was skipped, a doubled one the earlier; Samoa once skipped a whole day."""
    assert _local(LocalStart(day, at, zone)) == expected


def _assert_right(wall: datetime, name: str) -> None:
    """The first instant at which the clock shows the time; where none does, later by just what was skipped."""
    zone, start = ZoneInfo(name), LocalStart(wall.date(), wall.time(), name)
    found = instant(start)
    utc = wall.replace(tzinfo=UTC)
    offsets = {(utc + timedelta(hours=hours)).astimezone(zone).utcoffset() or timedelta() for hours in range(-27, 28)}
    showing = sorted(utc - offset for offset in offsets if (utc - offset).astimezone(zone).replace(tzinfo=None) == wall)
    if showing:
        assert found == showing[0], (name, wall, found)
        assert clock_change(start) is (Exceptional.REPEATED_TIME if len(showing) > 1 else None)
        return
    after = found.astimezone(zone).utcoffset() or timedelta()
    before = (utc - after).astimezone(zone).utcoffset() or timedelta()
    assert found == utc - before, (name, wall, found)
    assert after > before
    assert clock_change(start) is Exceptional.SKIPPED_TIME


def _changes(name: str) -> list[datetime]:
    """Instants of 2026 to 2028 at which a zone's offset changes, to the minute."""
    zone, changes = ZoneInfo(name), []
    day = datetime(2026, 1, 1, tzinfo=UTC)
    while day.year < 2029:
        low, day = day, day + timedelta(days=1)
        high, old = day, low.astimezone(zone).utcoffset()
        if high.astimezone(zone).utcoffset() == old:
            continue
        while high - low > timedelta(minutes=1):
            middle = low + (high - low) // 2
            low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
        changes.append(high.replace(second=0, microsecond=0))
    return changes


def test_around_every_change_of_clocks_in_every_zone_the_first_right_instant_is_found() -> None:
    """Three years of every zone, each quarter of an hour for two hours and a half around each change."""
    seen = 0
    for name in sorted(known_zones()):
        for change in _changes(name):
            around = change.astimezone(ZoneInfo(name)).replace(tzinfo=None)
            for quarter in range(-10, 11):
                _assert_right(around + timedelta(minutes=15 * quarter), name)
                seen += 1
    assert seen > 10_000


@given(
    st.sampled_from(sorted(known_zones())),
    st.datetimes(datetime(1971, 1, 2), datetime(2050, 1, 1)),  # noqa: DTZ001
)
def test_in_any_zone_and_year_the_first_right_instant_is_found(name: str, wall: datetime) -> None:
    """Also far from any change, and where a zone moved by hours or a whole day."""
    _assert_right(wall.replace(second=0, microsecond=0), name)
