"""When a hire starts, as people say it: a date, a time of day and an IANA zone.

An event may be well shaped and still impossible (31 February, a zone that does not exist, a site nobody configured).
That is found here and not at the doorway: such an event is stored and shown as failed, for a sender cannot mend it
by sending it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from shared.planning.exceptional import Exceptional

DEFAULT_START_TIME = time(9)
FARTHEST_AHEAD = timedelta(days=400)
_EARLIEST_YEAR = 1900
# Both are files of the time zone database; the first is the machine's own zone, the second says "not set".
_NO_ZONES = frozenset({"localtime", "Factory"})


class StartFault(StrEnum):
    """Why a start cannot be."""

    UNKNOWN_ZONE = "unknown-zone"
    UNKNOWN_SITE = "unknown-site"
    IMPOSSIBLE_DATE = "impossible-date"
    IMPOSSIBLE_TIME = "impossible-time"
    ABSURD_DATE = "absurd-date"


class ImpossibleStartError(Exception):
    """A start that cannot be planned. The text names the field and what would mend it, never the value."""

    def __init__(self, fault: StartFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class LocalStart:
    """The first working minute: `zone` is the name of an IANA zone that is known to exist."""

    date: date
    time: time
    zone: str


@dataclass(frozen=True, slots=True)
class SiteHours:
    """What a site adds to an event that is silent: its IANA zone, and perhaps its usual start as HH:MM."""

    timezone: str
    start_time: str | None = None


@dataclass(frozen=True, slots=True)
class WantedStart:
    """The start as an event has it: strings of the right shape (YYYY-MM-DD, HH:MM), not yet known to be possible."""

    date: str
    time: str | None = None
    timezone: str | None = None
    site: str | None = None


def resolve(wanted: WantedStart, sites: Mapping[str, SiteHours], default_timezone: str, now: datetime) -> LocalStart:
    """Find the local start: zone and time from the event, else from its site, else the defaults (09:00).

    A site that is named and not configured is a fault even if the event has a zone of its own: the device group
    would be guessed. Starts in the past are fine here; `plan.make_plan` decides what becomes of them.

    Raises:
        ImpossibleStartError: for a zone, date, time or site that cannot be, or a date before 1900 or more than
            400 days ahead.
    """
    site = _site(wanted.site, sites)
    zone = parse_zone(wanted.timezone or (site.timezone if site else default_timezone))
    at = wanted.time or (site.start_time if site else None)
    return LocalStart(
        date=_plausible(parse_date(wanted.date), zone, now),
        time=parse_time(at) if at else DEFAULT_START_TIME,
        zone=zone,
    )


def parse_zone(name: str) -> str:
    """Return the name of an IANA zone as it is, or raise ImpossibleStartError. Names are exact, case included."""
    if name not in known_zones():
        raise ImpossibleStartError(
            StartFault.UNKNOWN_ZONE, "the time zone is no IANA name such as Europe/Berlin: correct timezone"
        )
    return name


def parse_date(text: str) -> date:
    """Read YYYY-MM-DD, or raise ImpossibleStartError."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise ImpossibleStartError(
            StartFault.IMPOSSIBLE_DATE, "there is no such day in the calendar: correct startDate"
        ) from error


def parse_time(text: str) -> time:
    """Read HH:MM of a 24-hour clock, or raise ImpossibleStartError."""
    try:
        return datetime.strptime(text, "%H:%M").replace(tzinfo=UTC).time()
    except ValueError as error:
        raise ImpossibleStartError(
            StartFault.IMPOSSIBLE_TIME, "there is no such time of day: correct startTime (HH:MM)"
        ) from error


@cache
def known_zones() -> frozenset[str]:
    """Return the names of all IANA zones that this machine knows. Read once: it walks the file system."""
    return frozenset(available_timezones() - _NO_ZONES)


def instant(start: LocalStart) -> datetime:
    """Return the instant of a local start, aware and in UTC.

    A time that the clocks skip is counted with the offset before the change, so it is later by what was skipped; one
    that they pass twice is the first of the two. Source: RFC 5545, section 3.3.5.
    """
    return _with_fold(start, 0)


def clock_change(start: LocalStart) -> Exceptional | None:
    """Tell whether the clocks skip this very time, or pass it twice."""
    before, after = _with_fold(start, 0), _with_fold(start, 1)
    if before == after:
        return None
    return Exceptional.REPEATED_TIME if before < after else Exceptional.SKIPPED_TIME


def _with_fold(start: LocalStart, fold: int) -> datetime:
    # PEP 495: with fold=0 the offset before a change of the clocks counts, with fold=1 the one after it.
    return datetime.combine(start.date, start.time, ZoneInfo(start.zone)).replace(fold=fold).astimezone(UTC)


def _site(name: str | None, sites: Mapping[str, SiteHours]) -> SiteHours | None:
    if name is None:
        return None
    if name not in sites:
        raise ImpossibleStartError(
            StartFault.UNKNOWN_SITE, "the site is not configured: correct site, or add it to the setting SITES"
        )
    return sites[name]


def _plausible(day: date, zone: str, now: datetime) -> date:
    today = now.astimezone(ZoneInfo(zone)).date()
    if day.year < _EARLIEST_YEAR or day - today > FARTHEST_AHEAD:
        raise ImpossibleStartError(
            StartFault.ABSURD_DATE,
            f"the start lies more than {FARTHEST_AHEAD.days} days ahead or before {_EARLIEST_YEAR}: correct startDate",
        )
    return day
