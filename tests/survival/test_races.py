"""Two worker processes begin the same work at the same moment, a hundred times: the same outcome."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from sandbox.http import Answer, call
from sandbox.people import LinkInMail
from sandbox.world import Host, World
from shared.onboarding.sweeping.sweep import FEW_PER_SHARD
from tests.survival.harness.crowd import EVENLY, Crowd
from tests.survival.harness.journey import STEP
from tests.survival.harness.orders import Orders

RATE = 40
"""Per ten seconds. What a piece of work gets as a head start shrinks as the rate grows: faster, a loaded machine misses
slot after slot."""
FAST = EVENLY | {
    "PASS_REQUESTS_PER_10_SECONDS": str(RATE),
    # What is run beside the other worker's messages comes on top: both are to begin in time.
    "AzureFunctionsJobHost__extensions__queues__batchSize": "4",
}
PASSES = "temporaryAccessPassMethods"


@dataclass(frozen=True, slots=True)
class Races:
    """How many hires, and how many of their hints at least both workers begin at the same moment."""

    hires: int
    together: int


@pytest.mark.long
@pytest.mark.parametrize(
    "races",
    [
        pytest.param(Races(20, 10), id="short"),
        pytest.param(Races(125, 100), id="a-hundred-times", marks=pytest.mark.torture),
    ],
)
def test_two_workers_sweep_once_make_one_pass_and_show_it_to_one_claim(
    world: World, orders: Orders, tmp_path: Path, say: Callable[[str], None], races: Races
) -> None:
    """Of two deliveries of an event one has an effect; of two workers one stands in for the timer, a little.

    One POST and one sealed row for each hire; one of two claims is shown the pass.
    """
    crowd = Crowd(world, races.hires, rate=RATE, shard="a")
    world.reset(crowd.begins)
    workers = [world.restart_host(0, FAST), world.start_host(FAST)]
    say(f"workers {workers[0].pid} and {workers[1].pid}")
    crowd.begin(reset=False)
    taken = _race_to_take(crowd, workers)
    say(f"event: {races.hires} deliveries to both workers at once, taken by worker {dict(taken)}")
    minutes = _race_to_stand_in(crowd, workers)
    say(f"sweep: {minutes} minutes without the timer, in each of them one of two workers swept in its stead")
    crowd.invited()
    together = _race_to_issue(crowd, orders, tmp_path, {worker.pid for worker in workers})
    say(f"issue: {together} hints begun by both workers at once, {races.hires} passes")
    assert together >= races.together
    won = _race_to_claim(crowd, workers)
    say(f"claim: {races.hires} races, won by worker {dict(won)}")


def _race_to_take(crowd: Crowd, workers: list[Host]) -> Counter[int]:
    """Let each hire's event, under one and the same id, come to both workers at once; return which took how many."""
    took: Counter[int] = Counter()
    for hire in crowd.hires:
        event = crowd.company.event(hire, crowd.start.isoformat())

        def deliver(worker: Host, event: dict[str, Any] = event, once: str = f"msg_{hire.employee_id}") -> Answer:
            return crowd.company.post(event, once, host=worker.address)

        answers = _at_once(workers, deliver)
        assert [answer.status for answer in answers] == [202, 202]
        outcomes = {worker.pid: answer.json()["outcome"] for worker, answer in zip(workers, answers, strict=True)}
        assert sorted(outcomes.values()) == ["planned", "replay"]
        took.update(pid for pid, outcome in outcomes.items() if outcome == "planned")
    seen = [row for row in crowd.world.storage.rows("onboardings") if row["RowKey"].startswith("e|")]
    assert sorted(row["onboarding"] for row in seen) == sorted(row["id"] for row in crowd.rows())
    return took


def _race_to_stand_in(crowd: Crowd, workers: list[Host]) -> int:
    """Let events come to both workers at once, while the timer stands still, until all have had their notice.

    In each minute one worker sweeps, and no more than a sweep in the timer's stead may release. Returns the minutes.
    """
    crowd.go(max(row["plan"]["notice_at"] for row in crowd.rows()))
    minutes = 0
    while not all(row["noticed_at"] for row in crowd.rows()):
        minutes += 1
        assert minutes <= crowd.size, crowd.rows()
        event = crowd.company.event(crowd.hires[0], crowd.start.isoformat())
        answers = _at_once(workers, lambda worker, event=event: crowd.company.post(event, host=worker.address))
        assert {answer.status for answer in answers} == {202}
        crowd.world.wait_idle()
        assert sum(worker.child.text().count("swept in its stead") for worker in workers) == minutes
        (seen,) = [cell for cell in crowd.world.storage.rows("leases") if cell["RowKey"] == "state"]
        assert seen["stoodIn"]
        assert seen["due"] <= FEW_PER_SHARD
        crowd.world.advance(STEP)
    assert minutes >= crowd.size // FEW_PER_SHARD
    return minutes


def _race_to_issue(crowd: Crowd, orders: Orders, place: Path, pids: set[int]) -> int:
    """Let both workers begin each issue together; return how often they did."""
    orders.give(record=True, race={"function": "issue_pass", "place": str(place), "workers": len(pids)})
    crowd.issued()
    orders.lift()
    rows = {crowd.ids[row["hire"]["external_id"]]: row for row in crowd.rows()}
    assert crowd.passes() == {user: row["issued"]["id"] for user, row in rows.items()}
    assert all(row["issued"]["sealed"] and row["status"] == "issued" for row in rows.values())
    made = Counter(one["path"].split("/")[3] for one in crowd.requests("POST", PASSES))
    assert made == dict.fromkeys(rows, 1)
    return len(orders.raced(pids))


def _race_to_claim(crowd: Crowd, workers: list[Host]) -> Counter[int]:
    """Let both workers be asked at once for each pass; return which won how often."""
    crowd.go(max(row["plan"]["opens"] for row in crowd.rows()))
    token = crowd.company.token(crowd.hires[0].manager)
    links = crowd.links()
    assert {len(mailed) for mailed in links.values()} == {1}
    won: Counter[int] = Counter()
    for (link,) in links.values():

        def claim(worker: Host, link: LinkInMail = link) -> Answer:
            body = {"key": link.key, "claim": crowd.company.claim()}
            headers = crowd.world.of_the_page() | {"Authorization": f"Bearer {token}"}
            return call("POST", f"{worker.address}/pass/{link.onboarding}/reveal", json_body=body, headers=headers)

        answers = _at_once(workers, claim)
        assert sorted(answer.status for answer in answers) == [200, 409]
        for worker, answer in zip(workers, answers, strict=True):
            assert ("pass" in answer.json()) == (answer.status == 200)
            won[worker.pid] += answer.status == 200
    assert {row["status"] for row in crowd.rows()} == {"opened"}
    return won


def _at_once(workers: list[Host], ask: Callable[[Host], Answer]) -> list[Answer]:
    """Ask each worker at the same moment."""
    start = Barrier(len(workers))

    def asked(worker: Host) -> Answer:
        start.wait()
        return ask(worker)

    with ThreadPoolExecutor(len(workers)) as pool:
        return list(pool.map(asked, workers))
