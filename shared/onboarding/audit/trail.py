"""Reading the audit of one onboarding: its records, and who is who in them. Written by the row's transaction alone."""

from collections.abc import AsyncIterator
from typing import Any

from azure.data.tables.aio import TableClient

from shared.onboarding.audit import ledger
from shared.onboarding.model import Onboarding
from shared.runtime.storage import find_entity, storage_failures


class Trail:
    """Reads records, and forgets people.

    Every method raises `StorageUnavailableError` where storage gives no answer.
    """

    def __init__(self, table: TableClient) -> None:
        self._table = table

    async def records(self, onboarding: str) -> list[dict[str, Any]]:
        """Return the row's audit records as people are shown them, oldest first."""
        return [{name: entity.get(name, "") for name in ledger.SHOWN} async for entity in self._entities(onboarding)]

    async def newest(self, onboarding: str) -> int:
        """Return the number of the newest record, 0 where there is none."""
        keys = [entity["RowKey"] async for entity in self._entities(onboarding, select=["RowKey"])]
        return max((int(key.rpartition("|")[2]) for key in keys), default=0)

    async def is_by(self, writer: str, row: Onboarding) -> bool:
        """Tell whether it was this writer whose transaction made the row what it is at this version."""
        record = await find_entity(self._table, row.id[0], ledger.audit_key(row.id, row.version))
        return record is not None and record["writer"] == writer

    async def people(self, onboarding: str) -> dict[str, str]:
        """Return who is who in the row's audit, random id → object id; empty once that is erased."""
        entity = await find_entity(self._table, onboarding[0], ledger.map_key(onboarding))
        return ledger.decode_map(entity) if entity is not None else {}

    async def forget_people(self, onboarding: str) -> None:
        """Delete who is who in the row's audit; nothing where that is gone."""
        with storage_failures():
            await self._table.delete_entity(onboarding[0], ledger.map_key(onboarding))

    async def _entities(self, onboarding: str, select: list[str] | None = None) -> AsyncIterator[Any]:
        with storage_failures():
            async for entity in self._table.query_entities(
                "PartitionKey eq @shard and RowKey ge @first and RowKey lt @last",
                parameters={"shard": onboarding[0], "first": f"a|{onboarding}|", "last": f"a|{onboarding}}}"},
                select=select,
            ):
                yield entity
