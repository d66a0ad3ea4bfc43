"""Text messages by Azure Communication Services, from a number or a sender's name that was bought there."""

from azure.communication.sms.aio import SmsClient
from azure.core.credentials_async import AsyncTokenCredential

from shared.channels.communication import options, refused, sent
from shared.channels.one_part import fits_one_part
from shared.channels.ports import Text
from shared.tenant.errors import TenantUnavailableError

PATH = "/sms"


class CommunicationTexter:
    """The `Texter` that hands texts to Azure Communication Services."""

    def __init__(self, credential: AsyncTokenCredential, endpoint: str, sender: str) -> None:
        """Take the credential, which stays the caller's, the resource's address, and what to send from."""
        self._endpoint = endpoint
        self._sender = sender
        self._client = SmsClient(endpoint, credential, **options(endpoint))

    async def send(self, text: Text) -> None:
        """Hand one text over. Sent once; returning means that the service took it for this number.

        Raises:
            TenantError: as `shared.channels.communication.sent` has it.
            ValueError: it does not fit one part; nothing was sent.
        """
        if not fits_one_part(text.body):
            raise ValueError("the text does not fit one part")
        results = await sent(self._client.send(self._sender, text.to, text.body), self._endpoint, PATH)
        if len(results) != 1:
            raise TenantUnavailableError("Azure Communication Services did not say what became of a text")
        (result,) = results
        if not result.successful:
            # The service's own words may hold the number.
            raise refused(result.http_status_code, "NotSent")

    async def aclose(self) -> None:
        """Close the connections. The credential stays open."""
        await self._client.close()
