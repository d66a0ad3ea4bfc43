"""Secrets never show themselves."""

import copy
import dataclasses
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.handover.keys.links import link
from shared.handover.keys.pickup import PickupCode
from shared.handover.keys.sealing import new_key_pair
from shared.handover.keys.secrets import (
    ClaimId,
    Hidden,
    LinkKey,
    PassCode,
    PublicKey,
    SealedPass,
    VisitId,
    decode,
    encode,
)

CANARY = "C4n4ryC4n4ryC4n4ryC4n4ryC4n4ryC4n4ryC4n4ry0"


def _link() -> Hidden:
    return link("https://pass.example", "a1", LinkKey(CANARY))


MAKERS: list[Callable[[], Hidden]] = [
    lambda: LinkKey(CANARY),
    lambda: ClaimId(CANARY),
    lambda: VisitId(CANARY),
    lambda: PickupCode(CANARY),
    lambda: PassCode(CANARY),
    _link,
]


@pytest.fixture(params=MAKERS, ids=["LinkKey", "ClaimId", "VisitId", "PickupCode", "PassCode", "Link"])
def secret(request: pytest.FixtureRequest) -> Hidden:
    """One secret of each class, all holding the canary."""
    maker: Callable[[], Hidden] = request.param
    return maker()


def test_reveal_is_the_only_way_to_the_value(secret: Hidden) -> None:
    """The value is given to those who ask by name, so that the other tests here look for something that is there."""
    assert CANARY in secret.reveal()


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        ascii,
        "{}".format,
        lambda secret: f"{secret!r:>80}",
        lambda secret: f"{secret:>80}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
        lambda secret: pprint.pformat({"key": [secret]}),
        lambda secret: json.dumps({"key": secret}, default=str),
        lambda secret: json.dumps({"key": secret}, default=repr),
    ],
)
def test_no_way_of_printing_shows_a_secret(secret: Hidden, show: Callable[[Hidden], str]) -> None:
    """Printing, formatting and lenient json show stars."""
    shown = show(secret)
    assert CANARY not in shown
    assert "***" in shown


@pytest.mark.parametrize(
    "give_away",
    [
        json.dumps,
        vars,
        copy.copy,
        copy.deepcopy,
        lambda secret: secret.__getstate__(),
        lambda secret: secret.__reduce__(),
        *[lambda secret, p=protocol: pickle.dumps(secret, p) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)],
        bytes,
        list,
    ],
)
def test_a_secret_cannot_be_serialised(secret: Hidden, give_away: Callable[[Hidden], object]) -> None:
    """Whatever would carry the value elsewhere refuses, and the refusal does not name it."""
    with pytest.raises(TypeError) as caught:
        give_away(secret)
    assert CANARY not in str(caught.value)


def test_a_dataclass_around_a_secret_hides_it_too(secret: Hidden) -> None:
    """A row or step that holds a secret prints stars, and cannot be turned into a dictionary unawares."""

    @dataclasses.dataclass
    class Step:
        held: Hidden

    assert CANARY not in repr(Step(secret))
    with pytest.raises(TypeError):
        dataclasses.asdict(Step(secret))


def test_logs_and_tracebacks_with_locals_show_stars(secret: Hidden, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a log record nor a traceback that prints local variables holds the value."""

    def fail(held: Hidden) -> None:
        raise RuntimeError(f"failed with {held}")

    with caplog.at_level(logging.DEBUG):
        try:
            fail(secret)
        except RuntimeError as error:
            logging.getLogger("handover").exception("gone wrong: %s %r", secret, [secret])
            shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "held = " in shown
    assert CANARY not in shown
    assert CANARY not in caplog.text


def test_a_secret_does_not_change_and_is_never_empty(secret: Hidden) -> None:
    """A secret stays what it was made as."""
    with pytest.raises(AttributeError):
        secret.other = CANARY
    with pytest.raises(AttributeError):
        secret._value = "other"
    with pytest.raises(AttributeError):
        del secret._value
    with pytest.raises(ValueError, match="is empty"):
        type(secret)("")
    assert CANARY in secret.reveal()


def test_equal_values_are_not_equal_secrets() -> None:
    """Nothing can be learned by comparing with `==`."""
    assert LinkKey(CANARY) != LinkKey(CANARY)


@pytest.mark.parametrize("kind", [LinkKey, ClaimId])
def test_a_key_is_read_only_as_it_was_written(kind: type[LinkKey | ClaimId]) -> None:
    """43 canonical characters are a key; anything near it is not."""
    good = encode(bytes(range(32)))
    parsed = kind.parse(good)
    assert parsed is not None
    assert parsed.reveal() == good
    near = [
        "",
        good[:-1],
        good + "A",
        good + "=",
        good + "\n",
        " " + good[1:],
        good[:-1] + "9",
        good[:20] + "+" + good[21:],
    ]
    for text in [*near, good[:20] + "/" + good[21:], good.replace(good[3], "é"), "\uff41" * 43]:
        assert kind.parse(text) is None, text
    for other in (None, 7, good.encode(), [good], {"key": good}, True):
        assert kind.parse(other) is None


@given(raw=st.binary(max_size=80))
def test_bytes_survive_their_text(raw: bytes) -> None:
    """base64url without padding gives back what went in, under one spelling only."""
    assert decode(encode(raw)) == raw
    assert decode(encode(raw) + "=") is None


@given(text=st.text(max_size=60))
def test_reading_any_text_never_raises(text: str) -> None:
    """What comes from outside is read or is None."""
    for kind in (LinkKey, ClaimId, PublicKey, SealedPass):
        parsed = kind.parse(text)
        assert parsed is None or isinstance(parsed, kind)


def test_public_key_and_sealed_pass_survive_the_row() -> None:
    """What a row stores as text is read back as the same value."""
    _, public = new_key_pair()
    assert PublicKey.parse(public.text) == public
    sealed = SealedPass(bytes(range(56)))
    assert SealedPass.parse(sealed.text) == sealed
    assert SealedPass.parse("") is None
    assert PublicKey.parse(encode(bytes(31))) is None
    assert PublicKey.parse(None) is None
    with pytest.raises(ValueError, match="32 bytes"):
        PublicKey(bytes(31))


def test_a_sealed_pass_prints_its_size_alone() -> None:
    """Ciphertext does not fill logs."""
    assert repr(SealedPass(bytes(56))) == "SealedPass(56 bytes)"
