"""Standard Webhooks: is this body, byte for byte, what the holder of a secret sent just now?

Source: the Standard Webhooks specification 1.0.0 (standardwebhooks.com). HMAC-SHA256 over `id.timestamp.body`; the
asymmetric `v1a` is not supported and passed over politely, as the specification asks of unknown versions.

Not checked here: whether the same webhook came before. Its id stays the same on a retry and is the key to that.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.sources.errors import SecretMalformedError, SignatureRejectedError

TOLERANCE = timedelta(minutes=5)
MAX_SIGNATURES = 16
_PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)  # the specification's own bounds
_MAX_SIGNATURE_HEADER = 4096
# No full stop: it parts the signed content, and an id that holds one could be cut anew with the same signature.
_WEBHOOK_ID = re.compile(r"[!-\-/-~]{1,256}", re.ASCII)
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURES = re.compile(r"[!-~]+(?: +[!-~]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """A secret shared with a source. Several may be active at once while one is rotated; `name` tells which."""

    name: str
    key: bytes = field(repr=False)

    @classmethod
    def parse(cls, name: str, text: str) -> "SigningSecret":
        """Read `whsec_` and base64 of 24 to 64 bytes.

        Raises:
            SecretMalformedError: with a text that names the secret and never holds it.
        """
        encoded = text.strip().removeprefix(_PREFIX)
        try:
            key = base64.b64decode(encoded.encode("ascii"), validate=True)
        except (binascii.Error, UnicodeEncodeError):
            key = b""  # and no `from`: the cause would hold the secret
        if not text.strip().startswith(_PREFIX) or len(key) not in _KEY_BYTES:
            raise SecretMalformedError(
                f"the signing secret {name} must be {_PREFIX} followed by base64 of 24 to 64 random bytes"
            )
        return cls(name, key)


@dataclass(frozen=True, slots=True)
class VerifiedBody:
    """The raw bytes of a body whose signature was right. Made by a verification, and nowhere else."""

    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verified:
    """A delivery that a source did send: its id, when it was sent, and which secret proved it."""

    webhook_id: str
    sent_at: datetime
    body: VerifiedBody
    secret_name: str


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[SigningSecret], now: datetime) -> Verified:
    """Verify a delivery; header names in any case.

    Raises:
        SignatureRejectedError: for anything missing, malformed, stale or wrong, with a reason that is safe to answer.
    """
    named = _named(headers)
    webhook_id = _webhook_id(named)
    sent = _timestamp(named, now)
    candidates = _candidates(named)
    content = b".".join((webhook_id.encode("ascii"), named["webhook-timestamp"].encode("ascii"), body))
    name = _matching(secrets, content, candidates)
    if name is None:
        raise SignatureRejectedError("no signature fits this body and a secret of this source")
    return Verified(webhook_id, sent, VerifiedBody(body), name)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        if lower not in {"webhook-id", "webhook-timestamp", "webhook-signature"}:
            continue
        if lower in named:
            raise SignatureRejectedError(f"the header {lower} is given twice")
        named[lower] = value
    for lower in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        if lower not in named:
            raise SignatureRejectedError(f"the header {lower} is missing")
    return named


def _webhook_id(named: Mapping[str, str]) -> str:
    if not _WEBHOOK_ID.fullmatch(named["webhook-id"]):
        raise SignatureRejectedError(
            "the header webhook-id must be 1 to 256 visible ASCII characters without a full stop"
        )
    return named["webhook-id"]


def _timestamp(named: Mapping[str, str], now: datetime) -> datetime:
    if not _TIMESTAMP.fullmatch(named["webhook-timestamp"]):
        raise SignatureRejectedError("the header webhook-timestamp must be seconds since 1970, digits only")
    seconds = int(named["webhook-timestamp"])
    # Compared as numbers: twelve digits are more than a datetime holds.
    if abs(seconds - now.timestamp()) > TOLERANCE.total_seconds():
        raise SignatureRejectedError(
            "the header webhook-timestamp is more than five minutes from now: sign each try anew, check the clock"
        )
    return datetime.fromtimestamp(seconds, UTC)


def _candidates(named: Mapping[str, str]) -> tuple[bytes, ...]:
    header = named["webhook-signature"]
    if len(header) > _MAX_SIGNATURE_HEADER or not _SIGNATURES.fullmatch(header):
        raise SignatureRejectedError("the header webhook-signature must be a list of v1,<base64> parted by spaces")
    entries = header.split()
    if len(entries) > MAX_SIGNATURES:
        raise SignatureRejectedError(f"the header webhook-signature holds more than {MAX_SIGNATURES} signatures")
    candidates = tuple(entry[3:].encode("ascii") for entry in entries if entry.startswith("v1,"))
    if not candidates:
        raise SignatureRejectedError("the header webhook-signature holds no signature of version v1")
    return candidates


def _matching(secrets: Sequence[SigningSecret], content: bytes, candidates: Sequence[bytes]) -> str | None:
    """Return the name of the secret that fits. Every pair is compared, so that time tells nothing about which did."""
    matching: str | None = None
    for secret in secrets:
        expected = base64.b64encode(hmac.digest(secret.key, content, hashlib.sha256))
        for candidate in candidates:
            if hmac.compare_digest(expected, candidate):
                matching = secret.name
    return matching
