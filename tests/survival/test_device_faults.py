"""Each call to Graph about a hire's device × each way in which Graph fails: looked at, in its group, out of it again.

With steady groups, the device named by HR. Nothing of it is in the usual run, which deals faults to the device side of
a life without a device of its own.
"""

from collections.abc import Callable

import pytest

from sandbox.world import World
from tests.survival.harness.calls import DEVICES, missing
from tests.survival.harness.crowd import Crowd
from tests.survival.harness.disturbed import INVITE, LEAVE, LOOK, NOTICE, Disturbed
from tests.survival.harness.matrix import FAULTS, Cell, Line, dealt, turns
from tests.survival.harness.orders import Orders
from tests.survival.harness.steady import STEADY, Shelf
from tests.survival.test_fault_matrix import RATE, SHORT_PATIENCE, told

PARTS = 10
STEP = "scope_web_sign_in"
met: set[tuple[Line, str]] = set()
"""The cells that all turns of this run have met so far."""


def on_the_shelf(world: World, size: int) -> tuple[Crowd, Shelf]:
    """Announce a crowd, each with a fresh device of his own; their group is in the profile's scope already."""
    crowd = Crowd(world, size, RATE)
    crowd.begin()
    world.restart_host(0, STEADY | {"PASS_REQUESTS_PER_10_SECONDS": str(RATE)})
    shelf = Shelf(crowd.company, crowd.hires[0].group)
    profile = crowd.company.directory()["profile"]
    target = {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": shelf.group}
    crowd.company.change(op="set-profile", profile=profile["name"], assignments=[{"target": target}])
    for hire, device in zip(crowd.hires, shelf.fill(size), strict=True):
        crowd.announce([hire], device={"deviceId": device})
    world.wait_idle()
    return crowd, shelf


@pytest.fixture(scope="module")
def lines(survival_world: tuple[World, Orders]) -> dict[str, list[Line]]:
    """Record the calls about one hire's device."""
    world, orders = survival_world
    orders.give(mark=True)
    crowd, _ = on_the_shelf(world, 1)
    alone = Disturbed(crowd, orders)
    found = {stage.name: alone.recorded(stage) for stage in (LOOK, NOTICE)}
    alone.undisturbed(INVITE)
    found[LEAVE.name] = alone.recorded(LEAVE, lambda: crowd.announce(kind="hire.cancelled"))
    orders.lift()
    lines = {stage: [line for line in own if line.function == STEP] for stage, own in found.items()}
    assert missing(DEVICES, [line for own in lines.values() for line in own]) == []
    return lines


@pytest.mark.torture
@pytest.mark.parametrize("part", range(PARTS))
def test_each_fault_at_each_call_about_a_device(
    world: World, orders: Orders, lines: dict[str, list[Line]], say: Callable[[str], None], part: int
) -> None:
    """Looked at, in its group and out of it again as the one who met no fault; and nobody else's leaves the group."""
    for number in range(turns([line for own in lines.values() for line in own]))[part::PARTS]:
        met.update(_lived(world, orders, {stage: dealt(own, FAULTS, number) for stage, own in lines.items()}))
    say(f"devices, part {part + 1} of {PARTS}; so far {told(lines, len(met))}")


def _lived(world: World, orders: Orders, cells: dict[str, list[list[Cell]]]) -> set[tuple[Line, str]]:
    """Have a crowd live from the look at their devices until these leave their group; return what was met."""
    crowd, shelf = on_the_shelf(world, len(FAULTS) + 1)
    others = shelf.members()
    gone = Disturbed(crowd, orders, SHORT_PATIENCE)
    gone.disturbed(LOOK, cells[LOOK.name])
    gone.disturbed(NOTICE, cells[NOTICE.name])
    assert len(shelf.members()) == len(others) + crowd.size
    gone.undisturbed(INVITE)
    gone.disturbed(LEAVE, cells[LEAVE.name], lambda: crowd.announce(kind="hire.cancelled"))
    assert shelf.members() == others
    gone.check()
    return set(gone.met)
