"""Deliveries as Personio sends them: the envelope as published, what is in `payload` and the token our own."""

import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import Api, Sender

SECRETS = {"2026-a": "the token that was typed into Personio", "2026-b": "another-one-for-the-rotation"}


def event(kind: str = "person.created", **payload: Any) -> bytes:
    """Write an event."""
    named = payload or {"person_id": "23808419"}
    about = {"company_id": "4711", "event_name": kind, "occurred_at": "2026-11-20T09:49:14Z", "meta": {}}
    return json.dumps({**about, "payload": named}).encode()


def sign(secret: str, _body: bytes = b"", _now: datetime | None = None) -> dict[str, str]:
    """Show the token, as it is."""
    return {"Content-Type": "application/json", "Authorization": secret}


SENDER = Sender(
    kind="personio",
    secrets=SECRETS,
    api=Api("https://api.personio.de", {"clientId": "papi-1", "clientSecret": "papi-secret-of-our-own"}),
    sign=sign,
    proof=("Authorization",),
    hire=event(),
    cancelled=event("person.deleted"),
    names="23808419",
    unknown=event("document.created"),
    misshapen=event("person.created", externalId="Ada"),
    taken=200,
    faulty=200,
    signs_body=False,
)
