"""The model's table does what the real one does: one script, run on both, and the same comes out at each line."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from azure.core import MatchConditions
from azure.data.tables import TableClient, UpdateMode

from sandbox.world import World
from shared.runtime.storage import storage_failures
from tests.model.storage import Table
from tests.model.wire import Wire

IF_SAME = MatchConditions.IfNotModified
type Act = Callable[[Any], Any]


class Awaited:
    """The model's table, called as the SDK's synchronous client is."""

    def __init__(self) -> None:
        self._table = Table(Wire())

    def query_entities(self, *arguments: Any, **options: Any) -> list[Any]:
        """Return what is found."""

        async def found() -> list[Any]:
            return [row async for row in self._table.query_entities(*arguments, **options)]

        return asyncio.run(found())

    def __getattr__(self, name: str) -> Act:
        return lambda *arguments, **options: asyncio.run(getattr(self._table, name)(*arguments, **options))


def row(key: str, partition: str = "a", **values: Any) -> dict[str, Any]:
    """Write a row."""
    return {"PartitionKey": partition, "RowKey": key, **values}


def etag(table: Any, key: str) -> str:
    """Read the etag of a row."""
    return str(table.get_entity("a", key).metadata["etag"])


def found(table: Any, text: str, **parameters: str) -> list[str]:
    """Return the keys that a query finds."""
    return [one["RowKey"] for one in table.query_entities(text, parameters=parameters)]


def replaced(table: Any, key: str, tag: str, **values: Any) -> None:
    """Replace a row whose etag is this."""
    table.update_entity(row(key, **values), mode=UpdateMode.REPLACE, etag=tag, match_condition=IF_SAME)


SCRIPT: Mapping[str, Act] = {
    "read what is not there": lambda t: t.get_entity("a", "d|1"),
    "create": lambda t: t.create_entity(row("d|1", n=1, text="x")),
    "create again": lambda t: t.create_entity(row("d|1")),
    "another partition": lambda t: t.create_entity(row("d|1", "b")),
    "replace under the etag": lambda t: replaced(t, "d|1", etag(t, "d|1"), n=2),
    "what was left out is gone": lambda t: dict(t.get_entity("a", "d|1")),
    "replace under a wrong etag": lambda t: replaced(t, "d|1", "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\""),
    "replace what is not there": lambda t: replaced(t, "d|9", "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\""),
    "upsert": lambda t: t.upsert_entity(row("d|2", kept="yes"), mode=UpdateMode.REPLACE),
    "merge in a transaction": lambda t: (
        t.submit_transaction(
            [("update", row("d|2", more="m"), {"mode": UpdateMode.MERGE}), ("create", row("o|1", status="planned"))]
        )
        and None
    ),
    "what was merged": lambda t: dict(t.get_entity("a", "d|2")),
    "a transaction with one that exists": lambda t: t.submit_transaction(
        [("create", row("o|2")), ("create", row("o|1"))]
    ),
    "did nothing": lambda t: t.get_entity("a", "o|2"),
    "a transaction that deletes under a wrong etag": lambda t: t.submit_transaction(
        [
            ("create", row("o|3")),
            (
                "delete",
                row("d|2"),
                {"etag": "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"", "match_condition": IF_SAME},
            ),
        ]
    ),
    "a transaction that deletes what is gone": lambda t: t.submit_transaction(
        [("create", row("o|4")), ("delete", row("d|9"))]
    ),
    "one key twice in a transaction": lambda t: t.submit_transaction([("delete", row("d|2")), ("create", row("d|2"))]),
    "a range": lambda t: found(t, "PartitionKey eq @p and RowKey ge 'd|' and RowKey lt @u", p="a", u="d|1~"),
    "all but empty": lambda t: found(t, "RowKey ge 'o|' and RowKey lt 'o}' and status ne ''"),
    "delete": lambda t: t.delete_entity(row("d|1")),
    "delete again": lambda t: t.delete_entity(row("d|1")),
    "what is left": lambda t: sorted(found(t, "RowKey ge 'a'")),
}


def outcomes(table: TableClient | Awaited) -> dict[str, object]:
    """Run the script; an error counts as what the product makes of it."""
    said: dict[str, object] = {}
    for line, act in SCRIPT.items():
        try:
            with storage_failures():
                answer = act(table)
        except Exception as error:  # noqa: BLE001 - which one it is, is what is compared
            answer = type(error).__name__
        said[line] = answer if isinstance(answer, str | list) or line.startswith("what was") else "done"
    return said


def test_the_models_table_is_like_the_real_one(world: World) -> None:
    """Conflicts, transactions, merges and ranges: what the store relies on, and a model must not make up."""
    assert outcomes(Awaited()) == outcomes(world.storage.table("onboardings"))


async def test_of_two_deletes_at_once_the_later_finds_it_done() -> None:
    """Another worker may delete a row between a read and a delete of it: the SDK takes that for done."""
    table = Table(Wire())
    await table.create_entity(row("d|1"))
    await asyncio.gather(table.delete_entity("a", "d|1"), table.delete_entity("a", "d|1"))
    assert table.rows == {}
