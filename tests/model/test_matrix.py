"""Each moment of two ways × a death, each write × each trouble of storage, each call to Graph × each fault: one end.

The moments, writes and calls are counted on an undisturbed way, so that a new one is a new point. The short form takes
every so-manieth of each, another offset for each kind; the long form takes all.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest

from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import Status
from shared.sources.hire import EventKind
from tests.model.ends import audits_verify
from tests.model.faults import Fault
from tests.model.people import Collects, Order, Orders
from tests.model.principles import check
from tests.model.steps import Posts, Waits
from tests.model.wire import Trouble
from tests.model.world import HIRES, World

type Way = Callable[[World], None]
type Break = Callable[[World], None]

MOST_STEPS = 60
ANNA = HIRES["Anna"]


@dataclass(frozen=True, slots=True)
class Point:
    """One disturbance: what it is called, and how a world is made to have it."""

    name: str
    plant: Break


def collected(world: World) -> None:
    """Announce a hire, and let the manager collect when the window opens."""
    _announce(world, EventKind.CREATED)
    _until(world, lambda row: row.status is Status.ISSUED and not row.attempts)
    row = _row(world)
    assert row.plan is not None
    world.wait(max(row.plan.opens - world.now, timedelta(0)))
    for _ in range(3):
        Collects("The manager", newest=True, browser=1).act(world)
    _until(world, lambda row: row.status is Status.OPENED and row.web.status == "in-scope")


def withdrawn(world: World) -> None:
    """Announce a hire, have a pass made, and withdraw the hire."""
    _announce(world, EventKind.CREATED)
    _until(world, lambda row: row.status is Status.ISSUED)
    _announce(world, EventKind.CANCELLED)
    _until(world, lambda row: row.status is Status.CANCELLED and not row.doomed)


def ends_well(world: World, way: Way) -> None:
    """One live pass that the manager has seen, or none; nobody else saw it, and nothing failed for good."""
    check(world)
    audits_verify(world)
    row = _row(world)
    held = world.tenant.passes.get(ANNA)
    if way is withdrawn:
        assert held is None
        return
    assert row.issued is not None
    assert held is not None
    assert (held.record.id, {held.code}) == (row.issued.id, world.memory.codes)
    assert list(world.tenant.live()) == [ANNA]


def points(way: Way) -> Iterator[Point]:
    """Go the way undisturbed, and yield every place where it can be disturbed."""
    world = World()
    way(world)
    ends_well(world, way)
    for moment in range(1, world.wire.passed + 1):
        yield Point(f"killed at moment {moment}", lambda world, at=moment: setattr(world.wire, "death_in", at))
    for write, trouble in product(range(1, world.wire.writes + 1), Trouble):
        plant = (write, trouble)
        yield Point(f"at write {write} storage {trouble}", lambda w, at=plant: setattr(w.wire, "trouble_at", at))
    for (call, name), fault in product(enumerate(world.tenant.calls, 1), Fault):
        what = (call, fault)
        yield Point(f"at call {call}, {name}, Graph {fault}", lambda w, at=what: setattr(w.tenant, "fault_at", at))
    world.close()


def go(way: Way, chosen: list[Point]) -> None:
    """Go the way once for each point; a failure names the point and tells the story."""
    for point in chosen:
        world = World()
        point.plant(world)
        try:
            way(world)
            ends_well(world, way)
        except Exception as error:
            error.add_note("\n".join([point.name, *world.story, repr(_row(world))]))
            raise
        finally:
            world.close()


def _announce(world: World, kind: EventKind) -> None:
    Posts("Anna", kind, 2, None, 0).act(world)


def _until(world: World, reached: Callable[[Onboarding], bool]) -> None:
    """Let time go by from one due time to the next; what came to a person is put back to work by one."""
    for _ in range(MOST_STEPS):
        row = _row(world)
        if reached(row):
            return
        if row.status is Status.FAILED:
            Orders("Anna", Order.RETRY).act(world)
        Waits(None).act(world)
    raise AssertionError(f"not reached: {_row(world)}")


def _row(world: World) -> Onboarding:
    return world.rows_of("Anna")[-1]


@pytest.mark.parametrize("every", [pytest.param(7, id="short"), pytest.param(1, id="all", marks=pytest.mark.torture)])
@pytest.mark.parametrize("way", [collected, withdrawn])
def test_one_disturbance_anywhere_changes_no_end(capfd: pytest.CaptureFixture[str], way: Way, every: int) -> None:
    """Killed, refused, throttled, unanswered, late: the same end as undisturbed."""
    every_point = list(points(way))
    chosen = every_point[::every]
    go(way, chosen)
    with capfd.disabled():
        sys.stderr.write(f"\n{way.__name__}: {len(chosen)} of {len(every_point)} disturbances\n")
