"""Once a day for each source that has a list: finds whom no event told of, starts that moved, and who is gone.

And at once where the source says that it cannot tell any more what has changed.

Events get lost: an HR system stops sending, or gave up while storage did not answer. Whoever differs is named to be
read, as by an event; so the record decides, its effect goes by the same table, and under the same brakes. Nobody is
called off because a list does not show him, and a vendor's empty list is a fault of the vendor.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.handover.mails.source_messages import list_fault_to_desk, reconciled_to_desk
from shared.onboarding.chores import Chores, Rhythm, Turn
from shared.onboarding.reasons import ADVICE
from shared.onboarding.records.comparing import Differences, differences
from shared.onboarding.records.naming import Naming
from shared.onboarding.records.reading import Ways, reason_of
from shared.onboarding.records.store import RecordStore
from shared.onboarding.records.told import Told
from shared.runtime.clock import Clock
from shared.sources.kind import Source
from shared.sources.records import Listed, Records, SourceUnavailableError, UnreadRecordError
from shared.sources.verdict import Mention

log = logging.getLogger("day_one_pass")

RHYTHM = Rhythm("reconcile", every=timedelta(days=1), again=timedelta(minutes=30), told_after=3)
BY_LIST = "list"
"""Stands where the name of an event's secret would: nothing proved it but our own question."""


@dataclass(frozen=True, slots=True)
class Reconciling:
    """Compares. Sources without a list, or without a way to it, are left out."""

    sources: Mapping[str, Source[Any]]
    records: RecordStore
    chores: Chores
    ways: Ways
    told: Told
    clock: Clock

    async def run_if_due(self) -> None:
        """Compare what is due of every source, each by one instance; after a fault again in half an hour."""
        for name, source in self.sources.items():
            if _is_listed(source) and (turn := await self.chores.turn(name)) is not None:
                await self._compare(source, turn)

    async def soon(self, source: str) -> None:
        """Compare with the next sweep: what has changed lately is told by nothing else.

        Raises:
            StorageUnavailableError: not known to be noted.
        """
        await self.chores.soon(source)

    async def _compare(self, source: Source[Any], turn: Turn) -> None:
        try:
            listed = await self._list(source, turn.began)
        except UnreadRecordError as error:
            log.warning("the list of %s could not be read: %s", source.name, error)
            why = reason_of(error)
            mail = list_fault_to_desk(source.name, f"{ADVICE[why]} ({error})", self.told.desk)
            await self.chores.failed(turn, why, mail)
            return
        found = differences(listed, await self.records.known(source.name), turn.began)
        await self._read_soon(source.name, found)
        await self._say(source.name, found)
        await self.chores.done(turn)

    async def _list(self, source: Source[Any], now: datetime) -> tuple[Listed, ...]:
        records: Records | None = source.kind.records
        if records is None or records.listing is None:
            return ()
        if records.in_tenant:
            return await records.listing(source, now.date(), self.ways.tenant)
        vendors = self.ways.vendors
        listed = await records.listing(await self.ways.logins.signed_in(source, vendors), now.date(), vendors)
        if not listed:
            raise SourceUnavailableError("an empty list, from which nothing is concluded")
        return listed

    async def _read_soon(self, source: str, found: Differences) -> None:
        naming = Naming(self.records, self.clock)
        for one in found.all:
            await naming.take(source, Mention(one.record), BY_LIST)

    async def _say(self, source: str, found: Differences) -> None:
        if not found.all:
            log.info("the list of %s agrees with what is known", source)
            return
        counts = (len(found.unheard), len(found.moved), len(found.gone))
        log.warning("the list of %s differs: %d unheard of, %d moved, %d gone; all are read now", source, *counts)
        in_words = ([one.in_words for one in sort] for sort in (found.unheard, found.moved, found.gone))
        await self.told.tell(reconciled_to_desk(source, *in_words, desk=self.told.desk))


def _is_listed(source: Source[Any]) -> bool:
    """Tell whether a source has a list, and we a way to it."""
    records: Records | None = source.kind.records
    return records is not None and records.listing is not None and (records.in_tenant or source.api is not None)
