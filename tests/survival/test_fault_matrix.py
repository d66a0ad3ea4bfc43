"""Each call to Graph that a life makes × each way in which Graph fails: said why, mended by itself, the same end.

The calls are those of one undisturbed life. Each hire of a crowd meets a fault of its own at a call of its own, in one
stage after the other. The usual run deals those that matter to a change to every change, and the rest to reads; of the
long run one turn deals each fault to one call of each step, all turns deal all.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from sandbox.world import World
from tests.survival.harness.calls import A_LIFE, missing
from tests.survival.harness.crowd import Crowd
from tests.survival.harness.disturbed import INVITE, ISSUE, LOOK, NOTICE, REMIND, REVIEW, WITHDRAW, Disturbed, Stage
from tests.survival.harness.matrix import FAULTS, Cell, Line, dealt, sampled, turns
from tests.survival.harness.orders import Orders

type Say = Callable[[str], None]

SHORT_PATIENCE = 1.0
"""Seconds until a worker gives up on Graph: 10 for a read and 20 for a change in the product itself."""

PARTS = 8
"""Of the long run, each a turn or two."""

met: set[tuple[Line, str]] = set()
"""The cells that all turns of this run have met so far."""

RATE = 100
"""Requests about passes in ten seconds: so fast that a crowd's slots take no longer than the rest."""
LIFE = (NOTICE, INVITE, ISSUE, REVIEW, REMIND)


@pytest.fixture(scope="module")
def lines(survival_world: tuple[World, Orders]) -> dict[str, list[Line]]:
    """Record the calls of one undisturbed life, stage by stage."""
    world, orders = survival_world
    alone = Disturbed(Crowd(world, 1), orders)
    alone.crowd.begin()
    orders.give(mark=True)
    announce(alone.crowd)
    alone.undisturbed(LOOK)
    found = {stage.name: alone.recorded(stage) for stage in LIFE}
    alone.collect()
    alone.crowd.announce(kind="hire.cancelled")
    found[WITHDRAW.name] = alone.recorded(WITHDRAW)
    orders.lift()
    assert missing(A_LIFE, [line for own in found.values() for line in own]) == []
    return found


def announce(crowd: Crowd, **changes: Any) -> None:
    """Announce a crowd, and wait: whoever still did what an event had led to would find the clock set on.

    He would take the timer for dead and sweep in its stead, beside the timer: each hint would come twice.
    """
    crowd.announce(**changes)
    crowd.world.wait_idle()


type Deal = Callable[[Stage], list[list[Cell]]]
"""What each hire of a crowd meets in a stage."""


type Way = Callable[[Disturbed, Deal], None]


def made(way: Disturbed, deal: Deal) -> None:
    """Disturb notice, device side, link, issue and withdrawal."""
    before = _targets(way)
    groups = announce_with_groups(way.crowd, deal(NOTICE))
    way.disturbed(NOTICE, deal(NOTICE))
    after = _targets(way)
    assert after[: len(before)] == before
    assert sorted(target["groupId"] for target in after[len(before) :]) == sorted(groups)
    way.disturbed(INVITE, deal(INVITE))
    way.disturbed(ISSUE, deal(ISSUE))
    way.collect()
    way.check()
    # To collect, the clock was set on: the first cancellation would sweep in the timer's stead, before the faults.
    way.crowd.world.run_timer("sweep", 120)
    way.crowd.announce(kind="hire.cancelled")
    way.disturbed(WITHDRAW, deal(WITHDRAW))
    assert way.crowd.passes() == {}
    way.check()


def kept(way: Disturbed, deal: Deal) -> None:
    """Disturb review and reminder, for which a pass has to be there in time."""
    announce(way.crowd)
    way.undisturbed(NOTICE)
    way.undisturbed(INVITE)
    way.undisturbed(ISSUE)
    way.disturbed(REVIEW, deal(REVIEW))
    way.disturbed(REMIND, deal(REMIND))
    way.collect()
    way.check()


def _targets(way: Disturbed) -> list[dict[str, Any]]:
    """Return to whom the profile is assigned."""
    return [one["target"] for one in way.crowd.company.directory()["profile"]["assignments"]]


def announce_with_groups(crowd: Crowd, cells: list[list[Cell]]) -> set[str]:
    """Announce a crowd in which whoever meets a fault at the writing of assignments has a device group to write.

    Returns the groups to which the profile is to be assigned in the end.
    """
    writers = [number for number, own in enumerate(cells) if any(_writes(cell.line) for cell in own)]
    groups = {f"Dept {number}": _group(crowd, number) for number in writers}
    crowd.world.restart_host(0, {"DEPARTMENT_DEVICE_GROUPS": json.dumps(groups)})
    for number, hire in enumerate(crowd.hires):
        own: dict[str, Any] = {"department": f"Dept {number}", "site": None} if number in writers else {}
        crowd.announce([hire], **own)
    crowd.world.wait_idle()
    return {*groups.values(), crowd.hires[-1].group}


def _writes(line: Line) -> bool:
    """Tell whether only the step that writes assignments comes by here: it reads all of it again before and after."""
    return line.function == "scope_web_sign_in" and (line.changes or line.ith > 1)


def _group(crowd: Crowd, number: int) -> str:
    group = {"displayName": f"Devices of department {number}"}
    return str(crowd.company.change(op="upsert-group", group=group)["id"])


def crowd_of(world: World) -> Crowd:
    """Make a crowd: a hire for each fault, and one more."""
    crowd = Crowd(world, len(FAULTS) + 1, RATE)
    crowd.begin()
    world.restart_host(0, {"PASS_REQUESTS_PER_10_SECONDS": str(RATE)})
    return crowd


@pytest.mark.long
@pytest.mark.parametrize("way", [made, kept])
def test_every_change_meets_each_fault_and_is_asked_for_once_by_each_attempt(
    world: World, orders: Orders, lines: dict[str, list[Line]], say: Say, way: Way
) -> None:
    """A crowd with a hire for each fault: each meets it in each stage, at the changes or a read, and ends as if not."""
    gone = Disturbed(crowd_of(world), orders, SHORT_PATIENCE)
    way(gone, lambda stage: sampled(lines[stage.name], FAULTS))
    say(told(lines, len(gone.met)))


@pytest.mark.torture
@pytest.mark.parametrize(
    "part",
    [pytest.param((way, number), id=f"{way.__name__}-{number}") for number in range(PARTS) for way in (made, kept)],
)
def test_each_fault_at_each_call_of_each_step(
    world: World, orders: Orders, lines: dict[str, list[Line]], say: Say, part: tuple[Way, int]
) -> None:
    """All turns, so that each call of each step meets each fault; the first with the product's own patience."""
    way, first = part
    chosen = range(turns([line for own in lines.values() for line in own]))[first::PARTS]
    for number in chosen:
        gone = Disturbed(crowd_of(world), orders, SHORT_PATIENCE if number else None)
        way(gone, partial(_turned, lines, number))
        met.update(gone.met)
    say(f"{way.__name__}, turns {list(chosen)}; so far {told(lines, len(met))}")


def _turned(lines: dict[str, list[Line]], number: int, stage: Stage) -> list[list[Cell]]:
    """Deal for one turn: the `number` shifts the faults along the calls."""
    return dealt(lines[stage.name], FAULTS, number)


def told(lines: dict[str, list[Line]], met: int) -> str:
    """Say how much of the matrix was gone through."""
    calls = [line for own in lines.values() for line in own]
    return f"{met} of {len(calls) * len(FAULTS)} cells: {len(calls)} calls × {len(FAULTS)} faults"
