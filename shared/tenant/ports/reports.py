"""What the tenant reports of sign-ins, and of the ways to sign in that people have."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Registered:
    """The authentication methods of an account, by Graph's names for them, as they were at `at`."""

    methods: frozenset[str]
    at: datetime


class SignInLog(Protocol):
    """The tenant's sign-in log. It runs minutes to hours late: what it does not show is unknown."""

    async def uses_of_passes(self, users: Collection[str], since: datetime) -> Mapping[str, tuple[datetime, ...]]:
        """Tell when each of these accounts signed in with a Temporary Access Pass since then; others are left out."""
        ...

    async def newest(self, since: datetime) -> datetime | None:
        """Tell when the newest sign-in that the log shows was, anybody's; None where it shows none since then."""
        ...


class RegistrationReport(Protocol):
    """The tenant's report of who has registered which authentication methods."""

    async def registered(self, names: Collection[str]) -> Mapping[str, Registered]:
        """Tell what the accounts of these user principal names have, by object id; who is left out is unknown."""
        ...
