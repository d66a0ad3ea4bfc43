"""Deliveries of a system that has no kind of its own, as the settings describe it. All of it is made up."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import NUMBER, Sender

SECRETS = {"2026-a": "a secret of the other system", "2026-b": "another-one-for-the-rotation"}
OPTIONS: dict[str, Any] = {
    "proof": {
        "by": "hmac",
        "header": "X-Signature",
        "algorithm": "sha512",
        "encoding": "base64",
        "prefix": "v0=",
        "content": "v0:{timestamp}:{body}",
        "timestampHeader": "X-Timestamp",
    },
    "items": "changes[]",
    "type": "what",
    "types": {"joins": "hire.created", "moves": "hire.updated", "stays-away": "hire.cancelled"},
    "id": "join('-', [to_string(person.no), to_string(version)])",
    "occurredAt": "at",
    "fields": {
        "externalId": "person.no",
        "displayName": "join(' ', [person.first, person.last])",
        "startDate": "person.contracts[?current].starts | [0]",
        "homeMail": "person.mail",
    },
    "dateFormat": "%d.%m.%Y",
    "status": 204,
}


def change(what: str = "joins", version: int = 1, **person: Any) -> dict[str, Any]:
    """Write one change of one person."""
    contracts = [{"current": False, "starts": "01.01.2020"}, {"current": True, "starts": "07.12.2026"}]
    known = {"no": int(NUMBER), "first": "Ada", "last": "King", "mail": "ada@example.net", "contracts": contracts}
    return {"what": what, "version": version, "at": "2026-11-20T09:00:00+01:00", "person": {**known, **person}}


def body(*changes: Any) -> bytes:
    """Write a delivery."""
    return json.dumps({"changes": changes}).encode()


def sign(secret: str, content: bytes, now: datetime) -> dict[str, str]:
    """Sign as the settings say."""
    seconds = str(int(now.timestamp()))
    digest = hmac.digest(secret.encode(), b":".join((b"v0", seconds.encode(), content)), hashlib.sha512)
    signature = "v0=" + base64.b64encode(digest).decode()
    return {"Content-Type": "application/json", "X-Timestamp": seconds, "X-Signature": signature}


SENDER = Sender(
    kind="mapped",
    secrets=SECRETS,
    options=OPTIONS,
    sign=sign,
    proof=("X-Timestamp", "X-Signature"),
    hire=body(change()),
    cancelled=body({**change("stays-away", 2), "at": "2026-11-20T09:30:00+01:00"}),
    unknown=body(change("was-praised")),
    misshapen=body(change(no=None)),
    partly_bad=body(change(), change(version=2, contracts="none")),
    taken=204,
    faulty=204,
    signs_time=True,
)
