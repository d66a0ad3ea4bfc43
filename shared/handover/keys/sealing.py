"""Sealing a pass so that only the link in one mail opens it.

HPKE (RFC 9180), base mode, single shot: X25519, HKDF-SHA256, AES-256-GCM. `cryptography` offers no associated data, so
everything the seal is bound to goes into `info`.
"""

import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from shared.handover.keys.secrets import KEY_BYTES, LinkKey, PassCode, PublicKey, SealedPass, decode, encode

_LABEL = b"day-one-pass/seal/v1"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_STAND_IN = bytes(KEY_BYTES)


class SealBrokenError(Exception):
    """The seal does not open, or cannot be made, with this key and binding. Which is at fault is not said."""

    def __init__(self) -> None:
        super().__init__("the sealed pass does not fit its key and row; make a fresh pass and link")


@dataclass(frozen=True, slots=True)
class Binding:
    """What a sealed pass belongs to; any other value of any part keeps it shut.

    Ids are compared as they are written, upper and lower case apart. `delivery` is the number of the mail that
    carried the link, from 1.
    """

    onboarding: str
    pass_id: str
    user: str
    collector: str
    delivery: int

    def __post_init__(self) -> None:
        if self.delivery < 1 or not (self.onboarding and self.pass_id and self.user and self.collector):
            raise ValueError("a binding names onboarding, pass, user, collector and a delivery from 1")

    def info(self) -> bytes:
        """Write label and parts, each behind its length in 4 big-endian bytes, so that no two bindings look alike."""
        parts = (self.onboarding, self.pass_id, self.user, self.collector, str(self.delivery))
        written = (_LABEL, *(part.encode() for part in parts))
        return b"".join(len(part).to_bytes(4, "big") + part for part in written)


def new_key_pair() -> tuple[LinkKey, PublicKey]:
    """Draw a fresh pair: the key for the link, and its public half for the row."""
    private = X25519PrivateKey.generate()
    return LinkKey(encode(private.private_bytes_raw())), PublicKey(private.public_key().public_bytes_raw())


def fits(link_key: LinkKey | None, public_key: PublicKey | None) -> bool:
    """Tell whether the key belongs to the row, by deriving its public half.

    The work is the same where either is missing: time must not tell a dead link from a wrong key.
    """
    derived = _private(link_key).public_key().public_bytes_raw()
    equal = hmac.compare_digest(derived, public_key.raw if public_key is not None else _STAND_IN)
    return equal and link_key is not None and public_key is not None


def seal(code: PassCode, public_key: PublicKey, binding: Binding) -> SealedPass:
    """Seal a pass to the row's public key.

    Raises:
        SealBrokenError: the stored public key is no key anybody can hold the other half of.
    """
    try:
        recipient = X25519PublicKey.from_public_bytes(public_key.raw)
        return SealedPass(_SUITE.encrypt(code.reveal().encode(), recipient, info=binding.info()))
    except ValueError as error:  # a point of small order
        raise SealBrokenError from error


def unseal(sealed: SealedPass, link_key: LinkKey, binding: Binding) -> PassCode:
    """Open a sealed pass.

    Raises:
        SealBrokenError: another key, another binding, or changed bytes.
    """
    try:
        return PassCode(_SUITE.decrypt(sealed.raw, _private(link_key), info=binding.info()).decode())
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError from error


def _private(link_key: LinkKey | None) -> X25519PrivateKey:
    raw = decode(link_key.reveal()) if link_key is not None else None
    return X25519PrivateKey.from_private_bytes(raw if raw is not None else _STAND_IN)
