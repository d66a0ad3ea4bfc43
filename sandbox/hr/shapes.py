"""How each HR system writes one person's record, and what it takes to be asked: as its documentation says."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

CREDENTIALS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "bamboohr": {"apiKey": "bamboo-key-of-the-sandbox"},
        "hibob": {"serviceUserId": "SERVICE-1", "serviceUserToken": "bob-token-of-the-sandbox"},
        "personio": {"clientId": "papi-sandbox", "clientSecret": "papi-secret-of-the-sandbox"},
        "finch": {"accessToken": "finch-token-of-the-sandbox"},
        "merge": {"apiKey": "merge-key-of-the-sandbox", "accountToken": "account-token-of-the-sandbox"},
        "gusto": {
            "clientId": "gusto-sandbox",
            "clientSecret": "gusto-secret-of-the-sandbox",
            "refreshToken": "gusto-refresh-0",
        },
    }
)
COMPANY = "c0ffee00-0000-4000-8000-000000000001"
PERSONIO_SESSION = "personio-session-of-the-sandbox"
GUSTO_SESSION = "gusto-session-of-the-sandbox"


@dataclass(frozen=True, slots=True)
class Person:
    """A person at an HR system. An empty text is a field that is not filled in."""

    number: str
    first_name: str
    last_name: str
    start: str
    user_name: str = ""
    site: str = ""
    called_off: bool = False

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `path` without its query, header names in lower case, and the body as JSON, empty for none."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


NOBODY = Asked("GET", "", MappingProxyType({}), MappingProxyType({}))

type Shape = Callable[[Asked, str, Person | None], dict[str, Any] | None]
"""Writes the answer about a record; None for a person who is not there."""


def proves(vendor: str, asked: Asked) -> bool:
    """Tell whether a request shows the credentials of the vendor."""
    held, shown = CREDENTIALS[vendor], asked.headers.get("authorization", "")
    match vendor:
        case "bamboohr":
            return shown == _basic(held["apiKey"], "x")
        case "hibob":
            return shown == _basic(held["serviceUserId"], held["serviceUserToken"])
        case "personio":
            return shown == f"Bearer {PERSONIO_SESSION}"
        case "merge":
            account = asked.headers.get("x-account-token", "")
            return (shown, account) == (f"Bearer {held['apiKey']}", held["accountToken"])
        case "gusto":
            return shown == f"Bearer {GUSTO_SESSION}"
        case _:
            return shown == f"Bearer {held['accessToken']}"


def _basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def _bamboohr(_asked: Asked, record: str, person: Person | None) -> dict[str, Any] | None:
    if person is None:
        return None
    return {
        "id": record,
        "employeeNumber": person.number,
        "displayName": person.name,
        "hireDate": person.start or "0000-00-00",
        "workEmail": person.user_name,
        "location": person.site,
        "department": "Research",
        "status": "Inactive" if person.called_off else "Active",
    }


def _list_bamboohr(people: Mapping[str, Person]) -> dict[str, Any]:
    rows = [
        {"id": record, "hireDate": one.start or "0000-00-00", "status": "Inactive" if one.called_off else "Active"}
        for record, one in people.items()
    ]
    return {"title": "Day One Pass", "fields": [], "employees": rows}


def _list_hibob(people: Mapping[str, Person]) -> dict[str, Any]:
    rows = [
        {"id": record, "work": {"startDate": one.start}, "/work/startDate": {"value": one.start}}
        for record, one in people.items()
        if not one.called_off
    ]
    return {"employees": rows}


def _list_merge(people: Mapping[str, Person]) -> dict[str, Any]:
    return {"next": None, "previous": None, "results": [_merge(NOBODY, name, one) for name, one in people.items()]}


def _list_personio(people: Mapping[str, Person]) -> dict[str, Any]:
    rows = [_personio(NOBODY, name, one) for name, one in people.items() if not one.called_off]
    return {"_data": rows, "_meta": {"links": {}}}


def _list_finch(people: Mapping[str, Person]) -> dict[str, Any]:
    return {"paging": {"count": len(people), "offset": 0}, "individuals": [{"id": name} for name in people]}


def _list_gusto(people: Mapping[str, Person]) -> list[Any]:
    return [_gusto(NOBODY, name, one) for name, one in people.items()]


def _hibob(asked: Asked, record: str, person: Person | None) -> dict[str, Any] | None:
    if person is None:
        return None
    values = {
        "root.id": record,
        "root.displayName": person.name,
        "root.email": person.user_name,
        "work.startDate": person.start,
        "work.site": person.site,
        "work.employeeIdInCompany": person.number,
        "internal.status": "Terminated" if person.called_off else "Active",
    }
    wanted = [field for field in asked.body["fields"] if field in values]
    return {"/" + field.replace(".", "/"): {"value": values[field]} for field in wanted}


def _personio(asked: Asked, record: str, person: Person | None) -> dict[str, Any] | None:
    if person is None:
        return None
    if asked.path.endswith("/employments"):
        status = "INACTIVE" if person.called_off else "ONBOARDING"
        return {"_data": [{"id": "e", "status": status, "employment_start_date": person.start}], "_meta": {}}
    number = {"id": "employee_id", "value": person.number}
    names = {"first_name": person.first_name, "last_name": person.last_name}
    return {"id": record, **names, "email": person.user_name, "custom_attributes": [number]}


def _finch(asked: Asked, record: str, person: Person | None) -> dict[str, Any] | None:
    if person is None:
        return {"responses": [{"individual_id": record, "code": 404, "body": {"code": 404}}]}
    names = {"id": record, "first_name": person.first_name, "last_name": person.last_name}
    status = "terminated" if person.called_off else "prehire"
    work = {"source_id": person.number, "start_date": person.start or None, "employment_status": status}
    mails = [{"data": person.user_name, "type": "work"}]
    body = {**names, "emails": mails} if asked.path.endswith("individual") else {**names, **work}
    return {"responses": [{"individual_id": record, "code": 200, "body": body}]}


def _merge(_asked: Asked, record: str, person: Person | None) -> dict[str, Any] | None:
    if person is None:
        return None
    return {
        "id": record,
        "employee_number": person.number,
        "display_full_name": person.name,
        "work_email": person.user_name,
        "start_date": f"{person.start}T00:00:00Z" if person.start else None,
        "employment_status": "INACTIVE" if person.called_off else "PENDING",
        "remote_was_deleted": False,
        "modified_at": "2026-11-20T09:49:14Z",
    }


def _gusto(_asked: Asked, record: str, person: Person | None) -> dict[str, Any] | None:
    if person is None:
        return None
    return {
        "uuid": record,
        "employee_code": person.number,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "work_email": person.user_name,
        "jobs": [{"primary": True, "hire_date": person.start or None}],
        "terminated": person.called_off,
    }


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "bamboohr": _bamboohr,
        "hibob": _hibob,
        "personio": _personio,
        "finch": _finch,
        "merge": _merge,
        "gusto": _gusto,
    }
)
LISTS: Mapping[tuple[str, str], Callable[[Mapping[str, Person]], Any]] = MappingProxyType(
    {
        ("bamboohr", "/v1/reports/custom"): _list_bamboohr,
        ("hibob", "/v1/people/search"): _list_hibob,
        ("finch", "/employer/directory"): _list_finch,
        ("gusto", f"/v1/companies/{COMPANY}/employees"): _list_gusto,
        ("merge", "/api/hris/v1/employees"): _list_merge,
        ("personio", "/v2/persons"): _list_personio,
    }
)
"""Of which vendor, and where, all people are asked for at once."""
