"""Who starts where and when: drawn at random from the seeded directory, the same again for the same seed."""

import random
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from demo.hours import Hours, clocks_change, hours_of
from sandbox.people import HireOfCompany

_WEEKS_AHEAD = 52
_DAYS_BEFORE = (6, 34)
"""HR tells before the first look at the device, on Tuesday at 16:00: nothing is due at once.

More than five weeks before, and the youngest account would be too old.
"""
_OFFICE_HOURS = (9, 15)
_OWN_TIMES = (time(7, 30), time(8), time(10))
_USUAL_TIME = time(9)
_SATURDAY = 5
_SEED = re.compile(r"(\d{8})-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Draw:
    """One story. `own_time`: the event itself names the time of day; `old_manager`: whom HR still takes for it."""

    seed: str
    hire: HireOfCompany
    day: date
    time: time
    own_time: bool
    begins: datetime
    old_manager: str
    hours: Hours

    @property
    def clocks_change(self) -> bool:
        """Whether the clocks change at the site between the event and the start."""
        return clocks_change(self.hire.timezone, self.begins, self.hours.start)


def new_seed() -> str:
    """Return a seed: today's date, from which "a coming Monday" is meant, and a number."""
    return f"{datetime.now(UTC):%Y%m%d}-{secrets.randbelow(10_000):04d}"


def parse_seed(text: str) -> date:
    """Return the date in a seed.

    Raises:
        ValueError: it is no seed.
    """
    match = _SEED.fullmatch(text)
    if match is None:
        raise ValueError("a seed looks like 20270325-4821: a date and a number")
    return datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()


def draw(
    seed: str, hires: Sequence[HireOfCompany], sites: Sequence[Mapping[str, Any]], *, crossing: bool = False
) -> Draw:
    """Draw a story; every other one, or with `crossing` each, has a change of clocks between event and start.

    Zones without such changes have their stories too.
    """
    dice = random.Random(seed)  # noqa: S311 – to be repeated, not to be secret
    hire = dice.choice([one for one in hires if not crossing or _ever_changes(one.timezone, seed)])
    usual = next(site["start_time"] for site in sites if site["name"] == hire.site)
    own_time = dice.random() < 1 / 3
    at = dice.choice(_OWN_TIMES) if own_time else time.fromisoformat(usual) if usual else _USUAL_TIME
    wanted = [(day, begins) for day, begins in _moments(dice, seed, hire.timezone)]
    changing = [
        one for one in wanted if clocks_change(hire.timezone, one[1], hours_of(one[0], at, hire.timezone).start)
    ]
    prefer = changing and (crossing or dice.random() < 1 / 2)
    day, begins = dice.choice(changing if prefer else wanted)
    others = sorted({one.manager for one in hires} - {hire.manager})
    return Draw(seed, hire, day, at, own_time, begins, dice.choice(others), hours_of(day, at, hire.timezone))


def _moments(dice: random.Random, seed: str, zone: str) -> list[tuple[date, datetime]]:
    """For each Monday of the coming year the moment, some working day before, at which HR tells of a start on it."""
    today = parse_seed(seed)
    first = today + timedelta(days=7 - today.weekday())
    mondays = (first + timedelta(weeks=week) for week in range(1, _WEEKS_AHEAD))
    return [(monday, _told(dice, monday, today, zone)) for monday in mondays]


def _told(dice: random.Random, monday: date, today: date, zone: str) -> datetime:
    day = max(monday - timedelta(days=dice.randint(*_DAYS_BEFORE)), today + timedelta(days=1))
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    at = time(dice.randint(*_OFFICE_HOURS), dice.randint(0, 59))
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def _ever_changes(zone: str, seed: str) -> bool:
    today = parse_seed(seed)
    days = (datetime.combine(today + timedelta(days=30 * month), time(12), UTC) for month in range(13))
    return len({day.astimezone(ZoneInfo(zone)).utcoffset() for day in days}) > 1
