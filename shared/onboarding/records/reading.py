"""Reading the records that events named: every minute, after the sweep, as many as fit into half of it.

What was read becomes an event of the hire like any other, so all that binds events binds it, too: its time is that at
which the record was asked for, its effect is decided by the same table, and cut off anywhere it is done again.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Protocol

from shared.onboarding.events.intake import Intake
from shared.onboarding.reasons import Reason
from shared.onboarding.records.model import NamedRecord, Why, was_not_read, was_read, was_withdrawn
from shared.onboarding.records.store import RecordStore
from shared.onboarding.records.trouble import Trouble
from shared.onboarding.registry import Registry
from shared.runtime.clock import Clock
from shared.runtime.errors import StorageUnavailableError
from shared.sources.delivery import Delivery
from shared.sources.errors import EventShapeError
from shared.sources.event import read
from shared.sources.hire import EventKind, HireEvent
from shared.sources.kind import Source
from shared.sources.records import (
    AccessRefusedError,
    Http,
    Record,
    RecordIncompleteError,
    RecordMissingError,
    Records,
    SourceUnavailableError,
    UnreadRecordError,
    VendorHttp,
)

log = logging.getLogger("day_one_pass")

LONGEST = 30.0
"""Seconds in which no further record is begun: the next sweep is due."""
MOST, AT_ONCE = 40, 4
"""Of each source in a minute, and at the same time: well below what any of the vendors allows."""
REASONS: Mapping[type[UnreadRecordError], Reason] = {
    AccessRefusedError: Reason.SOURCE_ACCESS_REFUSED,
    RecordMissingError: Reason.RECORD_MISSING,
    RecordIncompleteError: Reason.RECORD_INCOMPLETE,
    SourceUnavailableError: Reason.SOURCE_UNAVAILABLE,
}


class SignsIn(Protocol):
    """Gets sessions at vendors, as `Logins` does."""

    async def signed_in(self, source: Source[Any], http: Http, /) -> Source[Any]:
        """Return a source that can be asked now."""
        ...


@dataclass(frozen=True, slots=True)
class Ways:
    """How records are reached: those of vendors, after signing in, and those that are users of the tenant."""

    vendors: VendorHttp
    tenant: VendorHttp
    logins: SignsIn


class Reading:
    """Reads what is due."""

    def __init__(
        self, sources: Mapping[str, Source[Any]], records: RecordStore, events: "Events", ways: Ways, trouble: Trouble
    ) -> None:
        self._sources = {name: source for name, source in sources.items() if source.kind.records is not None}
        self._records = records
        self._events = events
        self._ways = ways
        self._trouble = trouble
        self._clock = events.clock

    async def run(self) -> None:
        """Read what is due of every source, and note what could not be read."""
        for name in self._sources:
            due = await self._records.due(name, self._clock.now(), MOST)
            if due:
                await self._read_all(due)
                await self._trouble.note(name, await self._records.waiting(name))

    async def _read_all(self, due: list[NamedRecord]) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST
        for batch in batched(due, AT_ONCE, strict=False):
            if loop.time() >= until:
                return
            await asyncio.gather(*(self._read(known) for known in batch))

    async def _read(self, known: NamedRecord) -> None:
        source, asked = self._sources[known.source], self._clock.now()
        try:
            after = await self._events.told(known, await self._ask(source, known), asked)
        except StorageUnavailableError:
            log.warning("a record of %s was read and its effect not stored; the next sweep sees to it", known.source)
            return
        except UnreadRecordError as error:
            after = was_not_read(known, _why(error), asked)
            log.warning("a record of %s waits: %s (%s)", known.source, after.reason, error)
        await self._records.change(known.source, known.record, lambda fresh: _unless_named_since(fresh, known, after))

    async def _ask(self, source: Source[Any], known: NamedRecord) -> Record | None:
        """Read a record; None for one of which the event said that it is gone, and so it is."""
        kind: Records | None = source.kind.records
        if kind is None:
            raise AccessRefusedError("records of this kind cannot be read")
        try:
            if kind.in_tenant:
                return await kind.read(source, known.record, self._ways.tenant)
            signed_in = await self._ways.logins.signed_in(source, self._ways.vendors)
            return await kind.read(signed_in, known.record, self._ways.vendors)
        except RecordMissingError:
            if known.deleted:
                return None
            raise


class Events:
    """Turns what was read into what an event of the hire would have done."""

    def __init__(self, intake: Intake, registry: Registry, clock: Clock) -> None:
        self._intake = intake
        self._registry = registry
        self.clock = clock

    async def told(self, known: NamedRecord, found: Record | None, asked: datetime) -> NamedRecord:
        """Give what was read its effect, and return what is known of the record from now on.

        Raises:
            RecordIncompleteError: it does not say all that a hire needs.
            StorageUnavailableError: the effect may or may not be stored.
        """
        if found is None or not found.stands:
            await self._withdraw(known, known.external_id or _text(found and found.data.get("externalId")), asked)
            return was_withdrawn(known)
        event = _event(found, asked)
        if known.external_id and known.external_id != event.hire.external_id:
            # The number was corrected: who was expected under the old one is not coming.
            await self._withdraw(known, known.external_id, asked)
        await self._intake.take(_delivery(known, event))
        return was_read(known, event.hire.external_id, event.hire.start_date, asked)

    async def _withdraw(self, known: NamedRecord, external_id: str, asked: datetime) -> None:
        """Call off who was expected; nobody was where no onboarding began, as of those who have long been here."""
        expected = await self._registry.of_number(known.source, external_id) if external_id else ()
        if expected and not expected[-1].erased:
            hire = replace(expected[-1].hire, external_id=external_id)
            await self._intake.take(_delivery(known, HireEvent(EventKind.CANCELLED, asked, hire)))


def reason_of(error: UnreadRecordError) -> Reason:
    """Name what keeps a source from being read."""
    return REASONS[type(error)]


def _why(error: UnreadRecordError) -> Why:
    pause = error.retry_after if isinstance(error, SourceUnavailableError) else None
    return Why(reason_of(error), str(error), timedelta(seconds=pause or 0))


def _event(found: Record, asked: datetime) -> HireEvent:
    said = {"type": EventKind.UPDATED.value, "timestamp": asked.isoformat(), "data": dict(found.data)}
    try:
        event = read(said, asked)
    except EventShapeError as error:
        raise RecordIncompleteError(str(error)) from None
    return event


def _delivery(known: NamedRecord, event: HireEvent) -> Delivery:
    return Delivery(f"{known.record}@{event.occurred_at.isoformat()}", known.source, event, known.secret)


def _unless_named_since(fresh: NamedRecord | None, known: NamedRecord, after: NamedRecord) -> NamedRecord | None:
    """Keep what another event asked for while the record was read: it is read once more."""
    if fresh is None:
        return None
    if fresh.named_at > known.named_at:
        return replace(fresh, external_id=after.external_id, start_date=after.start_date)
    return after


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
