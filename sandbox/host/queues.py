"""Queue triggers on a real queue, with the rules of the Functions storage extension.

Sources: the queue trigger's reference, and the extension's own `QueueListener` and `QueueProcessor`: a batch is fetched
whenever no more than the threshold is at work; a failed message comes back after `visibilityTimeout`; one that was
dequeued `maxDequeueCount` times, or cannot be decoded, goes to `{queue}-poison`.
"""

import asyncio
import base64
import binascii
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.identity.aio import ManagedIdentityCredential
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient
from azure_functions_runtime.bindings.datumdef import Datum

from sandbox.host.app_loader import Function, Invoker
from sandbox.host.attention import Attention
from sandbox.host.bells import Bells
from sandbox.host.complaints import Complaints
from sandbox.host.settings import QueueSettings, connection_credential, quiet, resolve, service_address

_LOG = logging.getLogger("sandbox.host")

# What the extension asks for when it takes a message: a worker that dies keeps it out of sight for that long.
USUAL_INVISIBILITY = 600.0
_FIRST_PAUSE = 0.05
_LONGER = 4
_LARGEST_BATCH = 32


@dataclass(slots=True)
class QueueListener:
    """Feeds one queue function."""

    function: Function
    invoker: Invoker
    settings: QueueSettings
    attention: Attention
    bells: Bells
    invisibility: float = USUAL_INVISIBILITY
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _complaints: Complaints = field(init=False)

    def __post_init__(self) -> None:
        self._complaints = Complaints(f"The queue of '{self.function.name}' cannot be read")

    @property
    def waiting(self) -> int:
        """Return how many messages are in hand but not yet, or no longer, in the handler."""
        return len(self._running)

    async def listen(self, stop: asyncio.Event) -> None:
        """Take messages until `stop` is set and the bells are rung, then await those at work.

        A look at the queue is never cut off: what it had just taken would be out of sight until it comes back.
        """
        connection = str(self.function.trigger.get("connection") or "AzureWebJobsStorage")
        name = resolve(str(self.function.trigger["queueName"])).lower()
        address = service_address(connection, "queue")
        async with (
            connection_credential(connection) as credential,
            _client(address, name, credential) as queue,
            _client(address, f"{name}-poison", credential) as poison,
        ):
            await self._poll(queue, poison, stop)
            if self._running:
                await asyncio.wait(self._running)

    async def _poll(self, queue: QueueClient, poison: QueueClient, stop: asyncio.Event) -> None:
        longest = self.settings.max_polling_interval.total_seconds()
        pause = usual = longest if self.bells.heard else _FIRST_PAUSE
        bell = self.bells.of(queue.queue_name)
        while not stop.is_set():
            bell.clear()
            messages = await self._receive(queue)
            for message in messages:
                self._start(queue, poison, message)
            if messages:
                pause = usual
                while len(self._running) > self.settings.new_batch_threshold:
                    await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            else:
                await self.attention.pause(bell, min(pause, longest))
                pause = usual if bell.is_set() else pause * _LONGER

    def _start(self, queue: QueueClient, poison: QueueClient, message: QueueMessage) -> None:
        task = asyncio.create_task(self._process(queue, poison, message))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _receive(self, queue: QueueClient) -> list[QueueMessage]:
        size = min(self.settings.batch_size, _LARGEST_BATCH)
        try:
            pages = queue.receive_messages(messages_per_page=size, visibility_timeout=int(self.invisibility)).by_page()
            messages = [message async for message in await anext(pages)]
        except (ResourceNotFoundError, StopAsyncIteration):
            return []
        except AzureError as error:
            self._complaints.failed(error)
            return []
        else:
            self._complaints.worked()
            return messages

    async def _process(self, queue: QueueClient, poison: QueueClient, message: QueueMessage) -> None:
        """Run one message. Where storage fails, the message is left to come back by itself."""
        try:
            body = self._decode(message.content)
            if body is None or (message.dequeue_count or 0) > self.settings.max_dequeue_count:
                await _bury(queue, poison, message)
                return
            async with self._kept_invisible(queue, message):
                datum = Datum(body, "string")
                outcome = await self.invoker.invoke(self.function, datum, _metadata(message, datum))
            if outcome.succeeded:
                await queue.delete_message(message)
            elif (message.dequeue_count or 0) >= self.settings.max_dequeue_count:
                await _bury(queue, poison, message)
            else:
                await self._release(queue, message)
        except ResourceNotFoundError:
            _LOG.warning("A message of '%s' was taken or cleared by somebody else meanwhile", self.function.name)
        except AzureError as error:
            _LOG.warning("A message of '%s' was left as it is: %s", self.function.name, _first_line(error))

    def _decode(self, content: str) -> str | None:
        if not self.settings.base64:
            return content
        try:
            return base64.b64decode(content, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            _LOG.warning("'%s' got a message that is no base64 text; it goes to the poison queue", self.function.name)
            return None

    async def _release(self, queue: QueueClient, message: QueueMessage) -> None:
        seconds = int(self.settings.visibility_timeout.total_seconds())
        await queue.update_message(message, visibility_timeout=seconds)
        self.bells.ring(queue.queue_name, seconds)

    @contextlib.asynccontextmanager
    async def _kept_invisible(self, queue: QueueClient, message: QueueMessage) -> AsyncIterator[None]:
        """Renew the message's invisibility at half time, as the extension does for a handler that runs long."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(self.invisibility / 2)
                fresh = await queue.update_message(message, visibility_timeout=int(self.invisibility))
                message.pop_receipt = fresh.pop_receipt

        task = asyncio.create_task(renew())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, AzureError):
                await task


def _client(address: str, name: str, credential: ManagedIdentityCredential) -> QueueClient:
    return QueueClient(address, name, credential=credential, retry_total=0, **quiet())


async def _bury(queue: QueueClient, poison: QueueClient, message: QueueMessage) -> None:
    """Copy to the poison queue first, delete after: a fault between leaves two, never none."""
    try:
        await poison.send_message(message.content, time_to_live=-1)
    except ResourceNotFoundError:
        with contextlib.suppress(ResourceExistsError):
            await poison.create_queue()
        await poison.send_message(message.content, time_to_live=-1)
    await queue.delete_message(message)


def _metadata(message: QueueMessage, body: Datum) -> Mapping[str, Datum]:
    values: dict[str, Any] = {
        "Id": Datum(message.id, "string"),
        "DequeueCount": Datum(str(message.dequeue_count), "json"),
        "PopReceipt": Datum(message.pop_receipt, "string"),
        "ExpirationTime": _instant(message.expires_on),
        "InsertionTime": _instant(message.inserted_on),
        "NextVisibleTime": _instant(message.next_visible_on),
        "QueueTrigger": body,
    }
    return {name: value for name, value in values.items() if value is not None}


def _instant(value: datetime | None) -> Datum | None:
    return Datum(value.strftime("%Y-%m-%dT%H:%M:%S+00:00"), "string") if value else None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
