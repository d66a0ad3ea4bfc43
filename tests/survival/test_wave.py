"""A wave: two hundred start on one morning, two workers share a storage, and each pass is there for its window."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from sandbox.world import World
from tests.survival.harness.crowd import Crowd, Row

GRAPHS = 5
"""Requests about passes that Graph documents for ten seconds."""
PASSES = "temporaryAccessPassMethods"
WINDOW = 10.0
STARTS = ("09:00", "09:02", "09:04")
MOST_MINUTES = 90
CALM = {"AzureFunctionsJobHost__extensions__queues__maxPollingInterval": "00:00:00.5"}
"""Often enough for both workers to hear of messages, and no oftener: the looks themselves cost a wave a tenth."""
IN_HAND = 16
"""Hints that two workers have at once, eight each: so many may change places."""


@dataclass(frozen=True, slots=True)
class Wave:
    """How many hires; requests per ten seconds that the app counts on, and those that the tenant grants."""

    hires: int
    rate: int
    granted: int

    def __str__(self) -> str:
        return (
            f"{self.hires} hires, two workers, {self.rate} requests per 10 s counted on and {self.granted} granted"
            f" (Graph: {GRAPHS}, factor {self.rate / GRAPHS:g})"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a wave came to: the rows at its end, all requests about passes, minutes, and passes made by each worker."""

    rows: Sequence[Row]
    requests: Sequence[dict[str, Any]]
    minutes: int
    made_by: Sequence[int]

    @property
    def most(self) -> int:
        """The most requests in any ten seconds."""
        times = sorted(one["monotonic"] for one in self.requests)
        return max(sum(start <= time < start + WINDOW for time in times) for start in times)

    @property
    def refused(self) -> int:
        """How many were answered 429."""
        return sum(one["status"] == 429 for one in self.requests)

    @property
    def late(self) -> int:
        """How many passes were made after their window opened."""
        return sum(_instant(row["issued"]["made_at"]) > _instant(row["plan"]["opens"]) for row in self.rows)

    @property
    def to_spare(self) -> int:
        """Seconds from the last of the passes to its window, least of all; negative where one is late."""
        return min(
            round((_instant(row["plan"]["opens"]) - _instant(row["issued"]["made_at"])).total_seconds())
            for row in self.rows
        )

    @property
    def overtaken(self) -> int:
        """How many passes were made after more with a later window than two workers have in hand at once."""
        opens = {row["subject"]["id"]: row["plan"]["opens"] for row in self.rows}
        made = sorted((one for one in self.requests if one["status"] == 201), key=lambda one: one["monotonic"])
        order = [opens[_user(one)] for one in made]
        return sum(sum(other > mine for other in order[:place]) > IN_HAND for place, mine in enumerate(order))

    @property
    def asked_again(self) -> int:
        """How many more than two requests a pass there were: a look whose POST then missed its slot is made again."""
        return sum(max(0, count - 2) for count in Counter(_user(one) for one in self.requests).values())

    def __str__(self) -> str:
        return (
            f"{len(self.requests)} requests ({len(self.requests) / len(self.rows):.2f} a pass) in {self.minutes}"
            f" sweeps, at most {self.most} in any 10 s, {self.refused} times 429, made by {list(self.made_by)},"
            f" {self.overtaken} out of order, {self.late} late, {self.to_spare} s to spare"
        )


@pytest.mark.long
@pytest.mark.parametrize(
    "wave",
    [
        pytest.param(Wave(200, 40, 40), id="eight-times-as-fast"),
        pytest.param(Wave(200, GRAPHS, GRAPHS), id="at-graphs-rate", marks=pytest.mark.torture),
    ],
)
def test_all_are_ready_when_their_windows_open(world: World, say: Callable[[str], None], wave: Wave) -> None:
    """No 429, two requests a pass, soonest window first, both workers at it, no pass later than its window."""
    outcome = _gone_by(_announced(world, wave))
    say(f"{wave}: {outcome}")
    assert {one["status"] for one in outcome.requests} == {200, 201}
    assert outcome.most <= wave.granted
    assert not outcome.late
    assert Counter(one["method"] for one in outcome.requests)["POST"] == wave.hires
    assert all(outcome.made_by)
    # A machine that stands still for a second misses slots; whoever does is served a minute later.
    assert outcome.asked_again <= wave.hires // 20
    assert outcome.overtaken <= wave.hires // 10


@pytest.mark.torture
def test_a_tenant_that_grants_half_still_gets_everybody_one_pass(world: World, say: Callable[[str], None]) -> None:
    """Where others use up half of Graph's limit, each 429 is obeyed, and every hire ends with one pass."""
    wave = Wave(200, 40, 20)
    crowd = _announced(world, wave)
    outcome = _gone_by(crowd)
    say(f"{wave}: {outcome}")
    made = Counter(_user(one) for one in outcome.requests if one["status"] == 201)
    assert made == dict.fromkeys(crowd.ids.values(), 1)
    assert crowd.passes() == {row["subject"]["id"]: row["issued"]["id"] for row in outcome.rows}


def _announced(world: World, wave: Wave) -> Crowd:
    """Start two workers, announce all hires for one morning, and bring them through the day before."""
    crowd = Crowd(world, wave.hires, wave.granted)
    world.reset(crowd.begins)
    settings = CALM | {"PASS_REQUESTS_PER_10_SECONDS": str(wave.rate)}
    world.restart_host(0, settings)
    world.start_host(settings)
    crowd.begin(reset=False)
    for number, hire in enumerate(crowd.hires):
        crowd.announce([hire], startTime=STARTS[number % len(STARTS)])
    crowd.noticed()
    return crowd


def _gone_by(crowd: Crowd) -> Outcome:
    """Let the minutes of the morning go by as they do, a sweep in each, until every pass is made."""
    crowd.go(min(row["plan"]["invite_at"] for row in crowd.rows()))
    for minute in range(1, MOST_MINUTES + 1):
        began = _instant(crowd.world.now())
        # It waits for the last slot that the sweep has given, so most of the minute may be over when it returns.
        crowd.world.run_timer("sweep", 240)
        rows = crowd.rows()
        if all(row["status"] == "issued" and not row["attempts"] for row in rows):
            made_by = [host.child.text().count("pass made") for host in crowd.world.hosts]
            return Outcome(rows, crowd.requests(None, PASSES), minute, made_by)
        crowd.go((began + timedelta(minutes=1)).isoformat())
    raise AssertionError(f"not all had a pass after {MOST_MINUTES} minutes")


def _user(request: dict[str, Any]) -> str:
    return str(request["path"]).split("/")[3]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
