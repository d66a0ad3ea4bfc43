"""Where a visitor may want the clock to jump: the next notice, the next morning. For convenience, not for judging.

Working days are Monday to Friday here; the product may know holidays.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_NOTICE = time(16)
_USUAL_START = time(9)
_BEFORE_START = timedelta(hours=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Start:
    """A first working minute: local date and time of day, and the IANA zone they are in."""

    day: date
    at: time
    zone: str

    @property
    def notice(self) -> datetime:
        """Return when the manager is told: the working day before, at 16:00 there."""
        return _local(working_day(self.day, -1), _NOTICE, self.zone)

    @property
    def morning(self) -> datetime:
        """Return when the pass begins to work: an hour before the start."""
        return _local(self.day, self.at, self.zone) - _BEFORE_START


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant to jump to, and the zone in which to show it."""

    at: datetime
    zone: str

    def shown(self) -> str:
        """Write it as a clock there shows it, with the city."""
        return f"{self.at.astimezone(ZoneInfo(self.zone)):%a %d %b, %H:%M} {city(self.zone)}"


def next_notice(now: datetime, starts: Iterable[Start], zone: str) -> Moment:
    """Find the first notice still to come of `starts`; without one, the next 16:00 of a working day in `zone`."""
    to_come = [Moment(start.notice, start.zone) for start in starts if start.notice > now]
    return min(to_come, key=lambda one: one.at, default=Moment(_next(now, _NOTICE, zone), zone))


def next_morning(now: datetime, starts: Iterable[Start], zone: str) -> Moment:
    """Find the first morning still to come of `starts`; without one, the next of a working day in `zone`."""
    to_come = [Moment(start.morning, start.zone) for start in starts if start.morning > now]
    usual = Moment(_next(now + _BEFORE_START, _USUAL_START, zone) - _BEFORE_START, zone)
    return min(to_come, key=lambda one: one.at, default=usual)


def with_notice(now: datetime, zone: str) -> date:
    """Return the first working day whose notice is still to come."""
    return working_day(_next(now, _NOTICE, zone).date(), 1)


def working_day(day: date, step: int) -> date:
    """Return the nearest working day before (`step` -1) or after (1) a day."""
    day += timedelta(days=step)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=step)
    return day


def city(zone: str) -> str:
    """Return the part of an IANA name that people know."""
    return zone.rpartition("/")[2].replace("_", " ")


def _next(now: datetime, at: time, zone: str) -> datetime:
    day = now.astimezone(ZoneInfo(zone)).date()
    if day.weekday() >= _SATURDAY or _local(day, at, zone) <= now:
        day = working_day(day, 1)
    return _local(day, at, zone)


def _local(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone))
