"""Deliveries as the kind `standard` sends them. The vectors are our own; the published one is in its own test."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from sandbox.webhooks import sign
from tests.shared.sources.conformance import NUMBER, START, Sender
from tests.shared.sources.senders import SECRETS


def _event(kind: str = "hire.created", at: str = "2026-11-20T09:00:00Z", **data: Any) -> bytes:
    hire = {"externalId": NUMBER, "displayName": "Ada King", "startDate": START, **data}
    return json.dumps({"type": kind, "timestamp": at, "data": hire}).encode()


def _sign(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    return sign(secret, f"msg_{sha256(body).hexdigest()[:24]}", now, body)


SENDER = Sender(
    kind="standard",
    secrets=SECRETS,
    sign=_sign,
    proof=("webhook-id", "webhook-timestamp", "webhook-signature"),
    hire=_event(),
    cancelled=_event("hire.cancelled", "2026-11-20T09:30:00Z"),
    unknown=_event("hire.promoted"),
    misshapen=_event(externalId=[]),
    taken=202,
    faulty=422,
    signs_time=True,
)
