"""Bulk requests as a provisioning client sends them: shapes as published by Microsoft, people and tokens our own."""

import json
from datetime import datetime
from typing import Any

from tests.shared.sources.conformance import NUMBER, START, Sender

SECRETS = {"2026-a": "a-token-of-the-provisioning-client", "2026-b": "another-one-for-the-rotation"}
CUSTOM = "urn:ietf:params:scim:schemas:extension:contoso:1.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USER: dict[str, Any] = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE, CUSTOM],
    "externalId": NUMBER,
    "userName": "ada.king@example.org",
    "name": {"givenName": "Ada", "familyName": "King"},
    "displayName": "Ada King",
    "active": True,
    "timezone": "Europe/Berlin",
    "emails": [{"type": "home", "value": "ada@example.net"}],
    ENTERPRISE: {"employeeNumber": NUMBER, "department": "Research", "manager": {"value": "7", "displayName": "C."}},
    CUSTOM: {"StartDate": f"{START}T00:00:00Z", "Office": "Berlin"},
}


def operation(bulk_id: str = "1", *, method: str = "POST", path: str = "/Users", **user: Any) -> dict[str, Any]:
    """Write one operation about a user."""
    return {"method": method, "bulkId": bulk_id, "path": path, "data": {**USER, **user}}


def bulk(*operations: Any) -> bytes:
    """Write a bulk request."""
    schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
    return json.dumps({"schemas": schemas, "Operations": operations, "failOnErrors": None}).encode()


def sign(secret: str, _body: bytes, _now: datetime | None = None) -> dict[str, str]:
    """Show the token."""
    return {"Content-Type": "application/scim+json", "X-Day-One-Pass-Token": secret}


SENDER = Sender(
    kind="scim",
    secrets=SECRETS,
    options={"startDate": f"{CUSTOM}:StartDate", "site": f"{CUSTOM}:Office"},
    sign=sign,
    proof=("X-Day-One-Pass-Token",),
    hire=bulk(operation()),
    cancelled=bulk(operation(active=False)),
    unknown=bulk(),
    misshapen=bulk(operation(externalId=None)),
    partly_bad=bulk(operation("good"), operation("bad", displayName=7)),
    taken=202,
    faulty=202,
    signs_body=False,
    has_time=False,
)
