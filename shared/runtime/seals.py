"""Sealing what is kept for a while and is nobody's to read in storage: AES-256-GCM under a key of a vault's secret.

The secrets are those behind the authentication codes of rows (`ROW_KEYS`). The key is another one: HKDF (RFC 5869) with
a label of its own makes it, so that neither use tells anything about the other's. A sealed text begins with the
fingerprint of its key; what was sealed under a secret that settings name no more cannot be opened.
"""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.runtime.errors import UnsealableError

_LABEL = b"day-one-pass/kept/v1"
_NAME_LABEL = b"day-one-pass/kept-key/v1"
_NAME_BYTES, _NONCE_BYTES, _KEY_BYTES = 8, 12, 32


@dataclass(frozen=True, slots=True)
class _Key:
    name: bytes
    raw: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> Self:
        raw = HKDF(SHA256(), _KEY_BYTES, salt=None, info=_LABEL).derive(secret)
        return cls(hmac.digest(raw, _NAME_LABEL, sha256)[:_NAME_BYTES], raw)


@dataclass(frozen=True, slots=True)
class Seals:
    """Seals under the first key, and opens under all of them."""

    keys: tuple[_Key, ...]

    @classmethod
    def under(cls, vault: Iterable[bytes]) -> Self:
        """Build them from the secrets, the newest first."""
        return cls(tuple(_Key.of(secret) for secret in vault))

    def seal(self, plain: bytes, place: str) -> bytes:
        """Seal bytes for a place, such as the key of a table's row: anywhere else they stay shut."""
        key, nonce = self.keys[0], secrets.token_bytes(_NONCE_BYTES)
        return key.name + nonce + AESGCM(key.raw).encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Open what was sealed for a place.

        Raises:
            UnsealableError: with nothing of it.
        """
        name, nonce, rest = _parted(sealed)
        key = next((key for key in self.keys if key.name == name), None)
        if key is None:
            raise UnsealableError("sealed under a secret that ROW_KEYS names no more")
        try:
            return AESGCM(key.raw).decrypt(nonce, rest, place.encode())
        except (InvalidTag, ValueError):
            raise UnsealableError("altered, or sealed for another place") from None


def _parted(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    start = _NAME_BYTES + _NONCE_BYTES
    return sealed[:_NAME_BYTES], sealed[_NAME_BYTES:start], sealed[start:]
