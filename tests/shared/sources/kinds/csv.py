"""Deliveries as the kind `csv` takes them. The vectors are our own."""

from datetime import datetime
from hashlib import sha256

from sandbox.webhooks import sign
from tests.shared.sources.conformance import NUMBER, START, Sender
from tests.shared.sources.senders import SECRETS

HEADER = "No.,Name,Entry,Action,Changed,Remark"


def table(*rows: str, header: str = HEADER) -> bytes:
    """Write a table."""
    return "\r\n".join((header, *rows, "")).encode()


def row(number: str = NUMBER, action: str = "joins", at: str = "2026-11-20T09:00:00Z", name: str = "Ada King") -> str:
    """Write a row."""
    return f'{number},"{name}",{START},{action},{at},"of no, concern"'


def posted(secret: str, body: bytes, now: datetime, wish: str = "") -> dict[str, str]:
    """Make the headers of a delivery; `wish` stands before its name, such as `dry-run/`."""
    named = f"{wish}msg_{sha256(body).hexdigest()[:24]}"
    return sign(secret, named, now, body) | {"content-type": "text/csv; charset=utf-8"}


SENDER = Sender(
    kind="csv",
    secrets=SECRETS,
    options={
        "columns": {
            "externalId": "No.",
            "displayName": "Name",
            "startDate": "Entry",
            "action": "Action",
            "occurredAt": "Changed",
        },
        "actions": {"joins": "hire.created", "stays away": "hire.cancelled"},
    },
    sign=posted,
    proof=("webhook-id", "webhook-timestamp", "webhook-signature"),
    hire=table(row()),
    cancelled=table(row(action="stays away", at="2026-11-20T09:30:00Z")),
    unknown=table(row(action="dances")),
    misshapen=table(row(number="")),
    taken=202,
    faulty=422,
    signs_time=True,
    is_json=False,
)
