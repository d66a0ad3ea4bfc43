"""Two workers on one storage never put more requests about passes into ten seconds than Graph allows."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from sandbox.world import World
from tests.survival.harness.crowd import EVENLY, Crowd
from tests.survival.harness.orders import Orders

PASSES = "temporaryAccessPassMethods"
WINDOW = 10.0


@dataclass(frozen=True, slots=True)
class Load:
    """How many hires, and requests per ten seconds: 5 is Graph's."""

    hires: int
    rate: int


@pytest.mark.long
@pytest.mark.parametrize(
    "load",
    [
        pytest.param(Load(16, 20), id="four-times-as-fast"),
        pytest.param(Load(12, 5), id="at-graphs-rate", marks=pytest.mark.torture),
    ],
)
def test_two_workers_stay_within_the_limit(
    world: World, orders: Orders, say: Callable[[str], None], load: Load
) -> None:
    """No ten seconds hold more than the limit, no 429, two requests a pass, those who begin first are served first."""
    rate = EVENLY | {"PASS_REQUESTS_PER_10_SECONDS": str(load.rate)}
    crowd = Crowd(world, load.hires, load.rate)
    world.reset(crowd.begins)
    workers = {world.restart_host(0, rate).pid, world.start_host(rate).pid}
    crowd.begin(reset=False)
    for number, hire in enumerate(crowd.hires):
        crowd.announce([hire], startTime=f"{9 + number % 3:02}:{(number * 7) % 60:02}")
    crowd.invited()
    orders.forget()
    orders.give(record=True)
    sweeps = crowd.issued()
    requests = [one for method in ("GET", "POST", "DELETE") for one in crowd.requests(method, PASSES)]
    times = sorted(one["monotonic"] for one in requests)
    most = max(sum(start <= time < start + WINDOW for time in times) for start in times)
    spans = times[-1] - times[0]
    per_pass = Counter(_user(one) for one in requests)
    at_work = {one["pid"] for one in orders.seen("operation") if PASSES in one["label"]}
    missed = sum(count - 2 for count in per_pass.values())
    say(
        f"{load.hires} hires, {load.rate} requests per 10 s at both ends (Graph: 5, factor {load.rate / 5:g}),"
        f" workers {sorted(at_work)}: {len(requests)} requests in {spans:.0f} s and {sweeps} sweeps, at most {most} in"
        f" any 10 s, {missed} requests more than two a pass after a missed slot"
    )
    assert at_work == workers
    assert most <= load.rate
    assert all(one["status"] in {200, 201} for one in requests)
    assert Counter(one["method"] for one in requests)["POST"] == load.hires
    assert missed <= load.hires // 4
    _check_order(crowd, requests)


def _check_order(crowd: Crowd, requests: list[dict[str, Any]]) -> None:
    """Whoever was served at once was served in order of the windows; one that missed its slot comes later."""
    user_of = {crowd.ids[row["hire"]["external_id"]]: row for row in crowd.rows()}
    looks = defaultdict(list)
    for one in requests:
        if one["method"] == "GET":
            looks[_user(one)].append(one["monotonic"])
    at_once = sorted((when[0], user_of[user]["plan"]["opens"]) for user, when in looks.items() if len(when) == 1)
    late = [later for (_, earlier), (_, later) in pairwise(at_once) if _instant(later) < _instant(earlier)]
    assert len(late) <= len(looks) - len(at_once), late


def _user(request: dict[str, Any]) -> str:
    return str(request["path"]).split("/")[3]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text) + timedelta(0)
