"""The authentication code of a row: whoever can write to storage alone cannot turn a pass to somebody else.

HMAC-SHA256 (RFC 2104) under a secret of the vault, over all that a row's entity holds, its keys and its version among
it: recipient, collector, account, public key, delivery number. Left out is what the sweep moves without reading the
row: where its due times stand, and the slots taken for it. They say when a step looks, and nothing of what it does.

A code begins with the fingerprint of its key. A row under a key that settings do not name is left as it is until they
do, so that a mistake in a rotation loses nothing; one whose code does not fit a known key was written by another.

Not prevented: putting back, whole, what this app itself wrote before. `docs/threat-model.md` says what that gives.
"""

import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from shared.onboarding.upgrade import UnreadableRowError

Entity = dict[str, Any]

COLUMN = "code"
MOVED = frozenset({COLUMN, "duePass", "dueWebSignIn", "dueDevice", "slots"})
FIRST_SCHEMA = 3
"""Rows of an older schema carry no code yet."""

_LABEL = b"day-one-pass/row/v1\n"
_NAME_LABEL = b"day-one-pass/row-key/v1"
_CODE = re.compile(r"([0-9a-f]{16})\.([0-9a-f]{64})")


class AlteredRowError(UnreadableRowError):
    """Something other than this app wrote this row."""


class UnknownRowKeyError(UnreadableRowError):
    """The row's code was made under a key that settings do not name: put it back into ROW_KEYS."""


@dataclass(frozen=True, slots=True)
class RowKey:
    """A secret of the vault, and the fingerprint by which a row names it."""

    secret: bytes = field(repr=False)
    fingerprint: str

    @classmethod
    def of(cls, secret: bytes) -> Self:
        """Take a secret, 32 random bytes or more. Not checked here: its strength."""
        return cls(secret, hmac.new(secret, _NAME_LABEL, sha256).hexdigest()[:16])


@dataclass(frozen=True, slots=True)
class RowCodes:
    """Makes and checks codes. The first key signs, all of them verify.

    `unsigned_until`: until when rows of a schema that had no code are taken as they are; None, never.
    """

    keys: tuple[RowKey, ...]
    unsigned_until: datetime | None = None

    @classmethod
    def under(cls, secrets: Iterable[bytes], unsigned_until: datetime | None = None) -> Self:
        """Build them from the secrets, the newest first."""
        return cls(tuple(RowKey.of(secret) for secret in secrets), unsigned_until)

    def signed(self, entity: Entity) -> Entity:
        """Return a row's entity with its code."""
        key = self.keys[0]
        return {**entity, COLUMN: f"{key.fingerprint}.{_code(key.secret, entity)}"}

    def verify(self, entity: Mapping[str, Any], now: datetime) -> None:
        """Let only a row pass that this app wrote.

        Raises:
            AlteredRowError: it did not.
            UnknownRowKeyError: that cannot be told with the keys at hand.
        """
        code = entity.get(COLUMN)
        if code is None and self._may_be_unsigned(entity, now):
            return
        match = _CODE.fullmatch(code) if isinstance(code, str) else None
        if match is None:
            raise AlteredRowError(entity["RowKey"])
        key = next((key for key in self.keys if key.fingerprint == match[1]), None)
        if key is None:
            raise UnknownRowKeyError(entity["RowKey"])
        if not hmac.compare_digest(match[2], _code(key.secret, entity)):
            raise AlteredRowError(entity["RowKey"])

    def _may_be_unsigned(self, entity: Mapping[str, Any], now: datetime) -> bool:
        schema = entity.get("schema")
        is_older = isinstance(schema, int) and schema < FIRST_SCHEMA
        return is_older and self.unsigned_until is not None and now < self.unsigned_until


def _code(secret: bytes, entity: Mapping[str, Any]) -> str:
    content = {name: value for name, value in entity.items() if name not in MOVED}
    # What is no JSON was written by another; its text keeps the code from fitting.
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hmac.new(secret, _LABEL + canonical.encode(), sha256).hexdigest()
