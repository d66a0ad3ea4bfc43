"""Proof that the holder of a secret sent a request. Comparisons take the same time whichever secret fits, or none."""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.sources.errors import SecretMalformedError, SignatureRejectedError
from shared.sources.request import Headers

TOLERANCE = timedelta(minutes=5)
SHORTEST_SECRET = 16
REFERENCE = "@Microsoft.KeyVault("
"""So a setting begins whose reference to Key Vault Azure could not resolve: anybody may know it, so it is no secret."""
_SECRET = re.compile(r"[!-~]+(?: [!-~]+)*", re.ASCII)
_HEX_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret shared with a source. Several may be active at once while one is rotated; `name` tells which."""

    name: str
    key: bytes = field(repr=False)


def text_secret(name: str, text: str) -> Secret:
    """Take a secret as it is written, for vendors that use its characters as the key.

    Raises:
        SecretMalformedError: with a text that names the secret and never holds it.
    """
    bare = text.strip()
    if bare.startswith(REFERENCE):
        raise SecretMalformedError(f"the secret {name} is a reference to Key Vault that is not resolved")
    if len(bare) < SHORTEST_SECRET or not _SECRET.fullmatch(bare):
        raise SecretMalformedError(
            f"the secret {name} must be at least {SHORTEST_SECRET} characters of plain ASCII: have a longer one made"
        )
    return Secret(name, bare.encode("ascii"))


def single(headers: Headers, name: str) -> str:
    """Return the one value of a header.

    Raises:
        SignatureRejectedError: it is missing or was given twice.
    """
    values = headers.all(name)
    if not values:
        raise SignatureRejectedError(f"the header {name} is missing")
    if len(values) > 1:
        raise SignatureRejectedError(f"the header {name} is given twice")
    return values[0]


def signer(secrets: Sequence[Secret], expected: Callable[[bytes], bytes], candidates: Sequence[bytes]) -> str:
    """Return the name of the secret of which a proof came. `expected` makes the proof of a key; all pairs are compared.

    Raises:
        SignatureRejectedError: none fits.
    """
    matching: str | None = None
    for secret in secrets:
        proof = expected(secret.key)
        for candidate in candidates:
            if hmac.compare_digest(proof, candidate):
                matching = secret.name
    if matching is None:
        raise SignatureRejectedError("no signature or token fits this body and a secret of this source")
    return matching


def token(headers: Headers, secrets: Sequence[Secret], header: str = "authorization", scheme: str = "Bearer") -> str:
    """Return the name of the secret that came as a token in a header. An empty scheme takes the bare token.

    Not checked: the body. Whoever holds the token may send anything.

    Raises:
        SignatureRejectedError: missing, doubled, of another scheme or wrong.
    """
    value = single(headers, header)
    given, _, held = value.partition(" ") if scheme else ("", "", value)
    if given.casefold() != scheme.casefold() or not held.isascii():
        raise SignatureRejectedError(f"the header {header} must hold {scheme or 'the token'} and nothing else")
    return signer(secrets, lambda key: key, [held.encode("ascii")])


def hex_sha256(headers: Headers, name: str) -> bytes:
    """Return a header that must be 64 hexadecimal digits in lower case: as most vendors write an HMAC-SHA256.

    Raises:
        SignatureRejectedError: missing, doubled or of another form.
    """
    value = single(headers, name)
    if not _HEX_SHA256.fullmatch(value):
        raise SignatureRejectedError(f"the header {name} must be 64 hexadecimal digits")
    return value.encode("ascii")


def hmac_sha256_hex(key: bytes, *parts: bytes) -> bytes:
    """Make the HMAC-SHA256 of parts, joined with nothing between them, in hexadecimal digits."""
    return hmac.digest(key, b"".join(parts), hashlib.sha256).hex().encode("ascii")


def fresh_seconds(text: str, header: str, now: datetime) -> datetime:
    """Read a signed time in seconds since 1970 that lies no more than five minutes from now, either way.

    Raises:
        SignatureRejectedError: it does not, or is no such number.
    """
    if not _SECONDS.fullmatch(text):
        raise SignatureRejectedError(f"the header {header} must be seconds since 1970, digits only")
    seconds = int(text)
    # Compared as numbers: twelve digits are more than a datetime holds.
    if abs(seconds - now.timestamp()) > TOLERANCE.total_seconds():
        raise SignatureRejectedError(
            f"the header {header} is more than five minutes from now: sign each try anew, check the clock"
        )
    return datetime.fromtimestamp(seconds, UTC)


def body_id(body: bytes) -> str:
    """Name a delivery by what was signed, where the sender's own id stands in a header that no signature covers."""
    return f"sha256-{hashlib.sha256(body).hexdigest()}"
