"""When tables that are left in a container came, as it orders what they say.

Storage tells it to the second. Of two that came in the same one, the one that is taken later has to count as the newer
word: so it stands a microsecond after the one before, which is noted by source.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.runtime.leases import Cells

KIND = "drops-taken"
A_SECOND = timedelta(seconds=1)
A_STEP = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Orders the tables of a source, one of which is taken at a time."""

    cells: Cells

    async def order(self, source: str, came: datetime) -> datetime:
        """Return the moment that stands for a table; the same again until it is noted."""
        noted = await self.cells.read(KIND, source)
        return came if noted is None else after(datetime.fromisoformat(noted["last"]), came)

    async def note(self, source: str, moment: datetime) -> None:
        """Note that the table for which a moment stands had its effect."""
        await self.cells.put(KIND, source, {"last": moment.isoformat()})


def after(last: datetime, came: datetime) -> datetime:
    """Return when a table came; right after the last one where both came in the same second."""
    return last + A_STEP if came <= last < came + A_SECOND else came
