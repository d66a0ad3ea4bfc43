"""A delivery as it is kept: the request whole, to be sealed; and in clear what people find it by. Pure."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from shared.onboarding.ids import digest
from shared.sources.hire import HireEvent
from shared.sources.request import Headers, Request
from shared.sources.verdict import Item, Mention, Misshapen, Result

LONGEST_OUTCOME = 300
PERSON_DIGITS = 16
_ID = re.compile(r"[0-9a-f]{24}", re.ASCII)
_MILLISECONDS = 1000
_OF_PLATFORM = ("x-ms-", "x-forwarded-", "x-arr-", "x-site-", "x-original-", "cookie", "traceparent", "tracestate")
"""What the platform adds, or a browser: no kind reads it, and some of it tells who called."""


@dataclass(frozen=True, slots=True)
class KeptDelivery:
    """A proven delivery. `became`: what became of each item, in words without values; `people`: whom it was about.

    Whom it was about stands there as a hash each, by number or by the vendor's record, so that erasing finds it.
    """

    id: str
    source: str
    at: datetime
    secret: str
    became: tuple[str, ...]
    people: frozenset[str]
    request: Request = field(repr=False)


def new_delivery_id(at: datetime, source: str, body: bytes) -> str:
    """Make an id by which deliveries sort by time: the same body at the same moment is the same delivery."""
    return f"{int(at.timestamp() * _MILLISECONDS):012x}{digest(source, body.hex())[:12]}"


def is_delivery_id(text: str) -> bool:
    """Tell whether a text has the form of a delivery's id."""
    return _ID.fullmatch(text) is not None


def earliest(at: datetime) -> str:
    """Return what is before every id of that moment or later."""
    return f"{int(at.timestamp() * _MILLISECONDS):012x}"


def person(source: str, name: str) -> str:
    """Name a person of a source, by number or by record, as deliveries do."""
    return digest(source, name)[:PERSON_DIGITS]


def heard(source: str, secret: str, request: Request, results: Iterable[Result]) -> KeptDelivery:
    """Keep a delivery that was taken."""
    known = tuple(results)
    named = (_names(result.item) for result in known)
    people = frozenset(person(source, name) for name in named if name)
    return _kept(source, secret, request, tuple(map(became, known)), people)


def refused(source: str, request: Request, why: str) -> KeptDelivery:
    """Keep a delivery that was proven and refused for its shape; `why` names fields and no value."""
    return _kept(source, "", request, (f"refused: {why}"[:LONGEST_OUTCOME],), frozenset())


def _kept(
    source: str, secret: str, request: Request, outcomes: tuple[str, ...], people: frozenset[str]
) -> KeptDelivery:
    headers = Headers((name, value) for name, value in request.headers.fields() if not name.startswith(_OF_PLATFORM))
    bare = Request(request.method, headers, request.query, request.body, request.now)
    return KeptDelivery(
        new_delivery_id(request.now, source, request.body), source, request.now, secret, outcomes, people, bare
    )


def _names(item: Item) -> str:
    match item.says:
        case HireEvent() as event:
            return event.hire.external_id
        case Mention() as mention:
            return mention.record
        case _:
            return ""


def became(result: Result) -> str:
    """Say what became of an item, in words without values; of a misshapen one with its first fault."""
    if not isinstance(result.item.says, Misshapen):
        return result.outcome
    fault = result.item.says.faults[0]
    return f"{result.outcome}: {fault.field} {fault.problem}"[:LONGEST_OUTCOME]


def written(request: Request) -> bytes:
    """Write a request as it is sealed."""
    return json.dumps(
        {
            "method": request.method,
            "headers": list(request.headers.fields()),
            "query": dict(request.query),
            "body": b64encode(request.body).decode(),
            "now": request.now.isoformat(),
        }
    ).encode()


def request_of(plain: bytes) -> Request:
    """Read a request as it was sealed."""
    value = json.loads(plain)
    fields = ((name, text) for name, text in value["headers"])
    arrived = datetime.fromisoformat(value["now"])
    return Request(value["method"], Headers(fields), value["query"], b64decode(value["body"]), arrived)
