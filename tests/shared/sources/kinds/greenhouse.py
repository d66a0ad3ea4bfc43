"""Deliveries as Greenhouse sends them: shapes as published, people and signatures our own."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import NUMBER, START, Sender

SECRETS = {"2026-a": "a secret key of Greenhouse, long enough", "2026-b": "another-one-for-the-rotation"}
CANDIDATE: dict[str, Any] = {
    "id": 35897443,
    "first_name": "Ada",
    "last_name": "King",
    "external_id": "12345",
    "phone_numbers": [{"value": "518-555-1212", "type": "work"}, {"value": "+49 151 1", "type": "mobile"}],
    "email_addresses": [{"value": "ada@example.net", "type": "personal"}, {"value": "a@example.org", "type": "work"}],
    "educations": [{"school_name": "Home", "start_date": "01/01/2012", "end_date": "01/01/2016"}],
    "employments": [{"company_name": "Babbage", "start_date": "01/01/2017", "end_date": "01/01/2020"}],
    "custom_fields": {"employee_number": {"name": "Employee Number", "type": "short_text", "value": NUMBER}},
}
JOBS = [{"id": 323753, "departments": [{"id": 7, "name": "Research"}], "offices": [{"id": 13, "name": "Berlin HQ"}]}]


def event(action: str = "hire_candidate", *, candidate: Any = CANDIDATE, **application: Any) -> bytes:
    """Write an event about an application, its unicode escaped as Greenhouse escapes it."""
    offer = {"id": 506409, "version": 2, "resolved_at": "2026-11-20T08:49:14Z", "starts_at": START}
    whole = {"id": 46194062, "candidate": candidate, "jobs": JOBS, "custom_fields": {}, "offer": offer, **application}
    return json.dumps({"action": action, "payload": {"application": whole}}).replace("<", "\\u003c").encode()


def sign(secret: str, body: bytes, _now: datetime | None = None) -> dict[str, str]:
    """Sign as Greenhouse does."""
    signature = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    return {
        "Content-Type": "application/json",
        "Signature": f"sha256 {signature}",
        "Greenhouse-Event-ID": "3ce5180d-9119-4ddc-9ef6-21edb6e76f8a",
    }


SENDER = Sender(
    kind="greenhouse",
    secrets=SECRETS,
    options={"employeeNumber": "candidate.custom_fields.employee_number.value", "offices": {"Berlin HQ": "Berlin"}},
    sign=sign,
    proof=("Signature",),
    hire=event(),
    cancelled=event("unhire_candidate", offer=None, last_activity_at="2026-11-20T09:28:09Z"),
    unknown=event("candidate_stage_change"),
    misshapen=event(candidate=None),
    pings=(b'{"action": "ping", "payload": {"web_hook": {"id": 1}}}', b"{}"),
    taken=200,
    faulty=200,
)
