"""Mail through Exchange, from the one mailbox the app may send from.

JSON, not MIME: a MIME sendMail cannot say `saveToSentItems: false` (microsoft-graph-docs issue 18698), and a copy of
every link would lie in the mailbox. Exchange keeps one body per message and writes the plain-text part of what it
sends from the HTML, for MIME too, so `Mail.text` would be lost on the way either way: it serves senders that can
carry both, and the HTML has to read well when its tags are taken out.
"""

from shared.channels.envelope import HEADER, checked_subject
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.mail import Mail


class GraphMailer:
    """The `Mailer` that hands mail to Exchange by Microsoft Graph."""

    def __init__(self, connection: GraphConnection, sender: str) -> None:
        """Send from `sender`, the user principal name of a mailbox."""
        self._graph = connection
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        """Hand one mail to Exchange. Sent once; returning means accepted, not delivered.

        Raises:
            ValueError: `to` is not one plain address, or `reference` cannot stand in a header; nothing was sent.
        """
        call = self._graph.calls.messages.mail(self._sender, mail, subject=checked_subject(mail), header=HEADER)
        await self._graph.change(call)
