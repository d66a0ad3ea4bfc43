"""How many messages lie in a queue: asked after each step of each test, and so without the SDK.

One connection is kept, and a request takes a sixth of the work that it takes there.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

_VERSION = "2021-12-02"
_COUNT = "x-ms-approximate-messages-count"
_PATIENCE = 60.0


class StorageSilentError(Exception):
    """Storage gave no answer: it was stopped, or is only coming up."""


@dataclass(slots=True)
class QueueCounts:
    """Counts messages in the queues of one account. `token` gives a bearer token for storage."""

    account: str
    authority: Path
    token: Callable[[], str]
    _connection: HTTPSConnection = field(init=False)
    _turn: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        context = ssl.create_default_context(cafile=str(self.authority))
        address = urlsplit(self.account).netloc
        self._connection = HTTPSConnection(address, timeout=_PATIENCE, context=context)

    def of(self, queue: str) -> int:
        """Return how many messages a queue holds, delayed ones and those at work included.

        Raises:
            LookupError: there is no such queue.
            StorageSilentError: see there.
        """
        with self._turn:
            answer = self._asked(queue)
        if answer.status != HTTPStatus.OK:
            raise LookupError(f"storage answered {answer.status} for the queue {queue}")
        return int(answer.headers[_COUNT])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _asked(self, queue: str) -> HTTPResponse:
        try:
            return self._ask(queue)
        except (OSError, HTTPException):
            # Storage that came back since knows nothing of the connection.
            self._connection.close()
        try:
            return self._ask(queue)
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise StorageSilentError(f"storage gave no answer about the queue {queue}") from error

    def _ask(self, queue: str) -> HTTPResponse:
        headers = {"Authorization": f"Bearer {self.token()}", "x-ms-version": _VERSION}
        self._connection.request("GET", f"{urlsplit(self.account).path}/{queue}?comp=metadata", headers=headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer
