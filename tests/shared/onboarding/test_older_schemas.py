"""Rows that an older version of the app wrote: read as this one would have written them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from shared.onboarding import codec, lifecycle
from shared.onboarding.audit.ledger import Ledger
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import SCHEMA, Onboarding
from shared.onboarding.row_codes import RowCodes
from shared.onboarding.store import Store
from shared.onboarding.transaction import Change
from shared.onboarding.upgrade import NewerRowError, upgraded
from shared.runtime.clock import SystemClock
from tests.model.storage import Entity, Table
from tests.model.wire import Wire
from tests.shared.onboarding.rows import COLLECTOR, NOW, SUBJECT, fresh

CODES = RowCodes.under([bytes(range(32))])


@pytest.mark.parametrize(("moved", "exceptions"), [(None, []), ("late-on-start-day", ["late-on-start-day"])])
def test_a_plan_of_schema_one_keeps_why_it_was_put_off(moved: str | None, exceptions: list[str]) -> None:
    """What was the one reason for another day is one of the named exceptions now."""
    document = json.loads(upgraded("o|a", json.dumps({"plan": {"zone": "UTC", "moved": moved}}), 1))
    assert document["plan"]["exceptions"] == exceptions
    assert json.loads(upgraded("o|a", json.dumps({"plan": None}), 1))["plan"] is None


def of_schema_3(row: Onboarding) -> dict[str, Any]:
    """Write a row as schema 3 did: no link has a code, and no collector an address besides his own."""
    entity = codec.row_entity(row, {}) | Ledger().columns(erased=False)
    document = {**json.loads(entity["doc"]), "schema": 3}
    document["delivery"].pop("pickup")
    for name in ("collector", "heard"):
        document[name].pop("link_to")
        document[name].pop("text_to")
    for name in ("shut", "fresh_codes"):
        document.pop(name)
    return CODES.signed({**entity, "schema": 3, "doc": json.dumps(document)})


async def test_a_link_of_schema_three_stays_right_and_an_older_version_leaves_what_follows_alone() -> None:
    """Same collector, same link, no code; once written again it is of a schema that schema 3 does not touch."""
    row = lifecycle.inviting(lifecycle.found(fresh(), SUBJECT, COLLECTOR), "A" * 43, NOW)
    row = replace(lifecycle.invited(row, 1, NOW), version=5)
    table = Table(Wire())
    table.rows[row.id[0], codec.row_key(row.id)] = Entity(of_schema_3(row), "1")
    store = Store(table, CODES, SystemClock())  # type: ignore[arg-type]
    kept = await store.read(row.id)
    assert kept is not None
    assert kept.row == row
    assert kept.row.delivery is not None
    assert (kept.row.delivery.pickup, kept.row.delivery.collector) == (None, COLLECTOR.bound)
    await store.commit(kept, Change(lifecycle.brought_forward(kept.row, NOW, NOW), Audit(Did.BROUGHT_FORWARD, NOW)))
    written = table.rows[row.id[0], codec.row_key(row.id)]
    assert written["schema"] == SCHEMA == 6
    with pytest.raises(NewerRowError):
        upgraded("o|a", "{}", SCHEMA + 1)
