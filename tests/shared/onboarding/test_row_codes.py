"""The authentication code of a row: whatever is altered is seen, and nothing that was altered is ever signed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.onboarding import codec, lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.events.admission import Effect, admit
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.requests.desk import is_stuck
from shared.onboarding.row_codes import MOVED, AlteredRowError, RowCodes, UnknownRowKeyError
from shared.onboarding.statuses import Status
from shared.onboarding.store import Store
from shared.onboarding.transaction import Change
from shared.runtime.clock import SystemClock
from shared.sources.hire import EventKind
from tests.model.storage import Entity, Table
from tests.model.wire import Wire
from tests.shared.onboarding.rows import COLLECTOR, NOW, SUBJECT, fresh, hire
from tests.shared.onboarding.test_admission import CALENDAR, arrival

OLD, NEW = bytes(range(32)), bytes(range(100, 140))
CODES = RowCodes.under([OLD])
LATER = NOW + timedelta(days=1)


def stored() -> dict[str, Any]:
    """Return a row's entity as the store writes it, with its link."""
    row = lifecycle.inviting(lifecycle.found(fresh(), SUBJECT, COLLECTOR), "A" * 43, NOW)
    return CODES.signed(codec.row_entity(replace(row, version=3), {}))


def test_every_column_but_what_the_sweep_moves_is_under_the_code() -> None:
    """Each column changed alone is seen; a due time or a slot moved is not the code's business."""
    entity = stored()
    CODES.verify(entity, NOW)
    for name, value in entity.items():
        altered = {**entity, name: value + 1 if isinstance(value, int) else f"{value}x"}
        if name in MOVED - {"code"}:
            CODES.verify(altered, NOW)
            continue
        with pytest.raises(AlteredRowError):
            CODES.verify(altered, NOW)


@pytest.mark.parametrize(
    "text", ["recipient", "collector", "account", "public key", "delivery number", "onboarding", "release"]
)
def test_who_gets_it_and_by_which_key_is_under_the_code(text: str) -> None:
    """Each of the words that lead a pass to somebody, altered in the document, breaks the code."""
    entity = stored()
    doc: str = entity["doc"]
    altered = {
        "recipient": doc.replace(COLLECTOR.mail, "thief@larkspur.example"),
        "collector": doc.replace(COLLECTOR.id, "thief"),
        "account": doc.replace(SUBJECT.id, "victim"),
        "public key": doc.replace("A" * 43, "B" * 43),
        "delivery number": doc.replace('"number":1', '"number":2'),
        "onboarding": doc.replace(entity["RowKey"][2:], "0" * 25),
        "release": doc.replace('"release":null', '"release":{}'),
    }[text]
    assert altered != doc
    with pytest.raises(AlteredRowError):
        CODES.verify({**entity, "doc": altered}, NOW)


def test_a_row_cannot_take_the_place_of_another() -> None:
    """Code and document together, moved under another row's key, do not fit there."""
    with pytest.raises(AlteredRowError):
        CODES.verify({**stored(), "RowKey": "o|" + "1" * 25}, NOW)


@given(st.text(max_size=90))
def test_no_code_but_the_right_one_passes(code: str) -> None:
    """Whatever stands in its place."""
    with pytest.raises((AlteredRowError, UnknownRowKeyError)):
        CODES.verify({**stored(), "code": code}, NOW)


def test_keys_rotate() -> None:
    """The old key still counts beside the new one; taken away, its rows are left alone and not given up."""
    entity = stored()
    both = RowCodes.under([NEW, OLD])
    both.verify(entity, NOW)
    signed_anew = both.signed(entity)
    RowCodes.under([NEW]).verify(signed_anew, NOW)
    with pytest.raises(UnknownRowKeyError):
        RowCodes.under([NEW]).verify(entity, NOW)


def test_rows_without_a_code_pass_only_while_settings_say_so_and_only_those_of_older_schemas() -> None:
    """An upgrade has its time; before and after it a row without a code was written by another."""
    without = {name: value for name, value in stored().items() if name != "code"}
    older = {**without, "schema": 2}
    while_upgrading = RowCodes.under([OLD], LATER)
    while_upgrading.verify(older, NOW)
    for codes, entity, now in (
        (while_upgrading, older, LATER),
        (while_upgrading, without, NOW),
        (CODES, older, NOW),
        (while_upgrading, {**older, "code": ""}, NOW),
    ):
        with pytest.raises(AlteredRowError):
            codes.verify(entity, now)


def thief(table: Table, onboarding: str, **columns: object) -> None:
    """Write to a row as whoever has the storage account could."""
    key = (onboarding[0], f"o|{onboarding}")
    held = table.rows[key]
    table.rows[key] = Entity({**held, **columns}, held.metadata["etag"])


async def begun() -> tuple[Table, Store, Onboarding]:
    """Store a row whose link is out, in a store in memory."""
    table = Table(Wire())
    store = Store(table, CODES, SystemClock())  # type: ignore[arg-type]
    row = lifecycle.inviting(lifecycle.found(fresh(), SUBJECT, COLLECTOR), "A" * 43, NOW)
    await store.commit(None, Change(row, Audit(Did.EVENT_PLANNED, NOW)))
    return table, store, row


async def test_an_altered_row_is_put_aside_wherever_it_is_read() -> None:
    """Read, listed or surveyed: it has failed with its own reason, and nothing that was altered is left or signed."""
    table, store, row = await begun()
    doc = table.rows[row.id[0], f"o|{row.id}"]["doc"]
    thief(table, row.id, doc=doc.replace(COLLECTOR.id, "thief"))
    (listed,) = await store.page(row.id[0], row.id[0], 10)
    assert (listed.status, listed.reason) == (Status.FAILED, Reason.ROW_ALTERED)
    assert [found async for found in store.unfinished()] == [(row.id, None)]
    kept = await store.read(row.id)
    assert kept is not None
    assert (kept.row.status, kept.row.reason, kept.row.delivery) == (Status.FAILED, Reason.ROW_ALTERED, None)
    assert "thief" not in str(table.rows)
    assert [key for _, key in table.rows if key.startswith("d|") and "webSignIn" in key] == []


async def test_a_step_that_read_the_row_before_does_not_sign_what_was_altered_since() -> None:
    """Between a step's read and its write the thief writes: the write fails, and what is read again is put aside."""
    table, store, row = await begun()
    thief(table, row.id, doc="{}")
    seen: list[Onboarding] = []

    def decide(found: Onboarding) -> Change | None:
        seen.append(found)
        return None

    await store.update(row.id, decide)
    assert [(found.status, found.collector) for found in seen] == [(Status.FAILED, None)]


@pytest.mark.parametrize(
    "columns", [{"names": "{"}, {"version": "x"}, {"version": 1}, {"schema": "x"}, {"head": 5}, {"doc": 7}]
)
async def test_whatever_the_thief_leaves_of_a_row_it_is_put_aside(columns: dict[str, object]) -> None:
    """A row that cannot be decoded at all fails in the same way, and one that says it is an earlier one."""
    table, store, row = await begun()
    await store.update(row.id, lambda fresh: Change(fresh, Audit(Did.EVENT_UNCHANGED, NOW)))
    thief(table, row.id, **columns)
    kept = await store.read(row.id)
    assert kept is not None
    assert kept.row.reason is Reason.ROW_ALTERED


def test_hr_begins_a_row_anew_that_was_put_aside() -> None:
    """Any event is newer than a row of which nothing is known; the hire is planned from what it says alone."""
    aside = lifecycle.put_aside("a" * 25, 3, NOW)
    effect = admit(arrival(EventKind.CREATED, 0), aside, "b" * 25, CALENDAR, NOW)
    assert isinstance(effect, Effect)
    assert (effect.row.id, effect.row.source, effect.row.status) == (aside.id, "acme", Status.PLANNED)
    assert effect.row.hire == hire()


def test_nobody_puts_it_back_to_work() -> None:
    """There is nothing left to go on with."""
    assert not is_stuck(lifecycle.put_aside("a" * 25, 3, NOW))
