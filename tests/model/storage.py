"""Tables and queues in memory, as the product uses them; `test_conformance` holds them to the real ones."""

import asyncio
import operator
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import batched, chain, count, groupby
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables import UpdateMode

from shared.runtime.clock import Clock
from shared.runtime.storage import Letter, storage_failures
from tests.model.wire import Wire, unanswered

type Key = tuple[str, str]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_IN_ONE = ("PartitionKey", operator.eq)
_TERM = re.compile(r"(\w+) (eq|ne|gt|ge|lt|le) (?:'([^']*)'|@(\w+))")


class Entity(dict[str, Any]):
    """A row as the SDK returns it."""

    def __init__(self, values: Mapping[str, Any], etag: str) -> None:
        super().__init__(values)
        self.metadata = {"etag": etag}


class Table:
    """One table: single writes, transactions in one partition, and queries."""

    def __init__(self, wire: Wire) -> None:
        self.rows: dict[Key, Entity] = {}
        self._sorted: Mapping[str, list[Key]] | None = None
        self._wire = wire
        self._etags = count(1)

    async def get_entity(self, partition: str, row: str) -> Entity:
        """Read one row."""
        await self._wire.moment()
        if (partition, row) not in self.rows:
            raise ResourceNotFoundError("not there")
        return self.rows[partition, row]

    async def create_entity(self, entity: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write a new row; return its metadata."""
        standing = await self._write([("create", entity)])
        return standing[_key(entity)].metadata

    async def upsert_entity(self, entity: Mapping[str, Any], mode: UpdateMode) -> None:
        """Write a row, whatever stands there."""
        await self._write([("upsert", entity, {"mode": mode})])

    async def update_entity(self, entity: Mapping[str, Any], **options: Any) -> Mapping[str, Any]:
        """Write a row that stands there, if it still is what was read; return its metadata."""
        standing = await self._write([("update", entity, options)])
        return standing[_key(entity)].metadata

    async def delete_entity(self, *of: Any, **options: Any) -> None:
        """Delete a row, given whole or by its two keys, if it still is what was read; one that is gone is done."""
        partition, row = of if len(of) == len(("partition", "row")) else _key(of[0])
        with suppress(ResourceNotFoundError):
            await self._write([("delete", {"PartitionKey": partition, "RowKey": row}, options)])

    async def submit_transaction(self, operations: Iterable[tuple[Any, ...]]) -> None:
        """Carry out all of it or nothing."""
        listed = list(operations)
        keys = [_key(operation[1]) for operation in listed]
        if len(set(keys)) < len(keys) or len({key[0] for key in keys}) > 1 or len(keys) > 100:
            raise unanswered(400)
        try:
            await self._write(listed)
        except (ResourceExistsError, ResourceModifiedError, ResourceNotFoundError) as error:
            raise unanswered(409 if isinstance(error, ResourceExistsError) else 412) from error

    def query_entities(
        self,
        query_filter: str,
        parameters: Mapping[str, Any] | None = None,
        select: list[str] | None = None,
        results_per_page: int = 1000,
    ) -> "_Found":
        """Find rows, by key."""
        terms = [term.bound(parameters or {}) for term in _terms(query_filter)]
        partition = next((value for name, compare, value in terms if (name, compare) == _IN_ONE), None)
        standing = self._standing()
        keys = standing.get(partition, ()) if partition else chain.from_iterable(standing.values())
        rows = [self.rows[key] for key in keys]
        found = [row for row in rows if all(compare(row.get(name, ""), value) for name, compare, value in terms)]
        chosen = [Entity({name: row[name] for name in select if name in row}, "") for row in found] if select else found
        return _Found(chosen, results_per_page)

    def _standing(self) -> Mapping[str, list[Key]]:
        """Return the keys that stand, by partition, in order; sorted anew when one has come or gone."""
        if self._sorted is None:
            self._sorted = {part: list(keys) for part, keys in groupby(sorted(self.rows), key=operator.itemgetter(0))}
        return self._sorted

    async def _write(self, operations: list[tuple[Any, ...]]) -> Mapping[Key, Entity]:
        """Carry out all of it or nothing; return the rows as they stood right after it."""
        trouble = await self._wire.before_write()
        fresh = dict(self.rows)
        for kind, entity, *more in operations:
            self._apply(fresh, kind, entity, more[0] if more else {})
        if fresh.keys() != self.rows.keys():
            self._sorted = None
        self.rows = fresh
        await self._wire.after_write(trouble)
        return fresh

    def _apply(self, rows: dict[Key, Entity], kind: str, entity: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        key, held = _key(entity), rows.get(_key(entity))
        if kind == "create" and held is not None:
            raise ResourceExistsError("there already")
        if kind in {"update", "delete"} and held is None:
            raise ResourceNotFoundError("not there")
        if held is not None and options.get("etag", held.metadata["etag"]) != held.metadata["etag"]:
            raise ResourceModifiedError("another etag")
        if kind == "delete":
            del rows[key]
            return
        merged = {**held, **entity} if held is not None and options.get("mode") is UpdateMode.MERGE else entity
        rows[key] = Entity(merged, str(next(self._etags)))


class _Found:
    """The answer to a query: an iterator of rows, or of pages."""

    def __init__(self, rows: list[Entity], per_page: int) -> None:
        self._rows = rows
        self._per_page = per_page

    async def __aiter__(self) -> AsyncIterator[Entity]:
        await asyncio.sleep(0)
        for row in self._rows:
            yield row

    async def by_page(self) -> AsyncIterator[AsyncIterator[Entity]]:
        await asyncio.sleep(0)
        for page in batched(self._rows, self._per_page, strict=False):
            yield aiter(_Found(list(page), self._per_page))


@dataclass(slots=True)
class Tables:
    """The three tables."""

    onboardings: Table
    people: Table
    leases: Table


@dataclass(slots=True)
class Message:
    """One message in a queue."""

    queue: str
    text: str
    visible_at: datetime
    tries: int = 0


@dataclass(slots=True)
class Queues:
    """All queues, poison queues too."""

    wire: Wire
    clock: Clock
    messages: list[Message] = field(default_factory=list)

    async def send(self, queue: str, onboarding: str, delay: int = 0) -> None:
        """Put a hint into a queue."""
        with storage_failures():
            trouble = await self.wire.before_write()
            self.messages.append(Message(queue, onboarding, self.clock.now() + timedelta(seconds=delay)))
            await self.wire.after_write(trouble)

    async def take(self, queue: str) -> list[Letter]:
        """Take letters, out of sight for half a minute."""
        await asyncio.sleep(0)
        now = self.clock.now()
        taken = [message for message in self.messages if message.queue == queue and message.visible_at <= now]
        for message in taken:
            message.visible_at = now + timedelta(seconds=30)
        return [Letter(queue, message.text, str(id(message)), "") for message in taken]

    async def delete(self, letter: Letter) -> None:
        """Delete a letter."""
        await self.wire.moment()
        self.messages = [message for message in self.messages if str(id(message)) != letter.id]


def _key(entity: Mapping[str, Any]) -> Key:
    return entity["PartitionKey"], entity["RowKey"]


@dataclass(frozen=True, slots=True)
class _Term:
    """One comparison of a filter, with a literal or with a parameter."""

    name: str
    compare: Callable[[Any, Any], bool]
    literal: str
    parameter: str | None

    def bound(self, parameters: Mapping[str, Any]) -> tuple[str, Callable[[Any, Any], bool], Any]:
        """Return column, comparison and value."""
        return self.name, self.compare, parameters[self.parameter] if self.parameter else self.literal


@cache
def _terms(query_filter: str) -> tuple[_Term, ...]:
    return tuple(map(_term, query_filter.split(" and ")))


def _term(text: str) -> _Term:
    match = _TERM.fullmatch(text)
    if match is None:
        raise ValueError(f"a query that this table does not know: {text}")
    name, compare, literal, parameter = match.groups()
    return _Term(name, _COMPARE[compare], literal, parameter)
