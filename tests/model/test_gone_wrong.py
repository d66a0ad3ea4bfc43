"""The worker dies at each moment of what is done about something that has gone wrong: it ends as if it had lived.

The kill test takes its points from ways that go well; here are the transitions that such ways do not have.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace

import pytest

from shared.onboarding.audit.record import Did
from shared.onboarding.statuses import Status
from shared.sources.hire import EventKind
from tests.model.faults import Fault
from tests.model.lives import THEIRS, Life, a_life, openings
from tests.model.mishaps import Breaks, Change, Changes, Fails
from tests.model.people import SignsIn
from tests.model.steps import GoesOn, Point, Posts, Step, Waits
from tests.model.world import World
from tests.survival.harness.walked import NOT_WALKED

TOMORROW = Posts("Anna", EventKind.CREATED, 1, None, 0)
TODAY = replace(TOMORROW, days=0)
MOVED = replace(TOMORROW, kind=EventKind.UPDATED, days=5)
CALLED_OFF = replace(TOMORROW, kind=EventKind.CANCELLED)
LINK_OUT, MADE, OPEN, OVER = (GoesOn("Anna", point) for point in (Point.LINK_OUT, Point.MADE, Point.OPEN, Point.OVER))
NEXT = Waits(None)
MADE_LATE = [TOMORROW, Fails("create", Fault.LATE), MADE]
COLLECTED = [TOMORROW, OPEN, THEIRS]

LIVES: Mapping[Did, Life] = {
    Did.MOVE_NOT_TOLD_YET: [TOMORROW, MADE, MOVED, Fails("mail", Fault.DOWN), NEXT],
    Did.NOT_TOLD_YET: [TOMORROW, LINK_OUT, Fails("mail", Fault.DOWN), CALLED_OFF, NEXT],
    Did.REVIEW_PUT_OFF: [TOMORROW, MADE, Fails("directory", Fault.DOWN), NEXT],
    Did.REVOKE_PUT_OFF: [TOMORROW, MADE, Fails("delete", Fault.DOWN), CALLED_OFF, NEXT],
    Did.VERIFY_PUT_OFF: [*MADE_LATE, Fails("look", Fault.DOWN), NEXT, NEXT],
    Did.LEAVE_PUT_OFF: [TOMORROW, MADE, Fails("leave", Fault.DOWN), CALLED_OFF, NEXT],
    Did.NOT_JOINED: [TOMORROW, Fails("join", Fault.REFUSED), MADE],
    Did.DEVICE_SIDE_WAITS: [TOMORROW, Fails("assign", Fault.DOWN), MADE],
    Did.METHODS_UNKNOWN: [*COLLECTED, Waits(90), SignsIn("Anna"), *([NEXT] * 6)],
    Did.STEP_FAILED: [TOMORROW, Breaks("poisoned"), NEXT, NEXT, NEXT],
    Did.USE_NOT_SEEN_YET: [*COLLECTED, NEXT, NEXT],
    Did.NOT_SIGNED_IN: [*COLLECTED, OVER],
    Did.SESSIONS_END: [*COLLECTED, Waits(90), SignsIn("Anna"), *([NEXT] * 24)],
    Did.ACCOUNT_FOUND: [Changes("Anna", Change.ENABLED), TOMORROW, NEXT, NEXT],
    Did.PEOPLE_CHANGED: [TOMORROW, LINK_OUT, Changes("Anna", Change.MANAGER), MADE],
    Did.HELD_BACK: [TOMORROW, MADE, Changes("Anna", Change.ROLE), NEXT],
    Did.PASS_OUTDATED: [TOMORROW, MADE, Changes("Anna", Change.ONE_TIME), NEXT],
    Did.PASS_REPLACED: [*MADE_LATE, Changes("Anna", Change.BY_HAND), NEXT, NEXT],
    Did.PASS_OVERTAKEN: [*openings("Anna", TOMORROW)["the worker died over the request"], *([NEXT] * 4)],
    Did.PRIVILEGE_SEEN: [*COLLECTED, Changes("Anna", Change.ROLE), NEXT, NEXT],
    Did.EVENT_FAILED: [TOMORROW, replace(TOMORROW, kind=EventKind.UPDATED, hour="25:00")],
    Did.EVENT_LONG_PAST: [TOMORROW, replace(TOMORROW, kind=EventKind.UPDATED, days=-9)],
    Did.EVENT_AFTER_END: [TODAY, OVER, replace(TODAY, kind=EventKind.UPDATED, hour="13:00")],
    Did.HOURS_GONE_BY: [Changes("Anna", Change.ENABLED), TOMORROW, *([Waits(1500)] * 3)],
}
NOT_LIVED = frozenset({Did.BROUGHT_FORWARD, Did.ROUTE_SHUT, Did.MAIL_OVERTAKEN, Did.ROW_PUT_ASIDE})
"""One transaction each, over what a world of three hires has not: a crowd, a text, a race with a mail, a thief."""


def place(did: Did, life: Life) -> tuple[int, int]:
    """Go on until it is done; return with which step that was, and how many moments the step took."""
    world = World()
    try:
        for index, step in enumerate(life):
            before = world.wire.passed
            step.act(world)
            if world.done()[did]:
                return index, world.wire.passed - before
    finally:
        world.close()
    raise AssertionError(f"it never came to: {did}")


def ends_as(life: Life) -> list[Status]:
    """Live a life to its end, the principles holding at every step, and return what became of its onboardings."""
    with a_life(life) as world:
        return [row.status for row in world.rows()]


def killed(life: Life, index: int, moment: int) -> Life:
    """Let the worker die in this step, at this moment of it."""
    death: Step = Breaks(moment)
    return [*life[:index], death, *life[index:]]


def test_whatever_no_way_walks_is_lived_here() -> None:
    """What the kill test leaves out stands here, or is named."""
    assert set(LIVES) | NOT_LIVED == NOT_WALKED
    assert not NOT_LIVED.intersection(LIVES)


@pytest.mark.parametrize("every", [pytest.param(12, id="short"), pytest.param(1, id="all", marks=pytest.mark.torture)])
@pytest.mark.parametrize("did", LIVES)
def test_a_death_over_what_went_wrong_changes_no_end(capfd: pytest.CaptureFixture[str], did: Did, every: int) -> None:
    """At each moment of the step that does it: the principles hold, and the end is the same."""
    life = LIVES[did]
    index, moments = place(did, life)
    undisturbed = ends_as(life)
    chosen = range(1, moments + 1, every)
    for moment in chosen:
        assert ends_as(killed(life, index, moment)) == undisturbed, f"killed at moment {moment} of {moments}"
    with capfd.disabled():
        sys.stderr.write(f"\n{did}: killed at {len(chosen)} of {moments} moments\n")
