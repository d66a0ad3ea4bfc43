"""Taking the tables that HR leaves in a container: with every sweep, by one instance, the oldest first.

A table is taken as one that was posted: the same reading, brakes and verdict for each row. The verdict is written
beside it, the desk hears of what has to be mended, and the file is deleted, in this order; cut off in between, it is
taken again, and what had its effect is known by its events. So a bad file is looked at once, unless the desk cannot be
told: then it stays, and what came after it waits.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from shared.handover.mails.source_messages import container_fault_to_desk, table_to_desk
from shared.onboarding.chores import Chores, Rhythm
from shared.onboarding.events.arrivals import Arrivals
from shared.onboarding.ids import digest
from shared.onboarding.records.told import Told
from shared.runtime.errors import StorageUnavailableError
from shared.sources import drop
from shared.sources.drop import RESULT, Finding
from shared.sources.errors import DeliveryError, UnreadableBodyError
from shared.sources.kind import Source
from shared.sources.kinds import csv
from shared.sources.request import Request
from shared.sources.verdict import Handshake, Result, Verdict

log = logging.getLogger("day_one_pass")

RHYTHM = Rhythm("drops", every=timedelta(0), again=timedelta(minutes=5), told_after=6)
"""With every sweep; the desk hears after half an hour."""
MOST = 3
"""Files of a source in a minute: each may hold two hundred rows, and the next sweep is due."""
UNREAD = "container-unread"
RESULTS_KEPT = timedelta(days=14)


class File(Protocol):
    """A file as it was listed."""

    @property
    def name(self) -> str:
        """Its whole name."""
        ...

    @property
    def etag(self) -> str:
        """What tells this content from another."""
        ...

    @property
    def size(self) -> int:
        """Its bytes."""
        ...

    @property
    def at(self) -> datetime:
        """When it came."""
        ...


class Container[F: File](Protocol):
    """A container; all raise `StorageUnavailableError`."""

    async def files(self) -> tuple[F, ...]:
        """List all that lies in it."""
        ...

    async def read(self, file: F, /) -> bytes | None:
        """Return what is in a file; None where it is gone, or another by now."""
        ...

    async def write(self, name: str, json: str, /) -> None:
        """Write a file of JSON in place of any of this name."""
        ...

    async def remove(self, file: F, /) -> None:
        """Delete a file, unless it is gone, or another by now."""
        ...


class Receives(Protocol):
    """Takes a table, as `HrDoor` does."""

    async def receive(self, sender: Source[Any], request: Request, /) -> tuple[Verdict, list[Result]]:
        """Store every event in it, each in a transaction of its own, and keep it; what became of each."""
        ...


@dataclass(frozen=True, slots=True)
class Dropping:
    """Takes tables out of `containers`, by the names of their sources."""

    sources: Mapping[str, Source[Any]]
    containers: Mapping[str, Container[Any]]
    door: Receives
    arrivals: Arrivals
    chores: Chores
    told: Told

    async def run_if_due(self) -> None:
        """Take what lies there of every source, each by one instance; after a fault again in five minutes."""
        for name, container in self.containers.items():
            turn = await self.chores.turn(name)
            if turn is None:
                continue
            try:
                await self._look(self.sources[name], container, turn.began)
            except StorageUnavailableError as error:
                log.warning("the container of %s could not be looked through: %s", name, error)
                await self.chores.failed(turn, UNREAD, container_fault_to_desk(name, str(error), self.told.desk))
            else:
                await self.chores.done(turn)

    async def _look(self, source: Source[Any], container: Container[Any], now: datetime) -> None:
        found = await container.files()
        for old in found:
            if old.name.endswith(RESULT) and old.at < now - RESULTS_KEPT:
                await container.remove(old)
        for file in _oldest(found)[:MOST]:
            await self._take(source, container, file, now)

    async def _take(self, source: Source[Any], container: Container[Any], file: File, now: datetime) -> None:
        finding = await self._finding(source, container, file, now)
        if finding is None:
            return
        await container.write(f"{file.name}{RESULT}", json.dumps(finding.said, indent=1))
        log.info("a table of %s left in its container: %s", source.name, finding.said["outcome"])
        if not finding.faults or await self._tell(source.name, file, finding):
            await container.remove(file)

    async def _finding(
        self, source: Source[Any], container: Container[Any], file: File, now: datetime
    ) -> Finding | None:
        """Take a file; None where it is gone, or another by now."""
        why_not = drop.refusal_of(file.name, file.size)
        if why_not is not None:
            return drop.refused(UnreadableBodyError(f"the file {why_not}"))
        raw, wish = await container.read(file), drop.wish_of(file.name)
        if raw is None or wish is None:
            return None
        # Storage's clock names the moment; no event of ours lies ahead of our own clock for that.
        came = await self.arrivals.order(source.name, min(file.at, now))
        told = csv.Told(f"drop-{digest(source.name, file.name, file.etag)}", came, now)
        try:
            verdict, results = await self.door.receive(source, drop.left(wish, told, raw))
        except DeliveryError as error:
            return drop.refused(error)
        if isinstance(verdict, Handshake):
            return drop.tried(verdict.answer.body)
        await self.arrivals.note(source.name, came)
        return drop.taken(verdict, results)

    async def _tell(self, source: str, file: File, finding: Finding) -> bool:
        log.warning("a table of %s has %d faults", source, len(finding.faults))
        mail = table_to_desk(source, file.name, finding.faults, self.told.desk, applied=finding.applied)
        return await self.told.tell(mail)


def _oldest(found: Sequence[File]) -> list[File]:
    """Return what is to be taken, in the order in which it came."""
    waiting = [file for file in found if drop.wish_of(file.name) is not None]
    return sorted(waiting, key=lambda file: (file.at, file.name))
