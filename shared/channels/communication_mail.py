"""Mail by Azure Communication Services, from an address of a domain that was verified there."""

import asyncio
from http import HTTPStatus
from uuid import uuid4

from azure.communication.email.aio import EmailClient
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, HttpResponseError
from azure.core.polling import AsyncLROPoller

from shared.channels.communication import options, sent
from shared.channels.envelope import HEADER, checked_subject
from shared.channels.ports import ChannelRefusedError
from shared.tenant.ports.mail import Mail

PATH = "/emails:send"
LOOK_AFTER = 1
SETTLES_WITHIN = 5.0
"""Seconds. The service takes a mail first and judges it then. Whoever waits longer than this for the verdict is not
worth holding up a step for: that nobody opened the link is told in time."""


class CommunicationMailer:
    """The `Mailer` that hands mail to Azure Communication Services."""

    def __init__(self, credential: AsyncTokenCredential, endpoint: str, sender: str) -> None:
        """Take the credential, which stays the caller's, the resource's address, and the address to send from."""
        self._endpoint = endpoint
        self._sender = sender
        self._client = EmailClient(endpoint, credential, **options(endpoint))

    async def send(self, mail: Mail) -> None:
        """Hand one mail over. Sent once; returning means taken, and not refused within a few seconds.

        Raises:
            TenantError: as `shared.channels.communication.sent` has it.
            ValueError: `to` is not one plain address, or `reference` cannot stand in a header; nothing was sent.
        """
        message = {
            "senderAddress": self._sender,
            "recipients": {"to": [{"address": mail.to}]},
            "content": {"subject": checked_subject(mail), "plainText": mail.text, "html": mail.html},
            "headers": {HEADER: mail.reference},
            # Tracking rewrites links and fetches a picture: a link's key is nobody else's.
            "userEngagementTrackingDisabled": True,
        }
        call = self._client.begin_send(message, operation_id=str(uuid4()), polling_interval=LOOK_AFTER)
        poller = await sent(call, self._endpoint, PATH)
        if await _is_refused(poller):
            raise ChannelRefusedError(202, "OperationFailed", "the mail was taken, and then not sent")

    async def aclose(self) -> None:
        """Close the connections. The credential stays open."""
        await self._client.close()


async def _is_refused(poller: AsyncLROPoller[object]) -> bool:
    """Tell whether a mail that was taken is known not to be sent. What cannot be learned is no refusal."""
    try:
        async with asyncio.timeout(SETTLES_WITHIN):
            await poller.wait()
    except HttpResponseError as error:
        # The SDK raises the same where the operation failed and where looking at it did.
        return error.status_code == HTTPStatus.OK
    except (TimeoutError, AzureError):
        return False
    return False
