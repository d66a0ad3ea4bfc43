"""The kind `finch`: webhooks of Finch, which stands before many HR and payroll systems.

Source: developer.tryfinch.com (webhooks; individual, employment) and Finch's public Python library. Signed as Standard
Webhooks are, under headers of its own, with a secret in base64 that has no prefix. Events name an individual and tell
nothing else. The directory (limit, offset) lists ids, and employments are asked for in batches of a page.
Unconfirmed: how often and how long a delivery is repeated; the shape of the answers that a record is read
from, on which other accounts agree.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from shared.sources.errors import SecretMalformedError
from shared.sources.json_text import at, read_any
from shared.sources.json_text import listed as listed_of
from shared.sources.kind import Kind, NoOptions, Source
from shared.sources.proof import Secret
from shared.sources.records import (
    Call,
    Http,
    Listed,
    Record,
    RecordMissingError,
    Records,
    SourceUnavailableError,
    bearer,
    every,
    listed,
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
PAGE, MOST_PAGES = 100, 50


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
        "startDate": _first_day(work),
        "department": at(work, "department", "name"),
        "emails": [{"type": "home", "value": _of_type(at(person, "emails"), "personal")}],
    }
    return Record(data, stands=at(work, "employment_status") not in CALLED_OFF)


async def _one(source: Source[NoOptions], what: str, record: str, http: Http) -> Any:
    """Ask for one of what Finch gives in batches; each answer in a batch has a status of its own."""
    api = way_to(source.api)
    asked = {"requests": [{"individual_id": record}]}
    found = await http.send(Call(api.url("employer", what), _login(source), "POST", json=asked))
    answer = next((one for one in listed_of(found.get("responses")) if at(one, "individual_id") == record), None)
    code = at(answer, "code")
    if code == HTTPStatus.NOT_FOUND:
        raise RecordMissingError(f"answered {code} for the individual")
    if code != HTTPStatus.OK:
        raise SourceUnavailableError("answered nothing usable for the individual")
    return at(answer, "body")


async def _list_records(source: Source[NoOptions], _since: date, http: Http) -> tuple[Listed, ...]:
    """List everybody, page by page, and ask of each page for the first days; the directory tells none."""
    found: list[tuple[object, object]] = []
    for page in range(MOST_PAGES):
        people = await _page(source, page * PAGE, http)
        if people:
            found += await _days(source, people, http)
        if len(people) < PAGE:
            return listed(found)
    raise SourceUnavailableError(f"a list of more than {MOST_PAGES} pages")


async def _page(source: Source[NoOptions], offset: int, http: Http) -> list[str]:
    api = way_to(source.api)
    asked = urlencode({"limit": PAGE, "offset": offset})
    answer = await http.send(Call(f"{api.url('employer', 'directory')}?{asked}", _login(source)))
    return [str(at(one, "id")) for one in every(answer, "individuals")]


async def _days(source: Source[NoOptions], people: Sequence[str], http: Http) -> list[tuple[object, object]]:
    asked = {"requests": [{"individual_id": one} for one in people]}
    call = Call(way_to(source.api).url("employer", "employment"), _login(source), "POST", json=asked)
    answers = every(await http.send(call), "responses")
    if len(answers) != len(people):
        raise SourceUnavailableError("a part of the list")
    stand = (one for one in answers if at(one, "body", "employment_status") not in CALLED_OFF)
    return [(at(one, "individual_id"), _first_day(at(one, "body"))) for one in stand]


def _first_day(work: Any) -> Any:
    return at(work, "latest_rehire_date") or at(work, "start_date")


def _login(source: Source[NoOptions]) -> dict[str, str]:
    return {**bearer(way_to(source.api).credentials["accessToken"]), **VERSION}


def _of_type(values: Any, kind: str) -> Any:
    return next((at(one, "data") for one in listed_of(values) if at(one, "type") == kind), None)


KIND = Kind(
    _read,
    NoOptions,
    _secret,
    words=EVENTS,
    records=Records(_read_record, "https://api.tryfinch.com", frozenset({"accessToken"}), listing=_list_records),
)
