"""Reading and clearing whole tables, once a day or when somebody asks: counts, events seen, the chains of the audit.

None of it decides about an onboarding. What it costs grows with what is stored.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from azure.data.tables.aio import TableClient

from shared.onboarding import codec
from shared.onboarding.audit.hash_chain import Break, Chain, as_of, verify
from shared.onboarding.audit.ledger import decode_chain
from shared.onboarding.statuses import Life
from shared.runtime.storage import storage_failures

ROWS = "RowKey ge 'o|' and RowKey lt 'o}'"
RECORDS = "RowKey ge 'a|' and RowKey lt 'a}'"


@dataclass(frozen=True, slots=True)
class Audited:
    """One onboarding's audit: how many records are chained, how many are older than the chain, what is broken.

    `then` is the chain as it stood at the instant asked for.
    """

    onboarding: str
    chained: int
    unchained: int
    breaks: tuple[Break, ...]
    then: Chain


class Census:
    """Reads all there is."""

    def __init__(self, table: TableClient) -> None:
        self._table = table

    async def count_rows(self) -> tuple[Counter[str], Counter[str]]:
        """Count all rows by status and by the state of their device side. Reads every row's two columns."""
        statuses: Counter[str] = Counter()
        devices: Counter[str] = Counter()
        with storage_failures():
            async for entity in self._table.query_entities(ROWS, select=["status", "webSignIn"]):
                statuses[entity["status"]] += 1
                devices[entity["webSignIn"]] += 1
        return statuses, devices

    async def living(self) -> frozenset[str]:
        """Return the ids of all rows in which personal data may stand, or that answer for a device in its group yet."""
        with storage_failures():
            found = self._table.query_entities(ROWS, select=["RowKey", "erased", "dueWebSignIn"])
            return frozenset([row["RowKey"].removeprefix("o|") async for row in found if _lives(row)])

    async def chains(self, instant: datetime) -> dict[str, Chain]:
        """Return the chain of every onboarding as it stood at an instant. Reads records only of what changed since."""
        until = codec.stamp(instant)
        found: dict[str, Chain] = {}
        with storage_failures():
            async for entity in self._table.query_entities(ROWS, select=["RowKey", "head", "length", "latest"]):
                onboarding, chain = entity["RowKey"].removeprefix("o|"), decode_chain(entity)
                found[onboarding] = chain if chain.latest <= until else as_of(await self._records(onboarding), until)
        return found

    async def audit(self, instant: datetime) -> list[Audited]:
        """Verify the chain of every onboarding, and tell how it stood at an instant.

        A record whose row is gone is a break: rows are never deleted.
        """
        rows: dict[str, Any] = {}
        records: defaultdict[str, dict[int, Any]] = defaultdict(dict)
        with storage_failures():
            async for entity in self._table.query_entities(
                ROWS, select=["RowKey", "version", "head", "length", "latest"]
            ):
                rows[entity["RowKey"].removeprefix("o|")] = entity
            async for entity in self._table.query_entities(RECORDS):
                _, onboarding, number = entity["RowKey"].split("|")
                records[onboarding][int(number)] = entity
        found = sorted(rows.keys() | records.keys())
        return [_audited(one, rows.get(one), records[one], codec.stamp(instant)) for one in found]

    async def _records(self, onboarding: str) -> list[Any]:
        return [
            entity
            async for entity in self._table.query_entities(
                "PartitionKey eq @shard and RowKey ge @first and RowKey lt @last",
                parameters={"shard": onboarding[0], "first": f"a|{onboarding}|", "last": f"a|{onboarding}}}"},
            )
        ]

    async def events_without_effect(self, since: datetime) -> AsyncIterator[tuple[str, str]]:
        """Yield source and outcome of each event since then that changed no row."""
        with storage_failures():
            async for entity in self._table.query_entities(
                "RowKey ge 'e|' and RowKey lt 'e}' and onboarding eq '' and at ge @since",
                parameters={"since": codec.stamp(since)},
                select=["RowKey", "outcome"],
            ):
                # Behind the colon stands what was passed over or misshapen, of which there are too many to count apart.
                yield entity["RowKey"].split("|")[1], entity["outcome"].partition(":")[0]

    async def drop_events(self, before: datetime) -> int:
        """Drop the records of events seen before then; returns how many."""
        dropped = 0
        with storage_failures():
            async for entity in self._table.query_entities(
                "RowKey ge 'e|' and RowKey lt 'e}' and at lt @before",
                parameters={"before": codec.stamp(before)},
                select=["PartitionKey", "RowKey"],
            ):
                await self._table.delete_entity(entity)
                dropped += 1
        return dropped


def _lives(row: Mapping[str, Any]) -> bool:
    """Of a device side nothing is due once all is erased, but that the device leaves its group."""
    return not row.get("erased") or Life.WEB_SIGN_IN in codec.decode_due_keys(row)


def _audited(onboarding: str, row: Any, records: dict[int, Any], until: str) -> Audited:
    then = as_of([records[number] for number in sorted(records)], until)
    if row is None:
        return Audited(onboarding, 0, 0, (Break(max(records), "its row is gone"),), then)
    chain, newest = decode_chain(row), int(row["version"])
    breaks = tuple(verify(chain, newest, records))
    return Audited(onboarding, chain.length, newest - chain.length, breaks, then)
