"""Storage is stopped and started anew, or freezes for a while, just where a step or a doorway needs it."""

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from sandbox.http import call
from sandbox.queue_counts import StorageSilentError
from sandbox.world import World
from tests.survival.harness.journey import EARLY, Journey, PointMissedError, struck
from tests.survival.harness.orders import AFTER, BEFORE, Orders, Point
from tests.survival.harness.ways import COLLECTED
from tests.survival.test_kill import ON_THE_WAY, in_rounds, points_on, sample

type Say = Callable[[str], None]

CREATED = "graph POST /v1.0/users/{id}/authentication/temporaryAccessPassMethods"
MAILED = "graph POST /v1.0/users/{upn}/sendMail"
STORED = "table POST $batch"
SHORT = 0.5
"""Seconds that the SDK's own repetitions outlast, for a connection that is refused."""
MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Gone:
    """Storage goes for so many seconds: its process ends and another is started, or it freezes and answers nobody."""

    seconds: float = SHORT
    freezes: bool = False


CHOSEN = {
    Point("event", "hr_event", 1, STORED, 1, BEFORE): Gone(),
    Point("invite", "send_invite", 1, MAILED, 1, AFTER): Gone(2.0, freezes=True),
    Point("issue", "issue_pass", 1, CREATED, 1, AFTER): Gone(),
    Point("collect", "pass_reveal", 1, STORED, 1, AFTER): Gone(2.0, freezes=True),
}
"""Where it hurts most: an event not stored yet, a link just mailed, a pass just made, a claim just won."""


@dataclass(slots=True)
class Outage(Journey):
    """A way on which not the worker dies but storage goes. `died` counts how often."""

    gone: Mapping[Point, Gone] = field(default_factory=dict)
    down_for: float | None = None

    def how(self, point: Point) -> str:
        """Say what is done at a point to strike, as orders have it."""
        self.died += 1
        what, pid = self.gone[point], self.world.storage_pid
        self.down_for = None if what.freezes else what.seconds
        return f"freeze {pid} {what.seconds}" if what.freezes else f"stop {pid}"

    def sweep(self) -> None:
        """Run the sweep and all it leads to; storage that goes over it comes back."""
        self._through(lambda: self.world.run_timer("sweep", 120))

    def settle(self) -> None:
        """Wait for whatever still runs; storage that goes over it comes back."""
        self._through(lambda: self.world.wait_idle(120))

    def claimed(self) -> str:
        """Collect with the newest link and the same claim, again where storage gave no answer. Returns the pass."""
        link, claim = self.link(), self.company.claim()
        token = self.company.token(self.hire.manager)
        for _ in range(MOST_TRIES):
            answer = self.company.ask(link, "reveal", token, claim=claim)
            self.settle()
            if answer.status == http.client.OK:
                return str(answer.json()["pass"])
            assert answer.json()["type"].endswith("storage-unavailable"), answer.text()
        raise AssertionError("no answer to the claim")

    def _through(self, work: Callable[[], None]) -> None:
        try:
            work()
        except StorageSilentError:
            # Nobody can tell whether all is done while it is down.
            assert self.orders.struck
        if self.orders.struck and self.down_for is not None:
            time.sleep(self.down_for)
            self.world.start_storage()
            self.down_for = None
            # What the host could not give back stays out of sight for ten minutes: the sweep is sooner.
            while call("GET", f"{self.world.hosts[0].address}/_host/idle").json()["busy"]:
                time.sleep(0.02)
            self.recovery.put_aside()
            self.world.wait_idle(120)


def survived(world: World, orders: Orders, gone: Mapping[Point, Gone]) -> None:
    """Go the whole way with storage going at these points, and see what must hold; again if one was not come by."""
    for tries in range(1, MOST_TRIES + 1):
        journey = Outage(world, orders, EARLY, gone=gone)
        try:
            struck(journey, Journey.collected, gone)
        except PointMissedError:
            if tries == MOST_TRIES:
                raise
            continue
        journey.check_collected()
        return


@pytest.mark.long
def test_storage_that_goes_in_mid_step_costs_nobody_a_pass(world: World, orders: Orders, say: Say) -> None:
    """Stopped and started anew, or frozen, beside what matters most: one live pass, one link, the same end."""
    survived(world, orders, CHOSEN)
    stops = sum(not gone.freezes for gone in CHOSEN.values())
    say(f"storage stopped and started anew {stops} times, frozen {len(CHOSEN) - stops} times, on one way")


@pytest.mark.torture
@pytest.mark.parametrize("gone", [Gone(), Gone(12), Gone(2, freezes=True), Gone(20, freezes=True)], ids=repr)
def test_storage_that_goes_anywhere_costs_nobody_a_pass(world: World, orders: Orders, say: Say, gone: Gone) -> None:
    """At each kind of operation, for less and for longer than the SDK has patience: the same end."""
    points = points_on(world, orders, COLLECTED)
    rounds = in_rounds(sample(points, ON_THE_WAY, ("graph", "queue", "table")))
    for struck_together in rounds:
        survived(world, orders, dict.fromkeys(struck_together, gone))
    say(f"{gone}: {sum(map(len, rounds))} points on {len(rounds)} ways")


@pytest.mark.torture
def test_an_outage_that_outlasts_every_try_of_a_hint_is_no_failure(world: World, orders: Orders) -> None:
    """The row is not given up for it: the hint is, and two minutes after the last one the sweep sends another."""
    journey = Journey(world, orders, EARLY)
    journey.begin()
    journey.announced()
    journey.go(journey.plan("notice_at"))
    orders.give(refuse="table POST $batch")
    queue = world.storage.queue("send-invite")
    queue.send_message(journey.row()["id"])
    world.wait_idle(120)
    orders.lift()
    assert world.storage.count("send-invite-poison") == 0
    journey.stage("notice", None, lambda row: row["noticed_at"])
    assert journey.row()["status"] == "planned"
