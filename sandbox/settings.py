"""The application settings of a sandbox: the same names as in Azure, only the addresses are this machine's."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sandbox.azurite import StoragePorts
from sandbox.clock import CLOCK_FILE_SETTING
from sandbox.tenant.seed import app_settings

HR_SOURCE = "acme"
HR_SECRET_SETTING = "HR_ACME_SECRET_A"  # noqa: S105 – the name of a setting
ROW_KEY_SETTING = "ROW_KEY_A"
AS_MANY_AS_MAY_BE = 100_000
AUDIENCE = "api://day-one-pass"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a vault would hold: the secret of the HR source, and the one behind the authentication codes of rows."""

    hr: str = field(repr=False)
    rows: str = field(repr=False)

    @classmethod
    def drawn(cls) -> Self:
        """Draw them, new for each sandbox."""
        return cls(new_webhook_secret(), base64.b64encode(secrets.token_bytes(32)).decode())


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the processes of one sandbox listen, and the files they share."""

    app: str
    tenant: str
    storage: StoragePorts
    authority: Path
    clock_file: Path
    identity_header: str


def new_webhook_secret() -> str:
    """Draw a Standard Webhooks secret, `whsec_` and base64 of 32 bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def sandbox_settings(addresses: Addresses, vault: Secrets) -> dict[str, str]:
    """Return all settings of the app: the seeded company's, the platform's own, and one HR source."""
    client = app_settings()["AZURE_CLIENT_ID"]
    return {
        **app_settings(),
        **_identity("STORAGE", addresses.storage, client),
        **_identity("AzureWebJobsStorage", addresses.storage, client),
        "GRAPH_BASE_URL": addresses.tenant,
        "LINK_BASE_URL": addresses.app,
        "HR_SOURCES": json.dumps({HR_SOURCE: hr_source()}),
        HR_SECRET_SETTING: vault.hr,
        "ROW_KEYS": json.dumps({"a": ROW_KEY_SETTING}),
        ROW_KEY_SETTING: vault.rows,
        "IDENTITY_ENDPOINT": f"{addresses.tenant}/msi/token",
        "IDENTITY_HEADER": addresses.identity_header,
        "WEBSITE_AUTH_ENABLED": "True",
        "SSL_CERT_FILE": str(addresses.authority),
        CLOCK_FILE_SETTING: str(addresses.clock_file),
    }


def hr_source() -> dict[str, object]:
    """Return the HR source; a story may tell of more hires in a minute than a company has in a month."""
    names = ("perHour", "perDay", "usualPerDay", "startsToday", "movedToToday")
    limits = dict.fromkeys(names, AS_MANY_AS_MAY_BE)
    return {"kind": "standard", "secrets": {"a": HR_SECRET_SETTING}, "limits": limits}


def _identity(prefix: str, storage: StoragePorts, client: str) -> Mapping[str, str]:
    services = {f"{prefix}__{name}ServiceUri": storage.address(name) for name in ("blob", "queue", "table")}
    return services | {f"{prefix}__credential": "managedidentity", f"{prefix}__clientId": client}
