"""Where onboardings live: rows, read only as this app wrote them, and changed by transitions that it commits whole.

The SDK repeats a write whose answer was lost, so the winner of a race may be told that it lost. Every commit therefore
carries a fresh writer id in its audit record, whose key is the row's next version: after any unclear answer that
record is read, and whoever's id stands there has won.

Whoever can write to storage is a thief in the model: a row counts only with its authentication code (`row_codes`),
which is checked before anything of it is decoded and made in `commit`, nowhere else. A row that something else wrote
is put aside on sight, so that nothing that was altered is ever signed.
"""

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableClient

from shared.onboarding import codec, figures, lifecycle, stand_in, transitions
from shared.onboarding.audit import ledger
from shared.onboarding.audit.ledger import Ledger
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.audit.trail import Trail
from shared.onboarding.codec import SeenEvent
from shared.onboarding.due_times import DueTimes
from shared.onboarding.model import SCHEMA, Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.row_codes import AlteredRowError, RowCodes
from shared.onboarding.schedule import scheduled
from shared.onboarding.schedule.keeping import USUAL, Keep
from shared.onboarding.transaction import Change, Kept, operations
from shared.onboarding.upgrade import UnreadableRowError, check_schema
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.storage import find_entity, storage_failures
from shared.runtime.telemetry import port as telemetry
from shared.runtime.telemetry import vocabulary as says

log = logging.getLogger("day_one_pass")

COMMIT = "TRANSACTION onboardings"
"""The span of a commit, named as the conventions for databases have it."""

MOST_CONFLICTS = 8
"""A row has few writers; more conflicts than this in a row is a fault, not a race."""


class Store:
    """Reads and commits rows; beside them stand their due times and their audit trail."""

    def __init__(self, table: TableClient, codes: RowCodes, clock: Clock, keep: Keep = USUAL) -> None:
        self.due_times = DueTimes(table)
        self.trail = Trail(table)
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
            entity = await find_entity(self._table, onboarding[0], codec.row_key(onboarding))
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
        entity = await find_entity(self._table, shard, codec.row_key(onboarding))
        other = await find_entity(self._table, shard, stand_in.KEY if entity is None else stand_in.NOTHING)
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

    async def write_unseen(self, onboarding: str) -> None:
        """Write for somebody who is not to learn whether it was a try that counts: one code made, one transaction.

        Raises:
            StorageUnavailableError: no answer.
        """
        row, record = stand_in.tried(onboarding[0], uuid4().hex)
        replaced = {"mode": UpdateMode.REPLACE}
        with storage_failures():
            await self._table.submit_transaction(
                [("upsert", self._codes.signed(row), replaced), ("upsert", record, replaced)]
            )

    async def event_seen(self, shard: str, source: str, event: str) -> bool:
        """Tell whether an event, by the hash of its id, has had its effect."""
        return await find_entity(self._table, shard, codec.event_key(source, event)) is not None

    async def record_event(self, shard: str, event: SeenEvent) -> None:
        """Record an event that has no effect on any row. What is recorded of it already stands.

        Raises:
            ConflictError: it is recorded already, perhaps with its effect, by another delivery of it.
            StorageUnavailableError: not known to be recorded.
        """
        with storage_failures():
            await self._table.create_entity(codec.event_entity(shard, event, ""))

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
        with telemetry.transition(COMMIT, _told(change), change.row.trace) as trace:
            row = await self._commit(before, replace(change, row=replace(change.row, trace=trace)))
        for figure in figures.of_transition(before.row if before else None, row, change.audit):
            telemetry.add(figure.metric, figure.value, figure.attributes)
        return row

    async def _commit(self, before: Kept | None, change: Change) -> Onboarding:
        row = scheduled(replace(change.row, version=(before.row.version if before else 0) + 1), self._keep)
        writer = uuid4().hex
        written = operations(before, replace(change, row=row), writer, self._codes)
        try:
            with storage_failures():
                await self._table.submit_transaction(written)
        except (ConflictError, StorageUnavailableError):
            if not await self.trail.is_by(writer, row):
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

    async def waiting(self, source: str, reason: Reason) -> list[Onboarding]:
        """Return all onboardings of a source that wait for this reason, but those a newer version of the app wrote."""
        with storage_failures():
            found = [
                self._listed(entity)
                async for entity in self._table.query_entities(
                    "RowKey ge 'o|' and RowKey lt 'o}' and source eq @source and status eq 'waiting'"
                    " and reason eq @reason and schema le @schema",
                    parameters={"source": source, "reason": reason.value, "schema": SCHEMA},
                )
            ]
        return [row for row in found if row.source == source]

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
        row = self._decoded(entity)
        telemetry.row_read(row.id, row.trace)
        return Kept(
            row=row,
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
        newest = max(codec.version_of(entity), await self.trail.newest(onboarding))
        failed = lifecycle.put_aside(onboarding, newest, now)
        due_keys = {life: key for life, key in codec.decode_due_keys(entity).items() if f"|{onboarding}|" in key}
        before = Kept(failed, entity.metadata["etag"], due_keys, (), _ledger_of(entity))
        try:
            await self.commit(before, Change(failed, Audit(Did.ROW_PUT_ASIDE, now, why=Reason.ROW_ALTERED)))
        except ConflictError:
            return


def _told(change: Change) -> dict[str, says.Value]:
    row = change.row
    return {
        says.DB_SYSTEM: "azure.table",
        says.DB_TABLE: "onboardings",
        says.ONBOARDING: row.id,
        says.TRANSITION: change.audit.did,
        says.STATUS: row.status,
        **({says.REASON: row.reason} if row.reason else {}),
    }


def _ledger_of(altered: Any) -> Ledger:
    """Go on with the ledger of an altered row where that can be; else the chain begins anew."""
    try:
        return ledger.decode_ledger(altered)
    except (KeyError, TypeError, ValueError):
        return Ledger()
