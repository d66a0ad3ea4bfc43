"""Slots of the budget that wait in a row for its pass."""

from dataclasses import replace
from datetime import timedelta

from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.codec import decode_slots
from shared.onboarding.model import Attempt, Onboarding
from shared.onboarding.row_codes import RowCodes
from shared.onboarding.transaction import Change, Kept, operations
from tests.shared.onboarding.rows import COLLECTOR, NOW, SUBJECT, fresh

SLOTS = (NOW + timedelta(seconds=5), NOW + timedelta(seconds=7, milliseconds=250))


def invited() -> Onboarding:
    """Return a row whose pass is the next thing due."""
    row = lifecycle.noticed(fresh(), SUBJECT, COLLECTOR, NOW)
    row = lifecycle.invited(lifecycle.inviting(row, "A" * 43, NOW), 1, NOW)
    return schedule.scheduled(row)


def written(before: Onboarding, after: Onboarding) -> tuple[object, ...]:
    """Return the slots that stand in the row after a transition."""
    kept = Kept(before, "etag", {}, SLOTS)
    change = Change(schedule.scheduled(after), Audit(Did.IN_SCOPE, NOW))
    entities = [one[1] for one in operations(kept, change, "writer", RowCodes.under([b"a secret of this test"]))]
    return decode_slots(next(entity for entity in entities if entity["RowKey"].startswith("o|")))


def test_the_device_side_leaves_the_slots_of_the_pass_alone() -> None:
    """A sweep takes slots, then the group comes into scope: the hint that follows still finds them."""
    row = invited()
    assert written(row, lifecycle.web_in_scope(row, "group", NOW)) == SLOTS


def test_an_attempt_uses_the_slots_up() -> None:
    """Once the attempt is recorded, a doubled hint finds no slots to ask Graph with."""
    row = invited()
    begun = row.due.at if row.due else NOW
    attempt = Attempt("one", begun, begun + timedelta(seconds=75), None, 600, one_time=False)
    assert written(row, lifecycle.attempting(row, attempt)) == ()


def test_slots_of_an_older_due_time_are_gone() -> None:
    """A wait puts the pass off; what was taken for it before is no longer its own."""
    row = invited()
    later = replace(row, retry_at=(row.due.at if row.due else NOW) + timedelta(minutes=5))
    assert written(row, later) == ()
