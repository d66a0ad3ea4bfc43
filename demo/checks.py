"""What a step may find wrong, and the search for secrets in clear."""

import base64
import binascii
import html
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

_KEY_BYTES = 32


class UnexpectedError(Exception):
    """Something read back is not as it should be."""

    def __init__(self, what: str, expected: str, found: str) -> None:
        super().__init__(what)
        self.what = what
        self.expected = expected
        self.found = found


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that may stand in clear nowhere. `places` names what holds it rightly and is not searched."""

    name: str
    value: str
    places: frozenset[str] = frozenset()


def forms(value: str) -> frozenset[str]:
    """Return how a value may stand in a text: plain, escaped, in hexadecimal, in base64 at any offset.

    A value that is itself 32 bytes in base64url, as a link's key is, is looked for as those bytes, too.
    """
    raws = [value.encode()]
    try:
        raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) == _KEY_BYTES:
        raws.append(raw)
    plain = {value, value[::-1], html.escape(value), quote(value, safe=""), json.dumps(value)[1:-1]}
    return frozenset(plain.union(*(_encoded(raw) for raw in raws)))


def found_in_clear(secrets: Iterable[Secret], places: Mapping[str, str]) -> list[str]:
    """Search places (their names and texts) for secrets; say "{secret} in {place}" for each find."""
    lowered = {name: text.lower() for name, text in places.items()}
    return [
        f"{secret.name} in {name}"
        for secret in secrets
        for name, text in places.items()
        if name not in secret.places and _holds(text, lowered[name], secret.value)
    ]


def _holds(text: str, lowered: str, value: str) -> bool:
    return any(form in text or (_is_hex(form) and form in lowered) for form in forms(value))


def _is_hex(form: str) -> bool:
    return all(character in "0123456789abcdef" for character in form)


def _encoded(raw: bytes) -> set[str]:
    return {raw.hex(), *_base64_at_any_offset(raw)}


def _base64_at_any_offset(raw: bytes) -> Iterator[str]:
    """Yield the characters that depend on `raw` alone, whatever stands before and behind it."""
    for before in range(3):
        text = base64.b64encode(bytes(before) + raw).decode()
        first = (8 * before + 5) // 6
        last = 8 * (before + len(raw)) // 6
        core = text[first:last]
        yield core
        yield core.replace("+", "-").replace("/", "_")
