"""The kind `deel`: webhooks of Deel, which tell of contracts and workers; the start is in some of them.

Source: developer.deel.com (get started with webhooks, webhook event types). `x-deel-signature` is the hexadecimal
HMAC-SHA256 of the four letters `POST` followed by the raw body; that it is hexadecimal is taken from the example header
published there. `x-deel-hmac-label` names the key and is not signed, so it decides nothing: every active secret is
tried. 30 s for an answer; after ten tries the webhook is disabled, so whatever is proven is acknowledged.

Unconfirmed: which fields the resource of an event has. So the options say where the employee number, the start and the
name stand in it, and which types mean what; what an event leaves out is recorded as misshapen and changes nothing.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.event import said
from shared.sources.json_text import at, read_object, text_of
from shared.sources.kind import Kind, Source
from shared.sources.proof import body_id, hex_sha256, hmac_sha256_hex, signer
from shared.sources.request import Request
from shared.sources.verdict import Heard, Item, few, passed_over_type, with_status

SIGNATURE = "x-deel-signature"
Place = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}(\.[a-z0-9_]{1,64}){0,4}$")]
_UPDATED = ("contract.amended", "contract.status.updated", "employee.updated.direct", "worker.v2.updated")
_CANCELLED = ("contract.terminated", "contract.archived", "worker.v2.deleted")
_CREATED = ("contract.created", "employee.created.direct", "employee.created.eor", "worker.v2.created")


class Options(BaseModel):
    """Where things stand in `data.resource`, and which types of event tell of a hire, a change, a withdrawal."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    employee_number: Place = Field(alias="employeeNumber")
    display_name: Place = Field(default="worker.full_name", alias="displayName")
    start_date: Place = Field(default="start_date", alias="startDate")
    user_name: Place | None = Field(default=None, alias="userName")
    created: frozenset[str] = frozenset(_CREATED)
    updated: frozenset[str] = frozenset(_UPDATED)
    cancelled: frozenset[str] = frozenset(_CANCELLED)

    def kind_of(self, named: Any) -> str | None:
        """Tell what a type of event means here; None for one that means nothing."""
        kinds = {"hire.created": self.created, "hire.updated": self.updated, "hire.cancelled": self.cancelled}
        return next((kind for kind, types in kinds.items() if isinstance(named, str) and named in types), None)


def _read(source: Source[Options], request: Request) -> Heard:
    signature = hex_sha256(request.headers, SIGNATURE)
    name = signer(source.secrets, lambda key: hmac_sha256_hex(key, b"POST", request.body), [signature])
    body = read_object(request.body)
    return Heard(name, tuple(_items(source.options, body, request)), with_status(200))


def _items(options: Options, body: dict[str, Any], request: Request) -> list[Item]:
    event_id, named = body_id(request.body), at(body, "data", "meta", "event_type")
    kind = options.kind_of(named)
    if kind is None:
        return [Item(event_id, passed_over_type(named))]
    resource = at(body, "data", "resource")
    resources = resource if isinstance(resource, list) else [resource]
    return [
        _item(options, f"{event_id}#{index}", {"type": kind, "timestamp": body.get("timestamp")}, one, request.now)
        for index, one in enumerate(few(resources))
    ]


def _item(options: Options, event_id: str, event: dict[str, Any], resource: Any, now: datetime) -> Item:
    day = at(resource, *options.start_date.split("."))
    data = {
        "externalId": text_of(at(resource, *options.employee_number.split("."))),
        "displayName": at(resource, *options.display_name.split(".")),
        "startDate": day[:10] if isinstance(day, str) else day,
        "userName": at(resource, *options.user_name.split(".")) if options.user_name else None,
    }
    return said(event_id, {**event, "data": data}, now)


KIND = Kind(_read, Options)
