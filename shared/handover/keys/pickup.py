"""The pick-up code: what goes to one person beside the link that goes to another, and how often it may be guessed.

Eight letters of nineteen: the consonants of RFC 8628, section 6.1, without L. No digit stands beside the letter that it
looks like, no word can come of it, and 34 bits are far from what five tries reach.

A row keeps salt and hash. scrypt (RFC 7914) with N = 2^14, r = 8, p = 1 takes 16 MiB and some 50 ms: what C. Percival,
"Stronger key derivation via sequential memory-hard functions" (2009), names for interactive use. Dearer would be a
stranger's weapon, for every code that is refused costs as much, and the code opens nothing without the link's key.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from shared.handover.keys.secrets import Hidden, VisitId, decode, encode

ALPHABET = "BCDFGHJKMNPQRSTVWXZ"
LENGTH = 8
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60))
"""After the first wrong code, the second and so on; the page tells them as well."""
MOST_WRONG = len(PAUSES) + 1

_SPOKEN = {
    word[0]: word
    for word in (
        "Bravo", "Charlie", "Delta", "Foxtrot", "Golf", "Hotel", "Juliett", "Kilo", "Mike", "November",
        "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Victor", "Whiskey", "X-ray", "Zulu",
    )
}  # fmt: skip
_SALT_BYTES = 16
_HASH_BYTES = 32
_BETWEEN = re.compile(r"[\s\u00ad\u2010-\u2015\u2212.\-]")
_WRITTEN = re.compile(rf"[{ALPHABET}{ALPHABET.lower()}]{{{LENGTH}}}")
_LONGEST = 64
_VISIT_LABEL = b"day-one-pass/visit/v1\0"


class PickupCode(Hidden):
    """A code in clear: in the invocation that mails it, and in the request that brings it."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> Self | None:
        """Take a code as people type it: in either case, with spaces, hyphens or dots; else None."""
        bare = _BETWEEN.sub("", text) if isinstance(text, str) and len(text) <= _LONGEST else ""
        return cls(bare.upper()) if _WRITTEN.fullmatch(bare) else None

    @property
    def grouped(self) -> str:
        """The code as people read it: in two groups. For the one mail that holds it."""
        half = LENGTH // 2
        return f"{self._value[:half]}-{self._value[half:]}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a hash costs, by scrypt's own names."""

    n: int = 2**14
    r: int = 8
    p: int = 1

    @property
    def memory(self) -> int:
        """Bytes that it takes."""
        return 128 * self.n * self.r


@dataclass(frozen=True, slots=True)
class CodeHash:
    """What a row keeps of a code. Salt and hash are base64url."""

    salt: str
    hash: str = field(repr=False)
    cost: Cost


@dataclass(frozen=True, slots=True)
class Pickup:
    """The code of one link: how many wrong ones were brought, the last when, and who has brought the right one.

    `visit` is the hash of the visit that did; empty before.
    """

    code: CodeHash
    wrong: int = 0
    wrong_at: datetime | None = None
    visit: str = ""


COST = Cost()
NO_CODE = CodeHash(encode(bytes(_SALT_BYTES)), encode(bytes(_HASH_BYTES)), COST)
"""What a code is held against where there is none to hold it against: the work is the same, and nothing fits."""


def spelled(code: PickupCode) -> str:
    """Return a code as it is read out on the telephone. For the one mail that holds it."""
    return ", ".join(_SPOKEN[letter] for letter in code.reveal())


def new_code() -> PickupCode:
    """Draw a code."""
    return PickupCode("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def hashed(code: PickupCode) -> CodeHash:
    """Hash a fresh code for its row. Takes some 50 ms of a processor."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return CodeHash(encode(salt), encode(_derived(code, salt, COST)), COST)


def fits(code: PickupCode, held: CodeHash) -> bool:
    """Tell whether this is the code, in the same time whether it is or not. Takes as long as `hashed`."""
    derived = _derived(code, decode(held.salt) or b"", held.cost)
    return hmac.compare_digest(encode(derived).encode(), held.hash.encode())


def is_locked(pickup: Pickup | None) -> bool:
    """Tell whether so many wrong codes were brought that no code is looked at any more."""
    return pickup is not None and pickup.wrong >= MOST_WRONG


def takes_a_try(pickup: Pickup, now: datetime) -> bool:
    """Tell whether a code is looked at now: neither locked, nor in the pause after a wrong one."""
    if is_locked(pickup):
        return False
    return pickup.wrong_at is None or now >= pickup.wrong_at + PAUSES[pickup.wrong - 1]


def tried(pickup: Pickup, visit: VisitId, now: datetime, *, right: bool) -> Pickup:
    """Return what is known after a try. Wrong ones stay counted, for the right one may have been a guess, too."""
    if right:
        return Pickup(pickup.code, pickup.wrong, pickup.wrong_at, visit_hash(visit))
    return Pickup(pickup.code, pickup.wrong + 1, now, pickup.visit)


def has_brought(pickup: Pickup | None, visit: VisitId | None) -> bool:
    """Tell whether this visit has brought the right code. What others try since does not throw it out."""
    held = pickup.visit if pickup is not None else ""
    presented = visit_hash(visit) if visit is not None else ""
    return hmac.compare_digest(held.encode(), presented.encode()) and bool(held)


def visit_hash(visit: VisitId) -> str:
    """Return what the row keeps of a visit id: 64 hex digits. Fast on purpose: the id is 32 random bytes."""
    return hashlib.sha256(_VISIT_LABEL + visit.reveal().encode("ascii")).hexdigest()


def _derived(code: PickupCode, salt: bytes, cost: Cost) -> bytes:
    # OpenSSL counts a little more than the algorithm itself takes, and refuses what is not allowed it.
    return hashlib.scrypt(
        code.reveal().encode(), salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=2 * cost.memory, dklen=_HASH_BYTES
    )
