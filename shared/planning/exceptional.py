"""What may set one plan apart from the usual one. Each has its name, and people are told of it."""

from enum import StrEnum


class Exceptional(StrEnum):
    """Named exceptions of a plan; docs/planning.md says what each means and what to do about it."""

    LATE_ON_START_DAY = "late-on-start-day"
    AFTER_START_DAY = "after-start-day"
    SKIPPED_TIME = "skipped-time"
    REPEATED_TIME = "repeated-time"
    FREE_DAY = "free-day"
    EARLY_WINDOW = "early-window"
    SHORT_LIFETIME = "short-lifetime"
    SHORT_BY_POLICY = "short-by-policy"
    BROUGHT_FORWARD = "brought-forward"


PUT_OFF = frozenset({Exceptional.LATE_ON_START_DAY, Exceptional.AFTER_START_DAY})
"""The event came too late for the day that HR named: the pass becomes valid on the next working day."""

SHORT = frozenset({Exceptional.SHORT_LIFETIME, Exceptional.SHORT_BY_POLICY})
"""The pass ends before 13:00 local of the start day, when a first morning may not be over."""
