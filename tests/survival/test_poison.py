"""News of a step that failed again and again survives the death of whoever reads it."""

import pytest

from sandbox.world import World
from tests.doorways.story import DESK
from tests.survival.harness.journey import EARLY, STEP, Journey
from tests.survival.harness.orders import BEFORE, Orders, Point

QUEUE = "send-invite-poison"


@pytest.mark.parametrize("label", ["table POST $batch", f"queue DELETE {QUEUE}/messages"])
def test_a_dead_letter_outlives_its_reader(world: World, orders: Orders, label: str) -> None:
    """Killed before the row is written or before the letter is deleted: the letter is there, and is read to the end."""
    journey = Journey(world, orders, EARLY)
    journey.begin()
    journey.announced()
    journey.go(journey.plan("notice_at"))
    queue = world.storage.queue(QUEUE)
    queue.send_message(journey.row()["id"])
    orders.strike(Point("poison", "sweep", 1, label, 1, BEFORE))
    journey.sweep()
    assert journey.died == 1
    assert world.storage.count(QUEUE) == 1
    # The dead reader's letter comes back after half a minute; the copy need not wait for that.
    queue.send_message(journey.row()["id"])
    orders.lift()
    journey.sweep()
    assert (journey.row()["status"], journey.row()["reason"]) == ("failed", "step-failed")
    assert world.storage.count(QUEUE) == 1
    world.advance(STEP)
    journey.sweep()
    assert len([mail for mail in journey.company.mails(DESK) if "failed again and again" in mail["text"]]) == 1
