"""Changes of users: told to an address, and asked for."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Subscription:
    """Changes of users are told to `address` until then; `state` comes along and is the proof, a secret."""

    address: str
    state: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class ChangedUsers:
    """The object ids of users who have changed, and of those who were removed. `link`: where to ask the next time."""

    changed: tuple[str, ...] = field(repr=False)
    removed: tuple[str, ...] = field(repr=False)
    link: str = field(repr=False)


class UserChanges(Protocol):
    """How changes of users are heard of: told to us, and asked for."""

    async def subscribe(self, wanted: Subscription) -> str:
        """Have them told; the subscription's id."""
        ...

    async def renew(self, subscription: str, until: datetime) -> bool:
        """Have them told for longer; False where there is no such subscription any more."""
        ...

    async def unsubscribe(self, subscription: str) -> None:
        """Have them told no more."""
        ...

    async def since(self, link: str | None) -> ChangedUsers:
        """Tell who has changed since a link was given; with None nobody, and the first link.

        Raises:
            ChangesOver: that cannot be told any more.
        """
        ...
