"""The kind `gusto`: webhooks of Gusto, which name an employee and tell nothing else.

Source: docs.gusto.com (webhooks, webhook subscriptions, employees, pagination, company access tokens).
`X-Gusto-Signature` is the hexadecimal HMAC-SHA256 of the raw body; its key is the verification token of the
subscription, which Gusto posts to the address when the subscription is made and wants back through its API. That post
is answered, and the token in it neither kept nor believed: it comes without proof. 10 s for an answer; 16 tries in
three days.

Access tokens last two hours and come from a refresh token that is good once: whoever signs in keeps the one that
follows. Employees are listed by `page` and `per`; a page that is not full is the last.

Events carry a uuid and a time in seconds, both signed; what counts is the record as it is read, for Gusto's record has
no time of its own. Unconfirmed: header and algorithm, on which other accounts agree; `employee.deleted`; that a hire
called off shows as `terminated`.
"""

from datetime import date
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.json_text import at, read_any
from shared.sources.json_text import listed as listed_of
from shared.sources.kind import Kind, Source
from shared.sources.proof import body_id, hex_sha256, hmac_sha256_hex, signer
from shared.sources.records import (
    AccessRefusedError,
    Call,
    Http,
    Listed,
    Record,
    Records,
    Session,
    SourceUnavailableError,
    VendorHttp,
    bearer,
    listed,
    way_to,
)
from shared.sources.request import Request
from shared.sources.verdict import Answer, Handshake, Heard, Item, Verdict, mentioned, passed_over_type, with_status

SIGNATURE = "x-gusto-signature"
VERIFICATION: Final = frozenset({"verification_token", "webhook_subscription_uuid"})
DELETED = "employee.deleted"
EMPLOYEE = "Employee"
EVENTS = frozenset(
    {
        "employee.created",
        "employee.updated",
        "employee.onboarded",
        "employee.terminated",
        "employee.rehired",
        "employee.rehire_cancelled",
        "employee_job_compensation.created",
        "employee_job_compensation.updated",
        DELETED,
    }
)
MOST_OF_A_VERIFICATION = 1024
PAGE, MOST_PAGES = 100, 50
VERSION = {"X-Gusto-API-Version": "2024-04-01"}
Path = r"^[a-z_]+(\.[a-z_0-9]+){0,4}$"


class Options(BaseModel):
    """`companyId`: Gusto's uuid of the company. `employeeNumber`: where the record of an employee holds it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    company_id: str = Field(alias="companyId", pattern=r"^[A-Za-z0-9-]{1,64}$")
    employee_number: str = Field(default="employee_code", alias="employeeNumber", pattern=Path)


def _read(source: Source[Options], request: Request) -> Verdict:
    if not request.headers.all(SIGNATURE) and _verifies(request.body):
        return Handshake(Answer(200))
    signature = hex_sha256(request.headers, SIGNATURE)
    name = signer(source.secrets, lambda key: hmac_sha256_hex(key, request.body), [signature])
    return Heard(name, (_item(read_any(request.body), body_id(request.body)),), with_status(200))


def _verifies(body: bytes) -> bool:
    """Tell whether this is the post of a verification token. It is small; nothing else unproven is read."""
    if len(body) > MOST_OF_A_VERIFICATION or b"verification_token" not in body:
        return False
    posted = read_any(body)
    return isinstance(posted, dict) and posted.keys() == VERIFICATION


def _item(body: Any, event_id: str) -> Item:
    kind = at(body, "event_type")
    if not isinstance(kind, str) or kind not in EVENTS:
        return Item(event_id, passed_over_type(kind))
    # Of a job's compensation the employee is the resource that the entity belongs to.
    of_employee = at(body, "entity_type") == EMPLOYEE
    return mentioned(event_id, at(body, "entity_uuid" if of_employee else "employee_uuid"), deleted=kind == DELETED)


async def _read_record(source: Source[Options], record: str, http: Http) -> Record:
    api = way_to(source.api)
    login = {**bearer(api.credentials["accessToken"]), **VERSION}
    found = await http.send(Call(api.url("v1", "employees", record), login))
    data = {
        "externalId": at(found, *source.options.employee_number.split(".")),
        "userName": found.get("work_email"),
        "displayName": " ".join(str(found[name]) for name in ("first_name", "last_name") if found.get(name)),
        "startDate": _first_day(found),
        "department": found.get("department"),
        "emails": [{"type": "home", "value": found.get("email")}],
    }
    return Record(data, stands=found.get("terminated") is not True)


async def _list_records(source: Source[Options], _since: date, http: VendorHttp) -> tuple[Listed, ...]:
    """List all employees of the company, onboarding, active and dismissed, page by page."""
    api, people = way_to(source.api), list[Any]()
    login = {**bearer(api.credentials["accessToken"]), **VERSION}
    place = api.url("v1", "companies", source.options.company_id, "employees")
    for page in range(1, MOST_PAGES + 1):
        asked = urlencode({"page": page, "per": PAGE})
        found = await http.send_for_list(Call(f"{place}?{asked}", login))
        people += found
        if len(found) < PAGE:
            return listed((at(one, "uuid"), _first_day(one)) for one in people if at(one, "terminated") is not True)
    raise SourceUnavailableError(f"a list of more than {MOST_PAGES} pages")


def _first_day(employee: Any) -> Any:
    jobs = listed_of(at(employee, "jobs"))
    job = next((one for one in jobs if at(one, "primary") is True), None) or at(jobs, 0)
    return at(job, "hire_date")


async def _renew(source: Source[Options], refresh_token: str, http: Http) -> Session:
    """Exchange a refresh token, which is good once (RFC 6749, 5.2: one that is not good is answered 400)."""
    api = way_to(source.api)
    asked = {
        "grant_type": "refresh_token",
        "client_id": api.credentials["clientId"],
        "client_secret": api.credentials["clientSecret"],
        "refresh_token": refresh_token,
    }
    try:
        found = await http.send(Call(api.url("oauth", "token"), method="POST", json=asked))
    except SourceUnavailableError as error:
        if error.status == HTTPStatus.BAD_REQUEST:
            raise AccessRefusedError("the refresh token is no longer good: authorize the app anew") from None
        raise
    access, following, seconds = (found.get(name) for name in ("access_token", "refresh_token", "expires_in"))
    if not isinstance(access, str) or not isinstance(following, str) or not isinstance(seconds, int | float):
        raise SourceUnavailableError("a session that cannot be read")
    return Session(access, following, float(seconds))


KIND = Kind(
    _read,
    Options,
    words=EVENTS | {EMPLOYEE},
    records=Records(
        _read_record,
        "https://api.gusto.com",
        frozenset({"clientId", "clientSecret", "refreshToken"}),
        listing=_list_records,
        renew=_renew,
    ),
)
