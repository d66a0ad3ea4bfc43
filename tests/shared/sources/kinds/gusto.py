"""Deliveries as Gusto sends them: shapes as published, people and signatures our own."""

import hashlib
import hmac
import json
from datetime import datetime

from sandbox.hr.shapes import COMPANY
from tests.shared.sources.conformance import Api, Sender

SECRETS = {"2026-a": "the verification token of the subscription", "2026-b": "another-one-for-the-rotation"}
EMPLOYEE = "5df911a0-e8e9-412d-8aaf-a46ad193dd96"


def event(kind: str = "employee.created", entity: str = EMPLOYEE) -> bytes:
    """Write an event."""
    about = {"uuid": "f7397a24-57ad-4fae-b011-d258e8232900", "event_type": kind, "timestamp": 1795168154}
    company = {"resource_type": "Company", "resource_uuid": "5df911a0-e8e9-412d-8aaf-000000000000"}
    return json.dumps({**about, **company, "entity_type": "Employee", "entity_uuid": entity}).encode()


def sign(secret: str, body: bytes, _now: datetime | None = None) -> dict[str, str]:
    """Sign as Gusto does."""
    signature = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    return {"Content-Type": "application/json", "X-Gusto-Signature": signature}


SENDER = Sender(
    kind="gusto",
    secrets=SECRETS,
    options={"companyId": COMPANY},
    api=Api(
        "https://api.gusto.com",
        {"clientId": "client-of-our-own", "clientSecret": "secret-of-our-own", "refreshToken": "refresh-of-our-own"},
    ),
    sign=sign,
    proof=("X-Gusto-Signature",),
    hire=event(),
    cancelled=event("employee.deleted"),
    names=EMPLOYEE,
    unknown=event("payroll.paid"),
    misshapen=event(entity="two words"),
    taken=200,
    faulty=200,
)
