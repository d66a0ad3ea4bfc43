"""The kind `gusto`: webhooks of Gusto, which name an employee and tell nothing else.

Source: docs.gusto.com (webhooks, webhook subscriptions, employees). `X-Gusto-Signature` is the hexadecimal HMAC-SHA256
of the raw body; its key is the verification token of the subscription, which Gusto posts to the address when the
subscription is made and wants back through its API. That post is answered, and the token in it neither kept nor
believed: it comes without proof. 10 s for an answer; 16 tries in three days.

Events carry a uuid and a time in seconds, both signed; what counts is the record as it is read, for Gusto's record has
no time of its own. Unconfirmed: header and algorithm, on which other accounts agree; `employee.deleted`; that a hire
called off shows as `terminated`.
"""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.json_text import at, listed, read_any
from shared.sources.kind import Kind, Source
from shared.sources.proof import body_id, hex_sha256, hmac_sha256_hex, signer
from shared.sources.records import Call, Http, Record, Records, bearer, way_to
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
VERSION = {"X-Gusto-API-Version": "2024-04-01"}
Path = r"^[a-z_]+(\.[a-z_0-9]+){0,4}$"


class Options(BaseModel):
    """`employeeNumber`: where Gusto's employee record holds it, such as `employee_code`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

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
    jobs = listed(found.get("jobs"))
    job = next((one for one in jobs if at(one, "primary") is True), None) or at(jobs, 0)
    data = {
        "externalId": at(found, *source.options.employee_number.split(".")),
        "userName": found.get("work_email"),
        "displayName": " ".join(str(found[name]) for name in ("first_name", "last_name") if found.get(name)),
        "startDate": at(job, "hire_date"),
        "department": found.get("department"),
        "emails": [{"type": "home", "value": found.get("email")}],
    }
    return Record(data, stands=found.get("terminated") is not True)


KIND = Kind(
    _read,
    Options,
    words=EVENTS | {EMPLOYEE},
    records=Records(_read_record, "https://api.gusto.com", frozenset({"accessToken"})),
)
