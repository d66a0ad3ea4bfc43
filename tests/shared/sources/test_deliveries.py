"""What is kept of deliveries: proven ones, sealed, found by whom they are about; shown masked, run again, dropped."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.onboarding.deliveries import masking
from shared.onboarding.deliveries.model import KeptDelivery, person, request_of, written
from shared.onboarding.deliveries.store import CHUNK, DeliveryStore
from shared.runtime.errors import UnsealableError
from shared.runtime.seals import Seals
from shared.sources.request import Headers, Request
from tests.model.storage import Table
from tests.model.wire import Wire
from tests.shared.sources.conformance import NUMBER, Sender, deliver, knock
from tests.shared.sources.kinds import csv
from tests.shared.sources.senders import NOW
from tests.shared.sources.test_conformance import SENDERS

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
each_kind = pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.kind)


def kept(body: bytes = b"{}", people: frozenset[str] = frozenset(), minutes: int = 0) -> KeptDelivery:
    """Write a delivery, so many minutes from now."""
    request = Request("POST", Headers([("X-Signature", "s"), ("x-signature", "t")]), {"q": "1"}, body, NOW)
    at = NOW + timedelta(minutes=minutes)
    return KeptDelivery(f"{minutes:024x}", "acme", at, "2026-a", ("planned",), people, request)


@each_kind
def test_what_is_proven_is_kept_and_nothing_else(sender: Sender) -> None:
    """Strangers cannot fill the store: not with a foreign key, not without a proof, not with what is no JSON."""
    (one,) = deliver(sender, sender.hire).kept
    assert (one.source, one.secret, one.request.body) == (sender.kind, "2026-a", sender.hire)
    assert one.people == {person(sender.kind, sender.names or NUMBER)}
    assert not deliver(sender, b"{").kept
    if sender.proof:
        assert not knock(sender, {"Content-Type": "application/json"}, sender.misshapen).kept
    (wrong,) = deliver(sender, sender.misshapen).kept
    assert any(word.startswith(("misshapen: /", "refused: /")) for word in wrong.became)
    assert "Ada" not in repr(one) + repr(wrong)


async def test_a_delivery_is_sealed_in_chunks_opened_as_it_came_and_dropped_with_time_or_person() -> None:
    """The largest one fits into a row; labels are in clear, and none is a value."""
    table = Table(Wire())
    store = DeliveryStore(table, Seals.under([OLD]))  # type: ignore[arg-type] # as the product uses tables
    large = kept(b"Amelie" * 43_000, frozenset({person("acme", "7")}))
    await store.keep(large)
    for minutes in (1, 2):
        await store.keep(kept(minutes=minutes, people=frozenset({person("acme", "8")})))
    (row,) = (row for row in table.rows.values() if row["RowKey"] == large.id)
    assert all(len(value) <= CHUNK for name, value in row.items() if name.startswith("sealed"))
    assert b"Amelie" not in b"".join(value for value in row.values() if isinstance(value, bytes))

    rotated = DeliveryStore(table, Seals.under([NEW, OLD]))  # type: ignore[arg-type]
    opened = await rotated.open("acme", large.id)
    assert opened is not None
    label, request = opened
    assert (label.became, request.body, request.headers.all("x-signature")) == (
        ("planned",),
        large.request.body,
        ("s", "t"),
    )
    with pytest.raises(UnsealableError, match="no more"):
        await DeliveryStore(table, Seals.under([NEW])).open("acme", large.id)  # type: ignore[arg-type]

    assert [one.id[-1] for one in await store.newest("acme", 2)] == ["2", "1"]
    assert [one.id[-1] for one in await store.newest("acme", 2, before=f"{1:024x}")] == ["0"]
    await store.forget("acme", ["7"])
    assert [one.id[-1] for one in await store.newest("acme", 9)] == ["2", "1"]
    await store.drop_older("acme", NOW)
    assert table.rows == {}


def test_what_is_sealed_for_one_place_opens_nowhere_else() -> None:
    """Nor altered, cut short or empty."""
    seals = Seals.under([OLD])
    sealed = seals.seal(b"plain", "here")
    assert seals.open(sealed, "here") == b"plain"
    for other, place in ((sealed, "there"), (sealed[:-1], "here"), (sealed + b"0", "here"), (b"", "here")):
        with pytest.raises(UnsealableError):
            seals.open(other, place)
    assert "keys" not in repr(seals) or OLD.hex() not in repr(seals)


@given(st.binary(max_size=300), st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=4))
def test_a_request_is_written_and_read_back(body: bytes, fields: list[tuple[str, str]]) -> None:
    """Whatever a sender may send."""
    request = Request("POST", Headers(fields), {"a": "ä"}, body, NOW)
    again = request_of(written(request))
    assert (again.body, again.headers.fields(), again.now) == (body, request.headers.fields(), NOW)


@each_kind
def test_what_is_shown_has_names_and_shapes_and_the_vendors_own_words_and_no_value(sender: Sender) -> None:
    """Whatever it is written in, and however badly."""
    media_type = next(v for n, v in sender.sign(sender.secret, sender.hire, NOW).items() if n.lower() == "content-type")
    words = masking.words_of(sender.source().kind.words, sender.source().options.model_dump(mode="json"))
    for body in (sender.hire, sender.misshapen, sender.hire[:-9]):
        shown = masking.masked_body(body, media_type, words)
        assert not [word for word in ("Ada", "King", NUMBER, "2026-12-07", sender.secret) if word in shown]


def test_a_masked_value_keeps_what_it_could_be_read_as() -> None:
    """A day is a day, an instant an instant, a number a number; a word of the settings stays."""
    value = {
        "startDate": "2026-12-07",
        "at": "2026-11-20T09:49:14.5Z",
        "none": "0000-00-00",
        "n": 120,
        "ok": True,
        "type": "hire.created",
        "bus": "com.example.hire.created",
        "mail": "Zoë.B@x.example",
        "a@b.c": None,
    }
    shown = json.loads(masking.masked_body(json.dumps(value).encode(), "application/json", {"hire.created"}))
    assert shown == {
        "startDate": "1011-11-01",
        "at": "1011-11-10T01:11:11.1Z",
        "none": "0000-00-00",
        "n": 111,
        "ok": True,
        "type": "hire.created",
        "bus": "com.example.hire.created",
        "mail": "Xxx.X@x.xxxxxxx",
        "x@x.x": None,
    }
    table = masking.masked_body(csv.table(csv.row()), "text/csv; charset=utf-8", {"joins", "No."})
    assert table.splitlines()[:2] == [
        csv.HEADER,
        '11111,"Xxx Xxxx",1011-11-01,joins,1011-11-10T01:00:00Z,"xx xx, xxxxxxx"',
    ]
    form = masking.masked_body(b"data%5Bid%5D=7&name=Ada", "application/x-www-form-urlencoded", frozenset())
    assert form == "data%5Bid%5D=1&name=Xxx"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("headed", [True, False], ids=["with a header", "without one"])
def test_no_row_of_a_table_is_shown_for_its_header(end: str, headed: bool) -> None:
    """However lines end, and where the first of them names nobody's columns, a person's cells are masked."""
    header = ["Number,Name,Starts"] if headed else []
    text = end.join([*header, "7,Ada Lovelace,2030-06-03", "8,Grace Hopper,2030-06-03"])
    shown = masking.masked_body(text.encode(), "text/csv", {"Number", "Name", "Starts"})
    assert not [word for word in ("Ada", "Lovelace", "Grace", "Hopper") if word in shown]
    assert ("Name" in shown) == headed
