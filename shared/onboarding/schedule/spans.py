"""Spans that several due times are reckoned by, and the instants that follow from them."""

from datetime import UTC, datetime, timedelta

from shared.planning.plan import Plan

STEP_TAKES = timedelta(seconds=50)
"""So long whoever has begun a step has it to himself; after it he is taken for dead, and a sweep gives it to another.

Hints, leases, attempts at a pass and links not mailed count alike, and less than the minute between two sweeps: so
within two minutes of any death somebody else has done the work, with time left for it.
"""
VERIFY_AFTER = timedelta(minutes=2)
"""A request whose answer was lost may be carried out late; by then it has been."""
REVIEW_BEFORE = timedelta(minutes=3)
"""So long before the window opens, all that a pass was made on is read once more: time enough to make it anew."""
STILL_FRESH = timedelta(minutes=5)
"""What was read so shortly before need not be read again."""
LOOK_EVERY = timedelta(minutes=15)
"""Log and report are read at the quarters of an hour, so that one look serves all hires."""


def review_from(plan: Plan) -> datetime:
    """Return from when on what was read is fresh enough for the window."""
    return plan.opens - REVIEW_BEFORE - STILL_FRESH


def next_look(after: datetime) -> datetime:
    """Return the first quarter of an hour behind an instant."""
    return after - (after - datetime.min.replace(tzinfo=UTC)) % LOOK_EVERY + LOOK_EVERY
