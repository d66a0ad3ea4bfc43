"""Whether the app acts."""

from enum import StrEnum


class Mode(StrEnum):
    """`observe` plans and reports, and changes nothing in the tenant."""

    LIVE = "live"
    OBSERVE = "observe"
