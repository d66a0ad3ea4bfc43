"""What a source makes of a request: what it heard and how that is acknowledged, or the answer to a handshake.

A refusal is the third possibility; it is raised, as a `DeliveryError`.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from shared.sources.errors import FieldFault, PayloadTooLargeError
from shared.sources.hire import HireEvent

NOTHING: Mapping[str, str] = MappingProxyType({})
RECORD = re.compile(r"[!-~]{1,128}", re.ASCII)
"""An id of a record at a source: plain text without spaces."""
MAX_ITEMS = 200
"""Each item is a transaction of its own before the batch is acknowledged, and the most patient sender waits 30 s."""
_PLAIN = re.compile(r"[ -~]{1,256}", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9._/-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: `body` is JSON to be, text is sent as it is (`text/plain`), and None is no body."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default=NOTHING)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Proven and of no concern here, such as a ping. `why` is recorded: our words, or a plain word of the sender."""

    why: str


@dataclass(frozen=True, slots=True)
class Misshapen:
    """Proven, and no event that could be taken. The faults name canonical fields, never values."""

    faults: tuple[FieldFault, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Proven, and a hint alone: somebody's record has changed at the source, or was `deleted`. It is read there later.

    `record` is the vendor's own id of it, which need not be the employee number.
    """

    record: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Proven, and about the way on which events come, not about anybody: it has to be looked after. `word`: which."""

    REAUTHORIZE: ClassVar = "reauthorizationRequired"
    REMOVED: ClassVar = "subscriptionRemoved"
    MISSED: ClassVar = "missed"

    word: str


@dataclass(frozen=True, slots=True)
class Item:
    """One of the events in a delivery. `event_id` is the same each time the same event is sent, and only then."""

    event_id: str
    says: HireEvent | Mention | Lifecycle | PassedOver | Misshapen


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an item: `outcome` is a word such as `planned`, `replay`, `mentioned` or `passed-over`."""

    item: Item
    outcome: str


type Acknowledge = Callable[[Sequence[Result]], Answer]


@dataclass(frozen=True, slots=True)
class Heard:
    """A delivery that was proven. `secret_name` tells by which secret, so that people see when an old one rests.

    `acknowledge` is asked once everything is stored. It may refuse after all, by raising a `DeliveryError`.
    """

    secret_name: str
    items: tuple[Item, ...]
    acknowledge: Acknowledge


@dataclass(frozen=True, slots=True)
class Handshake:
    """Part of setting up or of trying out, and no event."""

    answer: Answer


type Verdict = Heard | Handshake


def few[E](events: Sequence[E]) -> Sequence[E]:
    """Return the events of a delivery, before any is read, if there are not too many.

    Raises:
        PayloadTooLargeError: there are.
    """
    if len(events) > MAX_ITEMS:
        raise PayloadTooLargeError(f"the body holds more than {MAX_ITEMS} events: send fewer at a time")
    return events


def event_name(*parts: object) -> str:
    """Name an event by what the sender says of it; by a hash of that where it is long or no plain text."""
    text = "|".join(str(part) for part in parts)
    if _PLAIN.fullmatch(text):
        return text
    return f"sha256-{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def mentioned(event_id: str, record: object, *, deleted: bool = False) -> Item:
    """Say that a record changed; an id of a record is a number or plain text without spaces."""
    name = str(record) if isinstance(record, int) and not isinstance(record, bool) else record
    if isinstance(name, str) and RECORD.fullmatch(name):
        return Item(event_id, Mention(name, deleted))
    return Item(event_id, Misshapen((FieldFault("/data/externalId", "must name a record"),)))


def passed_over_type(kind: object) -> PassedOver:
    """Pass over an event of a type that is none of ours, and say which where it is a plain word."""
    word = kind if isinstance(kind, str) and _WORD.fullmatch(kind) else "unreadable"
    return PassedOver(f"type {word}")


def with_status(status: int) -> Acknowledge:
    """Acknowledge by a status alone, whatever became of the items: for vendors who would only send them again."""
    return lambda _results: Answer(status)
