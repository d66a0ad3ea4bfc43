"""Whatever a sender can send, proven or not, leads to an answer below 500: short here, a million in the long runs."""

import json
import os
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared.sources.conformance import Answered, Sender, knock
from tests.shared.sources.senders import NOW
from tests.shared.sources.test_conformance import SENDERS

TEXTS = ["", "1", "2026-12-07", "ä", "\ud800", "\x00", "x" * 300, "hire.created", "POST", "2026-11-20T09:00:00Z"]
ODDITIES: list[Any] = [None, True, False, 0, -1, 1e400, 10**30, 0.5, [], {}, [[]], [None], {"": {}}, *TEXTS]
MILLION = int(os.environ.get("FUZZ_INPUTS", "1000000"))
each_kind = pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.kind)


def assert_answered(sender: Sender, answered: Answered) -> None:
    """See an answer that sends nobody into a loop."""
    assert answered.status < 500, (sender.kind, answered)


def proven(sender: Sender, body: bytes) -> Answered:
    """Post a body with the proof it needs."""
    return knock(sender, sender.sign(sender.secret, body, NOW), body)


def places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Find every place in parsed JSON: the container and the key or index within."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        found.append((value, key))
        places(value[key], found)
    return found


def twisted(value: Any, chance: random.Random) -> Any:
    """Change parsed JSON in up to three places: another value, a value from elsewhere, or nothing at all."""
    for _ in range(chance.randint(1, 3)):
        known = places(value, [])
        if not known:
            return deepcopy(chance.choice(ODDITIES))
        container, key = chance.choice(known)
        how = chance.randrange(4)
        if how == 0:
            del container[key]
        elif how == 1:
            other, name = chance.choice(known)
            container[key] = deepcopy(other[name]) if _holds(other, name) else None
        else:
            container[key] = deepcopy(chance.choice(ODDITIES))
    return value


def _holds(container: Any, key: Any) -> bool:
    return key in container if isinstance(container, dict) else isinstance(key, int) and key < len(container)


def torn(body: bytes, chance: random.Random) -> bytes:
    """Cut, double or flip some bytes."""
    start, end = sorted(chance.randrange(len(body) + 1) for _ in range(2))
    return chance.choice([body[:start], body[start:], body[:start] + body[end:], body[:end] + body[start:]])


def misheaded(headers: dict[str, str], chance: random.Random) -> list[tuple[str, str]]:
    """Change, double, drop or add a header."""
    fields = list(headers.items())
    name, value = chance.choice(fields)
    odd = chance.choice([value[: chance.randrange(len(value) + 1)], value + "0", value.upper(), *TEXTS])
    change: Callable[[], None] = chance.choice(
        [lambda: fields.append((name, odd)), lambda: fields.remove((name, value)), lambda: fields.append((odd, value))]
    )
    change()
    return fields


def attempt(sender: Sender, chance: random.Random) -> Answered:
    """Send one twisted delivery."""
    good = chance.choice([sender.hire, sender.cancelled, sender.unknown, sender.misshapen, sender.partly_bad or b"{}"])
    how = chance.randrange(4)
    if how == 0:
        return knock(sender, misheaded(sender.sign(sender.secret, good, NOW), chance), good)
    if how == 1 or not sender.is_json:
        return proven(sender, torn(good, chance))
    return proven(sender, json.dumps(twisted(json.loads(good), chance)).encode())


JSON_VALUES = st.recursive(
    st.sampled_from(ODDITIES).map(deepcopy) | st.text(max_size=20) | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)


@each_kind
@settings(max_examples=40)
@given(value=JSON_VALUES, body=st.binary(max_size=200), headers=st.lists(st.tuples(st.text(), st.text()), max_size=6))
def test_anything_is_answered(sender: Sender, value: Any, body: bytes, headers: list[tuple[str, str]]) -> None:
    """Any JSON and any bytes with a right proof, and any headers without one."""
    assert_answered(sender, proven(sender, json.dumps(value).encode()))
    assert_answered(sender, proven(sender, body))
    assert_answered(sender, knock(sender, headers, body))


@each_kind
def test_twisted_deliveries_are_answered(sender: Sender) -> None:
    """Good deliveries, each changed in a few places: three hundred by chance, the same at every run."""
    chance = random.Random(sender.kind)  # noqa: S311 - chance, not secrecy
    for _ in range(300):
        assert_answered(sender, attempt(sender, chance))


@pytest.mark.torture
def test_a_million_twisted_deliveries_are_answered() -> None:
    """Of all kinds in turn, others at every run; the seed is in the failure."""
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)  # noqa: S311 - as above
    for number in range(MILLION):
        sender = SENDERS[number % len(SENDERS)]
        try:
            assert_answered(sender, attempt(sender, chance))
        except Exception as error:
            raise AssertionError(f"seed {seed}, input {number}, {sender.kind}") from error
