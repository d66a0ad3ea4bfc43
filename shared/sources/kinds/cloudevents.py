"""The kind `cloudevents`: CloudEvents 1.0 over HTTP, structured, binary and batched, whose data is a canonical hire.

Source: CloudEvents specification 1.0.2: JSON format, HTTP protocol binding, HTTP 1.1 web hooks. A web hook is set up by
OPTIONS with `WebHook-Request-Origin`; `WebHook-Allowed-Origin` is the consent, and nothing else is. The proof is a
token in a header; the one in the address, which a target of those web hooks should take, too, would end up in logs, and
is not taken. `source` and `id` together name an event. Its type ends in `hire.created`, `hire.updated` or
`hire.cancelled`.
"""

import re
from typing import Annotated, Any
from urllib.parse import unquote

from pydantic import Field

from shared.sources.errors import EventShapeError, FieldFault, UnreadableBodyError
from shared.sources.event import said
from shared.sources.hire import EventKind
from shared.sources.json_text import at, read_any, read_object
from shared.sources.kind import METHODS, Kind, Source
from shared.sources.request import Headers, Request
from shared.sources.shown_token import TokenOptions, shown
from shared.sources.verdict import Answer, Heard, Item, Misshapen, event_name, few, passed_over_type, with_status

STRUCTURED, BATCH, BINARY = "application/cloudevents+json", "application/cloudevents-batch+json", "application/json"
PER_MINUTE = "120"
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_TYPE = re.compile(r"(?:.*\.)?(hire\.(?:created|updated|cancelled))", re.ASCII)
Origin = Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,253}$")]


class Options(TokenOptions):
    """Who may set up a web hook here. `origins`: names of sending systems, such as `eventgrid.azure.net`."""

    origins: frozenset[Origin] = frozenset()


def _greet(source: Source[Options], request: Request) -> Answer:
    """Consent to an origin that the settings name; to any other the answer is the same without consent."""
    allowed = {"Allow": METHODS}
    asking = {origin.lower() for origin in request.headers.all("webhook-request-origin")}
    if request.method != "OPTIONS" or len(asking) != 1 or not asking <= source.options.origins:
        return Answer(204, headers=allowed)
    consent = {"WebHook-Allowed-Origin": asking.pop(), "WebHook-Allowed-Rate": PER_MINUTE}
    return Answer(200, headers=allowed | consent)


def _read(source: Source[Options], request: Request) -> Heard:
    name = shown(source.options, source.secrets, request)
    media_type = request.headers.all("content-type")[0].partition(";")[0].strip().lower()
    if media_type == BATCH:
        events = read_any(request.body)
        if not isinstance(events, list):
            raise UnreadableBodyError("a batch must be a JSON list")
        return Heard(name, tuple(item(event, request) for event in few(events)), with_status(202))
    event = read_object(request.body) if media_type == STRUCTURED else _binary(request)
    only = item(event, request)
    if isinstance(only.says, Misshapen):
        raise EventShapeError(only.says.faults)
    return Heard(name, (only,), with_status(202))


def _binary(request: Request) -> dict[str, Any]:
    attributes = {name: _attribute(request.headers, f"ce-{name}") for name in ("specversion", "id", "source", "type")}
    if request.headers.all("ce-time"):
        attributes["time"] = _attribute(request.headers, "ce-time")
    return {**attributes, "data": read_object(request.body)}


def _attribute(headers: Headers, name: str) -> str:
    values = headers.all(name)
    if len(values) != 1:
        raise UnreadableBodyError(f"the header {name} must be given once: each attribute of the event has its own")
    try:
        return unquote(_unquoted(values[0]), errors="strict")
    except UnicodeDecodeError:
        raise UnreadableBodyError(f"the header {name} must be UTF-8 behind its percent signs") from None


def _unquoted(value: str) -> str:
    """Unescape a quoted string (RFC 7230), as older senders write what holds spaces or quotes."""
    quoted = _QUOTED.fullmatch(value)
    return re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else value


def item(event: Any, request: Request) -> Item:
    """Read one CloudEvent. What is not in JSON (`data_base64`) is misshapen."""
    event_id = event_name(at(event, "source"), at(event, "id"))
    if at(event, "specversion") != "1.0" or not at(event, "source") or not at(event, "id"):
        return Item(event_id, Misshapen((FieldFault("/id", "is required, with source, and specversion 1.0"),)))
    return hire_item(event_id, at(event, "type"), at(event, "time"), at(event, "data"), request)


def hire_item(event_id: str, kind: Any, time: Any, data: Any, request: Request) -> Item:
    """Read an event of a bus: a type that ends in ours, a time if it has one, and the canonical data."""
    found = _TYPE.fullmatch(kind) if isinstance(kind, str) else None
    if found is None:
        return Item(event_id, passed_over_type(kind))
    event = {"type": found[1], "timestamp": time or request.now.isoformat(), "data": data}
    return said(event_id, event, request.now)


KIND = Kind(
    _read, Options, greet=_greet, media_types=frozenset({STRUCTURED, BATCH, BINARY}), words=frozenset(EventKind)
)
