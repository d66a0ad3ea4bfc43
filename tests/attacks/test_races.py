"""Many at once for one pass: exactly one claim wins, before anything is shown, and it may look again."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from shared.handover.collecting.answers import Shown, State, View
from tests.attacks.hand_overs import Desk, HandOver, claim, presented
from tests.attacks.placed import Answered, Crowd, made, signed_in, under_way_together
from tests.doorways.story import Story

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


@pytest.mark.parametrize(
    "passes",
    [pytest.param(12, id="a few"), pytest.param(PASSES, id="three hundred", marks=pytest.mark.torture)],
)
def test_eight_clients_race_over_http_for_each_pass(story: Story, say: Callable[[str], None], passes: int) -> None:
    """Two workers, real storage, eight connections: each pass is shown to one claim, and to that one ever again.

    Then all eight ask at once again: an honest second look is not made empty-handed by those who still try.
    """
    workers = [story.world.hosts[0], story.world.start_host()]
    headers = signed_in(story.world, story.company.token("jana.hoffmann@larkspur.example"))
    told, raced = Counter[str](), 0
    with Crowd.of(CLIENTS, workers, headers) as crowd:
        for found in made(story.world, passes):
            path = f"/pass/{found.row.id}/reveal"
            bodies = [{"key": found.key.reveal(), "claim": claim().reveal()} for _ in range(CLIENTS)]
            first, again = crowd.ask(path, bodies), crowd.ask(path, bodies)
            winner = shown_to_one(first, found)
            assert shown_to_one(again, found) == winner, "an honest second look came away empty-handed"
            assert {one.told["mine"] for one in (*first, *again) if one.status == 409} == {False}
            raced += under_way_together(first) > 1
            told.update(str(one.status) for one in (*first, *again))
    assert told == {"200": 2 * passes, "409": 2 * (CLIENTS - 1) * passes}
    assert raced > passes // 2, "that was no race"
    say(f"races over HTTP: {CLIENTS} clients × {passes} passes at two workers, {raced} with several under way at once")


def shown_to_one(answers: Sequence[Answered], found: HandOver) -> int:
    """See that one of them has the pass and the others the truth without it; return which one."""
    shown = [number for number, one in enumerate(answers) if one.status == 200]
    assert len(shown) == 1, "shown to more than one, or to none"
    assert answers[shown[0]].told["pass"] == found.code
    assert {one.told["state"] for one in answers if one.status == 409} == {"opened"}
    assert not [one for one in answers if one.status == 409 and "pass" in one.told]
    return shown[0]
