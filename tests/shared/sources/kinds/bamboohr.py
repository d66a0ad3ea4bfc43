"""Deliveries as BambooHR sends them: shapes as published, people and signatures our own."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import NUMBER, START, Sender

SECRETS = {"2026-a": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "2026-b": "the private key of the rotation"}
SENT = "2026-11-20T09:49:14+0000"
FIELDS = {"Employee #": NUMBER, "First Name": "Ada", "Last Name": "King", "Hire Date": START, "Location": "Berlin"}


def employee(action: str = "Created", number: int = 67890, **fields: Any) -> dict[str, Any]:
    """Write one employee of a field-based webhook."""
    whole = {"id": str(number), "action": action, "timestamp": SENT, "changedFields": []}
    return {**whole, "fields": fields or FIELDS}


def posted(*employees: dict[str, Any]) -> bytes:
    """Write the body of a field-based webhook."""
    return json.dumps({"employees": employees}).encode()


def event(kind: str = "employee.created", **data: Any) -> bytes:
    """Write the body of an event-based webhook."""
    named = {"companyId": "12345", "employeeId": "67890", **data}
    return json.dumps({"type": kind, "timestamp": SENT, "data": named}).encode()


def sign(secret: str, body: bytes, now: datetime, *, iso: bool = False) -> dict[str, str]:
    """Sign as BambooHR does: the body, and the timestamp behind it."""
    stamp = now.strftime("%Y-%m-%dT%H:%M:%S+0000") if iso else str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "X-BambooHR-Timestamp": stamp,
        "X-BambooHR-Signature": hmac.digest(secret.encode(), body + stamp.encode(), hashlib.sha256).hex(),
    }


SENDER = Sender(
    kind="bamboohr",
    secrets=SECRETS,
    sign=sign,
    proof=("X-BambooHR-Timestamp", "X-BambooHR-Signature"),
    hire=posted(employee()),
    cancelled=posted({**employee("Deleted"), "timestamp": "2026-11-20T09:55:14+0000"}),
    unknown=event("time_off.created"),
    misshapen=posted(employee("Created", 1, **{"First Name": "Ada"})),
    partly_bad=posted(employee(), employee("Updated", 2, **{"First Name": "Ada"})),
    taken=200,
    faulty=200,
    signs_time=True,
)
