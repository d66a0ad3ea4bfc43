"""What the product asks of a channel that is no mailbox of the tenant.

They fail as a tenant does, by `shared.tenant.errors.TenantError`: nothing was sent where they refuse or ask for
patience, and it may have been sent where they give no usable answer. Each message is sent exactly once.
"""

from dataclasses import dataclass, field
from typing import Protocol

from shared.tenant.errors import TenantRefusedError


class ChannelRefusedError(TenantRefusedError):
    """Azure Communication Services said no, and will say so again. Neither their words nor an address are in it."""

    refuser = "Azure Communication Services"


@dataclass(frozen=True, slots=True)
class Text:
    """A text message to one number, in E.164. Its repr shows neither."""

    to: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Nudge:
    """A word to one user of the tenant, by object id: what it is about, and a line of text. No secret, and no name."""

    user: str
    topic: str
    text: str


class Nudger(Protocol):
    """Draws somebody's eye to a mail. What it says is in the mail too, so nobody depends on it."""

    async def send(self, nudge: Nudge) -> None:
        """Send one nudge, once.

        Raises:
            TenantError: it is not known to be sent.
        """
        ...


class Texter(Protocol):
    """Sends text messages."""

    async def send(self, text: Text) -> None:
        """Hand one text to the carrier. Sent once; returning means accepted, not delivered.

        Raises:
            TenantError: it is not known to be sent.
        """
        ...
