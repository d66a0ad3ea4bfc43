"""Storage is stopped and started anew, or freezes for a while, just where a step or a doorway needs it."""

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from azure.core.exceptions import AzureError

from sandbox.world import World
from tests.survival.harness.journey import EARLY, Journey, record, struck
from tests.survival.harness.orders import AFTER, BEFORE, Orders, Point, points_of

type Say = Callable[[str], None]

CREATED = "graph POST /v1.0/users/{id}/authentication/temporaryAccessPassMethods"
MAILED = "graph POST /v1.0/users/{upn}/sendMail"
STORED = "table POST $batch"
CHOSEN = {
    "event": ("hr_event", STORED, BEFORE),
    "invite": ("send_invite", MAILED, AFTER),
    "issue": ("issue_pass", CREATED, AFTER),
    "collect": ("pass_reveal", STORED, BEFORE),
}
"""Where it hurts most: an event not stored yet, a link just mailed, a pass just made, a claim about to be won."""
MOST_TRIES = 3


@dataclass(slots=True)
class Outage(Journey):
    """A way on which not the worker dies but storage goes, for `seconds`; `died` counts how often.

    `freezes`: it answers nobody meanwhile, and then all of them. Otherwise its process ends, and another is started.
    """

    seconds: float = 0.5
    freezes: bool = False

    def how(self) -> str:
        """Say what is done at a point to strike, as orders have it."""
        self.died += 1
        pid = self.world.storage_pid
        return f"freeze {pid} {self.seconds}" if self.freezes else f"stop {pid}"

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
        except AzureError:
            # Nobody can tell whether all is done while it is down.
            assert self.orders.struck
        if self.orders.struck and not self.freezes and not self.world.storage_runs():
            time.sleep(self.seconds)
            self.world.start_storage()
            self.world.wait_idle(120)


def gone(journey: Outage, points: list[Point]) -> None:
    """Go the whole way with storage going at these points, and see what must hold."""
    struck(journey, Journey.collected, points)
    journey.check_collected()


@pytest.mark.long
@pytest.mark.parametrize(("freezes", "seconds"), [(False, 0.5), (True, 2.0)], ids=["stopped", "frozen"])
def test_storage_that_goes_in_mid_step_costs_nobody_a_pass(
    world: World, orders: Orders, say: Say, *, freezes: bool, seconds: float
) -> None:
    """Stopped and started anew, or frozen, beside what matters most: one live pass, one link, the same end."""
    journey = Outage(world, orders, EARLY, seconds=seconds, freezes=freezes)
    operations = record(Journey(world, orders, EARLY), Journey.collected)
    found = [point for stage, one in operations for point in points_of(stage, [one])]
    points = [
        next(p for p in found if (p.stage, p.function, p.label, p.when) == (s, *where)) for s, where in CHOSEN.items()
    ]
    gone(journey, points)
    say(f"storage {'frozen' if freezes else 'stopped'} for {seconds:g} s at {len(points)} points of one way")
