"""Whoever has a hire's link guesses at the code, whoever has neither tries to lock it, and none of them gets in."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from shared.handover.collecting import proof
from shared.handover.collecting.answers import NotForYouError, Presented, Shown, State, View
from shared.handover.collecting.collect import Collecting
from shared.handover.collecting.fresh_code import FreshCodes
from shared.handover.keys import pickup
from shared.handover.keys.pickup import MOST_WRONG, PAUSES, Cost, PickupCode, is_locked, new_code
from shared.handover.keys.sealing import fits, new_key_pair
from shared.onboarding import codec, row_codes
from shared.onboarding.audit.record import Did
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.registry import Registry
from shared.onboarding.requests.fresh_code import Standing
from shared.onboarding.statuses import Status
from shared.onboarding.store import Store
from tests.attacks.hand_overs import (
    AT,
    BY_HIRE,
    CODES,
    Desk,
    HandOver,
    by_code,
    claim,
    manager,
    presented,
    somebody,
    visit,
)

OTHER_KEY = new_key_pair()[0]
CLIENTS, ROUNDS = 8, 6


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hashes cost little here: what is counted is how many there are. `test_pickup` sees that they are dear."""
    monkeypatch.setattr(pickup, "COST", Cost(n=16))
    monkeypatch.setattr(proof, "NO_CODE", replace(pickup.NO_CODE, cost=Cost(n=16)))


def wrong(found: HandOver) -> PickupCode:
    """Guess, and guess wrong."""
    guess = new_code()
    return guess if found.pickup and guess.reveal() != found.pickup.reveal() else wrong(found)


def row(desk: Desk, found: HandOver) -> Onboarding:
    """Return what is stored of it."""
    return codec.decode_row(desk.row(found))


def tries(desk: Desk) -> Counter[str]:
    """Count the tries that the audits hold, by their words."""
    return Counter(entity["what"] for (_, key), entity in desk.table.rows.items() if key.startswith("a|"))


async def refused(asked: Awaitable[object]) -> bool:
    """Tell whether it was turned away."""
    try:
        await asked
    except NotForYouError:
        return True
    return False


def pauses(desk: Desk) -> None:
    """Let the longest pause go by."""
    desk.clock.at += max(PAUSES)


async def test_five_wrong_codes_lock_it_and_the_right_one_comes_too_late(say: Callable[[str], None]) -> None:
    """Each pause is longer than the one before; in it nothing counts and nothing opens; after five nothing does."""
    desk = Desk()
    found, worker = desk.place(BY_HIRE), desk.worker()
    ahead = []
    for number in range(1, MOST_WRONG + 1):
        assert await refused(worker.reveal(by_code(found, wrong(found))))
        stored = row(desk, found)
        assert stored.delivery is not None
        assert stored.delivery.pickup is not None
        assert stored.delivery.pickup.wrong == number
        if number < MOST_WRONG:
            desk.clock.at += PAUSES[number - 1] - timedelta(milliseconds=1)
            assert await refused(worker.reveal(by_code(found, found.pickup))), "the right code, a moment too early"
            desk.clock.at += timedelta(milliseconds=1)
            ahead.append(PAUSES[number - 1])
    assert ahead == sorted(set(ahead))
    assert is_locked(stored.delivery.pickup)
    assert (stored.due and stored.due.step, stored.due and stored.due.at) == ("remind", desk.clock.at)
    for _ in range(3):
        pauses(desk)
        assert await refused(worker.reveal(by_code(found, found.pickup))), "locked is locked"
    assert tries(desk) == {Did.CODE_WRONG: MOST_WRONG}
    seconds = [int(each.total_seconds()) for each in ahead]
    say(f"brute force: {MOST_WRONG} wrong codes with pauses of {seconds} s between, then locked")


async def test_the_code_is_brought_once_and_no_lock_throws_out_who_has(say: Callable[[str], None]) -> None:
    """With the visit that brought it, everything is asked without it; others' wrong codes do not end that."""
    desk = Desk()
    found, worker = desk.place(BY_HIRE), desk.worker()
    mine, same = visit(), claim()
    assert await refused(worker.state(by_code(found, None, visit=mine))), "a visit is nothing before the code"
    seen = await worker.state(by_code(found, found.pickup, visit=mine))
    assert seen.state is State.OPEN
    for _ in range(MOST_WRONG + 1):
        pauses(desk)
        assert await refused(worker.reveal(by_code(found, wrong(found))))
    assert await refused(worker.reveal(by_code(found, found.pickup))), "another browser comes too late"
    shown = await worker.reveal(by_code(found, None, visit=mine, claim=same))
    assert isinstance(shown, Shown)
    assert shown.code.reveal() == found.code
    again = await worker.reveal(by_code(found, None, visit=mine, claim=same))
    assert isinstance(again, Shown)
    stored = row(desk, found)
    assert stored.claim is not None
    assert (stored.status, stored.claim.by) == (Status.OPENED, stored.subject and stored.subject.id)
    for short in ({"link_key": OTHER_KEY}, {"link_key": None}, {"visit": visit()}, {"visit": None}):
        assert await refused(worker.reveal(by_code(found, None, **{"visit": mine, "claim": same} | short))), short
    await worker.finish(by_code(found, None, visit=mine, claim=same))
    over = await worker.reveal(by_code(found, None, visit=mine, claim=same))
    assert isinstance(over, View)
    say("pick-up codes: one brought, then locked by others, the visit that brought it is let in, and no replay of it")


async def test_without_the_link_no_code_counts(say: Callable[[str], None]) -> None:
    """Codes with a wrong key, with none, for another's link: the row is as it was, however many come."""
    desk = Desk()
    found, worker = desk.place(BY_HIRE), desk.worker()
    before = dict(desk.row(found))
    others = desk.place()
    for number in range(100):
        code = found.pickup if number % 2 else wrong(found)
        assert await refused(worker.reveal(by_code(found, code, link_key=new_key_pair()[0])))
        assert await refused(worker.reveal(by_code(found, code, link_key=None)))
        assert await refused(worker.reveal(by_code(found, code, onboarding=others.row.id)))
        assert await refused(worker.reveal(by_code(found, code, visit=None))), "nobody to whom it could be bound"
    assert dict(desk.row(found)) == before
    assert tries(desk) == {}
    seen = await worker.state(by_code(found, found.pickup))
    assert seen.state is State.OPEN, "whoever has both is not held up"
    say("locks as a weapon: 400 codes without the link, none counted")


async def test_a_link_that_leaked_opens_nothing_without_the_code(say: Callable[[str], None]) -> None:
    """A colleague with the hire's link, signed in, the manager himself among them: no sign-in is the proof of it."""
    desk = Desk()
    found, worker = desk.place(BY_HIRE), desk.worker()
    before = dict(desk.row(found))
    for ask in (worker.state, worker.reveal, worker.finish):
        assert await refused(ask(presented(found)))
        assert await refused(ask(by_code(found, None)))
        assert await refused(ask(presented(found, visit=visit())))
    entras, worker = desk.place(), desk.worker()
    assert await refused(worker.reveal(by_code(entras, new_code(), principal=None))), "nor is a code that of another's"
    assert dict(desk.row(found)) == before
    say("leaked link: 10 askings with sign-ins and without the code, none let in, none counted")


@pytest.mark.parametrize("right_among_them", [False, True], ids=["all wrong", "one right"])
async def test_eight_clients_at_once_have_no_sixth_try(right_among_them: bool, say: Callable[[str], None]) -> None:
    """Each is a worker of its own, and all read before any writes: of those sent at once one counts, and five in all.

    Where one of them is right, it may win instead; then it is that one try, and no other is learnt of.
    """
    desk = Desk()
    for _ in range(ROUNDS):
        found = desk.place(BY_HIRE)
        workers = [desk.worker() for _ in range(CLIENTS)]
        before, let_in = tries(desk), 0
        for _ in range(MOST_WRONG + 2):
            codes = [wrong(found) for _ in workers]
            if right_among_them:
                codes[-1] = found.pickup or codes[-1]
            asked = zip(workers, codes, strict=True)
            turned = await asyncio.gather(*(refused(worker.state(by_code(found, code))) for worker, code in asked))
            let_in += turned.count(False)
            pauses(desk)
        counted = tries(desk) - before
        assert counted[Did.CODE_WRONG] == MOST_WRONG
        assert let_in == counted[Did.CODE_BROUGHT]
        assert right_among_them or not let_in
    sent, counts = CLIENTS * ROUNDS * (MOST_WRONG + 2), tries(desk)[Did.CODE_WRONG]
    say(
        f"race of tries: {CLIENTS} clients at {ROUNDS} links, {sent} codes eight at a time, {counts} wrong ones counted"
    )


def dead_ends(desk: Desk) -> dict[str, Presented]:
    """Everything that a code can fall short by, each of its own kind."""
    found, signed = desk.place(BY_HIRE), desk.place()
    locked, paused = desk.place(BY_HIRE), desk.place(BY_HIRE)
    for one, count in ((locked, MOST_WRONG), (paused, 1)):
        delivery = one.row.delivery
        assert delivery is not None
        assert delivery.pickup is not None
        tried = replace(delivery, pickup=replace(delivery.pickup, wrong=count, wrong_at=AT))
        desk.keep(replace(one, row=replace(one.row, delivery=tried)))
    cancelled = desk.place(BY_HIRE, status=Status.CANCELLED, reason=Reason.REVOKED, ended_at=AT)
    return {
        "a wrong code": by_code(found, wrong(found)),
        "never existed": by_code(found, found.pickup, onboarding=found.row.id[0] + "f" * 24),
        "no id at all": by_code(found, found.pickup, onboarding="../o|1"),
        "another key": by_code(found, found.pickup, link_key=OTHER_KEY),
        "no key": by_code(found, found.pickup, link_key=None),
        "no visit": by_code(found, found.pickup, visit=None),
        "for a sign-in": by_code(signed, new_code()),
        "for a sign-in, signed in": by_code(signed, new_code(), link_key=OTHER_KEY, principal=manager()),
        "in the pause": by_code(paused, paused.pickup),
        "locked": by_code(locked, locked.pickup),
        "cancelled, a wrong code": by_code(cancelled, wrong(cancelled)),
    }


async def test_every_code_that_is_refused_takes_the_same_work(
    monkeypatch: pytest.MonkeyPatch, say: Callable[[str], None]
) -> None:
    """Two reads, two codes of rows, one key, one hash, one transaction: counted or not, right or wrong."""
    done: Counter[str] = Counter()

    def counted[**P, R](name: str, work: Callable[P, R]) -> Callable[P, R]:
        def wrapped(*args: P.args, **named: P.kwargs) -> R:
            done[name] += 1
            return work(*args, **named)

        return wrapped

    monkeypatch.setattr(row_codes, "_code", counted("code", row_codes._code))
    monkeypatch.setattr(proof, "fits", counted("key", fits))
    monkeypatch.setattr(pickup, "_derived", counted("hash", pickup._derived))
    desk = Desk()
    worker = desk.worker()
    for one in dead_ends(desk).values():
        await refused(worker.state(replace(one, code=None)))  # Every shard gets its stand-in.
    asked: tuple[Callable[[Collecting], Callable[[Presented], Awaitable[Any]]], ...] = (
        lambda worker: worker.state,
        lambda worker: worker.reveal,
        lambda worker: worker.finish,
    )
    for ask in map(partial, asked):
        for name, one in dead_ends(desk).items():
            await refused(worker.state(replace(one, code=None)))
            done.clear()
            desk.table.reads = desk.table.writes = 0
            assert await refused(ask(worker)(one)), name
            found = (desk.table.reads, done["code"], done["key"], done["hash"], desk.table.writes)
            assert found == (2, 2, 1, 1, 1), name
    say("refused codes: 11 kinds × 3 questions, each 2 reads, 1 key, 1 hash, 1 transaction")


async def test_nobody_but_its_holder_learns_that_a_code_can_be_had_anew(
    monkeypatch: pytest.MonkeyPatch, say: Callable[[str], None]
) -> None:
    """A locked link asked about by others, links without a code, links that never were: one answer, the same work."""
    checked: list[object] = []
    code = row_codes._code
    monkeypatch.setattr(row_codes, "_code", lambda *args: checked.append(args) or code(*args))
    desk = Desk()
    found, signed = desk.place(BY_HIRE), desk.place()
    delivery = found.row.delivery
    assert delivery is not None
    assert delivery.pickup is not None
    locked = replace(delivery, pickup=replace(delivery.pickup, wrong=MOST_WRONG, wrong_at=AT))
    desk.keep(replace(found, row=replace(found.row, delivery=locked)))
    holder = BY_HIRE.id
    asked = {
        "another person": (found.row.id, somebody("33333333-0000-4000-8000-000000000003")),
        "the hire": (found.row.id, somebody(delivery.subject)),
        "an app": (found.row.id, somebody(holder, is_person=False)),
        "a guest": (found.row.id, somebody(holder, is_guest=True)),
        "for a sign-in": (signed.row.id, somebody(holder)),
        "never existed": (found.row.id[0] + "f" * 24, somebody(holder)),
        "no id at all": ("../o|1", somebody(holder)),
    }
    codes = FreshCodes(Registry(Store(desk.table, CODES, desk.clock), None, None), desk.clock)  # type: ignore[arg-type]
    for onboarding, who in asked.values():
        await refused(codes.look(onboarding, who))  # Every shard gets its stand-in.
    for name, (onboarding, who) in asked.items():
        for ask in (codes.look, codes.ask):
            checked.clear()
            desk.table.reads = desk.table.writes = 0
            assert await refused(ask(onboarding, who)), name
            assert (desk.table.reads, len(checked), desk.table.writes) == (2, 1, 0), name
    assert await codes.look(found.row.id, somebody(holder)) is Standing.LOCKED
    say(f"fresh codes: {len(asked)} kinds × 2 questions, each 2 reads and 1 code, none told anything")


async def test_no_code_is_ever_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Wrong, right, locked, and conflicts: neither a code nor a visit nor a hash of one is in what is logged."""
    caplog.set_level(logging.DEBUG)
    desk = Desk()
    found, mine = desk.place(BY_HIRE), visit()
    codes = [wrong(found) for _ in range(MOST_WRONG)]
    asked = [by_code(found, found.pickup, visit=mine), *(by_code(found, code) for code in codes)]
    for one in asked:
        await refused(desk.worker().state(one))
        pauses(desk)
    delivery = row(desk, found).delivery
    assert delivery is not None
    assert delivery.pickup is not None
    written = caplog.text + repr(asked) + repr(delivery)
    for secret in (found.pickup, *codes, mine, found.key):
        assert secret is not None
        assert secret.reveal() not in written
    assert delivery.pickup.code.hash not in written
