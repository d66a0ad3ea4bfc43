"""Storing that an event named a record, before the event is acknowledged. The record itself is read later."""

from shared.onboarding.records.model import NamedRecord, named
from shared.onboarding.records.store import RecordStore
from shared.runtime.clock import Clock
from shared.sources.verdict import Mention


class Naming:
    """Takes mentions."""

    def __init__(self, records: RecordStore, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    async def take(self, source: str, mention: Mention, secret: str) -> None:
        """Have a record read by the next sweep; however often it is named until then, it is read once.

        Raises:
            StorageUnavailableError: it may or may not be stored; the sender's retry settles it.
        """
        now = self._clock.now()
        fresh = NamedRecord(source, mention.record, secret, now, mention.deleted, due=now)
        await self._records.change(source, mention.record, lambda known: named(known, fresh))
