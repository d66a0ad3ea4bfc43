"""The settings that rows are written and believed by. A tool that works on storage needs these and no others."""

import base64
import binascii
from collections.abc import Mapping

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, Json

from shared.sources.configured import SecretName, SettingName

LEAST_BYTES = 32
LEAST_DIFFERENT = 16
"""Of 32 random bytes, fewer are different once in 10^15 times; of text and patterns, fewer are nearly always."""


class RowKeys(BaseModel):
    """Names of the vault's secrets, and the time that an upgrade has."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    row_keys: Json[dict[SecretName, SettingName]] = Field(
        alias="ROW_KEYS",
        min_length=1,
        description="The vault's secrets behind the authentication codes of rows, the newest first:"
        " a name for each, and the setting that holds it.",
    )
    unsigned_rows_until: AwareDatetime | None = Field(
        default=None,
        alias="UNSIGNED_ROWS_UNTIL",
        description="Until when rows of versions that wrote no authentication code are taken: only for an upgrade.",
    )


def row_secrets(named: Mapping[str, str], given: Mapping[str, str]) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Read the secrets that ROW_KEYS names, in its order, out of all settings; and what is wrong with them."""
    read = {label: strong_secret(given.get(setting, "")) for label, setting in named.items()}
    faults = tuple(_fault(label, named[label], given) for label, secret in read.items() if secret is None)
    return tuple(secret for secret in read.values() if secret is not None), faults


def strong_secret(text: str) -> bytes | None:
    """Read a secret written in base64; None where it is none, too short, or no random bytes to look at."""
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) >= LEAST_BYTES and len(set(raw)) >= LEAST_DIFFERENT else None


def _fault(label: str, setting: str, given: Mapping[str, str]) -> str:
    if setting not in given:
        return f"{setting}: missing; ROW_KEYS names it for the key {label}."
    return (
        f"{setting}: must be base64 of at least 32 random bytes (openssl rand -base64 32);"
        " if it is a reference to Key Vault, it is not resolved."
    )
