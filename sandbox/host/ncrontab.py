"""NCRONTAB schedules: six fields – second, minute, hour, day, month, day of week – read in UTC.

Source: the timer trigger's reference of Azure Functions and the NCrontab library it uses. A day must fit both the
day-of-month and the day-of-week field, as in NCrontab (and unlike cron, where either is enough).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    ("second", 0, 59, ()),
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of week", 0, 6, _DAYS),
)
_HORIZON = timedelta(days=366 * 8)


class ScheduleError(ValueError):
    """The expression is no NCRONTAB schedule, or no instant fits it."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The values allowed in each of the six fields."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    def next_after(self, instant: datetime) -> datetime:
        """Return the first instant strictly after `instant` (aware, UTC) that fits.

        Raises:
            ScheduleError: none fits within eight years (30 February).
        """
        moment = instant.replace(microsecond=0) + timedelta(seconds=1)
        limit = moment + _HORIZON
        while moment < limit:
            if not self._fits_day(moment):
                moment = moment.replace(hour=0, minute=0, second=0) + timedelta(days=1)
            elif moment.hour not in self.hours:
                moment = moment.replace(minute=0, second=0) + timedelta(hours=1)
            elif moment.minute not in self.minutes:
                moment = moment.replace(second=0) + timedelta(minutes=1)
            elif moment.second not in self.seconds:
                moment += timedelta(seconds=1)
            else:
                return moment
        raise ScheduleError("no instant in the next eight years fits the schedule")

    def _fits_day(self, moment: datetime) -> bool:
        return moment.month in self.months and moment.day in self.days and moment.isoweekday() % 7 in self.weekdays


def parse_schedule(text: str) -> Schedule:
    """Parse six fields such as `0 */5 8-18 * * mon-fri`.

    Raises:
        ScheduleError: not six fields, or one of them is not understood. Five fields are taken by Azure too
            (second zero), but not here: the documentation asks for six.
    """
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ScheduleError(f"{text!r} has {len(fields)} fields; a timer's schedule has six, seconds first")
    return Schedule(*(_field(field, *rule) for field, rule in zip(fields, _FIELDS, strict=True)))


def _field(text: str, name: str, low: int, high: int, names: tuple[str, ...]) -> frozenset[int]:
    values: set[int] = set()
    for part in text.lower().split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = low, high
        else:
            start, dash, end = span.partition("-")
            first = _number(start, name, low, names)
            last = _number(end, name, low, names) if dash else (high if step else first)
        if not low <= first <= last <= high or (step and (not step.isdigit() or int(step) == 0)):
            raise ScheduleError(f"{part!r} is no {name} of a schedule ({low} to {high})")
        values.update(range(first, last + 1, int(step) if step else 1))
    return frozenset(values)


def _number(text: str, name: str, low: int, names: tuple[str, ...]) -> int:
    if text.isdigit():
        return int(text)
    if text in names:
        return names.index(text) + low
    raise ScheduleError(f"{text!r} is no {name} of a schedule")
