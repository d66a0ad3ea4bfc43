"""Dropping what HR systems told and nobody needs any more: named records, and deliveries that were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.onboarding.deliveries.store import DeliveryStore
from shared.onboarding.records.store import RecordStore

DELIVERIES_KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Resting:
    """Drops records that no event has named for as long as personal data are kept, and whose start has gone by.

    Deliveries are kept for `DELIVERIES_KEPT`, whatever became of them.
    """

    records: RecordStore
    deliveries: DeliveryStore
    sources: Sequence[str]
    kept: timedelta

    async def drop(self, now: datetime) -> None:
        """Drop them."""
        for source in self.sources:
            await self.records.drop_resting(source, now - self.kept)
            await self.deliveries.drop_older(source, now - DELIVERIES_KEPT)
