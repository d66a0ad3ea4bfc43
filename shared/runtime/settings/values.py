"""Forms that values of settings have."""

from enum import IntEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from shared.planning.start import known_zones


class Weekday(IntEnum):
    """A day of the week, as `date.weekday` counts."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


def _known_zone(value: str) -> str:
    if value not in known_zones():
        raise ValueError("must be an IANA time zone such as Europe/Berlin")
    return value


def _weekday(value: Any) -> Weekday:
    known = Weekday.__members__.get(value.upper()) if isinstance(value, str) else None
    if known is None:
        raise ValueError("must be the name of a weekday such as friday")
    return known


def _shown_as(form: str) -> WithJsonSchema:
    """Say in words what a value looks like, for the page that is made of the model."""
    return WithJsonSchema({"type": "string", "format": form})


Zone = Annotated[str, AfterValidator(_known_zone), _shown_as("IANA time zone")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$"), _shown_as("two letters, such as `DE`")]
DayOfWeek = Annotated[Weekday, BeforeValidator(_weekday), _shown_as("weekday, such as `friday`")]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$"), _shown_as("time of day, such as `08:30`")]
Attribute = Annotated[
    str,
    Field(pattern=r"^(employeeId|extensionAttribute([1-9]|1[0-5]))$"),
    _shown_as("`employeeId`, or `extensionAttribute1` to `15`"),
]
