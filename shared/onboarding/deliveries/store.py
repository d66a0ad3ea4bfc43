"""Where deliveries are kept: table `people`, a partition for each source, a row for each, sealed but for its labels.

A row holds 1 MiB and a property of it 64 KiB, so what is sealed lies in several; it is written and dropped as one.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableClient

from shared.onboarding.deliveries.model import KeptDelivery, earliest, person, request_of, written
from shared.runtime.errors import UnsealableError
from shared.runtime.seals import Seals
from shared.runtime.storage import find_entity, storage_failures
from shared.sources.request import Request

CHUNK = 60 * 1024
LABELS = ["RowKey", "at", "secret", "became", "people"]
AFTER_ALL = "~"
_OF_SOURCE = "PartitionKey eq @partition"


@dataclass(frozen=True, slots=True)
class Label:
    """What is known of a delivery without opening it."""

    id: str
    at: datetime
    secret: str
    became: tuple[str, ...]
    people: frozenset[str]


class DeliveryStore:
    """Keeps, finds, opens and drops deliveries."""

    def __init__(self, table: TableClient, seals: Seals) -> None:
        self._table = table
        self._seals = seals

    async def keep(self, delivery: KeptDelivery) -> None:
        """Keep a delivery; the same one again takes its own place.

        Raises:
            StorageUnavailableError: it may or may not be kept.
        """
        sealed = self._seals.seal(written(delivery.request), _place(delivery.source, delivery.id))
        starts = range(0, len(sealed), CHUNK)
        chunks = {f"sealed{number}": sealed[start : start + CHUNK] for number, start in enumerate(starts)}
        labels = {
            "PartitionKey": _partition(delivery.source),
            "RowKey": delivery.id,
            "at": delivery.at.isoformat(),
            "secret": delivery.secret,
            "became": json.dumps(delivery.became),
            "people": " ".join(sorted(delivery.people)),
            "chunks": len(chunks),
        }
        with storage_failures():
            await self._table.upsert_entity({**labels, **chunks}, mode=UpdateMode.REPLACE)

    async def newest(self, source: str, most: int, before: str = "") -> list[Label]:
        """List the labels of up to `most` deliveries of a source, the newest first; of those before an id."""
        return (await self._labels(source, before or AFTER_ALL))[: -most - 1 : -1]

    async def open(self, source: str, delivery: str) -> tuple[Label, Request] | None:
        """Open a delivery; None where there is none.

        Raises:
            UnsealableError: it was sealed under a secret that is gone, or something else wrote it.
        """
        entity = await find_entity(self._table, _partition(source), delivery)
        if entity is None:
            return None
        return _label(entity), request_of(self._seals.open(_sealed(entity), _place(source, delivery)))

    async def forget(self, source: str, names: Iterable[str]) -> None:
        """Drop every delivery that was about a person, by number or record; whoever else was in it goes along."""
        wanted = {person(source, name) for name in names}
        for label in await self._labels(source, AFTER_ALL):
            if wanted & label.people:
                await self._drop(source, label.id)

    async def drop_older(self, source: str, than: datetime) -> None:
        """Drop what was kept before a moment."""
        for label in await self._labels(source, earliest(than)):
            await self._drop(source, label.id)

    async def _labels(self, source: str, before: str) -> list[Label]:
        query, parameters = f"{_OF_SOURCE} and RowKey lt @before", {"partition": _partition(source), "before": before}
        with storage_failures():
            found = self._table.query_entities(query, parameters=parameters, select=LABELS)
            return [_label(entity) async for entity in found]

    async def _drop(self, source: str, delivery: str) -> None:
        with storage_failures():
            await self._table.delete_entity(_partition(source), delivery)


def _partition(source: str) -> str:
    return f"deliveries|{source}"


def _place(source: str, delivery: str) -> str:
    return f"{_partition(source)}|{delivery}"


def _label(entity: Mapping[str, Any]) -> Label:
    return Label(
        entity["RowKey"],
        datetime.fromisoformat(entity["at"]),
        entity["secret"],
        tuple(json.loads(entity["became"])),
        frozenset(entity["people"].split()),
    )


def _sealed(entity: Mapping[str, Any]) -> bytes:
    try:
        return b"".join(entity[f"sealed{number}"] for number in range(int(entity["chunks"])))
    except (KeyError, TypeError, ValueError):
        raise UnsealableError("its chunks are not those that were written") from None
