"""The kind `personio`: webhooks v2 of Personio, which name a person and tell nothing else.

Source: developer.personio.de (v2 webhooks; authentication; persons and employments). There is no signature: the token
that was configured comes verbatim in `Authorization`, so whoever holds it may send anything, and all that an event does
is to have a record read. An answer is awaited for three seconds; up to 14 requests in three days; no redirects.

Unconfirmed: the names within `payload` (`person_id`, `person.id`, and `id` in events of a person are read), the state
of an employment that was called off, and whether an attribute holds the employee number: name it in the options.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.json_text import at, listed, read_any
from shared.sources.kind import Kind, Source
from shared.sources.proof import body_id, token
from shared.sources.records import Call, Http, Record, Records, bearer, way_to
from shared.sources.request import Request
from shared.sources.verdict import Heard, Item, mentioned, passed_over_type, with_status

EVENTS = frozenset(f"{of}.{what}" for of in ("person", "employment") for what in ("created", "updated", "deleted"))
STARTED = frozenset({"employment.started", "employment.terminated"})
DELETED = "person.deleted"
CALLED_OFF = ("INACTIVE",)


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


async def _read_record(source: Source[Options], record: str, http: Http) -> Record:
    api = way_to(source.api)
    asked = {
        "grant_type": "client_credentials",
        "client_id": api.credentials["clientId"],
        "client_secret": api.credentials["clientSecret"],
    }
    opened = await http.send(Call(api.url("v2", "auth", "token"), method="POST", form=asked))
    login = bearer(str(opened.get("access_token", "")))
    person = await http.send(Call(api.url("v2", "persons", record), login))
    found = await http.send(Call(api.url("v2", "persons", record, "employments"), login))
    work = _coming(listed(found.get("_data")))
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
    attributes = listed(person.get("custom_attributes"))
    return next((at(one, "value") for one in attributes if at(one, "id") == options.employee_number), None)


KIND = Kind(
    _read,
    Options,
    words=EVENTS | STARTED,
    records=Records(_read_record, "https://api.personio.de", frozenset({"clientId", "clientSecret"})),
)
