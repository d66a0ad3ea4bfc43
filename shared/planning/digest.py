"""When a desk hears of those who start next, and up to whom. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.planning.workdays import WorkWeek


@dataclass(frozen=True, slots=True)
class Hours:
    """When a desk works: its zone, its working days around a year, and the time of day at which it is told."""

    zone: str
    work_week: Callable[[int], WorkWeek]
    told_at: time

    def day_due(self, now: datetime) -> date | None:
        """Return the desk's own day whose digest is due by `now`; None before the hour, and on a day off."""
        local = now.astimezone(ZoneInfo(self.zone))
        is_due = local.time() >= self.told_at and self.work_week(local.year).is_worked(local.date())
        return local.date() if is_due else None

    def covered_until(self, day: date) -> datetime:
        """Return up to when the starters of a digest begin: all of the next working day, and of the days off before.

        So whoever begins when the desk is next at work, or before, is told of while the desk is still there.
        """
        after = self.work_week(day.year).after(day) + timedelta(days=1)
        return datetime.combine(after, time(), ZoneInfo(self.zone)).astimezone(UTC)
