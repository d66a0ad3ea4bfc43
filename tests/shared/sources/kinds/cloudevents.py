"""Deliveries in CloudEvents: shapes as the specification has them, people and tokens our own."""

import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import NUMBER, START, Sender

SECRETS = {"2026-a": "a-token-of-the-event-router", "2026-b": "another-one-for-the-rotation"}


def event(kind: str = "com.example.hr.hire.created", event_id: str = "A234-1234-1234", **data: Any) -> dict[str, Any]:
    """Write one event, structured."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "/hr/people",
        "type": kind,
        "time": "2026-11-20T09:00:00Z",
        "datacontenttype": "application/json",
        "data": {"externalId": NUMBER, "displayName": "Ada King", "startDate": START, **data},
    }


def body(*events: Any) -> bytes:
    """Write one event, or several as a batch."""
    return json.dumps(events[0] if len(events) == 1 else events).encode()


def sign(secret: str, content: bytes, _now: datetime | None = None) -> dict[str, str]:
    """Show the token, and say what the body is."""
    form = "cloudevents-batch+json" if content.startswith(b"[") else "cloudevents+json"
    return {"Content-Type": f"application/{form}; charset=utf-8", "X-Day-One-Pass-Token": secret}


SENDER = Sender(
    kind="cloudevents",
    secrets=SECRETS,
    options={"origins": ["eventgrid.azure.net"]},
    sign=sign,
    proof=("X-Day-One-Pass-Token",),
    hire=body(event()),
    cancelled=body({**event("hire.cancelled", "A234-1234-1235"), "time": "2026-11-20T09:30:00Z"}),
    unknown=body(event("com.example.hr.payslip.printed")),
    misshapen=body(event(externalId=None)),
    partly_bad=body(event(), event(event_id="2", startDate="soon")),
    taken=202,
    faulty=422,
    signs_body=False,
)
