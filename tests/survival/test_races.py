"""Two worker processes begin the same work at the same moment, a hundred times: the same outcome."""

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from sandbox.http import Answer, call
from sandbox.people import LinkInMail
from sandbox.world import Host, World
from tests.survival.harness.crowd import Crowd
from tests.survival.harness.orders import Orders

TIMES = 100
FAST = {
    "PASS_REQUESTS_PER_10_SECONDS": "200",
    # One message at a time, so that the two copies of a hint go to two workers.
    "AzureFunctionsJobHost__extensions__queues__batchSize": "1",
    "AzureFunctionsJobHost__extensions__queues__newBatchThreshold": "12",
}
PASSES = "temporaryAccessPassMethods"
TOGETHER = 0.1


def test_two_workers_make_one_pass_and_show_it_to_one_claim(world: World, orders: Orders, tmp_path: Path) -> None:
    """One POST and one sealed row for each hire; one of two claims is shown the pass, the other is refused."""
    crowd = Crowd(world, TIMES, rate=200)
    world.reset(crowd.begins)
    workers = [world.restart_host(0, FAST), world.start_host(FAST)]
    print(f"workers {workers[0].pid} and {workers[1].pid}")
    crowd.begin(reset=False)
    crowd.announce()
    crowd.invited()
    _race_to_issue(crowd, orders, tmp_path, {worker.pid for worker in workers})
    _race_to_claim(crowd, workers)


def _race_to_issue(crowd: Crowd, orders: Orders, place: Path, pids: set[int]) -> None:
    barrier = {"function": "issue_pass", "place": str(place), "workers": len(pids)}
    orders.give(record=True, double="queue POST issue-pass/messages", barrier=barrier)
    crowd.issued()
    orders.lift()
    print(f"issue: {_together(orders, pids)} hints begun by both workers within {TOGETHER} s, {TIMES} passes")
    assert _together(orders, pids) >= TIMES * 3 // 4
    rows = {crowd.ids[row["hire"]["external_id"]]: row for row in crowd.rows()}
    assert crowd.passes() == {user: row["issued"]["id"] for user, row in rows.items()}
    assert all(row["issued"]["sealed"] and row["status"] == "issued" for row in rows.values())
    made = Counter(one["path"].split("/")[3] for one in crowd.requests("POST", PASSES))
    assert made == dict.fromkeys(rows, 1)


def _together(orders: Orders, pids: set[int]) -> int:
    """Count the hints that two workers began at the same moment."""
    begun: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in orders.seen("held"):
        begun[one["hint"]][one["pid"]].append(one["at"])
    return sum(
        set(by) == pids
        and any(abs(one - other) < TOGETHER for one in by[min(pids)] for other in by[max(pids)])
        for by in begun.values()
    )


def _race_to_claim(crowd: Crowd, workers: list[Host]) -> None:
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
                return call("POST", address, json_body=body, headers={"Authorization": f"Bearer {token}"})

            answers = list(pool.map(claim, workers))
            assert sorted(answer.status for answer in answers) == [200, 409]
            for worker, answer in zip(workers, answers, strict=True):
                assert ("pass" in answer.json()) == (answer.status == 200)
                won[worker.pid] += answer.status == 200
    print(f"claim: {len(links)} races, won by worker {dict(won)}")
    assert {row["status"] for row in crowd.rows()} == {"opened"}
