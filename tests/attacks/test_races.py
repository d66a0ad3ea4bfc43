"""Many at once for one pass: exactly one claim wins, before anything is shown, and it may look again."""

import asyncio
from collections.abc import Callable

from shared.handover.answers import Shown, State, View
from tests.attacks.hand_overs import Desk, claim, presented

CLIENTS, PASSES = 8, 300


async def test_eight_clients_race_for_each_of_three_hundred_passes(say: Callable[[str], None]) -> None:
    """Each client is a worker of its own; all read before any writes. One is shown the pass, and may look again."""
    desk = Desk()
    workers = [desk.worker() for _ in range(CLIENTS)]
    conflicts = looks = 0
    for _ in range(PASSES):
        found = desk.place()
        asked = [presented(found, claim=claim()) for _ in workers]
        before = desk.table.reads
        answers = await asyncio.gather(*(w.reveal(one) for w, one in zip(workers, asked, strict=True)))
        conflicts += (desk.table.reads - before - 2 * CLIENTS) // 3
        shown = [number for number, answer in enumerate(answers) if isinstance(answer, Shown)]
        assert len(shown) == 1, "shown to more than one, or to none"
        (winner,) = shown
        for number, one in enumerate(asked):
            again = await workers[number - 1].reveal(one)
            looks += 1
            if number == winner:
                assert isinstance(again, Shown), "an honest second look came away empty-handed"
                assert again.code.reveal() == found.code
            else:
                assert isinstance(again, View)
                assert (again.state, again.mine) == (State.OPENED, False)
    assert conflicts == PASSES * (CLIENTS - 1), "that was no race"
    say(f"races: {CLIENTS} clients × {PASSES} passes, {conflicts} writes lost to another, {looks} second looks")


async def test_the_same_claim_sent_eight_times_at_once_is_shown_each_time(say: Callable[[str], None]) -> None:
    """A page that repeats its own request, answers lost on the way: it is one claim, and none of them is refused."""
    desk = Desk()
    for _ in range(PASSES // 10):
        found, mine = desk.place(), claim()
        workers = [desk.worker() for _ in range(CLIENTS)]
        answers = await asyncio.gather(*(worker.reveal(presented(found, claim=mine)) for worker in workers))
        assert all(isinstance(answer, Shown) for answer in answers)
    say(f"races: one claim sent {CLIENTS} times at once, {PASSES // 10} times")
