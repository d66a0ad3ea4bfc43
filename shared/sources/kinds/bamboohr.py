"""The kind `bamboohr`: webhooks of BambooHR, event-based or field-based, as JSON or as a form.

Source: documentation.bamboohr.com (webhooks, event-based webhooks, field-based webhooks; get employee). The signature
is the hexadecimal HMAC-SHA256 of the raw body followed by the timestamp of the header, with nothing between the two;
many guides put the timestamp before it and a full stop between, which is wrong. Anything but a 2xx is repeated up to
five times within about 75 minutes.

An event-based webhook names a record and nothing else. A field-based one posts fields, but none for `Created` and
`Deleted`. So where the settings lead to BambooHR's API, every event is a hint to read the record; without it a
field-based event is taken at its word, and one without its fields is recorded as misshapen.

Unconfirmed: which of the two styles the timestamp of the header has (both are read), whether each try is signed anew
(an old timestamp is refused), how a field-based form names its fields, and how dates are written in posted fields.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.errors import SignatureRejectedError
from shared.sources.event import said
from shared.sources.form_text import read_form
from shared.sources.json_text import at, read_object
from shared.sources.json_text import listed as list_of
from shared.sources.kind import JSON, Kind, Source
from shared.sources.proof import body_id, fresh_seconds, hex_sha256, hmac_sha256_hex, signer, single
from shared.sources.records import Call, Http, Listed, Record, Records, basic, every, listed, way_to
from shared.sources.request import Request
from shared.sources.verdict import Heard, Item, few, mentioned, passed_over_type, with_status

SIGNATURE, TIMESTAMP = "x-bamboohr-signature", "x-bamboohr-timestamp"
FORM = "application/x-www-form-urlencoded"
OF_EVENTS = {"employee.created": False, "employee.updated": False, "employee.deleted": True}
OF_FIELDS = {"created": "hire.created", "updated": "hire.updated", "deleted": "hire.cancelled"}
WANTED = "employeeNumber,displayName,hireDate,workEmail,location,department,status,homeEmail,mobilePhone"
INACTIVE, NO_DAY = "Inactive", "0000-00-00"


class Options(BaseModel):
    """How a field-based webhook names what it posts; BambooHR's own names unless they were changed there."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    employee_number: str = Field(default="Employee #", alias="employeeNumber")
    first_name: str = Field(default="First Name", alias="firstName")
    last_name: str = Field(default="Last Name", alias="lastName")
    hire_date: str = Field(default="Hire Date", alias="hireDate")
    work_email: str = Field(default="Work Email", alias="workEmail")
    location: str = "Location"
    department: str = "Department"


def _read(source: Source[Options], request: Request) -> Heard:
    stamp = single(request.headers, TIMESTAMP)
    fresh_seconds(_seconds(stamp), TIMESTAMP, request.now)
    signed = (request.body, stamp.encode("ascii"))
    name = signer(source.secrets, lambda key: hmac_sha256_hex(key, *signed), [hex_sha256(request.headers, SIGNATURE)])
    body = _body(request)
    return Heard(name, tuple(_items(source, body, request)), with_status(200))


def _seconds(stamp: str) -> str:
    if not stamp.isascii():
        raise SignatureRejectedError(f"the header {TIMESTAMP} must be ASCII")
    sent = _instant(stamp)
    return stamp if sent is None else str(int(sent.timestamp()))


def _instant(text: Any) -> datetime | None:
    """Read 2026-01-31T18:42:00+0000; None for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    except (TypeError, ValueError, OverflowError):
        return None


def _body(request: Request) -> dict[str, Any]:
    essence = request.headers.all("content-type")[0].partition(";")[0].strip().lower()
    return read_form(request.body) if essence == FORM else read_object(request.body)


def _items(source: Source[Options], body: dict[str, Any], request: Request) -> list[Item]:
    event_id = body_id(request.body)
    if "employees" in body:
        employees = enumerate(few(list_of(body["employees"])))
        return [_of_fields(source, f"{event_id}#{index}", employee, request.now) for index, employee in employees]
    kind = body.get("type")
    if not isinstance(kind, str) or kind not in OF_EVENTS:
        return [Item(event_id, passed_over_type(kind))]
    return [mentioned(event_id, at(body, "data", "employeeId"), deleted=OF_EVENTS[kind])]


def _of_fields(source: Source[Options], event_id: str, employee: Any, now: datetime) -> Item:
    action = at(employee, "action")
    kind = OF_FIELDS.get(action.lower()) if isinstance(action, str) else None
    if kind is None:
        return Item(event_id, passed_over_type(action))
    if source.api is not None:
        return mentioned(event_id, at(employee, "id"), deleted=kind == OF_FIELDS["deleted"])
    when = _instant(at(employee, "timestamp"))
    data = _posted(at(employee, "fields"), source.options)
    return said(event_id, {"type": kind, "timestamp": when and when.isoformat(), "data": data}, now)


def _posted(fields: Any, names: Options) -> dict[str, Any]:
    called = (at(fields, names.first_name), at(fields, names.last_name))
    return {
        "externalId": at(fields, names.employee_number),
        "userName": at(fields, names.work_email),
        "displayName": " ".join(name for name in called if isinstance(name, str)),
        "startDate": at(fields, names.hire_date),
        "site": at(fields, names.location),
        "department": at(fields, names.department),
    }


async def _read_record(source: Source[Options], record: str, http: Http) -> Record:
    api = way_to(source.api)
    address = f"{api.url('v1', 'employees', record)}?fields={WANTED}"
    found = await http.send(Call(address, basic(api.credentials["apiKey"], "x")))
    return Record(_person(found), stands=found.get("status") != INACTIVE)


async def _list_records(source: Source[Options], _since: date, http: Http) -> tuple[Listed, ...]:
    """List all employees in one answer; `onlyCurrent` would leave out who is hired and has not started."""
    api = way_to(source.api)
    address = f"{api.url('v1', 'reports', 'custom')}?format=JSON&onlyCurrent=false"
    asked = {"title": "Day One Pass", "fields": ["id", "hireDate", "status"]}
    found = await http.send(Call(address, basic(api.credentials["apiKey"], "x"), "POST", json=asked))
    employees = every(found, "employees")
    return listed((at(one, "id"), at(one, "hireDate")) for one in employees if at(one, "status") != INACTIVE)


def _person(found: Mapping[str, Any]) -> dict[str, Any]:
    day = found.get("hireDate")
    return {
        "externalId": found.get("employeeNumber"),
        "userName": found.get("workEmail"),
        "displayName": found.get("displayName"),
        "startDate": None if day == NO_DAY else day,
        "site": found.get("location"),
        "department": found.get("department"),
        "emails": [{"type": "home", "value": found.get("homeEmail")}],
        "phoneNumbers": [{"type": "mobile", "value": found.get("mobilePhone")}],
    }


KIND = Kind(
    _read,
    Options,
    media_types=JSON | {FORM},
    words=frozenset({*OF_EVENTS, *OF_FIELDS, INACTIVE}),
    records=Records(_read_record, None, frozenset({"apiKey"}), needed=False, listing=_list_records),
)
