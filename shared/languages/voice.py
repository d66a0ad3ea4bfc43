"""Speaking to somebody in his language: texts by their English words, and instants with date, time and zone.

Texts stand in the code in English, in calls of `say` and `several`, where `python -m tools.languages` finds them. The
names of days and months and the order of a date are CLDR's, which Babel keeps; a test compares a whole year of them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.languages.catalogue import catalogue
from shared.languages.language import Language

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DATE = "{weekday} {day} {month} {year}"


@dataclass(frozen=True, slots=True)
class Voice:
    """Says things in one language. What is put into a text is put in as it is: escaping is the renderer's."""

    language: Language

    def say(self, text: str, /, **values: object) -> str:
        """Say a text, given in English, with values for its placeholders; in English where no translation is."""
        return self._forms(text, text)[0].format(**values)

    def several(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Say a text about a number of things, which its placeholder `{n}` stands for."""
        forms = self._forms(one, one, many)
        return forms[min(catalogue(self.language).form(number), len(forms) - 1)].format(n=number, **values)

    def when(self, instant: datetime, zone: str) -> str:
        """Tell an instant in a zone: "Monday 30 November 2026, 08:00 (Europe/Berlin, UTC+01:00)"."""
        local = instant.astimezone(ZoneInfo(zone))
        said = self.say("{day}, {time}", day=self.day(instant, zone), time=f"{local:%H:%M}")
        return f"{said} ({_zone(local, zone)})"

    def period(self, start: datetime, end: datetime, zone: str) -> str:
        """Tell a span: the date and zone once where both ends share them, in full otherwise."""
        first, last = (instant.astimezone(ZoneInfo(zone)) for instant in (start, end))
        if first.date() != last.date() or first.utcoffset() != last.utcoffset():
            return self.say("{start} to {end}", start=self.when(start, zone), end=self.when(end, zone))
        hours = self.say("{start} to {end}", start=f"{first:%H:%M}", end=f"{last:%H:%M}")
        return f"{self.say('{day}, {time}', day=self.day(start, zone), time=hours)} ({_zone(first, zone)})"

    def day(self, instant: datetime, zone: str) -> str:
        """Tell the date of an instant in a zone: "Monday 30 November 2026"."""
        local = instant.astimezone(ZoneInfo(zone))
        weekday, month = self.say(DAYS[local.weekday()]), self.say(MONTHS[local.month - 1])
        return self.say(DATE, weekday=weekday, day=local.day, month=month, year=local.year)

    def _forms(self, text: str, *english: str) -> tuple[str, ...]:
        return catalogue(self.language).texts.get(text, english)


ENGLISH = Voice(Language.ENGLISH)
"""For the helpdesk, the audit and whoever reads the API's answers."""


def clock_time(instant: datetime, zone: str) -> str:
    """Tell the time of day of an instant in a zone: "08:00"."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def _zone(local: datetime, zone: str) -> str:
    offset = local.utcoffset() or timedelta()
    if zone == "UTC":
        return "UTC"
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "-" if offset < timedelta() else "+"
    return f"{zone}, UTC{sign}{minutes // 60:02}:{minutes % 60:02}"
