"""The pick-up code: how it is drawn, read and kept, and when one more may be tried."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.handover.keys import pickup
from shared.handover.keys.pickup import ALPHABET, LENGTH, MOST_WRONG, PAUSES, Cost, Pickup, PickupCode
from shared.handover.keys.secrets import VisitId, encode
from shared.handover.pages import page

NOW = datetime(2030, 6, 3, 6, 45, tzinfo=UTC)
KEPT = pickup.hashed(PickupCode("BCDFGHJK"))
VISIT = VisitId(encode(bytes(range(32))))

codes = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_no_letter_looks_like_another_or_like_a_digit_or_makes_a_word() -> None:
    """Neither vowels nor L, which is taken for I and 1; no digits; enough of them for eight to be 34 bits."""
    assert set(ALPHABET) & set("AEIOUYL0123456789") == set()
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert len(ALPHABET) ** LENGTH > 2**33
    drawn = {pickup.new_code().reveal() for _ in range(300)}
    assert len(drawn) == 300
    assert set("".join(drawn)) == set(ALPHABET)


@given(codes, st.lists(st.sampled_from([" ", "-", "\u2013", "\u00a0", ".", "\t", ""]), min_size=9, max_size=9))
def test_a_code_is_read_however_people_type_it(code: str, between: list[str]) -> None:
    """In either case, with spaces, hyphens or dots anywhere, as it was pasted from a mail."""
    typed = "".join(gap + letter for gap, letter in zip(between, code.swapcase() + " ", strict=True))
    read = PickupCode.parse(typed)
    assert read is not None
    assert read.reveal() == code
    assert PickupCode.parse(read.grouped) is not None
    assert re.fullmatch(r"[A-Z]{4}-[A-Z]{4}", read.grouped)


@pytest.mark.parametrize(
    "text",
    ["", "BCDFGHJ", "BCDFGHJKM", "BCDFGHJ1", "BCDFGHJA", "BCDFGHJL", "B\u0421DFGHJK", "ß" * 4, " " * 65, None, 8, []],
)
def test_what_no_code_can_be_is_no_try(text: object) -> None:
    """Too short, too long, letters of no code, or that only look like one: turned away before anything is counted."""
    assert PickupCode.parse(text) is None


def test_a_code_is_kept_as_salt_and_hash_that_are_dear() -> None:
    """The same code is kept differently each time, by a hash that takes 16 MiB; only it fits."""
    assert Cost(2**14, 8, 1) == pickup.COST
    assert pickup.COST.memory == 16 * 2**20
    again = pickup.hashed(PickupCode("BCDFGHJK"))
    assert (KEPT.salt, KEPT.hash) != (again.salt, again.hash)
    assert pickup.fits(PickupCode("BCDFGHJK"), KEPT)
    assert not pickup.fits(PickupCode("BCDFGHJM"), KEPT)
    assert not pickup.fits(PickupCode("BCDFGHJK"), pickup.NO_CODE)
    assert KEPT.hash not in repr(KEPT)
    cheaper = replace(KEPT, cost=Cost(n=16))
    assert not pickup.fits(PickupCode("BCDFGHJK"), cheaper), "the cost is that of the row"


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=20))
def test_never_more_than_five_wrong_codes_and_never_one_in_a_pause(tried: list[tuple[int, bool]]) -> None:
    """Whatever comes when: a wrong code is counted only where one is looked at, a right one never counts down."""
    held, now, counted = Pickup(KEPT), NOW, []
    for seconds, right in tried:
        now += timedelta(seconds=seconds)
        if not pickup.takes_a_try(held, now):
            continue
        after = pickup.tried(held, VISIT, now, right=right)
        assert after.wrong == held.wrong + (not right)
        assert pickup.has_brought(after, VISIT) is (right or pickup.has_brought(held, VISIT))
        counted += [] if right else [now]
        held = after
    assert len(counted) <= MOST_WRONG
    assert all(late - soon >= pause for soon, late, pause in zip(counted, counted[1:], PAUSES, strict=False))
    assert pickup.is_locked(held) is (len(counted) == MOST_WRONG)
    assert not pickup.has_brought(held, VisitId(encode(bytes(32))))
    assert not pickup.has_brought(None, VISIT)
    assert not pickup.has_brought(held, None)


def test_the_page_tells_the_pauses_and_reads_the_letters_that_the_app_does() -> None:
    """What the page says of pauses and tries, and what it lets through, is what is counted."""
    script = Path(page.__file__).with_name("page.js").read_text(encoding="utf-8")
    pauses = re.search(r"const PAUSES = (\[[\d, ]+\]);", script)
    assert pauses is not None
    assert [each.total_seconds() for each in PAUSES] == json.loads(pauses[1])
    assert f"/^[{ALPHABET}]{{{LENGTH}}}$/" in script
