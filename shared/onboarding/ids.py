"""Ids of onboardings, and the digests under which ids from outside enter storage keys.

The first character of an id is its shard, so that an id alone leads to its partition. The rest is random: an id says
nothing about the person, and cannot be guessed.
"""

import re
import secrets
from hashlib import sha256

SHARDS = "0123456789abcdef"
PATTERN = re.compile(r"[0-9a-f]{25}")
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def digest(*parts: str) -> str:
    """Hash what came from outside, length-prefixed so that no two lists of parts meet. 40 hex digits."""
    framed = b"".join(len(data).to_bytes(4) + data for data in (part.encode() for part in parts))
    return sha256(framed).hexdigest()[:40]


def shard_of(source: str, external_id: str) -> str:
    """Return the shard in which everything about this person of this source lives."""
    return digest(source, external_id)[0]


def new_id(shard: str) -> str:
    """Make a fresh id: the shard and 96 random bits."""
    return shard + secrets.token_hex(12)


def is_guid(text: str) -> bool:
    """Tell whether a text has the form of an Entra object id."""
    return GUID.fullmatch(text) is not None


def is_id(text: str) -> bool:
    """Tell whether a text has the form of an id."""
    return PATTERN.fullmatch(text) is not None
