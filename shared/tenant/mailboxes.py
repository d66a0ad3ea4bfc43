"""Whether the app may send from a mailbox, found out without sending anything.

No call tells that: Exchange grants it by itself, and neither token nor directory knows. So a mail without a recipient
is handed over, which Exchange cannot send. That it looks at the right before it looks at the recipients is a guess.
"""

from shared.checkup.facts import Mailbox
from shared.tenant.errors import (
    NotFoundInTenantError,
    PermissionMissingError,
    TenantRefusedError,
    TenantUnavailableError,
)
from shared.tenant.graph import GraphConnection

_NO_RECIPIENT = "ErrorInvalidRecipients"


class GraphMailboxes:
    """Asks Microsoft Graph with the app's own identity; another's answer would say nothing of the app."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def try_out(self, mailbox: str) -> Mailbox:
        """Tell whether the app may send from a mailbox.

        Raises:
            TenantError: the answer does not tell.
        """
        try:
            await self._graph.change(self._graph.calls.messages.mail_to_nobody(mailbox))
        except NotFoundInTenantError:
            return Mailbox.MISSING
        except PermissionMissingError:
            return Mailbox.CLOSED
        except TenantRefusedError as error:
            if error.code != _NO_RECIPIENT:
                raise
            return Mailbox.OPEN
        raise TenantUnavailableError("Exchange took a mail that goes to nobody")
