"""A wave: hundreds start on one morning, two workers share a storage, and each pass is there when its window opens."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from sandbox.world import World
from tests.survival.harness.crowd import EVENLY, Crowd, Row

GRAPHS = 5
"""Requests about passes that Graph documents for ten seconds."""
PASSES = "temporaryAccessPassMethods"
WINDOW = 10.0
STARTS = ("09:00", "09:02", "09:04")
MOST_MINUTES = 90
IN_HAND = 16
"""Hints that two workers have at once, eight each: so many may change places."""


@dataclass(frozen=True, slots=True)
class Wave:
    """How many hires; requests per ten seconds that the app counts on, and those that the tenant grants."""

    hires: int
    rate: int
    granted: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a wave came to: the rows at its end, the requests about passes, and how many minutes it took."""

    rows: Sequence[Row]
    requests: Sequence[dict[str, Any]]
    minutes: int

    @property
    def most(self) -> int:
        """The most requests in any ten seconds."""
        times = sorted(one["monotonic"] for one in self.requests)
        return max(sum(start <= time < start + WINDOW for time in times) for start in times)

    @property
    def late(self) -> list[Row]:
        """Those whose pass was made after their window opened."""
        return [row for row in self.rows if row["issued"]["made_at"] > row["plan"]["opens"]]

    def __str__(self) -> str:
        statuses = Counter(one["status"] for one in self.requests)
        per_pass = len(self.requests) / len(self.rows)
        return (
            f"{len(self.requests)} requests ({per_pass:.2f} a pass) in {self.minutes} sweeps, at most {self.most} in"
            f" any 10 s, {statuses[429]} times 429, {len(self.late)} passes late"
        )


@pytest.mark.torture
@pytest.mark.parametrize(
    "wave",
    [
        pytest.param(Wave(200, 100, 100), id="twenty-times-as-fast"),
        pytest.param(Wave(200, GRAPHS, GRAPHS), id="at-graphs-rate"),
    ],
)
def test_all_are_ready_when_their_windows_open(world: World, say: Callable[[str], None], wave: Wave) -> None:
    """No 429, two requests a pass, soonest window first, and each pass is made before its window opens."""
    crowd = _announced(world, wave)
    outcome = _issued(crowd)
    overtaken = _overtaken(outcome)
    say(f"{_named(wave)}: {outcome}, {overtaken} not in the order of their windows")
    assert {one["status"] for one in outcome.requests} == {200, 201}
    assert set(Counter(_user(one) for one in outcome.requests).values()) == {2}
    assert outcome.most <= wave.granted
    assert not outcome.late
    assert overtaken <= wave.hires // 20, "but for those that missed a slot, whoever begins first is served first"


@pytest.mark.torture
def test_a_tenant_that_grants_half_still_gets_everybody_one_pass(world: World, say: Callable[[str], None]) -> None:
    """Where others use up half of Graph's limit, each 429 is obeyed, and every hire ends with one pass."""
    wave = Wave(60, 50, 25)
    crowd = _announced(world, wave)
    outcome = _issued(crowd)
    say(f"{_named(wave)}: {outcome}")
    made = Counter(_user(one) for one in outcome.requests if one["status"] == 201)
    assert made == dict.fromkeys(crowd.ids.values(), 1)
    assert crowd.passes() == {row["subject"]["id"]: row["issued"]["id"] for row in outcome.rows}


def _announced(world: World, wave: Wave) -> Crowd:
    """Start two workers, announce all hires for one morning, and bring them to their links."""
    crowd = Crowd(world, wave.hires, wave.granted)
    world.reset(crowd.begins)
    rate = EVENLY | {"PASS_REQUESTS_PER_10_SECONDS": str(wave.rate)}
    world.restart_host(0, rate)
    world.start_host(rate)
    crowd.begin(reset=False)
    for number, hire in enumerate(crowd.hires):
        crowd.announce([hire], startTime=STARTS[number % len(STARTS)])
    crowd.invited()
    return crowd


def _issued(crowd: Crowd) -> Outcome:
    """Let the minutes of the morning go by as they do, a sweep in each, until every pass is made."""
    crowd.go(max(row["plan"]["issue_at"] for row in crowd.rows()))
    for minute in range(1, MOST_MINUTES + 1):
        began = datetime.fromisoformat(crowd.world.now())
        # It waits for the last slot that the sweep has given, so most of the minute is over when it returns.
        crowd.world.run_timer("sweep", 120)
        rows = crowd.rows()
        if all(row["status"] == "issued" and not row["attempts"] for row in rows):
            requests = [one for method in ("GET", "POST", "DELETE") for one in crowd.requests(method, PASSES)]
            return Outcome(rows, requests, minute)
        crowd.go((began + timedelta(minutes=1)).isoformat())
    raise AssertionError(f"not all had a pass after {MOST_MINUTES} minutes")


def _overtaken(outcome: Outcome) -> int:
    """Count the passes before which more with a later window were made than two workers have in hand at once."""
    opens = {row["subject"]["id"]: row["plan"]["opens"] for row in outcome.rows}
    made = sorted((one for one in outcome.requests if one["status"] == 201), key=lambda one: one["monotonic"])
    order = [opens[_user(one)] for one in made]
    return sum(sum(other > mine for other in order[:place]) > IN_HAND for place, mine in enumerate(order))


def _named(wave: Wave) -> str:
    return (
        f"{wave.hires} hires, two workers, {wave.rate} requests per 10 s (factor {wave.rate / GRAPHS:g}),"
        f" {wave.granted} granted"
    )


def _user(request: dict[str, Any]) -> str:
    return str(request["path"]).split("/")[3]
