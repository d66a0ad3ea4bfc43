"""The onboarding row as Table storage keeps it.

One entity for the row, one for each due time, one for each event seen, all in the row's partition so that one
transaction can hold them. What the audit adds to these is the business of `ledger`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shared.onboarding.model import SCHEMA, Onboarding
from shared.onboarding.statuses import Due, Life, Step
from shared.onboarding.upgrade import UnreadableRowError, upgraded

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """An event of a source, by the hash of its id, what became of it, and the name of the secret that proved it."""

    source: str
    event: str
    at: datetime
    outcome: str
    secret: str


@dataclass(frozen=True, slots=True)
class DueEntry:
    """A due time as the sweep finds it, without reading the row. `key` is its row key."""

    id: str
    life: Life
    step: Step
    deadline: datetime
    slots: int
    version: int
    key: str
    etag: str
    since: datetime
    schema: int
    pass_at: datetime | None = None


@cache
def _rows() -> TypeAdapter[Onboarding]:
    return TypeAdapter(Onboarding)


def stamp(instant: datetime) -> str:
    """Write an instant so that keys sort by it: 2030-06-03T06:30:00.000Z."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def row_key(onboarding: str) -> str:
    """Key of the row."""
    return f"o|{onboarding}"


def event_key(source: str, event: str) -> str:
    """Key of an event seen; `event` is the hash of its id."""
    return f"e|{source}|{event}"


def due_key(at: datetime, onboarding: str, life: Life) -> str:
    """Key of a due time."""
    return f"d|{stamp(at)}|{onboarding}|{life}"


def row_entity(row: Onboarding, due_keys: Mapping[Life, str], slots: tuple[datetime, ...] = ()) -> Entity:
    """Encode a row. `due_keys` say where its due times stand."""
    return {
        "PartitionKey": row.id[0],
        "RowKey": row_key(row.id),
        "schema": row.schema,
        "version": row.version,
        "source": row.source,
        "status": row.status.value,
        "reason": row.reason or "",
        "webSignIn": row.web.status.value,
        "webReason": row.web.reason or "",
        "erased": row.erased,
        **{_due_column(life): due_keys.get(life, "") for life in Life},
        "slots": _slots(slots),
        "doc": _rows().dump_json(row).decode(),
    }


def version_of(entity: Mapping[str, Any]) -> int:
    """Return the version that a row says it is of, 0 where it says none that can be."""
    version = entity.get("version")
    return version if isinstance(version, int) else 0


def decode_row(entity: Mapping[str, Any]) -> Onboarding:
    """Decode a row. Not checked: that this app wrote it; `Store` does so before.

    Raises:
        NewerRowError: a newer version of the app wrote it.
        UnreadableRowError: it is not as any schema has it. The text names the row and nothing that is in it.
    """
    try:
        row = _rows().validate_json(upgraded(entity["RowKey"], entity["doc"], int(entity["schema"])))
    except ValidationError:
        # The validator's own words repeat what it was given.
        raise UnreadableRowError(entity["RowKey"]) from None
    return replace(row, version=int(entity["version"]))


def decode_due_keys(entity: Mapping[str, Any]) -> dict[Life, str]:
    """Tell where the due times of a row stand; the sweep moves them without touching the row's document."""
    return {life: entity[_due_column(life)] for life in Life if entity.get(_due_column(life))}


def decode_slots(entity: Mapping[str, Any]) -> tuple[datetime, ...]:
    """Return the slots of the budget that the last sweep took for this row."""
    return tuple(datetime.fromisoformat(text) for text in entity.get("slots", "").split() if text)


def due_entity(row: Onboarding, life: Life, due: Due) -> Entity:
    """Encode a due time, with all that the sweep has to know."""
    return {
        "PartitionKey": row.id[0],
        "RowKey": due_key(due.at, row.id, life),
        "step": due.step.value,
        "deadline": stamp(due.deadline),
        "slots": due.slots,
        "since": stamp(due.at),
        "version": row.version,
        "schema": row.schema,
        **_pass_at(due.pass_at),
    }


def is_newer(entity: Mapping[str, Any]) -> bool:
    """Tell whether a newer version of the app wrote a due time: what it is for may be unknown here."""
    return int(entity.get("schema", 1)) > SCHEMA


def decode_due(entity: Mapping[str, Any], etag: str | None) -> DueEntry:
    """Decode a due time that is not newer."""
    _, _, onboarding, life = entity["RowKey"].split("|")
    return DueEntry(
        id=onboarding,
        life=Life(life),
        step=Step(entity["step"]),
        deadline=datetime.fromisoformat(entity["deadline"]),
        slots=int(entity["slots"]),
        version=int(entity["version"]),
        key=entity["RowKey"],
        etag=etag or "",
        since=datetime.fromisoformat(entity["since"]),
        schema=int(entity.get("schema", 1)),
        pass_at=datetime.fromisoformat(entity["passAt"]) if "passAt" in entity else None,
    )


def moved_due(entry: DueEntry, at: datetime) -> Entity:
    """Encode the same due time, standing at another instant."""
    return {
        "PartitionKey": entry.id[0],
        "RowKey": due_key(at, entry.id, entry.life),
        "step": entry.step.value,
        "deadline": stamp(entry.deadline),
        "slots": entry.slots,
        "since": stamp(entry.since),
        "version": entry.version,
        "schema": entry.schema,
        **_pass_at(entry.pass_at),
    }


def moved_row(entry: DueEntry, at: datetime, slots: tuple[datetime, ...]) -> Entity:
    """Encode what a moved due time changes in the row: where it stands, and the slots taken for it."""
    return {
        "PartitionKey": entry.id[0],
        "RowKey": row_key(entry.id),
        _due_column(entry.life): due_key(at, entry.id, entry.life),
        **({"slots": _slots(slots)} if slots else {}),
    }


def event_entity(shard: str, event: SeenEvent, onboarding: str) -> Entity:
    """Encode an event seen."""
    return {
        "PartitionKey": shard,
        "RowKey": event_key(event.source, event.event),
        "at": stamp(event.at),
        "outcome": event.outcome,
        "secret": event.secret,
        "onboarding": onboarding,
    }


def _pass_at(at: datetime | None) -> Entity:
    return {"passAt": stamp(at)} if at is not None else {}


def _slots(slots: tuple[datetime, ...]) -> str:
    return " ".join(stamp(slot) for slot in slots)


def _due_column(life: Life) -> str:
    return f"due{life[0].upper()}{life[1:]}"
