"""The canonical event as it travels: names, types, lengths and patterns of its fields.

Unknown fields are passed over. Senders add fields without asking, and to refuse them would lose hires on the day an
HR system is upgraded; what this product does not know, it does not store either. Text is stripped of white space, and
an optional field that is empty or null counts as absent, for that is how many senders write "none".
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal, LiteralString

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, PydanticCustomError

from shared.sources.errors import EventShapeError, FieldFault

MAX_FAULTS = 20
# What could break a line of a mail header, or turn round the order in which a name is read in a mail or on the page.
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Zl", "Zp"})
_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


def _plain(text: str) -> str:
    if any(unicodedata.category(c) in _FORBIDDEN_CATEGORIES or c in _BIDI_OVERRIDES for c in text):
        raise PydanticCustomError("control_characters", "control characters")
    return text


def _none_if_empty(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise PydanticCustomError("instant_pattern", "pattern")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("no_instant", "no such instant") from None


def _lengths(longest: int) -> StringConstraints:
    return StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=longest)


def _like(pattern: str, name: LiteralString) -> AfterValidator:
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise PydanticCustomError(name, "pattern")
        return text

    return AfterValidator(check)


_PLAIN = AfterValidator(_plain)
_EMPTY = BeforeValidator(_none_if_empty)
# Lengths: Entra's own where it has one (display name 256, mail 254, user principal name 113 and growing); all fields
# together stay below the 16 KiB that a stored event may take, even at four bytes a character.
_Text35 = Annotated[str, _lengths(35), _PLAIN]
_Text64 = Annotated[str, _lengths(64), _PLAIN]
_Text128 = Annotated[str, _lengths(128), _PLAIN]
_Text256 = Annotated[str, _lengths(256), _PLAIN]
_Date = Annotated[str, _lengths(64), _like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "date_pattern")]
_Time = Annotated[str, _lengths(64), _like(r"[0-9]{2}:[0-9]{2}", "time_pattern")]
_Instant = Annotated[datetime, BeforeValidator(_instant)]


class _Wire(BaseModel):
    model_config = ConfigDict(
        extra="ignore", frozen=True, alias_generator=to_camel, hide_input_in_errors=True, allow_inf_nan=False
    )


class WireManager(_Wire):
    """Who the source believes the manager is: compared, never trusted."""

    external_id: Annotated[_Text128 | None, _EMPTY] = None
    user_name: Annotated[_Text256 | None, _EMPTY] = None


class WireDevice(_Wire):
    """The device that was prepared for the hire."""

    serial_number: Annotated[_Text128 | None, _EMPTY] = None
    device_id: Annotated[_Text64 | None, _EMPTY] = None


class WireContact(_Wire):
    """One of several addresses or numbers, as SCIM lists them."""

    type: Annotated[_Text64 | None, _EMPTY] = None
    value: Annotated[_Text256 | None, _EMPTY] = None


_Contacts = Annotated[tuple[WireContact, ...], Field(max_length=20)]


class WireData(_Wire):
    """The hire."""

    external_id: _Text128
    user_name: Annotated[_Text256 | None, _EMPTY] = None
    display_name: _Text256
    start_date: _Date
    start_time: Annotated[_Time | None, _EMPTY] = None
    timezone: Annotated[_Text64 | None, _EMPTY] = None
    site: Annotated[_Text128 | None, _EMPTY] = None
    department: Annotated[_Text128 | None, _EMPTY] = None
    preferred_language: Annotated[_Text35 | None, _EMPTY] = None
    manager: WireManager | None = None
    emails: _Contacts | None = None
    phone_numbers: _Contacts | None = None
    device: WireDevice | None = None


class WireEvent(_Wire):
    """The whole event."""

    type: Literal["hire.created", "hire.updated", "hire.cancelled"]
    timestamp: _Instant
    data: WireData


def read_wire(value: Mapping[str, Any]) -> WireEvent:
    """Read an event from parsed JSON, or raise EventShapeError naming each field at fault (at most twenty)."""
    try:
        return WireEvent.model_validate(value)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True, include_input=False)
    raise EventShapeError(tuple(_fault(detail) for detail in details[:MAX_FAULTS]))


# In our own words, so that no library's text can bring a value along.
_PROBLEMS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "is required",
        "string_type": "must be text",
        "string_unicode": "holds half of a surrogate pair",
        "string_too_short": "must not be empty",
        "string_too_long": "is longer than {max_length} characters",
        "too_long": "has more than {max_length} entries",
        "literal_error": "must be hire.created, hire.updated or hire.cancelled",
        "date_pattern": "must be YYYY-MM-DD",
        "time_pattern": "must be HH:MM",
        "instant_pattern": "must be an instant such as 2030-06-03T06:30:00Z",
        "no_instant": "is no instant in the calendar",
        "control_characters": "must not hold control characters",
        "model_type": "must be an object",
        "tuple_type": "must be a list",
    }
)


def _fault(detail: ErrorDetails) -> FieldFault:
    # Places are our own field names and list indexes: unknown fields are passed over and never reach an error.
    problem = _PROBLEMS.get(detail["type"], "has the wrong shape")
    return FieldFault(
        field="".join(f"/{part}" for part in detail["loc"]),
        problem=problem.format(max_length=detail.get("ctx", {}).get("max_length")),
    )
