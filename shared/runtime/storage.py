"""Tables and queues by the app's own identity, and what their failures mean.

`shared.composition` imports this module on first use: loading the app must not pay for the SDKs.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.data.tables.aio import TableClient, TableServiceClient
from azure.storage.queue import TextBase64EncodePolicy
from azure.storage.queue.aio import QueueClient

from shared.runtime.errors import ConflictError, StorageRefusedError, StorageUnavailableError

CONNECTION_TIMEOUT = 5
READ_TIMEOUT = 15
"""Seconds. A store that does not answer within these is down for us."""

HEED_ENVIRONMENT = False
"""Storage is reached directly and with the app's identity. Otherwise each request would look for a proxy in variables
and for passwords in a `.netrc`, in a thread of its own."""

AGAIN_AFTER = 1
"""Seconds after which a hint is tried once more. The SDK's default sleeps 15, 18 and 24: an HR system that waits for
its 202 would have given up, and a slot of the budget would have gone by. A lost hint comes again with the sweep."""

CONTESTED = frozenset({404, 409, 412})
"""What a conditional write or a transaction answers when somebody else was first."""

REFUSED = frozenset({400, 413})
"""What a write is answered that is too large or not as storage takes it."""

OTHERS_LETTER = frozenset({400, 404})
"""What a delete is answered whose receipt is no longer right, or whose message is gone."""


@contextmanager
def storage_failures() -> Iterator[None]:
    """Turn the SDKs' failures into the two that a caller can decide about; let "not found" on a read pass.

    Raises:
        ConflictError: a condition did not hold.
        StorageRefusedError: it will never be taken as it is.
        StorageUnavailableError: anything else.
    """
    try:
        yield
    except (ResourceExistsError, ResourceModifiedError) as error:
        raise ConflictError from error
    except ResourceNotFoundError:
        raise
    except ClientAuthenticationError as error:
        raise StorageUnavailableError(
            "Storage refused this app's identity. Grant it Storage Table Data Contributor and Storage Queue Data"
            " Contributor on the data account."
        ) from error
    except HttpResponseError as error:
        if error.status_code in CONTESTED:
            raise ConflictError from error
        kind = StorageRefusedError if error.status_code in REFUSED else StorageUnavailableError
        raise kind(f"Storage answered {error.status_code}.") from error
    except AzureError as error:
        raise StorageUnavailableError(f"Storage gave no answer ({type(error).__name__}).") from error


async def find_entity(table: TableClient, partition: str, key: str) -> Any:
    """Read one entity of a table; None where there is none.

    Raises:
        StorageUnavailableError: no answer.
    """
    with storage_failures():
        try:
            return await table.get_entity(partition, key)
        except ResourceNotFoundError:
            return None


class Tables:
    """The tables of the data account."""

    def __init__(self, endpoint: str, credential: AsyncTokenCredential) -> None:
        self._service = TableServiceClient(
            endpoint=endpoint,
            credential=credential,
            connection_timeout=CONNECTION_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            use_env_settings=HEED_ENVIRONMENT,
        )
        self.onboardings: TableClient = self._service.get_table_client("onboardings")
        self.people: TableClient = self._service.get_table_client("people")
        self.leases: TableClient = self._service.get_table_client("leases")

    async def clock_skew(self) -> timedelta:
        """Tell how far this machine's clock is ahead of storage's, to the second.

        Raises:
            StorageUnavailableError: no answer.
        """
        dates: list[str] = []

        def note(answer: Any) -> None:
            dates.append(answer.http_response.headers["Date"])

        with storage_failures(), suppress(ResourceNotFoundError):
            await self.leases.get_entity("clock", "skew", raw_response_hook=note)
        return datetime.now(UTC) - parsedate_to_datetime(dates[-1])

    async def aclose(self) -> None:
        """Close the connections, for whoever does not keep them until the process ends."""
        await self._service.close()


@dataclass(frozen=True, slots=True)
class Letter:
    """A message taken from a queue: its text, and what it takes to delete it."""

    queue: str
    text: str
    id: str
    receipt: str


class Queues:
    """The work queues of the data account. A message is a hint: an onboarding's id and nothing else."""

    def __init__(self, endpoint: str, credential: AsyncTokenCredential) -> None:
        self._endpoint = endpoint
        self._credential = credential
        self._clients: dict[str, QueueClient] = {}

    def _client(self, name: str) -> QueueClient:
        if name not in self._clients:
            # The queue trigger expects base64; the SDK's default is plain text, which ends in the poison queue unseen.
            self._clients[name] = QueueClient(
                account_url=self._endpoint,
                queue_name=name,
                credential=self._credential,
                message_encode_policy=TextBase64EncodePolicy(),
                connection_timeout=CONNECTION_TIMEOUT,
                read_timeout=READ_TIMEOUT,
                use_env_settings=HEED_ENVIRONMENT,
                retry_total=1,
                initial_backoff=AGAIN_AFTER,
                random_jitter_range=0,
            )
        return self._clients[name]

    async def send(self, queue: str, onboarding: str, delay: int = 0) -> None:
        """Put a hint into a queue, visible after `delay` whole seconds.

        Raises:
            StorageUnavailableError: the hint may or may not be there; a doubled one is harmless.
        """
        with storage_failures():
            await self._client(queue).send_message(onboarding, visibility_timeout=delay)

    async def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """Tell which of these queues are not there.

        Raises:
            StorageUnavailableError
        """
        absent = []
        for name in names:
            with storage_failures():
                try:
                    await self._client(name).get_queue_properties()
                except ResourceNotFoundError:
                    absent.append(name)
        return tuple(absent)

    async def take(self, queue: str, most: int = 32) -> list[Letter]:
        """Take up to `most` letters out of a queue, out of sight for half a minute: then they come back.

        Raises:
            StorageUnavailableError
        """
        with storage_failures():
            messages = [message async for message in self._client(queue).receive_messages(max_messages=most)]
        return [Letter(queue, _text(message.content), message.id, str(message.pop_receipt)) for message in messages]

    async def delete(self, letter: Letter) -> None:
        """Delete a letter for good; one that came back meanwhile is in other hands, and theirs to delete.

        Raises:
            StorageUnavailableError
        """
        with storage_failures():
            try:
                await self._client(letter.queue).delete_message(letter.id, letter.receipt)
            except HttpResponseError as error:
                if error.status_code not in OTHERS_LETTER:
                    raise


def _text(content: str) -> str:
    """Decode a message as Functions writes them; an empty text for what is written otherwise, which is no hint."""
    try:
        return b64decode(content, validate=True).decode()
    except ValueError:
        return ""
