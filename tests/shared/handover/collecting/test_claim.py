"""One claim, which may look again for a while."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.handover.collecting.claim import ClaimState, Look, claim_hash, look, look_until
from shared.handover.keys.secrets import ClaimId, encode

FROM = datetime(2026, 11, 30, 7, tzinfo=UTC)
UNTIL = FROM + timedelta(hours=10)
MINUTE = timedelta(minutes=1)
MINE = claim_hash(ClaimId(encode(b"m" * 32)))
THEIRS = claim_hash(ClaimId(encode(b"t" * 32)))


def _look(held: ClaimState | None, now: datetime, presented: str = MINE) -> Look:
    return look(held, presented, valid_from=FROM, valid_until=UNTIL, now=now)


def test_the_hash_tells_claims_apart_and_not_what_they_are() -> None:
    """A row holds 64 hex digits, one per claim, from which the claim cannot be read."""
    assert MINE != THEIRS
    assert len(MINE) == 64
    assert encode(b"m" * 32) not in MINE
    assert claim_hash(ClaimId(encode(b"m" * 32))) == MINE


def test_nobody_before_means_first() -> None:
    """An unclaimed pass is there to be claimed, before and after it starts to work."""
    assert _look(None, FROM - 30 * MINUTE) is Look.FIRST
    assert _look(None, UNTIL - MINUTE) is Look.FIRST


def test_the_same_claim_looks_again_and_every_other_is_refused() -> None:
    """Who claimed may look again; nobody else may look at all."""
    held = ClaimState(MINE, FROM)
    assert _look(held, FROM + 5 * MINUTE) is Look.AGAIN
    assert _look(held, FROM + 5 * MINUTE, THEIRS) is Look.REFUSED
    assert _look(held, FROM + 5 * MINUTE, "") is Look.REFUSED
    assert _look(held, FROM + 5 * MINUTE, "é") is Look.REFUSED


@pytest.mark.parametrize(
    ("claimed", "last"),
    [
        (FROM - 30 * MINUTE, FROM + 90 * MINUTE),
        (FROM, FROM + 90 * MINUTE),
        (FROM + 60 * MINUTE, FROM + 150 * MINUTE),
        (UNTIL - 10 * MINUTE, UNTIL),
    ],
    ids=["claimed early", "claimed at the start", "claimed later", "claimed near the end"],
)
def test_looking_again_ends_ninety_minutes_after_the_later_of_claim_and_start(
    claimed: datetime, last: datetime
) -> None:
    """A claim made before the pass works does not run out early; none outlives the pass."""
    held = ClaimState(MINE, claimed)
    assert look_until(claimed, FROM, UNTIL) == last
    assert _look(held, last - timedelta(microseconds=1)) is Look.AGAIN
    assert _look(held, last) is Look.REFUSED


def test_they_are_in_ends_the_claim() -> None:
    """After "they are in" the same claim is refused too."""
    assert _look(ClaimState(MINE, FROM, ended=True), FROM + MINUTE) is Look.REFUSED


def test_an_ended_pass_is_claimed_by_nobody() -> None:
    """From the end of validity there is nothing to show."""
    assert _look(None, UNTIL) is Look.REFUSED
    assert _look(ClaimState(MINE, UNTIL - MINUTE), UNTIL) is Look.REFUSED


@given(claimed=st.integers(-30, 599), now=st.integers(-60, 700), ended=st.booleans(), same=st.booleans())
def test_a_held_claim_is_never_first(claimed: int, now: int, *, ended: bool, same: bool) -> None:
    """Whatever the times, a second first look does not exist."""
    held = ClaimState(MINE, FROM + claimed * MINUTE, ended)
    assert _look(held, FROM + now * MINUTE, MINE if same else THEIRS) is not Look.FIRST
