"""The kind `personio`: webhooks v2 of Personio, which name a person and tell nothing else.

Source: developer.personio.de (v2 webhooks; authentication; persons and employments). There is no signature: the token
that was configured comes verbatim in `Authorization`, so whoever holds it may send anything, and all that an event does
is to have a record read. An answer is awaited for three seconds; up to 14 requests in three days; no redirects.

The list of persons (limit of 50, cursor, status, time of entry) tells no first day; that is asked for one by one, and
only of those who were entered within half a year.

Unconfirmed: the list's name for the time of entry (`created_at.gt`) and the place of its cursor; the names within
`payload` (`person_id`, `person.id`, and `id` in events of a person are read), the state of an employment that was
called off, and whether an attribute holds the employee number: name it in the options.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import batched
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.json_text import at, read_any
from shared.sources.json_text import listed as listed_of
from shared.sources.kind import Kind, Source
from shared.sources.proof import body_id, token
from shared.sources.records import (
    Api,
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
from shared.sources.verdict import Heard, Item, mentioned, passed_over_type, with_status

EVENTS = frozenset(f"{of}.{what}" for of in ("person", "employment") for what in ("created", "updated", "deleted"))
STARTED = frozenset({"employment.started", "employment.terminated"})
DELETED = "person.deleted"
CALLED_OFF = ("INACTIVE",)
ENTERED_WITHIN = timedelta(days=180)
PAGE, MOST_PAGES, MOST_ENTERED, AT_ONCE = "50", 50, 500, 4


class Options(BaseModel):
    """`employeeNumber`: the id of the custom attribute that holds it; without it the person's id in Personio is it.

    `tokenHeader`: where a gateway before the app has put the token, for App Service authentication looks at
    `Authorization` first, and may refuse what is not its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    employee_number: str | None = Field(default=None, alias="employeeNumber")
    token_header: str = Field(default="authorization", alias="tokenHeader", pattern=r"^[a-z][a-z0-9-]{0,63}$")


def _read(source: Source[Options], request: Request) -> Heard:
    name = token(request.headers, source.secrets, source.options.token_header, scheme="")
    body = read_any(request.body)
    return Heard(name, (_item(body, body_id(request.body)),), with_status(200))


def _item(body: Any, event_id: str) -> Item:
    kind = at(body, "event_name")
    if not isinstance(kind, str) or kind not in EVENTS | STARTED:
        return Item(event_id, passed_over_type(kind))
    payload = at(body, "payload")
    person = at(payload, "person_id") or at(payload, "person", "id")
    if kind.startswith("person."):
        person = person or at(payload, "id")
    return mentioned(event_id, person, deleted=kind == DELETED)


async def _login(source: Source[Options], http: Http) -> dict[str, str]:
    api = way_to(source.api)
    asked = {
        "grant_type": "client_credentials",
        "client_id": api.credentials["clientId"],
        "client_secret": api.credentials["clientSecret"],
    }
    opened = await http.send(Call(api.url("v2", "auth", "token"), method="POST", form=asked))
    return bearer(str(opened.get("access_token", "")))


async def _read_record(source: Source[Options], record: str, http: Http) -> Record:
    login = await _login(source, http)
    api = way_to(source.api)
    person = await http.send(Call(api.url("v2", "persons", record), login))
    found = await http.send(Call(api.url("v2", "persons", record, "employments"), login))
    work = _coming(listed_of(found.get("_data")))
    data = {
        "externalId": _number(person, source.options),
        "userName": person.get("email"),
        "displayName": " ".join(str(person[name]) for name in ("first_name", "last_name") if person.get(name)),
        "startDate": at(work, "employment_start_date"),
    }
    return Record(data, stands=at(work, "status") not in CALLED_OFF)


def _coming(employments: Sequence[Any]) -> Any:
    """Return the employment that begins last: of somebody who comes back it is the one that lies ahead."""
    return max(employments, key=lambda one: str(at(one, "employment_start_date") or ""), default=None)


def _number(person: dict[str, Any], options: Options) -> Any:
    if options.employee_number is None:
        return person.get("id")
    attributes = listed_of(person.get("custom_attributes"))
    return next((at(one, "value") for one in attributes if at(one, "id") == options.employee_number), None)


async def _list_records(source: Source[Options], since: date, http: Http) -> tuple[Listed, ...]:
    """List who was entered within half a year and starts; the list itself tells no day, so each is asked for it."""
    login = await _login(source, http)
    api = way_to(source.api)
    people = [str(at(one, "id")) for one in await _entered(api, since - ENTERED_WITHIN, login, http)]
    if len(people) > MOST_ENTERED:
        raise SourceUnavailableError(f"a list of more than {MOST_ENTERED} who were entered within half a year")
    found: list[tuple[str, Any]] = []
    for some in batched(people, AT_ONCE, strict=False):
        found += zip(some, await asyncio.gather(*(_day(api, one, login, http) for one in some)), strict=True)
    return listed(found)


async def _entered(api: Api, after: date, login: dict[str, str], http: Http) -> list[Any]:
    asked = {"limit": PAGE, "status": "ACTIVE", "created_at.gt": f"{after}T00:00:00Z"}
    people: list[Any] = []
    for _ in range(MOST_PAGES):
        found = await http.send(Call(f"{api.url('v2', 'persons')}?{urlencode(asked)}", login))
        people += every(found, "_data")
        following = at(found, "_meta", "links", "next", "href")
        # Only the cursor is taken from the link: the token goes to the address in the settings and nowhere else.
        cursor = parse_qs(urlsplit(following).query).get("cursor") if isinstance(following, str) else None
        if not cursor:
            return people
        asked["cursor"] = cursor[0]
    raise SourceUnavailableError(f"a list of more than {MOST_PAGES} pages")


async def _day(api: Api, person: str, login: dict[str, str], http: Http) -> Any:
    """Return the first day of a person; None for one who is gone meanwhile, or is not coming."""
    try:
        found = await http.send(Call(api.url("v2", "persons", person, "employments"), login))
    except RecordMissingError:
        return None
    work = _coming(listed_of(found.get("_data")))
    return None if at(work, "status") in CALLED_OFF else at(work, "employment_start_date")


KIND = Kind(
    _read,
    Options,
    words=EVENTS | STARTED,
    records=Records(
        _read_record, "https://api.personio.de", frozenset({"clientId", "clientSecret"}), listing=_list_records
    ),
)
