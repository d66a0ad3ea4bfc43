"""Looks for secrets in text, in every way in which they get into a log, a row or a message by accident."""

import base64
import html
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

_LEAST = 6
"""A form shorter than this is found by chance."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that may stand nowhere, and its forms."""

    name: str
    forms: frozenset[str] = field(repr=False)

    @classmethod
    def of_text(cls, name: str, text: str) -> "Secret":
        """A secret that is a text, such as a pass."""
        quoted = {text, html.escape(text), quote(text, safe=""), json.dumps(text)[1:-1], repr(text)[1:-1]}
        encoded = _encoded(text.encode()) | _encoded(text.encode("utf-16-le"))
        return cls(name, frozenset(quoted) | encoded)

    @classmethod
    def of_key(cls, name: str, text: str) -> "Secret":
        """A key that is written as base64url; its bytes are no less secret."""
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return cls(name, cls.of_text(name, text).forms | _encoded(raw) | {repr(raw)[2:-1]})


def _encoded(raw: bytes) -> frozenset[str]:
    forms = {raw.hex(), raw.hex().upper(), raw.hex(" "), raw.hex(":")}
    for ahead in range(3):
        # What stands before shifts the sixes of bits; the first and last characters mix with the neighbours.
        text = base64.b64encode(bytes(ahead) + raw).decode().rstrip("=")
        inner = text[-(-ahead * 8 // 6) : (ahead + len(raw)) * 8 // 6]
        forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    assert all(len(form) >= _LEAST for form in forms)
    return frozenset(forms)


def found_in(places: Iterable[tuple[str, str]], secrets: Iterable[Secret]) -> list[tuple[str, str]]:
    """Return which secret stands where: (place, name of the secret). Never the secret itself."""
    wanted = list(secrets)
    assert wanted, "nothing to search for"
    return sorted(
        {
            (place, secret.name)
            for place, text in places
            for secret in wanted
            if any(form in text for form in secret.forms)
        }
    )
