"""The kind `merge`: webhooks of Merge (merge.dev), which stands before many HR systems; changed and deleted data.

Source: docs.merge.dev (webhooks sent to you; employees), help.merge.dev (automatic webhook retries: a 5xx or 30 s
without an answer is repeated twice, a 4xx is not) and Merge's own library for Python (the list's `started_after`).
`X-Merge-Webhook-Signature` is the base64url of the HMAC-SHA256 of the raw body; guides differ on its padding, so it may
be there or not. What is signed holds no time of sending; the event's time is `modified_at` of the record. Where the
webhook is set to tell the data, they are the whole record; else it is read.

Webhooks are shared across a Merge organization, so events of other linked accounts arrive, too: they are passed over.
Unconfirmed: header and algorithm, on which other accounts agree; the spelling of `hook.event` (compared without case);
the shape of a deletion.
"""

import base64
import hashlib
import hmac
import re
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.errors import SignatureRejectedError
from shared.sources.event import said
from shared.sources.json_text import at, read_any
from shared.sources.kind import Kind, Source
from shared.sources.proof import body_id, signer, single
from shared.sources.records import (
    Call,
    Http,
    Listed,
    Record,
    Records,
    SourceUnavailableError,
    bearer,
    every,
    listed,
    way_to,
)
from shared.sources.request import Headers, Request
from shared.sources.verdict import Heard, Item, PassedOver, mentioned, passed_over_type, with_status

SIGNATURE = "x-merge-webhook-signature"
_BASE64URL_SHA256 = re.compile(r"([A-Za-z0-9_-]{43})=?", re.ASCII)
EVENTS = {
    "employee.added": "hire.created",
    "employee.changed": "hire.updated",
    "employee.synced": "hire.updated",
    "employee.deleted": "hire.cancelled",
    "employee.removed": "hire.cancelled",
}
CALLED_OFF = ("INACTIVE",)
A_DAY = timedelta(days=1)
MOST_PAGES = 50


class Options(BaseModel):
    """`linkedAccount`: Merge's id of the account that is this company's."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    linked_account: str = Field(alias="linkedAccount", min_length=1)


def _read(source: Source[Options], request: Request) -> Heard:
    name = signer(source.secrets, lambda key: _proof(key, request.body), [_signature(request.headers)])
    item = _item(source, read_any(request.body), body_id(request.body), request.now)
    return Heard(name, (item,), with_status(200))


def _signature(headers: Headers) -> bytes:
    found = _BASE64URL_SHA256.fullmatch(single(headers, SIGNATURE))
    if found is None:
        raise SignatureRejectedError(f"the header {SIGNATURE} must be the base64url of an HMAC-SHA256")
    return found[1].encode("ascii")


def _proof(key: bytes, body: bytes) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(key, body, hashlib.sha256)).rstrip(b"=")


def _item(source: Source[Options], body: Any, event_id: str, now: datetime) -> Item:
    named, data = at(body, "hook", "event"), at(body, "data")
    kind = EVENTS.get(named.lower()) if isinstance(named, str) else None
    if kind is None:
        return Item(event_id, passed_over_type(named))
    if at(body, "linked_account", "id") != source.options.linked_account:
        return Item(event_id, PassedOver("another linked account"))
    if at(data, "start_date") is None or at(data, "modified_at") is None:
        return mentioned(event_id, at(data, "id"), deleted=kind == "hire.cancelled")
    kind = kind if _stands(data) else "hire.cancelled"
    return said(event_id, {"type": kind, "timestamp": at(data, "modified_at"), "data": _person(data)}, now)


async def _read_record(source: Source[Options], record: str, http: Http) -> Record:
    api = way_to(source.api)
    login = {**bearer(api.credentials["apiKey"]), "X-Account-Token": api.credentials["accountToken"]}
    found = await http.send(Call(api.url("api", "hris", "v1", "employees", record), login))
    return Record(_person(found), stands=_stands(found))


async def _list_records(source: Source[Options], since: date, http: Http) -> tuple[Listed, ...]:
    """List who starts on a day or later, page by page."""
    api = way_to(source.api)
    login = {**bearer(api.credentials["apiKey"]), "X-Account-Token": api.credentials["accountToken"]}
    asked = {"page_size": "100", "started_after": f"{since - A_DAY}T00:00:00Z"}
    people: list[Any] = []
    for _ in range(MOST_PAGES):
        found = await http.send(Call(f"{api.url('api', 'hris', 'v1', 'employees')}?{urlencode(asked)}", login))
        people += every(found, "results")
        after = found.get("next")
        if not isinstance(after, str) or not after:
            return listed((at(one, "id"), at(one, "start_date")) for one in people if _stands(one))
        asked["cursor"] = after
    raise SourceUnavailableError(f"a list of more than {MOST_PAGES} pages")


def _stands(data: Any) -> bool:
    return at(data, "employment_status") not in CALLED_OFF and at(data, "remote_was_deleted") is not True


def _person(data: Any) -> dict[str, Any]:
    """Map an employee of Merge's common model; manager, site and department are ids there, and not told on."""
    day = at(data, "start_date")
    return {
        "externalId": at(data, "employee_number"),
        "userName": at(data, "work_email"),
        "displayName": at(data, "display_full_name"),
        "startDate": day[:10] if isinstance(day, str) else day,
        "emails": [{"type": "home", "value": at(data, "personal_email")}],
        "phoneNumbers": [{"type": "mobile", "value": at(data, "mobile_phone_number")}],
    }


KIND = Kind(
    _read,
    Options,
    words=frozenset({*EVENTS, *CALLED_OFF}),
    records=Records(
        _read_record,
        "https://api.merge.dev",
        frozenset({"apiKey", "accountToken"}),
        needed=False,
        listing=_list_records,
    ),
)
