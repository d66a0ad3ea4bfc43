"""Entries of the table `people` that lead nowhere: dropped once a day, so that none outlives what is personal in a row.

An entry is written before the row that it names, and before the row knows its account. Whoever is cut off between the
two leaves an id there of which no row will ever know where it stands, so that erasing the row does not find it. So
does whoever is cut off between a device's leaving its group, which the row forgets first, and the device's entry.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from shared.onboarding.audit.census import Census
from shared.onboarding.people import Entry, People
from shared.runtime.errors import ConflictError


@dataclass(frozen=True, slots=True)
class Strays:
    """Drops ids that lead to no row, or to one of which nothing personal is left."""

    census: Census
    people: People

    async def drop(self, now: datetime) -> None:
        """Drop what was found stray on an earlier day and is so still; mark what is found so for the first time.

        Somebody may be about to write the row of an id that leads nowhere; whoever names another in an entry takes the
        mark off it.
        """
        today = now.date().isoformat()
        living = await self.census.living()
        async for entry in self.people.all():
            if not living.issuperset(entry.ids):
                # Somebody writes there just now: another day.
                with suppress(ConflictError):
                    await self._without_strays(entry, living, today)

    async def _without_strays(self, entry: Entry, living: frozenset[str], today: str) -> None:
        if entry.stray_since is None:
            await self.people.mark_stray(entry, today)
        elif entry.stray_since < today:
            await self.people.narrow(entry, tuple(one for one in entry.ids if one in living))
