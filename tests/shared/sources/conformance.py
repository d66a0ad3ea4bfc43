"""What each kind of HR system brings to the conformance tests, and the door they knock at.

The door is the product's own, with a memory in place of storage; answers are the doorway's own problems and statuses.
Vectors are our own unless a kind's file says that they were published.
"""

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from functions.problems import problem
from shared.onboarding.deliveries.model import KeptDelivery
from shared.onboarding.events.hr_door import Effects, HrDoor
from shared.sources.configured import HrSource, make_source
from shared.sources.delivery import Delivery
from shared.sources.errors import DeliveryError
from shared.sources.kind import Source
from shared.sources.records import WantedApi
from shared.sources.request import Headers
from shared.sources.verdict import Lifecycle, Mention
from tests.shared.sources.senders import NOW

NUMBER, START = "10042", "2026-12-07"
"""The hire that every kind's vectors are about."""

type Sign = Callable[[str, bytes, datetime], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Api:
    """The way to a vendor's records: its usual address, and credentials of our own."""

    base: str
    credentials: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One kind of HR system as it sends.

    sign: makes the headers of a delivery from a secret, the body and the time, content type included.
    proof: the headers that prove; without any one of them nothing is believed.
    hire, cancelled: bodies about NUMBER, who starts on START. unknown: an event that is none of ours. misshapen: a
    proven body about nobody. partly_bad: two hires, of which the second is misshapen. pings: what comes at set-up.
    taken: the status of a delivery that was taken. faulty: the status of a misshapen one.
    signs_time: the header whose time is signed, if there is one. signs_body: a token proves no body.
    has_time: the body says when; without it the same body is a new event each time.
    secret_in_body: the proof stands in the body, which holds the first of the secrets. is_json: what bodies are.
    names: the record that hire and cancelled name, for vendors whose events tell no more. api: the way to read it.
    """

    kind: str
    secrets: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)
    sign: Sign
    proof: tuple[str, ...]
    hire: bytes
    cancelled: bytes
    unknown: bytes
    misshapen: bytes
    partly_bad: bytes | None = None
    pings: tuple[bytes, ...] = ()
    taken: int
    faulty: int
    signs_time: bool = False
    signs_body: bool = True
    has_time: bool = True
    secret_in_body: bool = False
    is_json: bool = True
    names: str | None = None
    api: Api | None = None

    def source(self) -> Source[Any]:
        """Build the source as the settings would."""
        named = {label: f"HR_{number}" for number, label in enumerate(self.secrets)}
        given = {named[label]: text for label, text in self.secrets.items()}
        api = None
        if self.api is not None:
            given |= {f"API_{name}": text for name, text in self.api.credentials.items()}
            api = WantedApi(baseUrl=self.api.base, credentials={name: f"API_{name}" for name in self.api.credentials})
        wanted = HrSource(kind=self.kind, secrets=named, options=dict(self.options), api=api)
        return make_source(self.kind, wanted, given)

    @property
    def secret(self) -> str:
        """One of the secrets."""
        return next(iter(self.secrets.values()))


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back, and what was stored before."""

    status: int
    body: Any
    taken: tuple[Delivery, ...]
    noted: tuple[str, ...]
    named: tuple[tuple[Mention, str], ...] = ()
    kept: tuple[KeptDelivery, ...] = ()


@dataclass
class Memory:
    """Takes events as the intake does, and keeps them."""

    taken: list[Delivery] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    named: list[tuple[Mention, str]] = field(default_factory=list)
    kept: list[KeptDelivery] = field(default_factory=list)
    attended: list[str] = field(default_factory=list)

    async def attend(self, _source: str, lifecycle: Lifecycle) -> None:
        """Look after the way on which events come."""
        self.attended.append(lifecycle.word)

    async def keep(self, delivery: KeptDelivery) -> None:
        """Keep what was delivered."""
        self.kept.append(delivery)

    async def take(self, delivery: Delivery) -> str:
        """Take an event."""
        self.taken.append(delivery)
        return "planned"

    async def note(self, _source: str, _event_id: str, outcome: str, _secret: str) -> None:
        """Record what is about no hire."""
        self.noted.append(outcome)


@dataclass(frozen=True, slots=True)
class Names:
    """Takes mentions as the product does, into the same memory."""

    memory: Memory

    async def take(self, _source: str, mention: Mention, secret: str) -> None:
        """Take a mention, and the name of the secret that proved it."""
        self.memory.named.append((mention, secret))


@dataclass(frozen=True, slots=True)
class Still:
    """A clock that stands."""

    at: datetime

    def now(self) -> datetime:
        """Tell the time."""
        return self.at


def knock(
    sender: Sender,
    headers: Mapping[str, str] | list[tuple[str, str]],
    body: bytes,
    now: datetime = NOW,
    query: Mapping[str, str] | None = None,
) -> Answered:
    """Post to the door, and return the doorway's answer; anything that is no answer is raised."""
    memory = Memory()
    door = HrDoor({sender.kind: sender.source()}, Effects(memory, Names(memory), memory, memory), Still(now))
    fields = list(headers.items()) if isinstance(headers, Mapping) else headers
    try:
        made = _done(door.take(sender.kind, Headers(fields), query or {}, body))
        status, content = made.status, made.body
        json.dumps(content)
        assert all(value.isascii() and "\n" not in value for value in made.headers.values())
    except DeliveryError as error:
        response = problem(error)
        status, content = response.status_code, json.loads(response.get_body())
    return Answered(status, content, tuple(memory.taken), tuple(memory.noted), tuple(memory.named), tuple(memory.kept))


def _done[T](work: Coroutine[Any, Any, T]) -> T:
    """Run what never waits, for nothing here does: a loop of its own would take longer than all the rest."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waited")


def deliver(sender: Sender, body: bytes, late: timedelta = timedelta(0), secret: str | None = None) -> Answered:
    """Post a body, proven as it should be; `late` is how long it was under way."""
    if secret and sender.secret_in_body:
        body = body.replace(sender.secret.encode(), secret.encode())
    return knock(sender, sender.sign(secret or sender.secret, body, NOW), body, NOW + late)
