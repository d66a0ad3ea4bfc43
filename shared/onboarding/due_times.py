"""Due times: what the sweep and the other questions about all hires read instead of rows.

Each stands under its instant, so that what is due is one range query in each partition, whose cost does not grow with
the hires still to come. They are no part of what a row's authentication code covers: they say when a step looks, and
nothing of what it does.
"""

import asyncio
from collections.abc import AsyncIterable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from azure.core import MatchConditions
from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableClient

from shared.onboarding import codec
from shared.onboarding.codec import DueEntry
from shared.onboarding.ids import SHARDS
from shared.onboarding.statuses import Life, Step
from shared.onboarding.transaction import Kept, Operation
from shared.planning.waves import Coming
from shared.runtime.errors import ConflictError
from shared.runtime.storage import find_entity, storage_failures

UNTIL = "PartitionKey eq @shard and RowKey ge 'd|' and RowKey lt @until"


@dataclass(frozen=True, slots=True)
class Found:
    """Due times that were found; of those of a newer version of the app, to which they are left, the keys alone."""

    entries: tuple[DueEntry, ...]
    newer: tuple[str, ...] = ()

    def due_at(self, now: datetime) -> "Found":
        """Return what is due of all that stands up to some instant."""
        end = _end(now)
        return Found(tuple(e for e in self.entries if e.key < end), tuple(key for key in self.newer if key < end))


class DueTimes:
    """Finds and moves due times. What a transition does to them, it writes itself."""

    def __init__(self, table: TableClient) -> None:
        self._table = table

    async def due(self, now: datetime, most_per_shard: int) -> Found:
        """Find what is due in all partitions, the longest due first in each."""
        return _together(await asyncio.gather(*(self._due_in(shard, now, most_per_shard) for shard in SHARDS)))

    async def due_for(self, step: Step, now: datetime, until: datetime) -> Found:
        """Find for whom one step has been due since `now` or before, up to `until`, where a sweep may have moved it."""
        return _together(await asyncio.gather(*(self._due_for_in(shard, step, now, until) for shard in SHARDS)))

    async def until(self, instant: datetime) -> Found:
        """Find all that stands up to an instant in all partitions: what is due, and what is to come."""
        return _together(await asyncio.gather(*(self._until_in(shard, instant) for shard in SHARDS)))

    async def of(self, kept: Kept, life: Life) -> DueEntry | None:
        """Read where a life of one row is due, as the sweep would find it."""
        key = kept.due_keys.get(life)
        entity = await find_entity(self._table, kept.row.id[0], key) if key else None
        return codec.decode_due(entity, entity.metadata["etag"]) if entity is not None else None

    async def move(self, entry: DueEntry, again_at: datetime, slots: tuple[datetime, ...]) -> bool:
        """Move a due time in one write, and leave the slots taken for it with the row. False where it is gone."""
        still = {"etag": entry.etag, "match_condition": MatchConditions.IfNotModified}
        operations: list[Operation] = [
            ("delete", {"PartitionKey": entry.id[0], "RowKey": entry.key}, still),
            ("create", codec.moved_due(entry, again_at)),
            ("update", codec.moved_row(entry, again_at, slots), {"mode": UpdateMode.MERGE}),
        ]
        try:
            with storage_failures():
                await self._table.submit_transaction(operations)
        except ConflictError:
            return False
        return True

    async def postpone(self, onboarding: str, life: Life, at: datetime, again_at: datetime) -> None:
        """Move a due time that stands at `at` to `again_at`; nothing where it does not stand there any more."""
        entity = await find_entity(self._table, onboarding[0], codec.due_key(at, onboarding, life))
        if entity is not None:
            await self.move(codec.decode_due(entity, entity.metadata["etag"]), again_at, ())

    async def _due_in(self, shard: str, now: datetime, most: int) -> Found:
        with storage_failures():
            pages = self._table.query_entities(UNTIL, parameters=_until(shard, now), results_per_page=most).by_page()
            async for page in pages:
                return await _read(page)
        return Found(())

    async def _due_for_in(self, shard: str, step: Step, now: datetime, until: datetime) -> Found:
        wanted = {**_until(shard, until), "step": step.value, "now": codec.stamp(now)}
        with storage_failures():
            return await _read(
                self._table.query_entities(f"{UNTIL} and step eq @step and since le @now", parameters=wanted)
            )

    async def _until_in(self, shard: str, instant: datetime) -> Found:
        with storage_failures():
            return await _read(self._table.query_entities(UNTIL, parameters=_until(shard, instant)))


def passes_to_come(entries: Iterable[DueEntry]) -> tuple[Coming, ...]:
    """Return the passes still to be made by those whose next step this is, whatever step that is."""
    return tuple(Coming(entry.id, entry.pass_at, entry.deadline) for entry in entries if entry.pass_at is not None)


def _until(shard: str, instant: datetime) -> dict[str, str]:
    """Bind what `UNTIL` asks for: all that stands up to the instant, that instant too."""
    return {"shard": shard, "until": _end(instant)}


def _end(instant: datetime) -> str:
    """Return what sorts behind the keys of all that stands up to an instant."""
    return f"d|{codec.stamp(instant)}~"


async def _read(entities: AsyncIterable[Any]) -> Found:
    entries, newer = [], []
    async for entity in entities:
        if codec.is_newer(entity):
            newer.append(entity["RowKey"])
        else:
            entries.append(codec.decode_due(entity, entity.metadata["etag"]))
    return Found(tuple(entries), tuple(newer))


def _together(found: Iterable[Found]) -> Found:
    parts = list(found)
    entries = tuple(entry for part in parts for entry in part.entries)
    return Found(entries, tuple(key for part in parts for key in part.newer))
