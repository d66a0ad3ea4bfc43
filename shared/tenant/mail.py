"""Mail through Exchange, from the one mailbox the app may send from.

JSON, not MIME: a MIME sendMail cannot say `saveToSentItems: false` (microsoft-graph-docs issue 18698), and a copy of
every link would lie in the mailbox. Exchange keeps one body per message and writes the plain-text part of what it
sends from the HTML, for MIME too, so `Mail.text` would be lost on the way either way: it serves senders that can
carry both, and the HTML has to read well when its tags are taken out.
"""

import re

from shared.tenant.graph import GraphConnection
from shared.tenant.ports import Mail

HEADER = "x-day-one-pass"
_NOT_PRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
_REFERENCE = re.compile(r"[!-~]{1,200}")


class GraphMailer:
    """The `Mailer` that hands mail to Exchange by Microsoft Graph."""

    def __init__(self, connection: GraphConnection, sender: str) -> None:
        """Send from `sender`, the user principal name of a mailbox."""
        self._graph = connection
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        """Hand one mail to Exchange. Sent once; returning means accepted, not delivered.

        Line breaks and other control characters in the subject become spaces: a name from outside may hold them.

        Raises:
            ValueError: `to` is not one plain address, or `reference` cannot stand in a header; nothing was sent.
        """
        if not _ADDRESS.fullmatch(mail.to):
            raise ValueError("the recipient is not one plain mail address")
        if not _REFERENCE.fullmatch(mail.reference):
            raise ValueError("the reference cannot stand in a mail header")
        subject = " ".join(_NOT_PRINTABLE.sub(" ", mail.subject).split())
        call = self._graph.calls.mail(self._sender, mail, subject=subject, header=HEADER)
        await self._graph.change(call)
