"""Graph's JSON in and out: what a field must be, and what may be sent.

An answer that lacks what the product decides by is no answer: every reader here raises TenantUnavailableError, and
names the field, never its value.
"""

import re
from datetime import UTC, datetime
from typing import Any

from shared.tenant.errors import TenantUnavailableError

type Json = dict[str, Any]

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_object_id(value: str) -> bool:
    """Tell whether `value` is an object id (a GUID). Nothing else is ever put where Graph expects one."""
    return _GUID.fullmatch(value) is not None


def quoted(value: str) -> str:
    """Return `value` as a literal in a filter: OData doubles a quote."""
    return "'" + value.replace("'", "''") + "'"


def utc(instant: datetime) -> str:
    """Return an aware instant as Graph wants it: in UTC, whole seconds, with Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def text(data: Json, key: str) -> str:
    """Return a string that must be there and not be empty."""
    value = data.get(key)
    if isinstance(value, str) and value:
        return value
    raise _lacking(key)


def optional_text(data: Json, key: str) -> str | None:
    """Return a string, or None where it is absent, null or empty."""
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value or None
    raise _lacking(key)


def flag(data: Json, key: str) -> bool:
    """Return a true or false that must be there."""
    value = data.get(key)
    if isinstance(value, bool):
        return value
    raise _lacking(key)


def whole(data: Json, key: str) -> int:
    """Return a whole number that must be there."""
    value = data.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _lacking(key)


def instant(data: Json, key: str) -> datetime:
    """Return an instant that must be there, aware and in UTC. Graph's seven digits of a second are cut to six."""
    value = data.get(key)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _lacking(key)
    return moment.astimezone(UTC)


def elements(data: Json, key: str) -> list[Json]:
    """Return the objects of a list that must be there: without it nothing is known of them."""
    value = data.get(key)
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise _lacking(key)


def _lacking(key: str) -> TenantUnavailableError:
    return TenantUnavailableError(f"Microsoft Graph's answer lacks a usable {key}")
