"""The sandbox's storage as its owner sees it: makes what infrastructure would make, looks inside, empties it.

The app never uses this: it reaches the same tables and queues with its managed identity.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import batched, groupby
from pathlib import Path
from typing import Any

import jwt
from azure.core.credentials import AccessToken
from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.data.tables import TableClient, TableServiceClient
from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient, QueueServiceClient, TextBase64DecodePolicy, TextBase64EncodePolicy

from sandbox.azurite import StoragePorts
from sandbox.host.timers import TIMER_TABLE
from sandbox.queue_counts import QueueCounts

TABLES = ("onboardings", "people", "leases")
QUEUES = ("send-invite", "issue-pass", "scope-web-sign-in", "tidy-up")

_TRANSACTION_LIMIT = 100
_TOKEN_LIFE = 24 * 3600
_THREADS = 8


class _OwnersToken:
    """A token of the form Azurite asks for. Azurite checks no signature: it is an emulator."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return a token for storage; what is asked for makes no difference."""
        del scopes, options
        now = int(time.time())
        ends = now + _TOKEN_LIFE
        claims = {
            "aud": "https://storage.azure.com",
            "iss": "https://sts.windows.net/00000000-0000-0000-0000-000000000000/",
            "iat": now,
            "nbf": now - 60,
            "exp": ends,
        }
        return AccessToken(jwt.encode(claims, "no secret: Azurite checks no signature", "HS256"), ends)


@dataclass(slots=True)
class Storage:
    """All tables and queues of one sandbox. Queue messages are read and written as base64 text."""

    ports: StoragePorts
    authority: Path
    tables: tuple[str, ...] = TABLES
    queues: tuple[str, ...] = QUEUES
    _tables: TableServiceClient = field(init=False)
    _queues: QueueServiceClient = field(init=False)
    _counts: QueueCounts = field(init=False)

    def __post_init__(self) -> None:
        # What is on loopback has no proxy: each request would look for one, and for a .netrc.
        ways: dict[str, Any] = {"connection_verify": str(self.authority), "use_env_settings": False}
        # Whoever is refused a connection is told at once: storage that was stopped does not come back by waiting.
        ways["retry_connect"] = 0
        credential = _OwnersToken()
        self._tables = TableServiceClient(endpoint=self.ports.address("table"), credential=credential, **ways)
        self._queues = QueueServiceClient(self.ports.address("queue"), credential=credential, **ways)
        address = self.ports.address("queue")
        self._counts = QueueCounts(address, self.authority, lambda: credential.get_token().token)

    def table(self, name: str) -> TableClient:
        """Return a client of the table `name`."""
        return self._tables.get_table_client(name)

    def queue(self, name: str) -> QueueClient:
        """Return a client of the queue `name` that speaks base64 text as Functions does."""
        return self._queues.get_queue_client(
            name,
            message_encode_policy=TextBase64EncodePolicy(),
            message_decode_policy=TextBase64DecodePolicy(),
        )

    @contextmanager
    def container(self, name: str) -> Iterator[ContainerClient]:
        """Make a blob container, as infrastructure does where a source names one, and take it away again."""
        ways: dict[str, Any] = {"credential": _OwnersToken(), "connection_verify": str(self.authority)}
        with ContainerClient(self.ports.address("blob"), name, **ways) as made:
            made.create_container()
            yield made
            made.delete_container()

    def raw_queue(self, name: str) -> QueueClient:
        """Return a client of the queue `name` that shows messages as they are stored."""
        return self._queues.get_queue_client(name)

    @property
    def poison_queues(self) -> tuple[str, ...]:
        """Return the names of the poison queues."""
        return tuple(f"{name}-poison" for name in self.queues)

    def all_queues(self) -> tuple[str, ...]:
        """Return the names of all queues, poison queues too."""
        return (*self.queues, *self.poison_queues)

    def create(self) -> None:
        """Create every table and queue that is not there yet."""
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(self._create_table, (*self.tables, TIMER_TABLE)))
            list(pool.map(self._create_queue, self.all_queues()))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return all rows of a table."""
        return [dict(row) for row in self.table(table).list_entities()]

    def all_rows(self) -> dict[str, list[dict[str, Any]]]:
        """Return all rows of all of the app's tables."""
        return {name: self.rows(name) for name in self.tables}

    def count(self, queue: str) -> int:
        """Return how many messages a queue holds, delayed ones and those at work included."""
        return self._counts.of(queue)

    def holds_messages(self) -> bool:
        """Return whether any queue but the poison ones holds a message."""
        return any(self.count(name) for name in self.queues)

    def messages_left(self) -> int:
        """Return how many messages all queues but the poison ones hold."""
        return sum(self.count(name) for name in self.queues)

    def drop_work(self) -> None:
        """Empty all queues but the poison ones."""
        self._clear_queues(self.queues)

    def clear(self) -> None:
        """Empty tables and poison queues. No work may be left, and nothing be at work meanwhile."""
        self._clear_queues(self.poison_queues)
        for name in (*self.tables, TIMER_TABLE):
            self._clear_table(name)

    def close(self) -> None:
        """Close all connections."""
        self._tables.close()
        self._queues.close()
        self._counts.close()

    def _create_table(self, name: str) -> None:
        with suppress(ResourceExistsError):
            self._tables.create_table(name)

    def _create_queue(self, name: str) -> None:
        with suppress(ResourceExistsError):
            self._queues.create_queue(name)

    def _clear_queues(self, names: Iterable[str]) -> None:
        for name in names:
            self.raw_queue(name).clear_messages()

    def _clear_table(self, name: str) -> None:
        table = self.table(name)
        keys = table.list_entities(select=["PartitionKey", "RowKey"])
        with suppress(ResourceNotFoundError):
            for batch in _by_partition(dict(key) for key in keys):
                table.submit_transaction([("delete", key) for key in batch])


def _by_partition(keys: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], ...]]:
    ordered = sorted(keys, key=lambda key: str(key["PartitionKey"]))
    for _, group in groupby(ordered, key=lambda key: str(key["PartitionKey"])):
        yield from batched(group, _TRANSACTION_LIMIT, strict=False)
