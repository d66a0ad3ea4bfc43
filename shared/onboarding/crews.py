"""Crews: the hires of one manager who start on one day at one site, and have a link of their own. Pure."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from shared.onboarding.ids import digest
from shared.onboarding.model import Onboarding

MANY = 3
"""From so many on, a manager hears of them in one mail."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Whose hires they are, by object id; the day is the site's own."""

    manager: str
    site: str
    day: date

    @property
    def name(self) -> str:
        """Name it in storage, where nobody's id stands."""
        return digest(self.manager, self.site, self.day.isoformat())


def crew_of(row: Onboarding) -> Crew | None:
    """Return the crew that somebody belongs to; None where no manager hears of what becomes of a hire's own link."""
    plan, manager = row.plan, row.collector
    if plan is None or manager is None or manager.link_to is None or row.request is not None:
        return None
    return Crew(manager.id, row.hire.site or "", plan.start.astimezone(ZoneInfo(plan.zone)).date())


def is_coming(row: Onboarding) -> bool:
    """Tell whether somebody has opened the pass, or still may: whoever does not come is told of by himself."""
    return row.claim is not None or row.ended_at is None
