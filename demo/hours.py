"""When what should happen, worked out here once more: from a date, a time of day and a zone, by nothing of the product.

The demonstration compares the product with this, so it shares no code with it, on purpose.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LIFETIME = timedelta(hours=10)
_BEFORE_START = timedelta(hours=1)
_WINDOW_BEFORE_VALIDITY = timedelta(minutes=30)
_LINK_BEFORE_WINDOW = timedelta(minutes=15)
_PASS_BEFORE_WINDOW = timedelta(minutes=10)
_NOTICE = time(16)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Hours:
    """The instants of one hire's first morning, aware and in UTC; `zone` is where the hire works."""

    zone: str
    start: datetime
    valid_from: datetime
    valid_until: datetime
    opens: datetime
    issue_at: datetime
    invite_at: datetime
    notice_at: datetime

    def local(self, instant: datetime) -> datetime:
        """Show an instant on the hire's own clock."""
        return instant.astimezone(ZoneInfo(self.zone))


def hours_of(day: date, at: time, zone: str) -> Hours:
    """Work out the hours of a start. A time that the clocks skip or repeat that night is not foreseen here."""
    start = _instant(day, at, zone)
    valid_from = start - _BEFORE_START
    opens = valid_from - _WINDOW_BEFORE_VALIDITY
    return Hours(
        zone=zone,
        start=start,
        valid_from=valid_from,
        valid_until=valid_from + LIFETIME,
        opens=opens,
        issue_at=opens - _PASS_BEFORE_WINDOW,
        invite_at=opens - _LINK_BEFORE_WINDOW,
        notice_at=_instant(_working_day_before(day), _NOTICE, zone),
    )


def clocks_change(zone: str, first: datetime, last: datetime) -> bool:
    """Tell whether the zone has another offset from UTC at `last` than at `first`."""
    return first.astimezone(ZoneInfo(zone)).utcoffset() != last.astimezone(ZoneInfo(zone)).utcoffset()


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def _working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    return day
