"""Each call to Graph that a life makes × each way in which Graph fails: said why, mended by itself, the same end.

The calls are those of one undisturbed life. Each hire of a crowd meets a fault of its own at a call of its own, in one
stage after the other; one turn deals each fault to one call of each step, all turns deal all.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.world import World
from tests.survival.harness.crowd import Crowd
from tests.survival.harness.disturbed import INVITE, ISSUE, NOTICE, REMIND, REVIEW, WITHDRAW, Disturbed, Stage
from tests.survival.harness.matrix import FAULTS, Cell, Fault, Line, dealt, turns
from tests.survival.harness.orders import Orders

type Say = Callable[[str], None]

SHORT_PATIENCE = 1.0
"""Seconds until a worker gives up on Graph: 10 for a read and 20 for a change in the product itself."""

LIFE = (NOTICE, INVITE, ISSUE, REVIEW, REMIND)


@pytest.fixture(scope="module")
def lines(survival_world: tuple[World, Orders]) -> dict[str, list[Line]]:
    """Record the calls of one undisturbed life, stage by stage."""
    world, orders = survival_world
    alone = Disturbed(Crowd(world, 1), orders)
    alone.crowd.begin()
    orders.give(mark=True)
    alone.crowd.announce()
    found = {stage.name: alone.recorded(stage) for stage in LIFE}
    alone.collect()
    alone.crowd.announce(kind="hire.cancelled")
    found[WITHDRAW.name] = alone.recorded(WITHDRAW)
    orders.lift()
    return found


@dataclass(frozen=True, slots=True)
class Turn:
    """Which faults are dealt to a crowd, and which turn it is: `number` shifts them along the calls.

    `patience`: as of `Disturbed`.
    """

    world: World
    orders: Orders
    lines: dict[str, list[Line]]
    faults: Sequence[Fault]
    number: int = 0
    patience: float | None = None

    def cells(self, stage: Stage) -> list[list[Cell]]:
        """Return what each hire meets in a stage."""
        return dealt(self.lines[stage.name], self.faults, self.number)

    def crowd(self) -> Crowd:
        """Make a crowd: a hire for each fault, and one more."""
        crowd = Crowd(self.world, len(self.faults) + 1)
        crowd.begin()
        return crowd


def announce_with_groups(crowd: Crowd, cells: list[list[Cell]]) -> None:
    """Announce a crowd in which whoever meets a fault at the writing of assignments has a device group to write."""
    writers = [number for number, own in enumerate(cells) if any(_writes(cell.line) for cell in own)]
    groups = {f"Dept {number}": _group(crowd, number) for number in writers}
    crowd.world.restart_host(0, {"DEPARTMENT_DEVICE_GROUPS": json.dumps(groups)})
    for number, hire in enumerate(crowd.hires):
        own: dict[str, Any] = {"department": f"Dept {number}", "site": None} if number in writers else {}
        crowd.announce([hire], **own)


def _writes(line: Line) -> bool:
    """Tell whether only the step that writes assignments comes by here: it reads all of it again before and after."""
    return line.function == "scope_web_sign_in" and (line.changes or line.ith > 1)


def _group(crowd: Crowd, number: int) -> str:
    group = {"displayName": f"Devices of department {number}"}
    return str(crowd.company.change(op="upsert-group", group=group)["id"])


type Way = Callable[[Turn], Disturbed]


def made(turn: Turn) -> Disturbed:
    """Disturb notice, device side and issue."""
    way = Disturbed(turn.crowd(), turn.orders, turn.patience)
    announce_with_groups(way.crowd, turn.cells(NOTICE))
    way.disturbed(NOTICE, turn.cells(NOTICE))
    way.undisturbed(INVITE)
    way.disturbed(ISSUE, turn.cells(ISSUE))
    way.collect()
    way.check()
    return way


def kept(turn: Turn) -> Disturbed:
    """Disturb link, review, reminder and withdrawal."""
    way = Disturbed(turn.crowd(), turn.orders, turn.patience)
    way.crowd.announce()
    way.undisturbed(NOTICE)
    way.disturbed(INVITE, turn.cells(INVITE))
    way.undisturbed(ISSUE)
    way.disturbed(REVIEW, turn.cells(REVIEW))
    way.disturbed(REMIND, turn.cells(REMIND))
    way.collect()
    way.crowd.announce(kind="hire.cancelled")
    way.disturbed(WITHDRAW, turn.cells(WITHDRAW))
    assert way.crowd.passes() == {}
    way.check()
    return way


@pytest.mark.long
@pytest.mark.parametrize(("way", "faults"), [(made, FAULTS[::2]), (kept, FAULTS[1::2])], ids=["made", "kept"])
def test_each_fault_at_some_call_of_each_step(  # noqa: PLR0917 - two ways, handed over by name
    world: World, orders: Orders, lines: dict[str, list[Line]], say: Say, way: Way, faults: Sequence[Fault]
) -> None:
    """A crowd with a hire for each fault: each meets it in each stage, at calls of its own, and ends as undisturbed."""
    gone = way(Turn(world, orders, lines, faults, patience=SHORT_PATIENCE))
    say(told(lines, len(gone.met)))


@pytest.mark.torture
@pytest.mark.parametrize("way", [made, kept])
def test_each_fault_at_each_call_of_each_step(
    world: World, orders: Orders, lines: dict[str, list[Line]], say: Say, way: Way
) -> None:
    """All turns, so that each call of each step meets each fault; the first with the product's own patience."""
    met: set[tuple[Line, str]] = set()
    for number in range(turns([line for own in lines.values() for line in own])):
        turn = Turn(world, orders, lines, FAULTS, number, SHORT_PATIENCE if number else None)
        met |= set(way(turn).met)
    say(told(lines, len(met)))


def told(lines: dict[str, list[Line]], met: int) -> str:
    """Say how much of the matrix was gone through."""
    calls = [line for own in lines.values() for line in own]
    return f"{met} of {len(calls) * len(FAULTS)} cells: {len(calls)} calls × {len(FAULTS)} faults"
