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
from dataclasses import dataclass
from datetime import datetime

from shared.sources.errors import SecretMalformedError, SignatureRejectedError
from shared.sources.proof import Secret, fresh_seconds, signer, single
from shared.sources.request import Request

MAX_SIGNATURES = 16
_PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)  # the specification's own bounds
_MAX_SIGNATURE_HEADER = 4096
# No full stop: it parts the signed content, and an id that holds one could be cut anew with the same signature.
_WEBHOOK_ID = re.compile(r"[!-\-/-~]{1,256}", re.ASCII)
_SIGNATURES = re.compile(r"[!-~]+(?: +[!-~]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of the three headers: some vendors sign alike under names of their own."""

    id: str = "webhook-id"
    timestamp: str = "webhook-timestamp"
    signature: str = "webhook-signature"


STANDARD = Fields()


def signing_secret(name: str, text: str) -> Secret:
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
    return Secret(name, key)


@dataclass(frozen=True, slots=True)
class Verified:
    """A delivery that a source did send: its id, when it was sent, and which secret proved it."""

    webhook_id: str
    sent_at: datetime
    secret_name: str


def verify(request: Request, secrets: tuple[Secret, ...], fields: Fields = STANDARD) -> Verified:
    """Verify the raw body of a request.

    Raises:
        SignatureRejectedError: for anything missing, malformed, stale or wrong, with a reason that is safe to answer.
    """
    webhook_id, timestamp, signatures = (
        single(request.headers, name) for name in (fields.id, fields.timestamp, fields.signature)
    )
    if not _WEBHOOK_ID.fullmatch(webhook_id):
        raise SignatureRejectedError(
            f"the header {fields.id} must be 1 to 256 visible ASCII characters without a full stop"
        )
    sent = fresh_seconds(timestamp, fields.timestamp, request.now)
    content = b".".join((webhook_id.encode("ascii"), timestamp.encode("ascii"), request.body))
    candidates = _candidates(signatures, fields.signature)
    return Verified(webhook_id, sent, signer(secrets, lambda key: _signature(key, content), candidates))


def _signature(key: bytes, content: bytes) -> bytes:
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256))


def _candidates(header: str, name: str) -> tuple[bytes, ...]:
    if len(header) > _MAX_SIGNATURE_HEADER or not _SIGNATURES.fullmatch(header):
        raise SignatureRejectedError(f"the header {name} must be a list of v1,<base64> parted by spaces")
    entries = header.split()
    if len(entries) > MAX_SIGNATURES:
        raise SignatureRejectedError(f"the header {name} holds more than {MAX_SIGNATURES} signatures")
    candidates = tuple(entry[3:].encode("ascii") for entry in entries if entry.startswith("v1,"))
    if not candidates:
        raise SignatureRejectedError(f"the header {name} holds no signature of version v1")
    return candidates
