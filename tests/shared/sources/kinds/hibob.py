"""Deliveries as HiBob sends them: shapes as published, people and signatures our own."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from tests.shared.sources.conformance import Api, Sender

SECRETS = {"2026-a": "the secret that Bob shows once", "2026-b": "another-one-for-the-rotation"}


def event(kind: str = "employee.created", **data: str) -> bytes:
    """Write an event. `triggeredAt` has no zone."""
    named = data or {"employeeId": "3332883854254932743"}
    about = {"companyId": 636192, "type": kind, "triggeredBy": "system", "triggeredAt": "2026-11-20T09:06:26.915906"}
    return json.dumps({**about, "version": "v2", "data": named}).encode()


def sign(secret: str, body: bytes, _now: datetime | None = None) -> dict[str, str]:
    """Sign as Bob does."""
    signature = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha512)).decode()
    return {"Content-Type": "application/json", "Bob-Signature": signature}


SENDER = Sender(
    kind="hibob",
    secrets=SECRETS,
    api=Api("https://api.hibob.com", {"serviceUserId": "SERVICE-1", "serviceUserToken": "t0ken-of-the-service-user"}),
    sign=sign,
    proof=("Bob-Signature",),
    hire=event(),
    cancelled=event("employee.deleted"),
    names="3332883854254932743",
    unknown=event("timeoff.request.created"),
    misshapen=event("employee.created", externalId="Ada"),
    pings=(b'"Ping test"', b'{"text":"Ping test"}'),
    taken=200,
    faulty=200,
)
