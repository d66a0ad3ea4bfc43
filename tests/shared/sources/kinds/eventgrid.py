"""Deliveries as Azure Event Grid sends them in its own schema: shapes as published, people and tokens our own."""

import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import NUMBER, START, Sender

SECRETS = {"2026-a": "a-token-in-the-delivery-properties", "2026-b": "another-one-for-the-rotation"}
TOPIC = "/subscriptions/1/resourceGroups/hr/providers/Microsoft.EventGrid/topics/people"


def event(kind: str = "Contoso.Hr.hire.created", event_id: str = "b1d2", **data: Any) -> dict[str, Any]:
    """Write one event."""
    return {
        "id": event_id,
        "topic": TOPIC,
        "subject": "people/10042",
        "eventType": kind,
        "eventTime": "2026-11-20T09:00:00.1234567Z",
        "data": {"externalId": NUMBER, "displayName": "Ada King", "startDate": START, **data},
        "dataVersion": "1.0",
        "metadataVersion": "1",
    }


def body(*events: Any) -> bytes:
    """Write what is delivered: always a list."""
    return json.dumps(events).encode()


def sign(secret: str, _body: bytes, _now: datetime | None = None) -> dict[str, str]:
    """Show the token."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "aeg-event-type": "Notification",
        "aeg-subscription-name": "DAY-ONE-PASS",
        "X-Day-One-Pass-Token": secret,
    }


SENDER = Sender(
    kind="eventgrid",
    secrets=SECRETS,
    sign=sign,
    proof=("X-Day-One-Pass-Token",),
    hire=body(event()),
    cancelled=body({**event("hire.cancelled", "b1d3"), "eventTime": "2026-11-20T09:30:00Z"}),
    unknown=body(event("Microsoft.Storage.BlobCreated")),
    misshapen=body(event(externalId=None)),
    partly_bad=body(event(), event(event_id="2", startDate="soon")),
    taken=200,
    faulty=200,
    signs_body=False,
)
