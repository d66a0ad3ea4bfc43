"""Deliveries as Merge sends them: shapes as published, people and signatures our own."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import NUMBER, START, Sender

SECRETS = {"2026-a": "the signature key of the webhook", "2026-b": "another-one-for-the-rotation"}
ACCOUNT = "ee3a7c4b-0000-4000-8000-000000000001"
EMPLOYEE: dict[str, Any] = {
    "id": "0958cbc6-6040-430a-848e-aafacbadf4ae",
    "remote_id": "19202938",
    "employee_number": NUMBER,
    "first_name": "Ada",
    "last_name": "King",
    "display_full_name": "Ada King",
    "work_email": "ada.king@example.com",
    "personal_email": "ada@example.net",
    "start_date": f"{START}T00:00:00Z",
    "employment_status": "PENDING",
    "remote_was_deleted": False,
    "modified_at": "2026-11-20T09:49:14Z",
}


def event(named: str = "employee.added", account: str = ACCOUNT, **changes: Any) -> bytes:
    """Write an event with the data of the employee, some of it otherwise."""
    data = {name: value for name, value in {**EMPLOYEE, **changes}.items() if value is not ...}
    hook = {"id": "h", "event": named, "target": "https://example.com/api/hr/merge"}
    return json.dumps({"hook": hook, "linked_account": {"id": account, "category": "hris"}, "data": data}).encode()


def sign(secret: str, body: bytes, _now: datetime | None = None, *, padded: bool = True) -> dict[str, str]:
    """Sign as Merge does, with padding or without."""
    signature = base64.urlsafe_b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    return {
        "Content-Type": "application/json",
        "X-Merge-Webhook-Signature": signature if padded else signature.rstrip("="),
    }


SENDER = Sender(
    kind="merge",
    secrets=SECRETS,
    options={"linkedAccount": ACCOUNT},
    sign=lambda secret, body, now: sign(secret, body, now, padded=False),
    proof=("X-Merge-Webhook-Signature",),
    hire=event(),
    cancelled=event("employee.deleted", remote_was_deleted=True, modified_at="2026-11-20T09:59:14Z"),
    unknown=event("account.linked"),
    misshapen=event(employee_number=None),
    taken=200,
    faulty=200,
)
