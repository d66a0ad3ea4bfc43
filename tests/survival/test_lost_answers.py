"""Storage carries out a write and the answer gets lost; the SDK repeats it and is told that somebody was first."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.world import World
from tests.survival.harness.journey import LATE, ONE_BY_ONE, Journey
from tests.survival.harness.orders import Orders

WRITES = {"table POST $batch", "table DELETE leases user", "table POST leases budget"}
CHANGES = ("/assign", "temporaryAccessPassMethods")


def gone(journey: Journey, **orders: Any) -> dict[str, Any]:
    """Have a hire collect and then be withdrawn, under orders, and see that both ends are right.

    Returns what came of it: history, changes in Graph, mails, answers lost by kind of write.
    """
    journey.begin()
    journey.orders.forget()
    journey.pause_of_stage = lambda _: journey.orders.give(record=True, **orders)
    journey.collected()
    journey.orders.lift()
    journey.check_collected()
    journey.withdrawn()
    journey.orders.lift()
    journey.check_cancelled()
    stored = journey.world.storage.rows("onboardings")
    audits = [row for row in stored if row["RowKey"].startswith("a|")]
    requests = journey.world.control("GET", "requests").json()["requests"]
    changes = [one for one in requests if one["method"] != "GET"]
    inbox = journey.world.control("GET", "inbox").json()["mails"]
    return {
        "history": _without_missed_slots(Counter(row["what"] for row in audits)),
        "changes": Counter(f"{one['method']} {kind}" for one in changes for kind in CHANGES if kind in one["path"]),
        "lost": Counter(one["label"].split("/")[0] for one in journey.orders.seen("lost")),
        "mails": Counter((mail["subject"], mail["to"][0]) for mail in inbox),
    }


def _without_missed_slots(history: Counter[str]) -> Counter[str]:
    """Leave out attempts that came too late for their slot and asked for nothing: a busy machine, not a lost answer."""
    missed = history["no pass made"]
    return history - Counter({"no pass made": missed, "pass asked for": missed})


@pytest.mark.long
def test_whoever_wrote_knows_that_it_did(world: World, orders: Orders, say: Callable[[str], None]) -> None:
    """In each stage each write's answer is lost once: history and mails stay the same, and no pass is made twice."""
    journey = Journey(world, orders, LATE, settings=ONE_BY_ONE)
    usual = gone(journey)
    assert usual["lost"] == Counter()
    for how in ("503", "reset"):
        disturbed = gone(journey, lose=how)
        say(f"{sum(disturbed['lost'].values())} answers lost by {how}: {dict(disturbed['lost'])}")
        assert sum(disturbed["lost"].values()) >= 30
        assert set(disturbed["lost"]) >= WRITES
        assert disturbed["history"] == usual["history"]
        assert disturbed["changes"] == usual["changes"]
        assert disturbed["mails"] == usual["mails"]
