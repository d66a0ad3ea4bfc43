"""What a source said of a hire, as plain data: all that the rest of the product knows of an HR system.

Apart from the reading of it, so that pure decisions, and loading the app, do without the library that reads.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What happened to a hire, as the wire says it."""

    CREATED = "hire.created"
    UPDATED = "hire.updated"
    CANCELLED = "hire.cancelled"


@dataclass(frozen=True, slots=True)
class HireData:
    """What the source says of a hire: claims, not facts. Absent and empty are both None.

    `start_date` is YYYY-MM-DD and `start_time` HH:MM in shape only. `home_mail` and `mobile` are used only where the
    directory holds the same. The repr shows no personal data beyond the number in the HR system.
    """

    external_id: str
    display_name: str = field(repr=False)
    start_date: str
    start_time: str | None = None
    timezone: str | None = None
    site: str | None = None
    department: str | None = None
    preferred_language: str | None = None
    user_name: str | None = field(default=None, repr=False)
    manager_external_id: str | None = None
    manager_user_name: str | None = field(default=None, repr=False)
    home_mail: str | None = field(default=None, repr=False)
    mobile: str | None = field(default=None, repr=False)
    device_serial: str | None = None
    device_id: str | None = None


@dataclass(frozen=True, slots=True)
class HireEvent:
    """One event of one hire. `occurred_at` (UTC) is the source's own time, which alone decides order."""

    kind: EventKind
    occurred_at: datetime
    hire: HireData
