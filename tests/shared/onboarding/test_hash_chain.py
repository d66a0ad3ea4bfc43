"""The audit as a hash chain: nothing can be changed, cut, moved or grafted unseen, and erasing names breaks nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.onboarding import lifecycle
from shared.onboarding.audit import ledger
from shared.onboarding.audit.hash_chain import Chain, as_of, digest, verify
from shared.onboarding.audit.ledger import Ledger
from shared.onboarding.audit.pseudonyms import Pseudonyms
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.codec import stamp
from shared.onboarding.model import Onboarding
from tests.shared.onboarding.rows import COLLECTOR, NOW, OTHER, SUBJECT, fresh

Records = dict[int, dict[str, Any]]
ADMIN = "11111111-0000-4000-8000-000000000009"
LENGTH = 5


def history(onboarding: str = "a" * 25) -> tuple[Chain, Records]:
    """Return the head and the records of five transitions, a minute apart."""
    book, records = Ledger(), {}
    row: Onboarding = lifecycle.found(replace(fresh(), id=onboarding), SUBJECT, COLLECTOR)
    for number in range(1, LENGTH + 1):
        audit = Audit(Did.WAITS, NOW + timedelta(minutes=number), caller=ADMIN if number == 3 else "")
        row = replace(row, version=number)
        book = book.naming(row, audit)
        book, records[number] = book.entered(ledger.record_entity(row, audit, book.names, f"writer {number}"))
    return book.chain, records


def broken(chain: Chain, records: Records, newest: int = LENGTH) -> list[int]:
    """Return the numbers of the records where the chain does not hold."""
    return [one.record for one in verify(chain, newest, records)]


def test_what_was_written_holds() -> None:
    """An audit that nobody has touched has no break."""
    chain, records = history()
    assert (chain.length, broken(chain, records)) == (LENGTH, [])


@given(st.integers(1, LENGTH), st.sampled_from([name for name in history()[1][1] if name != "hash"]))
def test_a_changed_column_is_seen_in_its_record(number: int, column: str) -> None:
    """Whatever column of whatever record is changed, the keys and the time among them, that record is named."""
    chain, records = history()
    records[number] = {**records[number], column: "another"}
    assert number in broken(chain, records)


@given(st.integers(1, LENGTH))
def test_a_record_that_is_cut_out_is_missed(number: int) -> None:
    """The first, one in the middle or the last: its place is empty."""
    chain, records = history()
    del records[number]
    assert broken(chain, records) == [number]


def test_the_tail_cannot_be_cut_with_the_rows_length() -> None:
    """The last record gone with its length is seen by the head; the head rewritten, too, by the logged digest."""
    chain, records = history()
    last = records.pop(LENGTH)
    assert broken(replace(chain, length=LENGTH - 1), records, LENGTH - 1) == [LENGTH - 1]
    rewritten = Chain(records[LENGTH - 1]["hash"], LENGTH - 1, records[LENGTH - 1]["at"])
    assert broken(rewritten, records, LENGTH - 1) == []
    assert digest({"a": rewritten}) != digest({"a": as_of([*records.values(), last], stamp(NOW + timedelta(hours=1)))})


@given(st.permutations(range(1, LENGTH + 1)))
def test_records_that_change_places_are_seen(order: list[int]) -> None:
    """Any other order than the one they were written in breaks, with keys or without."""
    chain, records = history()
    moved = {number: records[one] for number, one in enumerate(order, 1)}
    renamed = {number: {**record, "RowKey": records[number]["RowKey"]} for number, record in moved.items()}
    untouched = order == sorted(order)
    assert (broken(chain, moved) == []) == untouched
    assert (broken(chain, renamed) == []) == untouched


def test_a_record_of_another_onboarding_is_no_substitute() -> None:
    """Neither under its own key nor under the one it takes the place of."""
    chain, records = history()
    _, others = history("b" * 25)
    for graft in (others[3], {**others[3], "RowKey": records[3]["RowKey"], "PartitionKey": "a"}):
        assert 3 in broken(chain, {**records, 3: graft})


def test_a_record_too_many_is_seen() -> None:
    """What stands behind the row's last record is not the row's."""
    chain, records = history()
    assert broken(chain, {**records, LENGTH + 1: records[LENGTH]}) == [LENGTH + 1]


def test_records_of_before_the_chain_are_left_out() -> None:
    """A row that schema 1 wrote has records without a hash; those chained since hold."""
    chain, records = history()
    old = {number: {"RowKey": f"a|{number}", "at": stamp(NOW)} for number in (1, 2)}
    later = {number + 2: record for number, record in records.items()}
    assert broken(chain, {**old, **later}, LENGTH + 2) == []


def test_heads_of_then_are_found_again() -> None:
    """The digest of an instant is the same whatever was written since, and another if anything before was."""
    chain, records = history()
    then = stamp(NOW + timedelta(minutes=3))
    before = as_of([records[number] for number in (1, 2, 3)], then)
    assert as_of(records.values(), then) == before
    assert (before.length, before.head) == (3, records[3]["hash"])
    assert digest({"a": before}) != digest({"a": chain})


def test_nobody_is_named_in_a_record() -> None:
    """Account, collector, caller and event stand in it by random ids, the same person by the same one."""
    _, records = history()
    text = str(records)
    assert not any(one in text for one in (SUBJECT.id, COLLECTOR.id, ADMIN, SUBJECT.display_name, COLLECTOR.mail))
    assert len({record["subject"] for record in records.values()}) == 1
    assert records[3]["by"] not in {"app", "", records[3]["subject"], records[3]["collector"]}


def test_two_onboardings_know_the_same_person_by_different_ids() -> None:
    """A random id says nothing about the next onboarding of the same manager."""
    assert history()[1][1]["collector"] != history()[1][1]["collector"]


def test_the_map_grows_by_who_is_new() -> None:
    """Only who is new is written, each beside those before; an event is told only by who has the salt."""
    first = Pseudonyms().with_people([SUBJECT.id])
    second = first.with_people([SUBJECT.id, OTHER.id, ""])
    whole = ledger.map_entity("a" * 25, None, first)
    more = ledger.map_entity("a" * 25, first, second)
    assert whole is not None
    assert more is not None
    assert ledger.decode_map(whole | more) == {second.of(SUBJECT.id): SUBJECT.id, second.of(OTHER.id): OTHER.id}
    assert ledger.map_entity("a" * 25, second, second.with_people([OTHER.id])) is None
    assert first.of_event("hash") != Pseudonyms().of_event("hash")


@pytest.mark.parametrize("erased", [False, True])
def test_the_row_forgets_who_is_who_when_it_is_erased(erased: bool) -> None:
    """Until then the row spares every step a look at the map; afterwards it keeps head and length alone."""
    book = Ledger().naming(lifecycle.found(fresh(), SUBJECT, COLLECTOR), Audit(Did.WAITS, NOW))
    columns = book.columns(erased=erased)
    assert (SUBJECT.id in str(columns)) is not erased
    assert (ledger.decode_ledger(columns).names == book.names) is not erased
