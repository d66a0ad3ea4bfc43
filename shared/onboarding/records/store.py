"""Where named records live: table `people`, one partition for each source. A row and its due time are one transaction.

What lies here leads to nothing by itself: it says what to read at the source, and who that was when it was last read.
"""

from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from azure.core import MatchConditions
from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableClient

from shared.onboarding.codec import stamp
from shared.onboarding.ids import digest
from shared.onboarding.reasons import Reason
from shared.onboarding.records.model import NamedRecord
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.storage import find_entity, storage_failures

MOST_CONFLICTS = 8
ROWS = "PartitionKey eq @partition and RowKey ge 'r|' and RowKey lt 'r}'"


@dataclass(frozen=True, slots=True)
class Waits:
    """How many records of a source wait to be read for a reason, and the newest detail."""

    source: str
    reason: Reason
    records: int
    detail: str


class RecordStore:
    """Reads and writes named records."""

    def __init__(self, table: TableClient) -> None:
        self._table = table

    async def change(
        self, source: str, record: str, decide: Callable[[NamedRecord | None], NamedRecord | None]
    ) -> None:
        """Read a record, let `decide` say how it is from now on, and write that; again where another came between.

        `decide` is pure; None leaves all as it is.

        Raises:
            StorageUnavailableError: not known to be written.
        """
        key = digest(source, record)
        for _ in range(MOST_CONFLICTS):
            entity = await self._get(source, f"r|{key}")
            after = decide(_decoded(entity) if entity is not None else None)
            if after is None:
                return
            try:
                with storage_failures():
                    await self._table.submit_transaction(_operations(entity, after, key))
            except ConflictError:
                continue
            return
        raise StorageUnavailableError("A record's row is written by too many at once.")

    async def due(self, source: str, now: datetime, most: int) -> list[NamedRecord]:
        """Find up to `most` records of a source that are to be read, the longest due first."""
        keys: list[str] = []
        with storage_failures():
            async for entity in self._table.query_entities(
                "PartitionKey eq @partition and RowKey ge 'd|' and RowKey lt @until",
                parameters={"partition": _partition(source), "until": f"d|{stamp(now)}~"},
                results_per_page=most,
            ):
                keys.append(entity["RowKey"].rpartition("|")[2])
                if len(keys) == most:
                    break
        rows = [await self._get(source, f"r|{key}") for key in keys]
        return [_decoded(row) for row in rows if row is not None]

    async def known(self, source: str) -> list[NamedRecord]:
        """Return all records of a source that were ever named and not dropped since."""
        with storage_failures():
            query = self._table.query_entities(ROWS, parameters={"partition": _partition(source)})
            return [_decoded(entity) async for entity in query]

    async def waiting(self, source: str) -> list[Waits]:
        """Count the records of a source that could not be read, by reason."""
        found: dict[Reason, Waits] = {}
        with storage_failures():
            async for entity in self._table.query_entities(
                f"{ROWS} and reason ne ''",
                parameters={"partition": _partition(source)},
                select=["reason", "detail"],
            ):
                reason = Reason(entity["reason"])
                before = found[reason].records if reason in found else 0
                found[reason] = Waits(source, reason, before + 1, entity["detail"])
        return list(found.values())

    async def of_person(self, source: str, external_id: str) -> list[str]:
        """Return the vendor's own ids of the records that were read as this person's."""
        with storage_failures():
            return [str(entity["record"]) async for entity in self._of_person(source, external_id)]

    async def forget(self, source: str, external_id: str) -> None:
        """Drop the records that were read as this person's."""
        with storage_failures():
            async for entity in self._of_person(source, external_id):
                await self._drop(entity)

    def _of_person(self, source: str, external_id: str) -> AsyncIterable[Any]:
        parameters = {"partition": _partition(source), "person": external_id}
        return self._table.query_entities(f"{ROWS} and externalId eq @person", parameters=parameters)

    async def drop_resting(self, source: str, before: datetime) -> None:
        """Drop the records that nothing is to be seen of any more and no event has named since."""
        with storage_failures():
            async for entity in self._table.query_entities(
                f"{ROWS} and due eq '' and namedAt lt @before",
                parameters={"partition": _partition(source), "before": stamp(before)},
            ):
                await self._drop(entity)

    async def _drop(self, entity: Any) -> None:
        for key in (entity["RowKey"], entity["due"]):
            if key:
                await self._table.delete_entity(entity["PartitionKey"], key)

    async def _get(self, source: str, key: str) -> Any:
        return await find_entity(self._table, _partition(source), key)


def _partition(source: str) -> str:
    return f"records|{source}"


def _operations(before: Any, after: NamedRecord, key: str) -> list[tuple[Any, ...]]:
    was, due = before["due"] if before is not None else "", _due_key(after, key)
    operations: list[tuple[Any, ...]] = []
    if before is None:
        operations.append(("create", _entity(after, key)))
    else:
        condition = {"etag": before.metadata["etag"], "match_condition": MatchConditions.IfNotModified}
        operations.append(("update", _entity(after, key), {"mode": UpdateMode.REPLACE, **condition}))
    if due and due != was:
        operations.append(("upsert", {"PartitionKey": _partition(after.source), "RowKey": due}))
    if was and due != was:
        operations.append(("delete", {"PartitionKey": _partition(after.source), "RowKey": was}))
    return operations


def _due_key(record: NamedRecord, key: str) -> str:
    return f"d|{stamp(record.due)}|{key}" if record.due is not None else ""


def _entity(record: NamedRecord, key: str) -> dict[str, Any]:
    return {
        "PartitionKey": _partition(record.source),
        "RowKey": f"r|{key}",
        "source": record.source,
        "record": record.record,
        "secret": record.secret,
        "namedAt": stamp(record.named_at),
        "deleted": record.deleted,
        "externalId": record.external_id,
        "startDate": record.start_date,
        "tries": record.tries,
        "reason": record.reason or "",
        "detail": record.detail,
        "due": _due_key(record, key),
    }


def _decoded(entity: Any) -> NamedRecord:
    due = entity["due"].split("|")[1] if entity["due"] else ""
    return NamedRecord(
        source=entity["source"],
        record=entity["record"],
        secret=entity["secret"],
        named_at=datetime.fromisoformat(entity["namedAt"]),
        deleted=bool(entity["deleted"]),
        external_id=entity["externalId"],
        start_date=entity["startDate"],
        tries=int(entity["tries"]),
        reason=Reason(entity["reason"]) if entity["reason"] else None,
        detail=entity["detail"],
        due=datetime.fromisoformat(due) if due else None,
    )
