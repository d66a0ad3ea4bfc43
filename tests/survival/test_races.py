"""Two worker processes begin the same work at the same moment, a hundred times: the same outcome."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest

from sandbox.http import Answer, call
from sandbox.people import LinkInMail
from sandbox.world import Host, World
from tests.survival.harness.crowd import EVENLY, Crowd
from tests.survival.harness.orders import Orders

RATE = 40
"""Per ten seconds. What a piece of work gets as a head start shrinks as the rate grows: faster, a loaded machine misses
slot after slot."""
FAST = EVENLY | {
    "PASS_REQUESTS_PER_10_SECONDS": str(RATE),
    # One message at a time, so that the copies of a hint go to two workers.
    "AzureFunctionsJobHost__extensions__queues__batchSize": "1",
    "AzureFunctionsJobHost__extensions__queues__newBatchThreshold": "12",
}
PASSES = "temporaryAccessPassMethods"
COPIES = {"label": "queue POST issue-pass/messages", "more": 3}


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
def test_two_workers_make_one_pass_and_show_it_to_one_claim(
    world: World, orders: Orders, tmp_path: Path, say: Callable[[str], None], races: Races
) -> None:
    """One POST and one sealed row for each hire; one of two claims is shown the pass, the other is refused."""
    crowd = Crowd(world, races.hires, rate=RATE)
    crowd.begin()
    crowd.announce()
    crowd.invited()
    workers = [world.restart_host(0, FAST), world.start_host(FAST)]
    say(f"workers {workers[0].pid} and {workers[1].pid}")
    together = _race_to_issue(crowd, orders, tmp_path, {worker.pid for worker in workers})
    say(f"issue: {together} hints begun by both workers at once, {races.hires} passes")
    assert together >= races.together
    won = _race_to_claim(crowd, workers)
    say(f"claim: {races.hires} races, won by worker {dict(won)}")


def _race_to_issue(crowd: Crowd, orders: Orders, place: Path, pids: set[int]) -> int:
    """Let both workers begin each issue together; return how often they did."""
    barrier = {"function": "issue_pass", "place": str(place), "workers": len(pids)}
    orders.give(record=True, copies=COPIES, barrier=barrier)
    crowd.issued()
    orders.lift()
    rows = {crowd.ids[row["hire"]["external_id"]]: row for row in crowd.rows()}
    assert crowd.passes() == {user: row["issued"]["id"] for user, row in rows.items()}
    assert all(row["issued"]["sealed"] and row["status"] == "issued" for row in rows.values())
    made = Counter(one["path"].split("/")[3] for one in crowd.requests("POST", PASSES))
    assert made == dict.fromkeys(rows, 1)
    return len(orders.begun_together(pids))


def _race_to_claim(crowd: Crowd, workers: list[Host]) -> Counter[int]:
    """Let both workers be asked at once for each pass; return which won how often."""
    crowd.go(max(row["plan"]["opens"] for row in crowd.rows()))
    token = crowd.company.token(crowd.hires[0].manager)
    links = crowd.links()
    assert {len(mailed) for mailed in links.values()} == {1}
    won: Counter[int] = Counter()
    with ThreadPoolExecutor(len(workers)) as pool:
        for (link,) in links.values():
            start = Barrier(len(workers))

            def claim(worker: Host, link: LinkInMail = link, start: Barrier = start) -> Answer:
                body = {"key": link.key, "claim": crowd.company.claim()}
                start.wait()
                address = f"{worker.address}/pass/{link.onboarding}/reveal"
                return call(
                    "POST",
                    address,
                    json_body=body,
                    headers=crowd.world.of_the_page() | {"Authorization": f"Bearer {token}"},
                )

            answers = list(pool.map(claim, workers))
            assert sorted(answer.status for answer in answers) == [200, 409]
            for worker, answer in zip(workers, answers, strict=True):
                assert ("pass" in answer.json()) == (answer.status == 200)
                won[worker.pid] += answer.status == 200
    assert {row["status"] for row in crowd.rows()} == {"opened"}
    return won
