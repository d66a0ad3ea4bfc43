"""Values whose type says how far they may travel.

`LinkKey`, `PassCode`, `ClaimId`, `VisitId` and `Link` never show themselves: not by repr, str, format, pickle, copy,
json or `vars`. Only `reveal()` gives the value, so that every place that does can be found by its name. They keep a
value out of logs and tracebacks, not out of memory, which Python cannot clean.

`PublicKey` and `SealedPass` may be stored as they are.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Never, Self

HIDDEN = "***"
KEY_BYTES = 32
_KEY_TEXT = re.compile(r"[A-Za-z0-9_-]{43}")


def encode(raw: bytes) -> str:
    """Write bytes as base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes | None:
    """Read base64url without padding; None unless `encode` would write exactly this text."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if encode(raw) == text else None


class Hidden:
    """A text that is given only to those who ask by `reveal()`. Equality is identity: compare nothing with `==`."""

    __slots__ = ("_value",)
    _value: str

    def __init__(self, value: str) -> None:
        if not value:
            raise ValueError(f"{type(self).__name__} is empty")
        object.__setattr__(self, "_value", value)

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __repr__(self) -> str:
        return HIDDEN

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{type(self).__name__} does not change")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"{type(self).__name__} does not change")

    def _refuse(self) -> Never:
        raise TypeError(f"{type(self).__name__} is neither pickled nor copied")

    # object's own __getstate__ would hand out the slots to any serialiser that asks.
    def __getstate__(self) -> Never:
        self._refuse()

    def __reduce__(self) -> Never:
        self._refuse()

    def __reduce_ex__(self, protocol: object) -> Never:
        self._refuse()


class _Key(Hidden):
    """32 bytes as 43 characters of base64url."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> Self | None:
        """Take exactly what this project writes: 43 characters, canonical, no space around; else None."""
        if not isinstance(text, str) or not _KEY_TEXT.fullmatch(text) or decode(text) is None:
            return None
        return cls(text)


class LinkKey(_Key):
    """The private half of a row's key pair. It lives in the URL fragment of one mail and nowhere else."""

    __slots__ = ()


class ClaimId(_Key):
    """What the page draws at random so that only it may look again. Stored as a hash (`claim.claim_hash`)."""

    __slots__ = ()


class VisitId(_Key):
    """What the page draws at random so that a browser brings a pick-up code once. Stored as a hash (`pickup`)."""

    __slots__ = ()


class PassCode(Hidden):
    """A Temporary Access Pass in clear."""

    __slots__ = ()


class Link(Hidden):
    """A whole link, key included. Shows itself without the key."""

    __slots__ = ()

    @property
    def masked(self) -> str:
        """The link as logs may have it: `https://…/pass/{id}#***`."""
        return f"{self._value.partition('#')[0]}#{HIDDEN}"

    def __repr__(self) -> str:
        return self.masked

    def __str__(self) -> str:
        return self.masked


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a row's key pair: 32 bytes, X25519. Not checked: that it is a point of large order."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise ValueError(f"an X25519 public key has {KEY_BYTES} bytes, this one {len(self.raw)}")

    @property
    def text(self) -> str:
        """The key as a row stores it: 43 characters of base64url."""
        return encode(self.raw)

    @classmethod
    def parse(cls, text: object) -> Self | None:
        """Read what `text` wrote; None for anything else."""
        raw = decode(text) if isinstance(text, str) else None
        return cls(raw) if raw is not None and len(raw) == KEY_BYTES else None


@dataclass(frozen=True, slots=True, repr=False)
class SealedPass:
    """A pass that only its link key opens. Not checked before it is opened."""

    raw: bytes

    @property
    def text(self) -> str:
        """The sealed pass as a row stores it: base64url."""
        return encode(self.raw)

    @classmethod
    def parse(cls, text: object) -> Self | None:
        """Read what `text` wrote; None for anything else, the empty text included."""
        raw = decode(text) if isinstance(text, str) else None
        return cls(raw) if raw else None

    def __repr__(self) -> str:
        return f"SealedPass({len(self.raw)} bytes)"
