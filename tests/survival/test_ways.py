"""The ways of the kill test lead through the whole app: a function or a step that none walks is not killed anywhere."""

from collections.abc import Callable
from functools import reduce
from operator import or_

import pytest

from sandbox.world import World
from shared.onboarding.audit.record import Did
from shared.onboarding.statuses import Step
from tests.doorways.test_load import FUNCTIONS
from tests.survival.harness.orders import Orders
from tests.survival.harness.walked import AFTER_A_DEATH, AT_ONCE, NOT_WALKED, WALKED, Walked
from tests.survival.harness.ways import WAYS, Way


def test_some_way_walks_each_function_step_and_transition() -> None:
    """What the app has is walked, and of the transitions each that is no answer to something that goes wrong."""
    whole = Walked(frozenset(FUNCTIONS), frozenset(Step), frozenset(Did) - NOT_WALKED)
    assert whole == reduce(or_, WALKED.values()) | AFTER_A_DEATH
    assert list(WALKED) == [way.name for way in WAYS]


@pytest.mark.torture
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_each_way_walks_what_is_said_of_it(world: World, orders: Orders, say: Callable[[str], None], way: Way) -> None:
    """Undisturbed: these functions ran, these steps came, these transitions are in the audit."""
    seen = _seen_on(way, world, orders)
    assert WALKED[way.name].missing_from(seen) == set()
    counts = f"{len(seen.functions)} functions, {len(seen.steps)} steps, {len(seen.did)} transitions"
    say(f"{way}, undisturbed: {counts}")


def _seen_on(way: Way, world: World, orders: Orders) -> Walked:
    journey = way.journey(world, orders)
    journey.begin()
    orders.forget()
    orders.give(record=True)
    way.walk(journey)
    begun = {one["function"] for one in orders.seen("begin")}
    orders.lift()
    stored = world.storage.rows("onboardings")
    did = {Did(row["what"]) for row in stored if row["RowKey"].startswith("a|")}
    way.check(journey)
    steps = {*map(Step, journey.steps), *(step for step, done in AT_ONCE.items() if done in did)}
    return Walked(frozenset(begun), frozenset(steps), frozenset(did))
