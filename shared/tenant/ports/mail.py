"""Mail, from one mailbox."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """A message to one recipient. `reference` goes into the header x-day-one-pass; the visible footer is the bodies'.

    Exchange keeps one body and makes the text part from the HTML: `text` is for senders that can carry both.
    """

    to: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    reference: str


class Mailer(Protocol):
    """Sends mail from the mailbox in settings."""

    async def send(self, mail: Mail) -> None:
        """Hand one mail to Exchange. Sent once; returning means accepted, not delivered."""
        ...
