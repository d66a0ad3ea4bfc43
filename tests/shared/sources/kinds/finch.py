"""Deliveries as Finch sends them: shapes as in its public library, people and signatures our own."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import Api, Sender

SECRETS = {
    "2026-a": base64.b64encode(b"thirty-two bytes, as Finch makes").decode(),
    "2026-b": base64.b64encode(b"and as many for the rotation now").decode(),
}
INDIVIDUAL = "5d0b2c3a-6d0e-4f7b-9c50-000000000001"


def event(kind: str = "employment.created", **data: Any) -> bytes:
    """Write an event."""
    about = {"company_id": "c", "account_id": "a", "connection_id": "k", "entity_id": "e", "event_type": kind}
    return json.dumps({**about, "data": data or {"individual_id": INDIVIDUAL}}).encode()


def sign(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """Sign as Finch does. A foreign secret is whatever it is."""
    stamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.digest(key, b".".join((b"evt_1", stamp.encode(), body)), hashlib.sha256))
    return {
        "Content-Type": "application/json",
        "Finch-Event-Id": "evt_1",
        "Finch-Timestamp": stamp,
        "Finch-Signature": f"v1,{signature.decode()}",
    }


SENDER = Sender(
    kind="finch",
    secrets=SECRETS,
    api=Api("https://api.tryfinch.com", {"accessToken": "access-token-of-our-own"}),
    sign=sign,
    proof=("Finch-Event-Id", "Finch-Timestamp", "Finch-Signature"),
    hire=event(),
    cancelled=event("directory.deleted"),
    names=INDIVIDUAL,
    unknown=event("pay_statement.created"),
    misshapen=event("employment.created", externalId="Ada"),
    taken=200,
    faulty=200,
    signs_time=True,
)
