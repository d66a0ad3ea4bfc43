"""The kind `eventgrid`: Azure Event Grid in its own schema, whose data is a canonical hire.

Source: Microsoft Learn, “Endpoint validation with Event Grid event schema” and “Custom delivery properties”. A body is
a list. A subscription is validated by answering 200 with the code in the body; 202 is refused. Validation proves
nothing, and neither does a header that names the subscription: each delivery needs the token that the subscription's
delivery properties put into a header. Validation is answered without it, because it is not said that those headers come
along (unconfirmed), and because an answer to it opens nothing. What is not answered well is tried again for a day.
"""

import re
from typing import Any

from shared.sources.errors import FieldFault, UnreadableBodyError
from shared.sources.hire import EventKind
from shared.sources.json_text import at, read_any
from shared.sources.kind import Kind, Source
from shared.sources.kinds.cloudevents import hire_item
from shared.sources.request import Request
from shared.sources.shown_token import TokenOptions, shown
from shared.sources.verdict import Answer, Handshake, Heard, Item, Misshapen, Verdict, event_name, few, with_status

_VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"
_CODE = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)


def _read(source: Source[TokenOptions], request: Request) -> Verdict:
    if request.headers.all("aeg-event-type") == ("SubscriptionValidation",):
        return _validated(_events(request.body))
    name = shown(source.options, source.secrets, request)
    items = tuple(_item(event, request) for event in few(_events(request.body)))
    return Heard(name, items, with_status(200))


def _events(body: bytes) -> list[Any]:
    events = read_any(body)
    if not isinstance(events, list):
        raise UnreadableBodyError("the body must be a JSON list of events")
    return events


def _validated(events: list[Any]) -> Handshake:
    code = at(events, 0, "data", "validationCode")
    is_validation = len(events) == 1 and at(events, 0, "eventType") == _VALIDATION
    if not is_validation or not isinstance(code, str) or not _CODE.fullmatch(code):
        raise UnreadableBodyError("a validation must be one event with a validationCode of letters, digits and hyphens")
    return Handshake(Answer(200, {"validationResponse": code}))


def _item(event: Any, request: Request) -> Item:
    event_id = event_name(at(event, "topic"), at(event, "id"))
    if not at(event, "id"):
        return Item(event_id, Misshapen((FieldFault("/id", "is required"),)))
    return hire_item(event_id, at(event, "eventType"), at(event, "eventTime"), at(event, "data"), request)


KIND = Kind(_read, TokenOptions, words=frozenset(EventKind))
