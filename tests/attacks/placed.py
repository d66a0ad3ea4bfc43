"""Hand-overs in the storage of a running sandbox, and people with connections of their own who all ask at once.

The app writes a row when a morning has been lived through. Here many are written as it writes them, signed under the
sandbox's own key of rows: what is attacked is how they are collected.
"""

import base64
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from itertools import cycle, islice
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from sandbox.hosts import Host
from sandbox.people import Company
from sandbox.world import World
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.collector import Collector
from shared.onboarding.row_codes import RowCodes
from shared.onboarding.schedule import scheduled
from shared.onboarding.transaction import Change, operations
from tests.attacks.hand_overs import AT, HandOver, issued
from tests.shared.onboarding.rows import COLLECTOR

MANAGER = "jana-hoffmann"


def collector(world: World, person: str = MANAGER) -> Collector:
    """Return somebody of the seeded company, who signs in to collect."""
    return replace(COLLECTOR, id=Company(world).directory()["people"][person]["id"])


def place(world: World, found: Iterable[HandOver]) -> None:
    """Store hand-overs in a world's own table with all that the app writes beside a row, and let it be their hour."""
    codes = RowCodes.under([base64.b64decode(world.vault.rows)])
    table = world.storage.table("onboardings")
    for one in found:
        made_now = Change(scheduled(one.row), Audit(Did.PASS_MADE, AT))
        table.submit_transaction(operations(None, made_now, uuid4().hex, codes))
    if world.now() < AT.isoformat():
        world.set_clock(AT.isoformat().replace("+00:00", "Z"))


def made(world: World, number: int) -> list[HandOver]:
    """Store so many hand-overs whose windows are open, all for the same manager."""
    who = collector(world)
    found = [issued(who) for _ in range(number)]
    place(world, found)
    return found


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and when it was asked for and there, in seconds of one clock."""

    status: int
    told: Mapping[str, Any]
    asked_at: float
    told_at: float


@dataclass(slots=True)
class Client:
    """One page in one browser: a connection that is kept, and somebody signed in."""

    connection: HTTPConnection
    headers: Mapping[str, str]

    def ask(self, path: str, body: Mapping[str, Any]) -> Answered:
        """Ask one question."""
        asked_at = time.perf_counter()
        self.connection.request("POST", path, body=json.dumps(body).encode(), headers=dict(self.headers))
        answer = self.connection.getresponse()
        content = answer.read()
        return Answered(answer.status, json.loads(content), asked_at, time.perf_counter())


@dataclass(slots=True)
class Crowd:
    """Several clients at the same moment."""

    clients: Sequence[Client]
    pool: ThreadPoolExecutor = field(repr=False)

    @classmethod
    @contextmanager
    def of(cls, number: int, workers: Sequence[Host], headers: Mapping[str, str]) -> "Iterator[Crowd]":
        """Let so many come, spread over the workers."""
        connections = [_connected(worker) for worker in islice(cycle(workers), number)]
        try:
            with ThreadPoolExecutor(number) as pool:
                yield cls([Client(one, headers) for one in connections], pool)
        finally:
            for one in connections:
                one.close()

    def ask(self, path: str, bodies: Sequence[Mapping[str, Any]]) -> list[Answered]:
        """Let each ask with a body of its own, all at the same moment."""
        start = Barrier(len(self.clients))

        def asked(client: Client, body: Mapping[str, Any]) -> Answered:
            start.wait()
            return client.ask(path, body)

        return list(self.pool.map(asked, self.clients, bodies))


def signed_in(world: World, token: str) -> dict[str, str]:
    """Return what the page sends for somebody who is signed in."""
    return {**world.of_the_page(), "Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def under_way_together(answers: Sequence[Answered]) -> int:
    """Count those that had asked before the first of them was told anything."""
    first = min(one.told_at for one in answers)
    return sum(one.asked_at < first for one in answers)


def _connected(worker: Host) -> HTTPConnection:
    place = urlsplit(worker.address)
    return HTTPConnection(place.hostname or "", place.port, timeout=30)
