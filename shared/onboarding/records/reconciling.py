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
from shared.onboarding.reasons import ADVICE
from shared.onboarding.records.comparing import Differences, differences
from shared.onboarding.records.naming import Naming
from shared.onboarding.records.reading import Ways, reason_of
from shared.onboarding.records.store import RecordStore
from shared.onboarding.records.told import Told
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError
from shared.runtime.leases import Cells
from shared.sources.kind import Source
from shared.sources.records import Listed, Records, SourceUnavailableError, UnreadRecordError
from shared.sources.verdict import Mention

log = logging.getLogger("day_one_pass")

KIND = "reconcile"
EVERY = timedelta(days=1)
AGAIN = timedelta(minutes=30)
"""After a fault, or where an instance was cut off in the middle."""
TOLD_AFTER = 3
"""Vain tries: what passes by itself has mostly passed by then."""
BY_LIST = "list"
"""Stands where the name of an event's secret would: nothing proved it but our own question."""


@dataclass(frozen=True, slots=True)
class Reconciling:
    """Compares. Sources without a list, or without a way to it, are left out."""

    sources: Mapping[str, Source[Any]]
    records: RecordStore
    cells: Cells
    ways: Ways
    told: Told
    clock: Clock

    async def run_if_due(self) -> None:
        """Compare what is due of every source, each by one instance; after a fault again in half an hour."""
        for name, source in self.sources.items():
            if not _is_listed(source):
                continue
            now = self.clock.now()
            known = await self.cells.read(KIND, name)
            if known is not None and now < datetime.fromisoformat(known["next"]):
                continue
            failures = int(known["failures"]) if known is not None else 0
            try:
                await self.cells.swap(KIND, name, known, _next(now + AGAIN, failures))
            except ConflictError:
                continue
            await self._compare(source, failures, now)

    async def soon(self, source: str) -> None:
        """Compare with the next sweep: what has changed lately is told by nothing else.

        Raises:
            StorageUnavailableError: not known to be noted.
        """
        await self.cells.put(KIND, source, _next(self.clock.now()))

    async def _compare(self, source: Source[Any], failures: int, now: datetime) -> None:
        try:
            listed = await self._list(source, now)
        except UnreadRecordError as error:
            await self._failed(source.name, error, failures + 1, now)
            return
        found = differences(listed, await self.records.known(source.name), now)
        await self._read_soon(source.name, found)
        await self._say(source.name, found)
        await self._done(source.name, now)

    async def _done(self, source: str, began: datetime) -> None:
        """Rest for a day, unless another comparison was asked for meanwhile: this one may have come too soon."""
        known = await self.cells.read(KIND, source)
        if known is not None and datetime.fromisoformat(known["next"]) == began + AGAIN:
            await self.cells.put(KIND, source, _next(began + EVERY))

    async def _failed(self, source: str, error: UnreadRecordError, failures: int, now: datetime) -> None:
        """Mail the desk once, when it has failed for an hour; where the mail fails, too, the next time."""
        log.warning("the list of %s could not be read: %s", source, error)
        remedy = f"{ADVICE[reason_of(error)]} ({error})"
        if failures != TOLD_AFTER or await self.told.tell(list_fault_to_desk(source, remedy, self.told.desk)):
            await self.cells.put(KIND, source, _next(now + AGAIN, failures))

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


def _next(at: datetime, failures: int = 0) -> dict[str, Any]:
    return {"next": at.isoformat(), "failures": failures}
