"""Deliveries as Deel sends them: the envelope as published; the fields of the resource and signatures our own."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import NUMBER, START, Sender

SECRETS = {"2026-a": "the signing key of the webhook", "2026-b": "another-one-for-the-rotation"}
CONTRACT: dict[str, Any] = {
    "id": "m4j7d9",
    "start_date": f"{START}T00:00:00.000Z",
    "worker": {"id": "w-1", "full_name": "Ada King", "employee_number": int(NUMBER), "email": "ada@example.net"},
}


def event(kind: str = "contract.created", *resources: Any, at: str = "2026-11-20T09:39:38.070Z") -> bytes:
    """Write an event about contracts."""
    meta = {"event_type": kind, "organization_id": "o-1", "tracking_id": "t-1"}
    return json.dumps({"data": {"meta": meta, "resource": resources or [CONTRACT]}, "timestamp": at}).encode()


def sign(secret: str, body: bytes, _now: datetime | None = None) -> dict[str, str]:
    """Sign as Deel does: the word POST, and the body behind it."""
    return {
        "Content-Type": "application/json",
        "x-deel-signature": hmac.digest(secret.encode(), b"POST" + body, hashlib.sha256).hex(),
        "x-deel-hmac-label": "New Webhook",
        "x-deel-webhook-version": "1.0.0",
    }


SENDER = Sender(
    kind="deel",
    secrets=SECRETS,
    options={"employeeNumber": "worker.employee_number"},
    sign=sign,
    proof=("x-deel-signature",),
    hire=event(),
    cancelled=event("contract.terminated", at="2026-11-20T09:50:38.070Z"),
    unknown=event("invoice.paid"),
    misshapen=event("contract.created", {"id": "m4j7d9", "start_date": START, "worker": {"full_name": "Ada King"}}),
    partly_bad=event("contract.created", CONTRACT, {"worker": {"full_name": "Ada King"}}),
    taken=200,
    faulty=200,
)
