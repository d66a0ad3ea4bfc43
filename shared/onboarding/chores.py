"""What is done now and then for each source: when it is due, by one instance, and soon again after a fault.

A row for each source says when its chore is due next. Whoever takes the turn moves that on before anything is done, so
an instance that is cut off costs a short wait; and whoever ends finds the row as it was left, or another look was asked
for meanwhile, or another instance has taken over: then the time stands that was set since, and nothing asked for is
lost. Of a fault that lasts the desk hears once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from shared.onboarding.records.told import Told
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.leases import Cells, etag_of
from shared.tenant.ports.mail import Mail

MOST_CONFLICTS = 8
_NOT_KEPT = frozenset({"PartitionKey", "RowKey", "writer", "next", "asked", "failures", "told"})
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a chore is done.

    `every`: while all is well; `again`: after a fault, or where an instance was cut off in the middle; `told_after`: so
    many vain tries, for what passes by itself has mostly passed by then.
    """

    kind: str
    every: timedelta
    again: timedelta
    told_after: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One's turn at the chore of the source `name`, and what is known of it.

    `asked`: the words with which it was asked for since the last good turn. `failures`: how many were in vain since
    then, and `told` of which reasons the desk has heard. `kept`: what the chore itself keeps from one turn to the next.
    `etag`: under which the row was left when the turn was taken.
    """

    name: str
    began: datetime
    asked: frozenset[str] = frozenset()
    failures: int = 0
    told: frozenset[str] = frozenset()
    kept: Mapping[str, Any] = _NOTHING
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Chores:
    """The turns at one kind of chore."""

    rhythm: Rhythm
    cells: Cells
    told: Told
    clock: Clock

    async def turn(self, name: str) -> Turn | None:
        """Take the turn; None where it is not due, or another instance is at it.

        Raises:
            StorageUnavailableError: it may be taken all the same, and is due again soon.
        """
        now = self.clock.now()
        entity = await self.cells.read(self.rhythm.kind, name)
        if entity is not None and now < _next(entity):
            return None
        turn = _turn(name, now, entity)
        try:
            etag = await self.cells.swap(self.rhythm.kind, name, entity, _row(turn, now + self.rhythm.again))
        except ConflictError:
            return None
        return replace(turn, etag=etag)

    async def soon(self, name: str, *asked: str) -> None:
        """Let the chore be done with the next sweep, even where it is being done now: that may have come too soon.

        Raises:
            StorageUnavailableError: not known to be noted.
        """
        now = self.clock.now()

        def sooner(entity: Any) -> dict[str, Any]:
            known = _turn(name, now, entity)
            return _row(replace(known, asked=known.asked.union(asked)), now)

        await self._write(name, sooner)

    async def done(self, turn: Turn) -> None:
        """Rest: all is well."""
        await self._end(replace(turn, asked=frozenset(), failures=0, told=frozenset()), self.rhythm.every)

    async def failed(self, turn: Turn, why: str, mail: Mail) -> None:
        """Try again soon. Where it has lasted, the desk hears of each reason once; of one not heard, the next time."""
        turn = replace(turn, failures=turn.failures + 1)
        lasts = turn.failures >= self.rhythm.told_after
        if lasts and why not in turn.told and await self.told.tell(mail):
            turn = replace(turn, told=turn.told | {why})
        await self._end(turn, self.rhythm.again)

    async def _end(self, turn: Turn, rest: timedelta) -> None:
        await self._write(turn.name, lambda entity: _ended(turn, entity, turn.began + rest))

    async def _write(self, name: str, change: Callable[[Any], dict[str, Any]]) -> None:
        for _ in range(MOST_CONFLICTS):
            entity = await self.cells.read(self.rhythm.kind, name)
            try:
                await self.cells.swap(self.rhythm.kind, name, entity, change(entity))
            except ConflictError:
                continue
            return
        raise StorageUnavailableError("The row of a chore is written by too many at once.")


def _turn(name: str, now: datetime, entity: Any) -> Turn:
    """Read a row; one that an older version wrote may have neither failures nor what was asked or told."""
    row: Mapping[str, Any] = _NOTHING if entity is None else entity
    kept = {key: value for key, value in row.items() if key not in _NOT_KEPT}
    return Turn(name, now, _words(row, "asked"), int(row.get("failures", 0)), _words(row, "told"), kept)


def _ended(turn: Turn, entity: Any, due: datetime) -> dict[str, Any]:
    """Write what a turn came to; when it is due and what was asked for are another's word where the row has moved."""
    if entity is None or etag_of(entity) == turn.etag:
        return _row(turn, due)
    return _row(replace(turn, asked=_words(entity, "asked")), _next(entity))


def _row(turn: Turn, due: datetime) -> dict[str, Any]:
    words = {"asked": " ".join(sorted(turn.asked)), "told": " ".join(sorted(turn.told))}
    return {**turn.kept, **words, "next": due.isoformat(), "failures": turn.failures}


def _words(row: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(str(row.get(name, "")).split())


def _next(entity: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(entity["next"])
