"""Leases in the table `leases`: one holder at a time, for a bounded while.

A lease that runs out is free for anybody, so what it guards must also hold when an old holder comes late.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from azure.core import MatchConditions
from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableClient

from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.storage import find_entity, storage_failures

Entity = Mapping[str, Any]


class LeaseTakenError(Exception):
    """Another holds the lease until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("another run holds the lease")
        self.until = until


class Cells:
    """Single rows under compare-and-set: leases, the budget, what the sweep last saw."""

    def __init__(self, table: TableClient) -> None:
        self._table = table

    async def read(self, kind: str, name: str) -> Any:
        """Read one row; None where there is none."""
        return await find_entity(self._table, kind, name)

    async def between(self, first: str, last: str) -> AsyncIterator[Any]:
        """Yield every row whose name lies from `first` on and before `last`, of any kind."""
        bounds = {"first": first, "last": last}
        with storage_failures():
            async for row in self._table.query_entities("RowKey ge @first and RowKey lt @last", parameters=bounds):
                yield row

    async def put(self, kind: str, name: str, values: Mapping[str, Any]) -> None:
        """Write one row, whoever wrote it before."""
        with storage_failures():
            await self._table.upsert_entity(_entity(kind, name, values, ""), mode=UpdateMode.REPLACE)

    async def swap(self, kind: str, name: str, known: Any, values: Mapping[str, Any]) -> str:
        """Write one row if it still is what was read (`known` None: if it is still missing); return its new etag.

        Raises:
            ConflictError: it is not.
        """
        writer = uuid4().hex
        entity = _entity(kind, name, values, writer)
        try:
            with storage_failures():
                if known is None:
                    written = await self._table.create_entity(entity)
                else:
                    written = await self._table.update_entity(
                        entity,
                        mode=UpdateMode.REPLACE,
                        etag=etag_of(known),
                        match_condition=MatchConditions.IfNotModified,
                    )
        except (ConflictError, StorageUnavailableError, ResourceNotFoundError) as error:
            # The SDK repeats a write whose answer was lost, and is then told that somebody else was first.
            current = await self.read(kind, name)
            if current is not None and current["writer"] == writer:
                return etag_of(current)
            # Nothing stands there: nobody was first where storage gave no answer, somebody who has left where it did.
            was_down = current is None and isinstance(error, StorageUnavailableError)
            raise (StorageUnavailableError if was_down else ConflictError)(str(error)) from error
        return str(written["etag"])

    async def remove(self, kind: str, name: str, etag: str) -> None:
        """Delete one row if it still stands under this etag.

        Raises:
            ConflictError: it does not.
        """
        with storage_failures():
            await self._table.delete_entity(kind, name, etag=etag, match_condition=MatchConditions.IfNotModified)


class Leases:
    """Leases by kind and name. What a holder wrote has an etag of its own: by that one alone it gives back."""

    def __init__(self, cells: Cells, clock: Clock) -> None:
        self._cells = cells
        self._clock = clock

    @asynccontextmanager
    async def held(self, kind: str, name: str, length: timedelta) -> AsyncIterator[datetime]:
        """Hold a lease within the block; yields the instant until which it holds.

        It is given back at the end, and leaves nothing; not where the block was cut off: then it runs out. `name` is
        kept as it stands, so no id of a person may be one.

        Raises:
            LeaseTakenError: another holds it.
        """
        until = self._clock.now() + length
        etag = await self._taken(kind, name, until)
        try:
            yield until
        finally:
            await self._give_back(kind, name, etag)

    async def _taken(self, kind: str, name: str, until: datetime) -> str:
        held = {"until": until.isoformat()}
        # Most leases are free, and a free one is not there: one write takes it, without a read before.
        with suppress(ConflictError):
            return await self._cells.swap(kind, name, None, held)
        known = await self._cells.read(kind, name)
        if known is not None and _until(known) > self._clock.now():
            raise LeaseTakenError(_until(known))
        try:
            return await self._cells.swap(kind, name, known, held)
        except ConflictError:
            raise LeaseTakenError(until) from None

    async def _give_back(self, kind: str, name: str, etag: str) -> None:
        with suppress(ConflictError):
            await self._cells.remove(kind, name, etag)


def etag_of(entity: Any) -> str:
    """Return the etag under which a row was read."""
    return str(entity.metadata["etag"])


def _until(entity: Entity) -> datetime:
    return datetime.fromisoformat(entity["until"])


def _entity(kind: str, name: str, values: Mapping[str, Any], writer: str) -> dict[str, Any]:
    return {**values, "PartitionKey": kind, "RowKey": name, "writer": writer}
