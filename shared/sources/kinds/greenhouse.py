"""The kind `greenhouse`: webhooks of Greenhouse Recruiting, “Candidate has been hired” and “Candidate unhired”.

Source: developers.greenhouse.io/webhooks.html. `Signature: sha256 <hex>`, HMAC-SHA256 of the raw body, which has its
unicode escaped; any answer but 200 is a failure, tried seven times in fifteen hours, and a ping that fails disables the
webhook. What is signed holds no time of sending, and `Greenhouse-Event-ID` is not signed: the event's time is that of
the record, its id the hash of the body. Unconfirmed: the body of the ping, taken to be any other action; and that
`last_activity_at` of an unhired application lies after `resolved_at` of its offer.
"""

import hashlib
import hmac
import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.errors import SignatureRejectedError
from shared.sources.event import said
from shared.sources.json_text import at, listed, read_object, text_of
from shared.sources.kind import Kind, Source
from shared.sources.offices import site_of
from shared.sources.proof import body_id, signer, single
from shared.sources.request import Request
from shared.sources.verdict import Heard, Item, passed_over_type, with_status

_SIGNATURE = re.compile(r"sha256 ([0-9a-f]{64})", re.ASCII)
# Only what stands in both events: a withdrawal must name the same person as the hire did.
Place = Annotated[
    str, Field(pattern=r"^(candidate\.(id|external_id)|(candidate\.)?custom_fields\.[a-z0-9_]{1,100}\.value)$")
]
HIRED, UNHIRED = "hire_candidate", "unhire_candidate"
CONTACTS = PERSONAL, MOBILE = "personal", "mobile"


class Options(BaseModel):
    """Where things stand in `payload.application`, for Greenhouse knows no employee number of its own.

    `employee_number`: `candidate.custom_fields.employee_number.value`, for example; with `candidate.id` every hire
    waits for a release. `offices`: Greenhouse's name of an office → the site here; without it sites are not told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    employee_number: Place = Field(alias="employeeNumber")
    user_name: Place | None = Field(default=None, alias="userName")
    offices: dict[str, str] = {}


def _read(source: Source[Options], request: Request) -> Heard:
    name = signer(source.secrets, lambda key: _proof(key, request.body), [_signature(request)])
    body = read_object(request.body)
    return Heard(name, (_item(body, source.options, request),), with_status(200))


def _signature(request: Request) -> bytes:
    found = _SIGNATURE.fullmatch(single(request.headers, "signature"))
    if found is None:
        raise SignatureRejectedError("the header signature must be sha256, a space and 64 hexadecimal digits")
    return found[1].encode("ascii")


def _proof(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, hashlib.sha256).hex().encode("ascii")


def _item(body: dict[str, Any], options: Options, request: Request) -> Item:
    event_id, action = body_id(request.body), body.get("action")
    application = at(body, "payload", "application")
    data = _person(application, options)
    if action == HIRED:
        data["startDate"] = at(application, "offer", "starts_at")
        event = {"type": "hire.created", "timestamp": at(application, "offer", "resolved_at"), "data": data}
    elif action == UNHIRED:
        # The day it would have been is not told any more, and nothing is planned from it.
        day = request.now.date().isoformat()
        last = at(application, "last_activity_at")
        event = {"type": "hire.cancelled", "timestamp": last, "data": {**data, "startDate": day}}
    else:
        return Item(event_id, passed_over_type(action))
    return said(event_id, event, request.now)


def _person(application: Any, options: Options) -> dict[str, Any]:
    candidate, job = at(application, "candidate"), at(application, "jobs", 0)
    names = (at(candidate, "first_name"), at(candidate, "last_name"))
    return {
        "externalId": text_of(at(application, *options.employee_number.split("."))),
        "userName": at(application, *options.user_name.split(".")) if options.user_name else None,
        "displayName": " ".join(name for name in names if isinstance(name, str)),
        "site": site_of(at(job, "offices", 0, "name"), options.offices),
        "department": at(job, "departments", 0, "name"),
        "emails": _contacts(at(candidate, "email_addresses"), PERSONAL, "home"),
        "phoneNumbers": _contacts(at(candidate, "phone_numbers"), MOBILE, "mobile"),
    }


def _contacts(contacts: Any, theirs: str, ours: str) -> list[dict[str, Any]]:
    values = (at(contact, "value") for contact in listed(contacts) if at(contact, "type") == theirs)
    return [{"type": ours, "value": value} for value in values][:1]


KIND = Kind(_read, Options, words=frozenset({HIRED, UNHIRED, *CONTACTS}))
