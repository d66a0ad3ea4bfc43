"""Who is who in the audit of one onboarding. Pure.

The records name people by random ids; one row beside them maps these to object ids and can be deleted, which breaks no
chain. Until personal data are erased the onboarding's own row holds the same, so that no step has to read the map.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256


def _salt() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Object id → random id. `salt` hides event ids: their hashes alone could be found by guessing the ids."""

    people: Mapping[str, str] = field(default_factory=dict)
    salt: str = field(default_factory=_salt)

    def with_people(self, object_ids: Iterable[str]) -> "Pseudonyms":
        """Give a random id to each who has none yet."""
        fresh = {one: f"p{secrets.token_hex(8)}" for one in object_ids if one and one not in self.people}
        return replace(self, people={**self.people, **fresh}) if fresh else self

    def of(self, object_id: str) -> str:
        """Return the random id of a person, empty for nobody."""
        return self.people[object_id] if object_id else ""

    def of_event(self, event: str) -> str:
        """Name an event, by the hash of its id, so that only whoever has the salt can tell which one it was."""
        return f"e{sha256(f'{self.salt}{event}'.encode()).hexdigest()[:16]}"
