"""Short of link key and proof together, the time of an answer tells nobody which links there are or ever were.

Every kind of dead end is asked for over HTTP, real storage behind it, turn by turn in random order, so that whatever
else the machine does falls on all kinds alike. Each kind is then held against each other one.
"""

import json
import os
import secrets
import statistics
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from http.client import HTTPConnection
from itertools import combinations, cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox.world import World
from shared.handover.collecting.claim import ClaimState
from shared.handover.keys.pickup import MOST_WRONG, new_code
from shared.onboarding.collector import Collector
from shared.onboarding.ids import new_id
from shared.onboarding.model import Claim
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Status
from tests.attacks.hand_overs import AT, BY_HIRE, HandOver, claim, issued
from tests.attacks.placed import collector, place
from tests.doorways.story import ATTACKER, Story

REQUESTS = 400
SERIES = 3
"""A difference that is there shows in every series; by chance one pair in eighty looks like one. So a pair of kinds is
told apart if it is in each of so many."""
MOST_MS = 2.0
EVEN = (0.45, 0.55)
MANAGER = "jana.hoffmann@larkspur.example"
SHARDS = "0123456789abcdef"
NEVER, NO_ID = "never existed", "no id at all"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it goes out; without a token nobody is signed in."""

    path: str
    body: bytes
    token: str = ""


type Kinds = Mapping[str, Iterator[Asked]]
type Times = Mapping[str, list[float]]


@dataclass(slots=True)
class Line:
    """One connection that is kept. The app counts the second entry of X-Forwarded-For, so that nobody is limited."""

    connection: HTTPConnection
    origin: str
    worker: int
    sent: int = 0

    def seconds(self, asked: Asked) -> tuple[float, float, bytes]:
        """Send a request; return how long the answer took, how long the worker worked for it, and its body."""
        self.sent += 1
        headers = {
            "Content-Type": "application/json",
            "Origin": self.origin,
            "X-Forwarded-For": f"10.{self.sent // 62500}.{self.sent // 250 % 250}.{self.sent % 250}",
            **({"Authorization": f"Bearer {asked.token}"} if asked.token else {}),
        }
        worked, begun = worked_seconds(self.worker), time.perf_counter()
        self.connection.request("POST", asked.path, body=asked.body, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - begun
        assert answer.status == 403, body
        return took, worked_seconds(self.worker) - worked, body


def worked_seconds(process: int) -> float:
    """Return how long all threads of a process have been on a processor, to the nanosecond; 0 where Linux is not."""
    total = 0
    for each in Path(f"/proc/{process}/task").glob("*/schedstat"):
        with suppress(OSError):  # A thread may end meanwhile.
            total += int(each.read_text().split()[0])
    return total / 1e9


def ask(onboarding: str, token: str = "", **body: Any) -> Asked:
    """Ask for a pass, with a claim of one's own."""
    whole = {"claim": claim().reveal(), **body}
    return Asked(f"/pass/{onboarding}/reveal", json.dumps(whole).encode(), token)


def never() -> str:
    """Draw an id that no onboarding has."""
    return new_id(secrets.choice(SHARDS))


def signed_in(story: Story) -> Kinds:
    """Return all that falls short where somebody signs in: each state of a link by each thing that is wrong.

    Each kind is one address of one length, asked for again and again: what is new to the worker, or longer, takes it a
    tenth of a millisecond more, be there a link or none.
    """
    who = collector(story.world)
    states = by_state(who)
    place(story.world, states.values())
    thief, manager = story.company.token(ATTACKER), story.company.token(MANAGER)
    kinds: dict[str, Iterator[Asked]] = {}
    for name, found in states.items():
        key = found.key.reveal()
        kinds[f"{name}, another person"] = cycle([ask(found.row.id, thief, key=key)])
        kinds[f"{name}, another key"] = cycle([ask(found.row.id, manager, key=claim().reveal())])
    kinds[NEVER] = cycle([ask(never(), manager, key=claim().reveal())])
    kinds[NO_ID] = cycle([ask(f"{never()[:-1]}-", manager, key=claim().reveal())])
    return kinds


def there_or_not(story: Story) -> Kinds:
    """Return the same in two: the links that are there, in turn, and those that are not."""
    kinds = signed_in(story)
    there, nowhere = ([kinds[name] for name in kinds if (name in {NEVER, NO_ID}) is gone] for gone in (False, True))
    return {"there": in_turn(there), "not there": in_turn(nowhere)}


def in_turn(kinds: Sequence[Iterator[Asked]]) -> Iterator[Asked]:
    """Take one of each in turn, without end."""
    for kind in cycle(kinds):
        yield next(kind)


def by_state(who: Collector) -> Mapping[str, HandOver]:
    """Return a hand-over in each state, all for the same person."""
    ended = {"ended_at": AT}
    state = ClaimState("a" * 64, AT)
    changes: Mapping[str, Mapping[str, Any]] = {
        "open": {},
        "opened": {"status": Status.OPENED, "claim": Claim(state, who.id)},
        "expired": {"status": Status.EXPIRED, "reason": Reason.NOT_COLLECTED, **ended},
        "cancelled": {"status": Status.CANCELLED, "reason": Reason.REVOKED, **ended},
    }
    found = {name: issued(who) for name in changes}
    return {name: replace(one, row=replace(one.row, **changes[name])) for name, one in found.items()}


def with_codes(story: Story) -> Kinds:
    """Return all that falls short on a hire's link, a wrong code that counts among it: each at a link of its own."""
    tried = [issued(BY_HIRE) for _ in range(REQUESTS)]
    locked, paused = with_wrong(MOST_WRONG), with_wrong(1)
    for_manager = issued(collector(story.world))
    place(story.world, [*tried, locked, paused, for_manager])
    return {
        "a wrong code, counted": (ask_with_code(one) for one in tried),
        "in a pause, the right code": (ask_with_code(paused, right=True) for _ in cycle([0])),
        "locked, the right code": (ask_with_code(locked, right=True) for _ in cycle([0])),
        "another key": (ask_with_code(locked, key=claim().reveal()) for _ in cycle([0])),
        "for a sign-in": (ask_with_code(for_manager) for _ in cycle([0])),
        NEVER: (replace(ask_with_code(locked), path=f"/pass/{never()}/reveal") for _ in cycle([0])),
    }


def with_wrong(count: int) -> HandOver:
    """Return a hire's link at which so many wrong codes were brought, the last in an hour: its pause does not end."""
    found = issued(BY_HIRE)
    delivery = found.row.delivery
    assert delivery is not None
    assert delivery.pickup is not None
    brought = replace(delivery.pickup, wrong=count, wrong_at=AT + timedelta(hours=1))
    return replace(found, row=replace(found.row, delivery=replace(delivery, pickup=brought)))


def ask_with_code(found: HandOver, *, right: bool = False, **more: Any) -> Asked:
    """Ask as a hire's page does, with a code."""
    code = found.pickup if right and found.pickup else new_code()
    return ask(found.row.id, **{"key": found.key.reveal(), "visit": claim().reveal(), "code": code.reveal(), **more})


def series(line: Line, kinds: Kinds) -> tuple[Times, Times]:
    """Ask for all kinds turn by turn, each time in another order; every answer has the same body.

    Returns how long the answers took, and how long the worker worked for them, which no other process is part of.
    """
    times: Times = {name: [] for name in kinds}
    work: Times = {name: [] for name in kinds}
    bodies = set()
    for _ in range(REQUESTS):
        for name in secrets.SystemRandom().sample(list(kinds), len(kinds)):
            took, worked, body = line.seconds(next(kinds[name]))
            times[name].append(took * 1000)
            work[name].append(worked * 1000)
            bodies.add(body)
    assert len(bodies) == 1
    return times, work


def auc(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how often a time of `one` is the longer of a pair: 0.5 where nothing can be told."""
    ranked = sorted(other)
    wins = sum((bisect_left(ranked, value) + bisect_right(ranked, value)) / 2 for value in one)
    return wins / (len(one) * len(other))


def told_apart(times: Times) -> Mapping[tuple[str, str], str]:
    """Return the pairs of kinds that this series tells apart, and by what.

    On a machine with other work medians move by themselves: what one and the same kind moves by tells nothing.
    """
    found, most = {}, max(MOST_MS, noise(times))
    for one, other in combinations(times, 2):
        apart, even = (
            abs(statistics.median(times[one]) - statistics.median(times[other])),
            auc(times[one], times[other]),
        )
        if apart > most or not EVEN[0] <= even <= EVEN[1]:
            found[one, other] = f"{one} / {other}: medians {apart:.2f} ms apart, AUC {even:.3f}"
    return found


def noise(times: Times) -> float:
    """Return by how many milliseconds the medians of two halves of one kind, every other request, differ at most."""
    return max(abs(statistics.median(each[::2]) - statistics.median(each[1::2])) for each in times.values())


@contextmanager
def apart_from_the_rest(world: World) -> Iterator[None]:
    """Keep the worker on a processor of its own, and storage and whoever asks on the others.

    A hash that is moved about, or waits for its turn, takes milliseconds more by chance. No attacker has it so quiet:
    what is there shows the better. Where there is but one processor, or no way to choose, all stays as it is.
    """
    choose = getattr(os, "sched_setaffinity", None)
    everything = os.sched_getaffinity(0) if choose else set()
    if choose is None or len(everything) == 1:
        yield
        return
    own = {max(everything)}
    places = {world.hosts[0].pid: own, world.storage_pid: everything - own, os.getpid(): everything - own}
    for process, processors in places.items():
        for task in Path(f"/proc/{process}/task").iterdir():
            choose(int(task.name), processors)
    try:
        yield
    finally:
        for task in Path(f"/proc/{os.getpid()}/task").iterdir():
            choose(int(task.name), everything)


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(there_or_not, id="there or not"),
        pytest.param(signed_in, id="every pair, signed in", marks=pytest.mark.torture),
        pytest.param(with_codes, id="every pair, with codes", marks=pytest.mark.torture),
    ],
)
def test_time_tells_no_dead_ends_apart(story: Story, say: Callable[[str], None], way: Callable[[Story], Kinds]) -> None:
    """2 × 400 interleaved requests of each pair: bodies alike, medians within 2 ms, no AUC outside 0.45 to 0.55.

    Where requests of one kind differ by more than 2 ms among themselves, that is the bound. Of the worker's own work
    for them 2 ms is the bound however busy the machine is.
    """
    story.world.restart_host(extra_settings={"FORWARDED_ENTRY": "2"})
    host = urlsplit(story.world.app)
    apart: set[tuple[str, str]] = set()
    connecting = closing(HTTPConnection(host.hostname or "", host.port, timeout=30))
    with apart_from_the_rest(story.world), connecting as connection:
        line = Line(connection, story.world.app, story.world.hosts[0].pid)
        for shard in SHARDS:  # Each gets its stand-in.
            line.seconds(ask(new_id(shard), story.company.token(MANAGER), key=claim().reveal()))
        for number in range(SERIES):
            times, work = series(line, way(story))
            found = told_apart(times)
            apart = apart & set(found) if number else set(found)
            say(f"time: 2 × {REQUESTS} requests of each of {len(list(combinations(times, 2)))} pairs, {widest(times)}")
            say(f"work: {widest(work)}")
            assert most_apart(work) <= MOST_MS
            if not apart:
                return
    pytest.fail("; ".join(found[pair] for pair in apart))


def most_apart(times: Times) -> float:
    """Return by how many milliseconds the medians of two kinds differ at most."""
    medians = [statistics.median(each) for each in times.values()]
    return max(medians) - min(medians)


def widest(times: Times) -> str:
    """Say how far the pairs are apart at most."""
    pairs = list(combinations(times.values(), 2))
    uneven = max((auc(one, other) for one, other in pairs), key=lambda each: abs(each - 0.5))
    medians = f"medians within {most_apart(times):.2f} ms (of one kind: {noise(times):.2f})"
    return f"{medians}, AUC farthest from even {uneven:.3f}"
