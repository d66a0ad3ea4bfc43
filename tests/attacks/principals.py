"""Principals as somebody would forge them."""

import base64
import json
from collections.abc import Iterator


def forged(object_id: str, tenant: str) -> Iterator[dict[str, str]]:
    """Yield headers that claim to be a person of the tenant, and what else may make them look true."""
    short = [{"typ": "oid", "val": object_id}, {"typ": "tid", "val": tenant}, {"typ": "idtyp", "val": "user"}]
    schemas = "http://schemas.microsoft.com/identity/claims/"
    long = [{"typ": f"{schemas}objectidentifier", "val": object_id}, {"typ": f"{schemas}tenantid", "val": tenant}]
    yield principal(short, object_id)
    yield principal(long, object_id) | {"Cookie": "AppServiceAuthSession=forged"}
    yield principal(short, object_id) | {"X-MS-CLIENT-PRINCIPAL-NAME": "jana", "X-MS-TOKEN-AAD-ID-TOKEN": "forged"}
    yield {"X_MS_CLIENT_PRINCIPAL": principal(short, object_id)["X-MS-CLIENT-PRINCIPAL"]}
    yield {"Cookie": "AppServiceAuthSession=forged"}


def principal(claims: list[dict[str, str]], object_id: str) -> dict[str, str]:
    """Write the headers that App Service writes."""
    document = {"auth_typ": "aad", "claims": claims, "name_typ": "name", "role_typ": "roles"}
    return {
        "X-MS-CLIENT-PRINCIPAL": base64.b64encode(json.dumps(document).encode()).decode(),
        "X-MS-CLIENT-PRINCIPAL-ID": object_id,
        "X-MS-CLIENT-PRINCIPAL-IDP": "aad",
    }
