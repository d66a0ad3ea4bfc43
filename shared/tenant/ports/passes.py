"""Temporary Access Passes, and the tenant's policy for them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PassPolicy:
    """The tenant's Temporary Access Pass policy. Lifetimes in minutes. Targets are ids; `all_users` is everyone.

    `length`: how many characters a pass has, None where the policy does not say.
    """

    enabled: bool
    minimum_lifetime: int
    maximum_lifetime: int
    default_lifetime: int
    one_time_only: bool
    include: frozenset[str]
    exclude: frozenset[str]
    length: int | None = None


@dataclass(frozen=True, slots=True)
class ExistingPass:
    """A pass as every read after its creation shows it: without its code. Lifetime in minutes."""

    id: str
    created: datetime
    start: datetime
    lifetime: int
    one_time: bool
    usable: bool
    usability_reason: str


@dataclass(frozen=True, slots=True)
class PassOrder:
    """What to ask Graph for. `start` None means now. Lifetime in minutes."""

    start: datetime | None
    lifetime: int
    one_time: bool


@dataclass(frozen=True, slots=True)
class CreatedPass:
    """The one answer that holds the code. Its repr does not."""

    record: ExistingPass
    code: str = field(repr=False)


class TemporaryAccessPasses(Protocol):
    """The authentication-method calls that the budget counts, and the policy they stand under."""

    async def policy(self) -> PassPolicy:
        """Read the tenant's policy."""
        ...

    async def look(self, user_id: str) -> tuple[ExistingPass, ...]:
        """List the user's passes: none or one. Sent once, no retry: the budget counts it."""
        ...

    async def create(self, user_id: str, order: PassOrder) -> CreatedPass:
        """Create a pass, replacing any other. Sent once."""
        ...

    async def delete(self, user_id: str, pass_id: str) -> None:
        """Delete a pass. Sent once. One that is gone already (404) counts as done."""
        ...
