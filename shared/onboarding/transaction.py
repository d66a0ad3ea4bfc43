"""What one transition writes: the row, its due times, its audit record, who is new in its map, and the event.

All in the row's partition, so that Table storage takes it as one entity-group transaction, whole or not at all.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from azure.core import MatchConditions
from azure.data.tables import UpdateMode

from shared.onboarding import codec
from shared.onboarding.audit import ledger
from shared.onboarding.audit.ledger import Ledger
from shared.onboarding.audit.record import Audit
from shared.onboarding.codec import SeenEvent
from shared.onboarding.model import Onboarding
from shared.onboarding.row_codes import RowCodes
from shared.onboarding.statuses import Life

Operation = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A row as it is stored: what it says, and what its next write has to match."""

    row: Onboarding
    etag: str
    due_keys: dict[Life, str]
    slots: tuple[datetime, ...]
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True, slots=True)
class Change:
    """A transition to be committed."""

    row: Onboarding
    audit: Audit
    event: SeenEvent | None = None


def operations(before: Kept | None, change: Change, writer: str, codes: RowCodes) -> list[Operation]:
    """Say what a transition writes. Its row has its new version and due times; `before` None makes a new one.

    Refused as a whole where the row, its record or the event was written meanwhile.
    """
    row = change.row
    due_keys, written = _due_operations(before, row)
    book, recorded = _recorded(before, change, writer)
    entity = codes.signed(codec.row_entity(row, due_keys, _slots_kept(before, row)) | book.columns(erased=row.erased))
    if before is None:
        written.append(("create", entity))
    else:
        condition = {"etag": before.etag, "match_condition": MatchConditions.IfNotModified}
        written.append(("update", entity, {"mode": UpdateMode.REPLACE, **condition}))
    written += recorded
    if change.event is not None:
        written.append(("create", codec.event_entity(row.id[0], change.event, row.id)))
    return written


def _recorded(before: Kept | None, change: Change, writer: str) -> tuple[Ledger, list[Operation]]:
    """Enter a transition in the row's ledger: its record, and who is new in the map."""
    row, audit = change.row, change.audit
    known = before.ledger if before is not None and before.ledger.chain.length else None
    book = (known or Ledger()).naming(row, audit)
    book, record = book.entered(ledger.record_entity(row, audit, book.names, writer))
    written: list[Operation] = [("create", record)]
    named = ledger.map_entity(row.id, known.names if known else None, book.names)
    asked_by = before.row.erase_for if before is not None and row.erased else ""
    if asked_by:
        # An erasure that was asked for forgets everybody but who asked for it.
        written.append(("upsert", ledger.map_of_one(row.id, book.names, asked_by), {"mode": UpdateMode.REPLACE}))
    elif named is not None:
        written.append(("upsert", named, {"mode": UpdateMode.MERGE}))
    return book, written


def _due_operations(before: Kept | None, row: Onboarding) -> tuple[dict[Life, str], list[Operation]]:
    """Say where the due times of a row stand from now on, and what that takes; one that is as it was is left alone."""
    keys: dict[Life, str] = {}
    written: list[Operation] = []
    for life in Life:
        old_key = before.due_keys.get(life) if before else None
        due, was = row.due_in(life), before.row.due_in(life) if before else None
        if due is not None and due == was and old_key:
            keys[life] = old_key
            continue
        if due is not None:
            keys[life] = codec.due_key(due.at, row.id, life)
            # Table storage refuses delete and create of one key in one transaction.
            kind = "upsert" if keys[life] == old_key else "create"
            written.append((kind, codec.due_entity(row, life, due)))
        if old_key and old_key != keys.get(life):
            written.append(("delete", {"PartitionKey": row.id[0], "RowKey": old_key}))
    return keys, written


def _slots_kept(before: Kept | None, row: Onboarding) -> tuple[datetime, ...]:
    """Slots taken by a sweep are for the pass as it was due then; what the device side writes beside it keeps them."""
    return before.slots if before and before.row.due == row.due else ()
