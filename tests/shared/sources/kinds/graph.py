"""Change notifications as Microsoft Graph sends them: shapes as published, ids and client states our own."""

import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import Sender

SECRETS = {"2026-a": "the-client-state-of-the-subscription", "2026-b": "another-one-for-the-rotation"}
USER = "5c1c9a8e-5a0e-4f8c-9f4e-0d3f3c7a2b11"


def notification(change: str = "updated", state: str = SECRETS["2026-a"], **more: Any) -> dict[str, Any]:
    """Write one notification about a user."""
    return {
        "subscriptionId": "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
        "subscriptionExpirationDateTime": "2026-12-15T11:00:00.0000000Z",
        "clientState": state,
        "changeType": change,
        "resource": f"Users/{USER}",
        "tenantId": "11111111-2222-3333-4444-555555555555",
        "resourceData": {"@odata.type": "#Microsoft.Graph.User", "@odata.id": f"Users/{USER}", "id": USER},
        **more,
    }


def body(*notifications: Any) -> bytes:
    """Write what is delivered."""
    return json.dumps({"value": notifications}).encode()


def sign(_secret: str, _body: bytes, _now: datetime | None = None) -> dict[str, str]:
    """Add nothing: the proof stands in the body."""
    return {"Content-Type": "application/json; charset=utf-8"}


SENDER = Sender(
    kind="graph",
    secrets=SECRETS,
    sign=sign,
    proof=(),
    hire=body(notification()),
    cancelled=body(notification("deleted")),
    names=USER,
    unknown=body(notification("applauded")),
    misshapen=body(notification(resourceData=None)),
    pings=(),
    taken=202,
    faulty=202,
    signs_body=False,
    secret_in_body=True,
)
