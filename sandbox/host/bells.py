"""Tells listeners of the messages that the app sends in this very process, so that they look when one can be taken.

To look is two requests' worth of work on this machine, and a run of the tests looked some ten thousand times in vain.
What others send, tests and other workers, is found by looking as ever, or when a test that waits for it calls. Azure
has no such bell, and the product relies on none: there a listener looks every two seconds.
"""

import asyncio
import functools
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

SELDOM = timedelta(seconds=1)
"""Whoever looks more often than this needs no bell, and shares evenly with the other workers: none hears first."""


@dataclass(slots=True)
class Bells:
    """One bell for each queue; whoever waits at it clears it himself. `heard`: they ring for what the app sends."""

    heard: bool = False
    _of: defaultdict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    def of(self, queue: str) -> asyncio.Event:
        """Return the bell of a queue."""
        return self._of[queue]

    def ring(self, queue: str, after: float = 0.0) -> None:
        """Ring for a queue in `after` seconds."""
        asyncio.get_running_loop().call_later(after, self.of(queue).set)

    def ring_all(self) -> None:
        """Ring for all queues at once: there is something else than a message to be seen to."""
        for bell in self._of.values():
            bell.set()

    def call(self) -> None:
        """Have all queues looked at now, where listeners wait for the bell."""
        if self.heard:
            self.ring_all()

    def hear_the_app(self) -> None:
        """Ring from now on whenever a message that was sent in this process comes into sight."""
        self.heard = True
        send = QueueClient.send_message

        @functools.wraps(send)
        async def sent(client: QueueClient, content: Any, *, visibility_timeout: int = 0, **more: Any) -> QueueMessage:
            message = await send(client, content, visibility_timeout=visibility_timeout, **more)
            self.ring(client.queue_name, visibility_timeout)
            return message

        QueueClient.send_message = sent  # type: ignore[assignment, method-assign]
