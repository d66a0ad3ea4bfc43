"""Dropping named records that nothing is to be seen of any more: they hold a person's number and first day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.onboarding.records.store import RecordStore


@dataclass(frozen=True, slots=True)
class Resting:
    """Drops what no event has named for as long as personal data are kept, and whose start has gone by."""

    records: RecordStore
    sources: Sequence[str]
    kept: timedelta

    async def drop(self, now: datetime) -> None:
        """Drop them."""
        for source in self.sources:
            await self.records.drop_resting(source, now - self.kept)
