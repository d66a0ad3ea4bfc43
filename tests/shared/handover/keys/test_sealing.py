"""Only one key, with one binding, opens a sealed pass."""

import dataclasses
from itertools import pairwise
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.handover.keys.sealing import Binding, SealBrokenError, fits, new_key_pair, seal, unseal
from shared.handover.keys.secrets import LinkKey, PassCode, PublicKey, SealedPass

CODE = PassCode("q7!Rk+2v")
BINDING = Binding("a-onboarding", "pass-1", "user-1", "collector-1", 1)
_parts = st.text(min_size=1, max_size=12)
_bindings = st.builds(Binding, _parts, _parts, _parts, _parts, st.integers(1, 10**6))


@settings(max_examples=50)
@given(code=st.text(min_size=1, max_size=48), binding=_bindings)
def test_the_right_key_and_binding_open_the_seal(code: str, binding: Binding) -> None:
    """What was sealed comes back, for any code and binding."""
    key, public = new_key_pair()
    assert unseal(seal(PassCode(code), public, binding), key, binding).reveal() == code


def test_a_key_survives_its_text() -> None:
    """The key as the link carries it opens the seal."""
    key, public = new_key_pair()
    read = LinkKey.parse(key.reveal())
    assert read is not None
    assert unseal(seal(CODE, public, BINDING), read, BINDING).reveal() == CODE.reveal()


def test_no_other_key_opens_the_seal() -> None:
    """Freshly drawn keys do not open it (drawn, not flipped: X25519 ignores some bits of a private key)."""
    _, public = new_key_pair()
    sealed = seal(CODE, public, BINDING)
    for stranger, _ in (new_key_pair() for _ in range(100)):
        with pytest.raises(SealBrokenError):
            unseal(sealed, stranger, BINDING)


@pytest.mark.parametrize("part", [field.name for field in dataclasses.fields(Binding)])
def test_no_part_of_the_binding_may_differ(part: str) -> None:
    """A seal moved to another onboarding, pass, user, collector or delivery stays shut."""
    key, public = new_key_pair()
    sealed = seal(CODE, public, BINDING)
    other: Any = 2 if part == "delivery" else getattr(BINDING, part).upper()
    with pytest.raises(SealBrokenError):
        unseal(sealed, key, dataclasses.replace(BINDING, **{part: other}))


def test_no_bit_of_a_sealed_pass_may_differ() -> None:
    """Every single flipped bit, every cut and every added byte is noticed."""
    key, public = new_key_pair()
    raw = seal(CODE, public, BINDING).raw
    flipped = [
        raw[: bit // 8] + bytes([raw[bit // 8] ^ 1 << bit % 8]) + raw[bit // 8 + 1 :] for bit in range(len(raw) * 8)
    ]
    for changed in [*flipped, *(raw[:length] for length in range(len(raw))), raw + b"\0"]:
        with pytest.raises(SealBrokenError):
            unseal(SealedPass(changed), key, BINDING)


@given(one=_bindings, other=_bindings)
def test_different_bindings_are_written_differently(one: Binding, other: Binding) -> None:
    """Equal bytes mean equal bindings."""
    assert (one.info() == other.info()) == (one == other)


@given(text=st.text(min_size=8, max_size=16), data=st.data())
def test_moving_a_border_between_parts_changes_what_is_written(text: str, data: st.DataObject) -> None:
    """The same characters cut into other parts are another binding: lengths stand before the parts."""
    cuts = st.sets(st.integers(1, len(text) - 1), min_size=3, max_size=3)
    one, other = data.draw(cuts), data.draw(cuts)
    assert (_cut(text, one).info() == _cut(text, other).info()) == (one == other)


def _cut(text: str, borders: set[int]) -> Binding:
    onboarding, pass_id, user, collector = (
        text[start:end] for start, end in pairwise([0, *sorted(borders), len(text)])
    )
    return Binding(onboarding, pass_id, user, collector, 1)


def test_the_delivery_is_not_read_into_the_collector() -> None:
    """Digits of the delivery number cannot pass from one part to the next."""
    assert Binding("o", "p", "u", "c1", 1).info() != Binding("o", "p", "u", "c", 11).info()


@pytest.mark.parametrize("part", [field.name for field in dataclasses.fields(Binding)])
def test_a_binding_has_all_its_parts(part: str) -> None:
    """A row with a hole in it is not sealed to."""
    hole: Any = 0 if part == "delivery" else ""
    with pytest.raises(ValueError, match="a binding names"):
        dataclasses.replace(BINDING, **{part: hole})


def test_a_seal_is_never_the_same_twice() -> None:
    """Equal codes cannot be told from equal ciphertext."""
    _, public = new_key_pair()
    assert seal(CODE, public, BINDING) != seal(CODE, public, BINDING)


def test_a_sealed_pass_does_not_hold_the_code() -> None:
    """The code is not in what is stored."""
    _, public = new_key_pair()
    assert CODE.reveal().encode() not in seal(CODE, public, BINDING).raw


def test_a_broken_seal_says_nothing_of_what_it_held() -> None:
    """The error names no code, key or binding, in none of its causes."""
    key, public = new_key_pair()
    stranger, _ = new_key_pair()
    with pytest.raises(SealBrokenError) as caught:
        unseal(seal(CODE, public, BINDING), stranger, BINDING)
    told = f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
    for hidden in (CODE.reveal(), key.reveal(), stranger.reveal(), BINDING.user):
        assert hidden not in told


def test_a_public_key_of_small_order_is_refused() -> None:
    """A damaged public key, to which anybody could hold the key, seals nothing."""
    with pytest.raises(SealBrokenError):
        seal(CODE, PublicKey(bytes(32)), BINDING)


def test_a_key_fits_its_own_row_alone() -> None:
    """The key proves itself by its public half."""
    key, public = new_key_pair()
    _, other = new_key_pair()
    assert fits(key, public)
    assert not fits(key, other)


def test_without_key_or_row_nothing_fits() -> None:
    """A missing half never fits, not even another missing half."""
    key, public = new_key_pair()
    assert not fits(None, public)
    assert not fits(key, None)
    assert not fits(None, None)


def test_the_stand_in_for_a_missing_half_is_no_way_in() -> None:
    """Whoever sends the stand-in key itself, or finds it in a row, gets nothing."""
    zero = LinkKey("A" * 43)
    assert not fits(zero, None)
    assert not fits(None, PublicKey(bytes(32)))
    assert not fits(zero, PublicKey(bytes(32)))
    assert not fits(None, PublicKey(X25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()))
