"""Hints in the real queues are taken away, doubled, brought in the wrong order, to the wrong queues, or much later."""

import contextlib
import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from functions.hints import LAST_TRY, worked
from sandbox.http import call
from sandbox.processes import ROOT
from sandbox.world import World
from shared.runtime.errors import StorageRefusedError, StorageUnavailableError
from tests.survival.harness.audit import breaks
from tests.survival.harness.crowd import Crowd, Row
from tests.survival.harness.disturbed import INVITE, ISSUE, NOTICE, Stage
from tests.survival.harness.orders import Orders

HIRES = 6
HELD = 600
"""Seconds for which a hint that the app sends lies out of sight, until the test has taken it in hand."""
PASSES = "temporaryAccessPassMethods"


def hold_back(crowd: Crowd, orders: Orders, stage: Stage) -> Counter[str]:
    """Let the sweep of a stage send its hints, and take all of them out of their queues; return how many, by queue."""
    storage = crowd.world.storage
    crowd.go(max(map(stage.at, crowd.rows())))
    orders.give(hold=HELD)
    host = crowd.world.hosts[0].address
    assert call("POST", f"{host}/admin/functions/sweep", json_body={"input": ""}).status == 202
    while call("GET", f"{host}/_host/idle").json()["busy"]:
        time.sleep(0.02)
    orders.lift()
    held = Counter({name: storage.count(name) for name in storage.queues})
    for name in storage.queues:
        storage.raw_queue(name).clear_messages()
    return held


def astray(crowd: Crowd, rows: list[Row]) -> None:
    """Bring a hint about each of these to every queue, twice, the last hire's first."""
    for row in reversed(rows):
        for name in crowd.world.storage.queues:
            for _ in range(2):
                crowd.world.storage.queue(name).send_message(row["id"])
    crowd.world.wait_idle()


@pytest.mark.long
def test_hints_that_are_lost_doubled_astray_or_late_change_nothing(world: World, orders: Orders) -> None:
    """At each stage one half's hints are lost, the other's come as they should not: each effect once, the same end."""
    crowd = Crowd(world, HIRES)
    crowd.begin()
    crowd.announce()
    for stage in (NOTICE, INVITE, ISSUE):
        assert hold_back(crowd, orders, stage).total() >= HIRES, stage.name
        astray(crowd, crowd.rows()[: HIRES // 2])
        # What was lost is hinted at again two minutes later, and what is only late comes upon work that is done.
        crowd.world.advance("PT121S")
        crowd.bring(stage.reached)
        astray(crowd, crowd.rows())
    rows, made = crowd.rows(), Counter(one["path"].split("/")[3] for one in crowd.requests("POST", PASSES))
    assert made == dict.fromkeys(crowd.ids.values(), 1)
    assert crowd.passes() == {row["subject"]["id"]: row["issued"]["id"] for row in rows}
    assert {(row["status"], row["web"]["status"]) for row in rows} == {("issued", "in-scope")}
    assert {onboarding: len(mailed) for onboarding, mailed in crowd.links().items()} == {row["id"]: 1 for row in rows}
    assert breaks(world) == {}


def stands_in_elsewhere(crowd: Crowd) -> None:
    """Let another worker have the turn to sweep in the timer's stead, just now."""
    leases = crowd.world.storage.table("leases")
    (turn,) = leases.query_entities("RowKey eq 'turn'")
    leases.upsert_entity(dict(turn) | {"at": crowd.world.now().replace("Z", "+00:00"), "standsIn": True})


@pytest.mark.long
def test_a_hint_of_a_dead_worker_is_of_use_by_itself(world: World, orders: Orders) -> None:
    """It comes back ten minutes after its slots, while another sweeps: the pass is made at once, in other slots."""
    crowd = Crowd(world, 1)
    crowd.begin()
    crowd.announce()
    for stage in (NOTICE, INVITE):
        crowd.go(stage.at(crowd.rows()[0]))
        crowd.bring(stage.reached)
    assert hold_back(crowd, orders, ISSUE)["issue-pass"] == 1
    world.advance("PT10M")
    stands_in_elsewhere(crowd)
    (row,) = crowd.rows()
    world.storage.queue("issue-pass").send_message(row["id"])
    world.wait_idle()
    (row,) = crowd.rows()
    assert row["status"] == "issued"
    assert len(crowd.requests("POST", PASSES)) == 1
    assert breaks(world) == {}


@dataclass(frozen=True, slots=True)
class Hint:
    """A message as a worker gets it, for the so-manieth time."""

    dequeue_count: int

    def get_body(self) -> bytes:
        """Return an onboarding's id."""
        return b"0" * 25


class Sweeps:
    """An app that does nothing but count how often it was asked to sweep in the timer's stead."""

    def __init__(self) -> None:
        self.sweeping = self.sweep = self
        self.asked = 0

    async def stand_in(self) -> None:
        """Count."""
        self.asked += 1


@pytest.mark.parametrize(
    ("tries", "error", "is_dropped"),
    [
        (LAST_TRY - 1, StorageUnavailableError("down"), False),
        (LAST_TRY, StorageUnavailableError("down"), True),
        (LAST_TRY, StorageRefusedError("too large"), False),
        (LAST_TRY, ValueError("a fault of ours"), False),
    ],
)
async def test_only_an_outage_of_storage_poisons_no_hint(tries: int, error: Exception, *, is_dropped: bool) -> None:
    """Its last try is dropped, for the row is still due; what fails by itself is tried on, and poisoned in the end."""

    async def fails(_: str) -> None:
        raise error

    app: Any = Sweeps()
    message: Any = Hint(tries)
    with contextlib.nullcontext() if is_dropped else pytest.raises(type(error)):
        await worked("tidy-up", message, app, fails)
    assert app.asked == is_dropped


def test_the_last_try_is_that_of_the_host() -> None:
    """The number stands in host.json, too."""
    host = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))
    assert host["extensions"]["queues"]["maxDequeueCount"] == LAST_TRY
