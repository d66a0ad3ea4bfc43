"""Working days of a place: its weekend, and its holidays as plain dates that the caller passes in."""

from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY_AND_SUNDAY = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """When people of a place do not work. `weekend` holds weekdays as `date.weekday` counts them, Monday being 0.

    Raises:
        ValueError: no weekday is left to work on.
    """

    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.weekend.issuperset(range(7)):
            raise ValueError("a week needs a day that is worked on")

    def is_worked(self, day: date) -> bool:
        """Tell whether people work on this day."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def before(self, day: date) -> date:
        """Return the last working day before `day`, whether `day` is one or not."""
        return self._nearest(day, timedelta(days=-1))

    def after(self, day: date) -> date:
        """Return the first working day after `day`, whether `day` is one or not."""
        return self._nearest(day, timedelta(days=1))

    def _nearest(self, day: date, step: timedelta) -> date:
        # Ends: the holidays are a finite set, so there is a working day beyond the last of them.
        day += step
        while not self.is_worked(day):
            day += step
        return day


MONDAY_TO_FRIDAY = WorkWeek()
