"""The kind `finch`: webhooks of Finch, which stands before many HR and payroll systems.

Source: developer.tryfinch.com (webhooks; individual, employment) and Finch's public Python library. Signed as Standard
Webhooks are, under headers of its own, with a secret in base64 that has no prefix. Events name an individual and tell
nothing else. Unconfirmed: how often and how long a delivery is repeated; the shape of the answers that a record is read
from, on which other accounts agree.
"""

import base64
import binascii
from http import HTTPStatus
from typing import Any

from shared.sources.errors import SecretMalformedError
from shared.sources.json_text import at, listed, read_any
from shared.sources.kind import Kind, NoOptions, Source
from shared.sources.proof import Secret
from shared.sources.records import (
    Call,
    Http,
    Record,
    RecordMissingError,
    Records,
    SourceUnavailableError,
    bearer,
    way_to,
)
from shared.sources.request import Request
from shared.sources.standard_webhooks import Fields, verify
from shared.sources.verdict import Heard, Item, mentioned, passed_over_type, with_status

FIELDS = Fields("finch-event-id", "finch-timestamp", "finch-signature")
DELETED = "directory.deleted"
EVENTS = frozenset(
    f"{of}.{what}" for of in ("individual", "employment", "directory") for what in ("created", "updated", "deleted")
)
CALLED_OFF = ("terminated", "deceased", "retired")
VERSION = {"Finch-API-Version": "2020-09-17"}
SHORTEST_KEY = 16


def _secret(name: str, text: str) -> Secret:
    try:
        key = base64.b64decode(text.strip().encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        key = b""  # and no `from`: the cause would hold the secret
    if len(key) < SHORTEST_KEY:
        raise SecretMalformedError(
            f"the secret {name} must be the base64 that Finch shows, of {SHORTEST_KEY} bytes or more"
        )
    return Secret(name, key)


def _read(source: Source[NoOptions], request: Request) -> Heard:
    verified = verify(request, source.secrets, FIELDS)
    return Heard(verified.secret_name, (_item(read_any(request.body), verified.webhook_id),), with_status(200))


def _item(body: Any, event_id: str) -> Item:
    kind = at(body, "event_type")
    if not isinstance(kind, str) or kind not in EVENTS:
        return Item(event_id, passed_over_type(kind))
    return mentioned(event_id, at(body, "data", "individual_id"), deleted=kind == DELETED)


async def _read_record(source: Source[NoOptions], record: str, http: Http) -> Record:
    person = await _one(source, "individual", record, http)
    work = await _one(source, "employment", record, http)
    names = (at(person, "first_name"), at(person, "last_name"))
    data = {
        "externalId": at(work, "source_id"),
        "userName": _of_type(at(person, "emails"), "work"),
        "displayName": " ".join(name for name in names if isinstance(name, str)),
        "startDate": at(work, "latest_rehire_date") or at(work, "start_date"),
        "department": at(work, "department", "name"),
        "emails": [{"type": "home", "value": _of_type(at(person, "emails"), "personal")}],
    }
    return Record(data, stands=at(work, "employment_status") not in CALLED_OFF)


async def _one(source: Source[NoOptions], what: str, record: str, http: Http) -> Any:
    """Ask for one of what Finch gives in batches; each answer in a batch has a status of its own."""
    api = way_to(source.api)
    login = {**bearer(api.credentials["accessToken"]), **VERSION}
    asked = {"requests": [{"individual_id": record}]}
    found = await http.send(Call(api.url("employer", what), login, "POST", json=asked))
    answer = next((one for one in listed(found.get("responses")) if at(one, "individual_id") == record), None)
    code = at(answer, "code")
    if code == HTTPStatus.NOT_FOUND:
        raise RecordMissingError(f"answered {code} for the individual")
    if code != HTTPStatus.OK:
        raise SourceUnavailableError("answered nothing usable for the individual")
    return at(answer, "body")


def _of_type(values: Any, kind: str) -> Any:
    return next((at(one, "data") for one in listed(values) if at(one, "type") == kind), None)


KIND = Kind(
    _read,
    NoOptions,
    _secret,
    words=EVENTS,
    records=Records(_read_record, "https://api.tryfinch.com", frozenset({"accessToken"})),
)
