"""The kind `mapped`: any JSON, read by JMESPath expressions that the settings give and proven as they say.

For systems that have no kind of their own here. Expressions (jmespath.org) and the scheme of the signature are checked
when the settings are loaded. A time that the sender signs is held to five minutes. Without `occurredAt` the order of
events is that of arrival, which only a sender who signs the time, or shows a token, should be allowed.
"""

import base64
import hmac
from typing import Annotated, Any, Literal, Self

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shared.sources.errors import EventShapeError, FieldFault, SignatureRejectedError
from shared.sources.event import said
from shared.sources.flat import ISO_DAY, DateFormat, canonical
from shared.sources.json_text import read_any
from shared.sources.kind import Kind, Source
from shared.sources.proof import body_id, fresh_seconds, signer, single
from shared.sources.request import Request
from shared.sources.shown_token import TokenOptions, shown
from shared.sources.verdict import Heard, Item, Misshapen, event_name, few, passed_over_type, with_status

BODY, TIMESTAMP = "{body}", "{timestamp}"


def _expression(text: str) -> str:
    try:
        jmespath.compile(text)
    except JMESPathError:
        raise ValueError("must be a JMESPath expression") from None
    return text


HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")]
Expression = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_expression)]
EventType = Literal["hire.created", "hire.updated", "hire.cancelled"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Token(TokenOptions):
    """A secret that comes as it is."""

    by: Literal["token"]


class Hmac(_Part):
    """A signature. `content` is what is signed, made of `{body}`, `{timestamp}` and what stands between them."""

    by: Literal["hmac"]
    header: HeaderName
    algorithm: Literal["sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = Field(default="", max_length=40)
    content: str = Field(default=BODY, max_length=100)
    timestamp_header: HeaderName | None = Field(default=None, alias="timestampHeader")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.content.count(BODY) != 1 or not self.content.isascii():
            raise ValueError("content must hold {body} once, in plain ASCII")
        if self.content.count(TIMESTAMP) != (1 if self.timestamp_header else 0):
            raise ValueError("content must hold {timestamp} once if there is a timestampHeader, and not otherwise")
        return self


class Fields(_Part):
    """Where the canonical fields are. An expression that finds nothing leaves the field out."""

    external_id: Expression = Field(alias="externalId")
    display_name: Expression = Field(alias="displayName")
    start_date: Expression = Field(alias="startDate")
    start_time: Expression | None = Field(default=None, alias="startTime")
    timezone: Expression | None = None
    site: Expression | None = None
    department: Expression | None = None
    preferred_language: Expression | None = Field(default=None, alias="preferredLanguage")
    user_name: Expression | None = Field(default=None, alias="userName")
    manager_external_id: Expression | None = Field(default=None, alias="managerExternalId")
    manager_user_name: Expression | None = Field(default=None, alias="managerUserName")
    home_mail: Expression | None = Field(default=None, alias="homeMail")
    mobile: Expression | None = None
    device_serial: Expression | None = Field(default=None, alias="deviceSerial")
    device_id: Expression | None = Field(default=None, alias="deviceId")


class Options(_Part):
    """How a body is proven and read.

    `items` finds a list of events in the body; without it the body is one event, and the other expressions look into
    that. `type` finds the sender's word for what happened, and `types` says what that word means; other words are
    passed over. `id` names an event. `date_format` reads dates that are not YYYY-MM-DD, as strptime does.
    """

    proof: Annotated[Token | Hmac, Field(discriminator="by")]
    items: Expression | None = None
    type: Expression
    types: dict[str, EventType] = Field(min_length=1)
    id: Expression | None = None
    occurred_at: Expression | None = Field(default=None, alias="occurredAt")
    fields: Fields
    date_format: DateFormat = Field(default=ISO_DAY, alias="dateFormat")
    status: Literal[200, 202, 204] = 200

    @model_validator(mode="after")
    def _has_an_order(self) -> Self:
        if isinstance(self.proof, Hmac) and self.proof.timestamp_header is None and self.occurred_at is None:
            raise ValueError("needs occurredAt: without a signed time an old event could be sent again as a new one")
        return self


def _read(source: Source[Options], request: Request) -> Heard:
    options = source.options
    name = _proven(source, request)
    body = read_any(request.body)
    events = [body] if options.items is None else _found(options.items, body)
    if not isinstance(events, list):
        raise EventShapeError((FieldFault("/items", "must be a list"),))
    items = tuple(_item(event, number, options, request) for number, event in enumerate(few(events)))
    return Heard(name, items, with_status(options.status))


def _proven(source: Source[Options], request: Request) -> str:
    proof = source.options.proof
    if isinstance(proof, Token):
        return shown(proof, source.secrets, request)
    given = single(request.headers, proof.header)
    if not given.startswith(proof.prefix) or not given.isascii():
        raise SignatureRejectedError(f"the header {proof.header} must hold the signature as the settings describe it")
    content = _content(proof, request)
    candidate = given.removeprefix(proof.prefix).encode("ascii")
    return signer(source.secrets, lambda key: _signature(proof, key, content), [candidate])


def _content(proof: Hmac, request: Request) -> bytes:
    before, after = proof.content.split(BODY)
    if proof.timestamp_header is not None:
        timestamp = single(request.headers, proof.timestamp_header)
        fresh_seconds(timestamp, proof.timestamp_header, request.now)
        before, after = before.replace(TIMESTAMP, timestamp), after.replace(TIMESTAMP, timestamp)
    return before.encode("ascii") + request.body + after.encode("ascii")


def _signature(proof: Hmac, key: bytes, content: bytes) -> bytes:
    digest = hmac.digest(key, content, proof.algorithm)
    return base64.b64encode(digest) if proof.encoding == "base64" else digest.hex().encode("ascii")


def _item(event: Any, number: int, options: Options, request: Request) -> Item:
    event_id = f"{body_id(request.body)}#{number}"
    try:
        time = _found(options.occurred_at, event)
        event_id = _event_id(event, event_id, options, request)
        word = _found(options.type, event)
        data = {name: _found(expression, event) for name, expression in options.fields}
    except EventShapeError as error:
        return Item(event_id, Misshapen(error.faults))
    if not isinstance(word, str) or word not in options.types:
        return Item(event_id, passed_over_type(word))
    wire = {
        "type": options.types[word],
        "timestamp": time or request.now.isoformat(),
        "data": canonical(data, options.date_format),
    }
    return said(event_id, wire, request.now)


def _event_id(event: Any, by_body: str, options: Options, request: Request) -> str:
    named = _found(options.id, event)
    if named is not None:
        return event_name(named)
    # Without a time of its own the same words may be meant anew: a start moved there and back.
    return by_body if options.occurred_at is not None else f"{by_body}@{request.now.isoformat()}"


def _found(expression: str | None, value: Any) -> Any:
    """Search with an expression that was checked; what it cannot digest is the sender's fault."""
    if expression is None:
        return None
    try:
        return jmespath.search(expression, value)
    except (ArithmeticError, TypeError, ValueError):
        # Of JMESPath itself a ValueError. Without a cause: it would hold what was sent.
        raise EventShapeError((FieldFault("/data", "cannot be read by the expressions in the settings"),)) from None


KIND = Kind(_read, Options)
