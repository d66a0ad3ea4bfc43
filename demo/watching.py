"""Looks into the queues while the app is at work, to see what its messages really hold."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from azure.core.exceptions import AzureError

from sandbox.storage import Storage

_PAUSE = 0.1
_MOST = 32


@dataclass(slots=True)
class QueueWatch:
    """Peeks at all queues several times a second. A message taken at once may pass unseen; `seen` are by id."""

    storage: Storage
    seen: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while the block runs."""
        stop = threading.Event()
        thread = threading.Thread(target=self._watch, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _watch(self, stop: threading.Event) -> None:
        queues = [self.storage.queue(name) for name in self.storage.all_queues()]
        while not stop.wait(_PAUSE):
            for queue in queues:
                try:
                    for message in queue.peek_messages(max_messages=_MOST):
                        self.seen[str(message.id)] = str(message.content)
                except AzureError:
                    # A look that fails is a look less; what was not seen is not claimed.
                    continue
