"""Where the check-up's facts come from, one small port for each."""

from datetime import datetime
from typing import Protocol

from shared.checkup.facts import AccessPolicy, AppFacts, Coming, Domain, Grants, Mailbox


class GrantsReader(Protocol):
    """Tells what the app was granted."""

    async def held(self) -> Grants:
        """Return who asks, and the app's permissions."""
        ...


class Administration(Protocol):
    """Tells what only an administrator may read."""

    async def domains(self) -> tuple[Domain, ...]:
        """Return the tenant's domains."""
        ...

    async def access_policies(self) -> tuple[AccessPolicy, ...]:
        """Return all Conditional Access policies."""
        ...

    async def approval_policies(self) -> tuple[str, ...]:
        """Return the names of those that want Multi Admin Approval for configuration profiles."""
        ...


class SignInLog(Protocol):
    """The tenant's sign-in log."""

    async def is_shown(self, since: datetime) -> bool:
        """Tell whether the tenant shows one."""
        ...


class Mailboxes(Protocol):
    """Tries out mailboxes."""

    async def try_out(self, mailbox: str) -> Mailbox:
        """Tell whether the app may send from one."""
        ...


class OwnState(Protocol):
    """Tells what the app knows of itself."""

    async def read(self) -> AppFacts:
        """Return it."""
        ...

    async def door_is_closed(self) -> bool:
        """Tell whether strangers are kept out."""
        ...


class ComingReader(Protocol):
    """Tells who is coming."""

    async def soonest(self) -> Coming:
        """Return those who come soonest."""
        ...
