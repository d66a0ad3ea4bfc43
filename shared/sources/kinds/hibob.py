"""The kind `hibob`: webhooks v2 of HiBob, which name an employee and tell nothing else.

Source: apidocs.hibob.com (getting started with webhooks, employee events, read company employee fields by employee
id). `Bob-Signature` is the base64 of the HMAC-SHA512 of the raw body. No time is signed but `triggeredAt`, which has no
zone; nothing is ordered by it, for what counts is the record as it is read. `employee.joined` comes at midnight of the
site's zone, too late for a notice: the events before it lead here.

The ping at set-up is answered without proof, for nothing follows from it. Unconfirmed: header and algorithm, on which
other accounts agree; whether the ping is signed, whether `root.email` is the later user name in Entra, and the names of
the states of a hire that was called off.
"""

import base64
import hashlib
import hmac
import re
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.errors import SignatureRejectedError
from shared.sources.json_text import at, read_any
from shared.sources.kind import Kind, Source
from shared.sources.proof import body_id, signer, single
from shared.sources.records import Call, Http, Listed, Record, Records, basic, every, listed, way_to
from shared.sources.request import Headers, Request
from shared.sources.verdict import Answer, Handshake, Heard, Item, Verdict, mentioned, passed_over_type, with_status

SIGNATURE = "bob-signature"
_BASE64_SHA512 = re.compile(r"[A-Za-z0-9+/]{86}==", re.ASCII)
PINGS = (b'"Ping test"', b'{"text":"Ping test"}', b'{"text": "Ping test"}')
DELETED = "employee.deleted"
EVENTS = frozenset(
    {
        "employee.created",
        "employee.updated",
        DELETED,
        "employee.joined",
        "employee.left",
        "employee.activated",
        "employee.inactivated",
        "table.entry.created",
        "table.entry.updated",
        "table.entry.deleted",
    }
)
CALLED_OFF = ("Terminated", "terminated")
FieldId = r"^[A-Za-z0-9_.]{1,120}$"


class Options(BaseModel):
    """`employeeNumber` and `userName`: the ids of Bob's fields that hold them, from its fields metadata."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    employee_number: str = Field(default="work.employeeIdInCompany", alias="employeeNumber", pattern=FieldId)
    user_name: str = Field(default="root.email", alias="userName", pattern=FieldId)


def _read(source: Source[Options], request: Request) -> Verdict:
    if request.body.strip() in PINGS:
        return Handshake(Answer(200))
    name = signer(source.secrets, lambda key: _proof(key, request.body), [_signature(request.headers)])
    body, event_id = read_any(request.body), body_id(request.body)
    return Heard(name, (_item(body, event_id),), with_status(200))


def _signature(headers: Headers) -> bytes:
    value = single(headers, SIGNATURE)
    if not _BASE64_SHA512.fullmatch(value):
        raise SignatureRejectedError(f"the header {SIGNATURE} must be the base64 of an HMAC-SHA512")
    return value.encode("ascii")


def _proof(key: bytes, body: bytes) -> bytes:
    return base64.b64encode(hmac.digest(key, body, hashlib.sha512))


def _item(body: Any, event_id: str) -> Item:
    kind = at(body, "type")
    if not isinstance(kind, str) or kind not in EVENTS:
        return Item(event_id, passed_over_type(kind))
    return mentioned(event_id, at(body, "data", "employeeId"), deleted=kind == DELETED)


async def _read_record(source: Source[Options], record: str, http: Http) -> Record:
    api, names = way_to(source.api), source.options
    wanted = [names.employee_number, names.user_name, "root.displayName", "work.startDate", "work.site"]
    login = basic(api.credentials["serviceUserId"], api.credentials["serviceUserToken"])
    asked = {"fields": [*wanted, "internal.status", "work.reportsTo.email"]}
    found = await http.send(Call(api.url("v1", "people", record), login, "POST", json=asked))
    data = {
        "externalId": _value(found, names.employee_number),
        "userName": _value(found, names.user_name),
        "displayName": _value(found, "root.displayName"),
        "startDate": _value(found, "work.startDate"),
        "site": _value(found, "work.site"),
        "manager": {"userName": _value(found, "work.reportsTo.email")},
    }
    return Record(data, stands=_value(found, "internal.status") not in CALLED_OFF)


async def _list_records(source: Source[Options], _since: date, http: Http) -> tuple[Listed, ...]:
    """List all employees in one answer: there are no pages, and hires to come are active."""
    api = way_to(source.api)
    login = basic(api.credentials["serviceUserId"], api.credentials["serviceUserToken"])
    asked = {"fields": ["root.id", "work.startDate"], "showInactive": False}
    found = await http.send(Call(api.url("v1", "people", "search"), login, "POST", json=asked))
    return listed((_of(one, "root", "id"), _of(one, "work", "startDate")) for one in every(found, "employees"))


def _of(employee: Any, group: str, name: str) -> Any:
    """Return a field, answered under its path as for one employee, or in its group; the id stands at the top, too."""
    flat = _value(employee, f"{group}.{name}") if isinstance(employee, dict) else None
    return flat or at(employee, group, name) or at(employee, name)


def _value(found: dict[str, Any], field: str) -> Any:
    """Return the value of a field, which is asked for as `work.site` and answered as `/work/site`."""
    value = found.get("/" + field.replace(".", "/"))
    return value["value"] if isinstance(value, dict) and "value" in value else value


KIND = Kind(
    _read,
    Options,
    words=EVENTS,
    records=Records(
        _read_record,
        "https://api.hibob.com",
        frozenset({"serviceUserId", "serviceUserToken"}),
        listing=_list_records,
    ),
)
