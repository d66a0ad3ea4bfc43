"""Short of link key and proof together nobody learns whether there is such a link, by words, by work or by time."""

import json
import secrets
import statistics
import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlsplit

import pytest

from shared.handover import proof
from shared.handover.answers import NotForYouError, Presented
from shared.handover.claim import ClaimState
from shared.handover.sealing import fits, new_key_pair
from shared.onboarding import row_codes
from shared.onboarding.model import Claim, Status
from shared.onboarding.reasons import Reason
from tests.attacks.hand_overs import AT, Desk, manager, presented, somebody
from tests.doorways.story import ATTACKER, Case, Story

STRANGER = somebody("33333333-0000-4000-8000-000000000003")
OTHER_KEY = new_key_pair()[0]
REQUESTS = 400
ROUNDS = 3


def dead_ends(desk: Desk) -> dict[str, Presented]:
    """Everything that falls short, each of its own kind."""
    found = desk.place()
    state = ClaimState("a" * 64, AT)
    opened = desk.place(status=Status.OPENED, claim=Claim(state, manager().object_id))
    cancelled = desk.place(status=Status.CANCELLED, reason=Reason.REVOKED, ended_at=AT)
    expired = desk.place(status=Status.EXPIRED, reason=Reason.NOT_COLLECTED, ended_at=AT)
    erased = desk.place(status=Status.EXPIRED, ended_at=AT, erased=True, delivery=None, subject=None, plan=None)
    others = {"opened": opened, "cancelled": cancelled, "expired": expired}
    return {
        "never existed": presented(found, onboarding=found.row.id[0] + secrets.token_hex(12)),
        "no id at all": presented(found, onboarding="../o|1"),
        "erased": presented(erased),
        "another key": presented(found, link_key=OTHER_KEY),
        "no key": presented(found, link_key=None),
        "another person": presented(found, STRANGER),
        "another person and key": presented(found, STRANGER, link_key=OTHER_KEY),
        "an app": presented(found, somebody(manager().object_id, is_person=False)),
        "a guest": presented(found, somebody(manager().object_id, is_guest=True)),
        **{f"{name}, another person": presented(one, STRANGER) for name, one in others.items()},
        **{f"{name}, another key": presented(one, link_key=OTHER_KEY) for name, one in others.items()},
    }


async def test_every_dead_end_takes_the_same_work(monkeypatch: pytest.MonkeyPatch, say: Callable[[str], None]) -> None:
    """Two reads of storage, one code checked, one key derived, whatever it is that falls short."""
    done: Counter[str] = Counter()

    def counted[**P, R](name: str, work: Callable[P, R]) -> Callable[P, R]:
        def wrapped(*args: P.args, **named: P.kwargs) -> R:
            done[name] += 1
            return work(*args, **named)

        return wrapped

    monkeypatch.setattr(row_codes, "_code", counted("code", row_codes._code))
    monkeypatch.setattr(proof, "fits", counted("key", fits))
    desk = Desk()
    worker = desk.worker()
    ends = dead_ends(desk)
    for one in ends.values():
        with pytest.raises(NotForYouError):  # Every shard gets its stand-in.
            await worker.state(one)
    for name, one in ends.items():
        for ask in (worker.state, worker.reveal, worker.finish):
            done.clear()
            desk.table.reads = 0
            with pytest.raises(NotForYouError):
                await ask(one)
            assert (desk.table.reads, done["code"], done["key"]) == (2, 1, 1), name
    say(f"dead ends: {len(ends)} kinds × 3 questions, each 2 reads, 1 code, 1 key")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it goes out."""

    path: str
    body: bytes
    token: str


@dataclass(slots=True)
class Line:
    """One connection that is kept. The app counts the second entry of X-Forwarded-For, so that nobody is limited."""

    connection: HTTPConnection
    origin: str
    sent: int = 0

    def seconds(self, asked: Asked) -> tuple[float, bytes]:
        """Send a request; return how long the answer took, and its body."""
        self.sent += 1
        headers = {
            "Authorization": f"Bearer {asked.token}",
            "Content-Type": "application/json",
            "Origin": self.origin,
            "X-Forwarded-For": f"10.0.{self.sent // 250}.{self.sent % 250}",
        }
        begun = time.perf_counter()
        self.connection.request("POST", asked.path, body=asked.body, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - begun
        assert answer.status == 403, body
        return took, body


def series(line: Line, there: Iterator[Asked], never: Iterator[Asked]) -> tuple[list[float], list[float]]:
    """Ask turn by turn, each pair in random order, for links that are there and links that never were."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(REQUESTS):
        for which in secrets.SystemRandom().sample((0, 1), 2):
            times[which].append(line.seconds(next((there, never)[which]))[0])
    return times


def auc(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how often a time of `one` is the longer of a pair: 0.5 where nothing can be told."""
    ranked = sorted(other)
    wins = sum((bisect_left(ranked, value) + bisect_right(ranked, value)) / 2 for value in one)
    return wins / (len(one) * len(other))


def asked(case: Case, token: str, **more: Any) -> Asked:
    """Ask for the pass of a hire, with the right link but for `more`."""
    body = {"key": case.link().key, "claim": case.story.company.claim(), **more}
    return Asked(f"/pass/{case.id}/reveal", json.dumps(body).encode(), token)


def test_time_does_not_tell_a_dead_link_from_one_that_never_was(story: Story, say: Callable[[str], None]) -> None:
    """2 × 400 interleaved requests: bodies alike, medians within 2 ms, no AUC outside 0.45 to 0.55.

    A difference that is there shows in every series. Chance alone shows one in one of eighty, so a series that looks
    like one is measured again, twice at most.
    """
    open_, other = story.posts(story.hire()), story.posts(story.hire("jonas-keller"))
    for case in (open_, other):
        case.until("issued")
    open_.opens()
    assert other.reveal(story.company.claim()).status == 200
    story.world.restart_host(extra_settings={"FORWARDED_ENTRY": "2"})
    manager, thief = (story.company.token(who) for who in (open_.hire.manager, ATTACKER))
    wrong = {"key": story.company.claim()}
    there = [asked(open_, thief), asked(open_, manager, **wrong), asked(other, thief), asked(other, manager, **wrong)]
    never = (replace(one, path=f"/pass/{one.path[6]}{secrets.token_hex(12)}/reveal") for one in cycle(there))
    place = urlsplit(story.world.app)
    with closing(HTTPConnection(place.hostname or "", place.port, timeout=30)) as connection:
        line = Line(connection, story.world.app)
        # Each shard gets its stand-in, and the two kinds are seen to be answered alike.
        bodies = {line.seconds(one)[1] for one in (*islice(never, 40), *there)}
        assert len(bodies) == 1
        for _ in range(ROUNDS):
            if _is_alike(series(line, cycle(there), never), say):
                return
    pytest.fail("the time tells which links there are")


def _is_alike(times: tuple[list[float], list[float]], say: Callable[[str], None]) -> bool:
    medians = [statistics.median(each) * 1000 for each in times]
    told = auc(*times)
    say(f"dead links: medians {medians[0]:.2f} and {medians[1]:.2f} ms, AUC {told:.3f}, 2 × {REQUESTS} requests")
    return abs(medians[0] - medians[1]) <= 2 and 0.45 <= told <= 0.55
