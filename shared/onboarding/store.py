"""Where onboardings live. A transition (row, due times, audit record, names, event) is one transaction.

The SDK repeats a write whose answer was lost, so the winner of a race may be told that it lost. Every commit therefore
carries a fresh writer id in its audit record, whose key is the row's next version: after any unclear answer that
record is read, and whoever's id stands there has won.

Whoever can write to storage is a thief in the model: a row counts only with its authentication code (`row_codes`),
which is checked before anything of it is decoded and made in `commit`, nowhere else. A row that something else wrote
is put aside on sight, so that nothing that was altered is ever signed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from azure.core import MatchConditions
from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableClient

from shared.onboarding import codec, lifecycle, stand_in, transitions
from shared.onboarding.audit import ledger
from shared.onboarding.audit.ledger import Ledger
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.codec import DueEntry, SeenEvent
from shared.onboarding.ids import SHARDS
from shared.onboarding.model import Due, Life, Onboarding, Step
from shared.onboarding.reasons import Reason
from shared.onboarding.row_codes import AlteredRowError, RowCodes
from shared.onboarding.schedule import USUAL, Keep, scheduled
from shared.onboarding.upgrade import UnreadableRowError, check_schema
from shared.planning.waves import Coming
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.storage import storage_failures

Operation = tuple[Any, ...]

log = logging.getLogger("day_one_pass")

MOST_CONFLICTS = 8
"""A row has few writers; more conflicts than this in a row is a fault, not a race."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A row as it is stored: what it says, and what its next write has to match."""

    row: Onboarding
    etag: str
    due_keys: dict[Life, str]
    slots: tuple[datetime, ...]
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True, slots=True)
class Change:
    """A transition to be committed."""

    row: Onboarding
    audit: Audit
    event: SeenEvent | None = None


class Store:
    """Reads and commits onboardings."""

    def __init__(self, table: TableClient, codes: RowCodes, clock: Clock, keep: Keep = USUAL) -> None:
        self._table = table
        self._codes = codes
        self._clock = clock
        self._keep = keep

    async def read(self, onboarding: str) -> Kept | None:
        """Read one row; None where there is none. One that was altered is put aside first, and has failed then.

        Raises:
            StorageUnavailableError: no answer.
            UnreadableRowError: it is of a newer version, under an unknown key, or altered and cannot be put aside.
        """
        for _ in range(MOST_CONFLICTS):
            entity = await self._get(onboarding[0], codec.row_key(onboarding))
            if entity is None:
                return None
            try:
                return self._kept(entity)
            except AlteredRowError:
                await self._put_aside(onboarding, entity)
        raise AlteredRowError(codec.row_key(onboarding))

    async def read_unseen(self, onboarding: str) -> Kept | None:
        """Read one row for somebody who is not to learn, by the work that takes, whether there is one.

        There or not, two reads, of which one finds something, then one code is checked and one document decoded. None
        also for a row that cannot be read.

        Raises:
            StorageUnavailableError: no answer.
        """
        shard = onboarding[0]
        entity = await self._get(shard, codec.row_key(onboarding))
        other = await self._get(shard, stand_in.KEY if entity is None else stand_in.NOTHING)
        if entity is None and other is None:
            await self._place_stand_in(shard)
            return None
        try:
            kept = self._kept(entity if entity is not None else other)
        except AlteredRowError:
            return await self.read(onboarding) if entity is not None else None
        except UnreadableRowError:
            log.error("a row that is asked for cannot be read", extra={"onboarding": onboarding})  # noqa: TRY400
            return None
        return kept if entity is not None else None

    async def event_seen(self, shard: str, source: str, event: str) -> bool:
        """Tell whether an event, by the hash of its id, has had its effect."""
        return await self._get(shard, codec.event_key(source, event)) is not None

    async def record_event(self, shard: str, event: SeenEvent) -> None:
        """Record an event that has no effect on any row. A second time changes nothing."""
        with storage_failures():
            await self._table.upsert_entity(codec.event_entity(shard, event, ""), mode=UpdateMode.REPLACE)

    async def commit(self, before: Kept | None, change: Change) -> Onboarding:
        """Commit a transition whole, or not at all. `before` is what was read; None makes a new row.

        Returns:
            The row as stored, with its new version and due times.

        Raises:
            ConflictError: the row, or the event, was written by another meanwhile.
            ForbiddenTransitionError: the table of transitions has no such one.
            StorageUnavailableError: not known to be written.
        """
        transitions.check(before.row.status if before else None, change.audit.did, change.row.status)
        row = scheduled(replace(change.row, version=(before.row.version if before else 0) + 1), self._keep)
        writer = uuid4().hex
        operations = _operations(before, replace(change, row=row), writer, self._codes)
        try:
            with storage_failures():
                await self._table.submit_transaction(operations)
        except (ConflictError, StorageUnavailableError):
            if not await self._is_ours(row, writer):
                raise
        return row

    async def update(self, onboarding: str, decide: Callable[[Onboarding], Change | None]) -> Onboarding | None:
        """Read a row, let `decide` turn it into a transition, commit that; again where another came between.

        `decide` must be pure. Returns the row as it stands in the end, None where there is none.
        """
        for _ in range(MOST_CONFLICTS):
            kept = await self.read(onboarding)
            if kept is None:
                return None
            change = decide(kept.row)
            if change is None:
                return kept.row
            try:
                return await self.commit(kept, change)
            except ConflictError:
                continue
        raise StorageUnavailableError(f"The row {onboarding} is written by too many at once.")

    async def due(self, now: datetime, most_per_shard: int) -> list[DueEntry]:
        """Find what is due in all partitions, the longest due first in each."""
        found = await asyncio.gather(*(self._due_in(shard, now, most_per_shard) for shard in SHARDS))
        return [entry for entries in found for entry in entries]

    async def due_for(self, step: Step, now: datetime, until: datetime) -> list[DueEntry]:
        """Find for whom one step has been due since `now` or before, up to `until`, where a sweep may have moved it."""
        found = await asyncio.gather(*(self._due_for_in(shard, step, now, until) for shard in SHARDS))
        return [entry for entries in found for entry in entries]

    async def passes_to_come(self, until: datetime) -> list[Coming]:
        """Find the passes still to be made whose next step is due before `until`, whatever step that is."""
        found = await asyncio.gather(*(self._to_come_in(shard, until) for shard in SHARDS))
        return [one for coming in found for one in coming]

    async def release(self, entry: DueEntry, again_at: datetime, slots: tuple[datetime, ...]) -> bool:
        """Move a due time in one write, and leave the slots taken for it with the row. False where it is gone."""
        operations: list[Operation] = [
            _delete(entry.id[0], entry.key, entry.etag),
            ("create", codec.moved_due(entry, again_at)),
            ("update", codec.moved_row(entry, again_at, slots), {"mode": UpdateMode.MERGE}),
        ]
        try:
            with storage_failures():
                await self._table.submit_transaction(operations)
        except ConflictError:
            return False
        return True

    async def audits(self, onboarding: str) -> list[dict[str, Any]]:
        """Return the row's audit records, oldest first."""
        with storage_failures():
            return [
                {name: entity.get(name, "") for name in ledger.SHOWN}
                async for entity in self._table.query_entities(
                    "PartitionKey eq @shard and RowKey ge @first and RowKey lt @last",
                    parameters={"shard": onboarding[0], "first": f"a|{onboarding}|", "last": f"a|{onboarding}}}"},
                )
            ]

    async def people(self, onboarding: str) -> dict[str, str]:
        """Return who is who in the row's audit, random id → object id; empty once that is erased."""
        entity = await self._get(onboarding[0], ledger.map_key(onboarding))
        return ledger.decode_map(entity) if entity is not None else {}

    async def forget_people(self, onboarding: str) -> None:
        """Delete who is who in the row's audit; nothing where that is gone."""
        with storage_failures():
            await self._table.delete_entity(onboarding[0], ledger.map_key(onboarding))

    async def postpone(self, onboarding: str, life: Life, at: datetime, again_at: datetime) -> None:
        """Move a due time that stands at `at` to `again_at`; nothing where it does not stand there any more."""
        entity = await self._get(onboarding[0], codec.due_key(at, onboarding, life))
        if entity is not None:
            await self.release(codec.decode_due(entity, entity.metadata["etag"]), again_at, ())

    async def due_entry(self, onboarding: str, life: Life) -> DueEntry | None:
        """Read where a life of one row is due, as the sweep would find it."""
        kept = await self.read(onboarding)
        key = kept.due_keys.get(life) if kept else None
        entity = await self._get(onboarding[0], key) if key else None
        return codec.decode_due(entity, entity.metadata["etag"]) if entity is not None else None

    async def page(self, shard: str, after: str, most: int) -> list[Onboarding]:
        """Return up to `most` rows of a partition, by id, behind the id `after`."""
        rows: list[Onboarding] = []
        with storage_failures():
            # Not by its pages: the service may cut one short and still have more.
            async for entity in self._table.query_entities(
                "PartitionKey eq @shard and RowKey gt @after and RowKey lt 'o}'",
                parameters={"shard": shard, "after": codec.row_key(after)},
                results_per_page=most,
            ):
                rows.append(self._listed(entity))
                if len(rows) == most:
                    break
        return rows

    async def unfinished(self) -> AsyncIterator[tuple[str, Onboarding | None]]:
        """Yield each onboarding whose pass has a due time yet, by id; None for a row that cannot be read."""
        with storage_failures():
            async for entity in self._table.query_entities("RowKey ge 'o|' and RowKey lt 'o}' and duePass ne ''"):
                try:
                    row = self._decoded(entity)
                except UnreadableRowError:
                    row = None
                yield entity["RowKey"].removeprefix("o|"), row

    def _kept(self, entity: Any) -> Kept:
        return Kept(
            row=self._decoded(entity),
            etag=entity.metadata["etag"],
            due_keys=codec.decode_due_keys(entity),
            slots=codec.decode_slots(entity),
            ledger=ledger.decode_ledger(entity),
        )

    async def _place_stand_in(self, shard: str) -> None:
        with storage_failures():
            await self._table.upsert_entity(self._codes.signed(stand_in.stand_in(shard)), mode=UpdateMode.REPLACE)

    def _decoded(self, entity: Any) -> Onboarding:
        check_schema(entity["RowKey"], entity.get("schema"))
        self._codes.verify(entity, self._clock.now())
        return codec.decode_row(entity)

    def _listed(self, entity: Any) -> Onboarding:
        try:
            return self._decoded(entity)
        except AlteredRowError:
            onboarding = entity["RowKey"].removeprefix("o|")
            return lifecycle.put_aside(onboarding, codec.version_of(entity), self._clock.now())

    async def _put_aside(self, onboarding: str, entity: Any) -> None:
        """Let a row that something else wrote say so and nothing more; where another was first, that one stands."""
        log.error("altered row put aside", extra={"onboarding": onboarding})
        now = self._clock.now()
        # Its own word for its version may lead to an audit record that there is already.
        newest = max(codec.version_of(entity), await self._records(onboarding))
        failed = lifecycle.put_aside(onboarding, newest, now)
        due_keys = {life: key for life, key in codec.decode_due_keys(entity).items() if f"|{onboarding}|" in key}
        before = Kept(failed, entity.metadata["etag"], due_keys, (), _ledger_of(entity))
        try:
            await self.commit(before, Change(failed, Audit(Did.ROW_PUT_ASIDE, now, why=Reason.ROW_ALTERED)))
        except ConflictError:
            return

    async def _records(self, onboarding: str) -> int:
        """Return the number of the newest audit record, 0 where there is none."""
        with storage_failures():
            keys = [
                entity["RowKey"]
                async for entity in self._table.query_entities(
                    "PartitionKey eq @shard and RowKey ge @first and RowKey lt @last",
                    parameters={"shard": onboarding[0], "first": f"a|{onboarding}|", "last": f"a|{onboarding}}}"},
                    select=["RowKey"],
                )
            ]
        return max((int(key.rpartition("|")[2]) for key in keys), default=0)

    async def _due_in(self, shard: str, now: datetime, most: int) -> list[DueEntry]:
        entries: list[DueEntry] = []
        with storage_failures():
            pages = self._table.query_entities(
                "PartitionKey eq @shard and RowKey ge 'd|' and RowKey lt @until",
                parameters={"shard": shard, "until": f"d|{codec.stamp(now)}~"},
                results_per_page=most,
            ).by_page()
            async for page in pages:
                entries = [codec.decode_due(entity, entity.metadata["etag"]) async for entity in page]
                break
        return entries

    async def _to_come_in(self, shard: str, until: datetime) -> list[Coming]:
        with storage_failures():
            entries = [
                codec.decode_due(entity, None)
                async for entity in self._table.query_entities(
                    "PartitionKey eq @shard and RowKey ge 'd|' and RowKey lt @until",
                    parameters={"shard": shard, "until": f"d|{codec.stamp(until)}~"},
                )
            ]
        return [Coming(entry.id, entry.pass_at, entry.deadline) for entry in entries if entry.pass_at is not None]

    async def _due_for_in(self, shard: str, step: Step, now: datetime, until: datetime) -> list[DueEntry]:
        wanted = {"shard": shard, "until": f"d|{codec.stamp(until)}~", "step": step.value, "now": codec.stamp(now)}
        with storage_failures():
            return [
                codec.decode_due(entity, entity.metadata["etag"])
                async for entity in self._table.query_entities(
                    "PartitionKey eq @shard and RowKey ge 'd|' and RowKey lt @until"
                    " and step eq @step and since le @now",
                    parameters=wanted,
                )
            ]

    async def _is_ours(self, row: Onboarding, writer: str) -> bool:
        record = await self._get(row.id[0], ledger.audit_key(row.id, row.version))
        return record is not None and record["writer"] == writer

    async def _get(self, shard: str, key: str) -> Any:
        with storage_failures():
            try:
                return await self._table.get_entity(shard, key)
            except ResourceNotFoundError:
                return None


def _ledger_of(altered: Any) -> Ledger:
    """Go on with the ledger of an altered row where that can be; else the chain begins anew."""
    try:
        return ledger.decode_ledger(altered)
    except (KeyError, TypeError, ValueError):
        return Ledger()


def _operations(before: Kept | None, change: Change, writer: str, codes: RowCodes) -> list[Operation]:
    row = change.row
    due_keys, operations = _due_operations(before, row)
    book, recorded = _recorded(before, change, writer)
    entity = codes.signed(codec.row_entity(row, due_keys, _slots_kept(before, row)) | book.columns(erased=row.erased))
    if before is None:
        operations.append(("create", entity))
    else:
        condition = {"etag": before.etag, "match_condition": MatchConditions.IfNotModified}
        operations.append(("update", entity, {"mode": UpdateMode.REPLACE, **condition}))
    operations += recorded
    if change.event is not None:
        operations.append(("create", codec.event_entity(row.id[0], change.event, row.id)))
    return operations


def _recorded(before: Kept | None, change: Change, writer: str) -> tuple[Ledger, list[Operation]]:
    """Enter a transition in the row's ledger: its record, and who is new in the map."""
    row, audit = change.row, change.audit
    known = before.ledger if before is not None and before.ledger.chain.length else None
    book = (known or Ledger()).naming(row, audit)
    book, record = book.entered(ledger.record_entity(row, audit, book.names, writer))
    operations: list[Operation] = [("create", record)]
    named = ledger.map_entity(row.id, known.names if known else None, book.names)
    asked_by = before.row.erase_for if before is not None and row.erased else ""
    if asked_by:
        # An erasure that was asked for forgets everybody but who asked for it.
        operations.append(("upsert", ledger.map_of_one(row.id, book.names, asked_by), {"mode": UpdateMode.REPLACE}))
    elif named is not None:
        operations.append(("upsert", named, {"mode": UpdateMode.MERGE}))
    return book, operations


def _due_operations(before: Kept | None, row: Onboarding) -> tuple[dict[Life, str], list[Operation]]:
    keys: dict[Life, str] = {}
    operations: list[Operation] = []
    for life in Life:
        old_key = before.due_keys.get(life) if before else None
        due, was = _due(row, life), _due(before.row, life) if before else None
        if due is not None and due == was and old_key:
            keys[life] = old_key
            continue
        if due is not None:
            keys[life] = codec.due_key(due.at, row.id, life)
            # Table storage refuses delete and create of one key in one transaction.
            kind = "upsert" if keys[life] == old_key else "create"
            operations.append((kind, codec.due_entity(row, life, due)))
        if old_key and old_key != keys.get(life):
            operations.append(("delete", {"PartitionKey": row.id[0], "RowKey": old_key}))
    return keys, operations


def _slots_kept(before: Kept | None, row: Onboarding) -> tuple[datetime, ...]:
    """Slots taken by a sweep are for the pass as it was due then; what the device side writes beside it keeps them."""
    return before.slots if before and before.row.due == row.due else ()


def _due(row: Onboarding, life: Life) -> Due | None:
    return row.due if life is Life.PASS else row.web_due


def _delete(shard: str, key: str, etag: str) -> Operation:
    condition = {"etag": etag, "match_condition": MatchConditions.IfNotModified}
    return ("delete", {"PartitionKey": shard, "RowKey": key}, condition)
