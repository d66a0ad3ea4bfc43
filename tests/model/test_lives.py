"""Random lives, thousands of them: whatever happens in whatever order, the principles hold after each step."""

import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings, target

from shared.sources.hire import EventKind
from tests.model.faults import Fault
from tests.model.lives import OPENINGS, Life, live, lives, pairs, pairs_of_a_code
from tests.model.mishaps import Breaks, Change, Changes, Fails
from tests.model.people import Collects, Press
from tests.model.steps import GoesOn, Point, Posts, Waits
from tests.model.wire import Trouble

BRIEF = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.target, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
PARTS = 10
LONG = settings(BRIEF, max_examples=10_000 // PARTS, derandomize=False)
MOMENTS = 60
"""More than an announced hire takes who is due at once."""
seen: Counter[str] = Counter()


@pytest.fixture(autouse=True)
def counts(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Print how much was lived, past pytest's capture."""
    seen.clear()
    yield
    with capfd.disabled():
        sys.stderr.write(f"\n{seen.pop('sequences')} lives of {seen.pop('steps')} steps: {dict(seen)}\n")


def lived(happenings: Life) -> None:
    """Live a life; the more different things were done in it, the more like it are looked for."""
    done = live(happenings)
    target(float(len(done)), label="different things that were done")
    seen.update(done)


@pytest.mark.parametrize("opening", OPENINGS)
def test_the_principles_hold_whatever_comes_just_then(opening: str) -> None:
    """At each place where much can go wrong, whoever has a word in it has it: every pair of both, once."""
    for happenings in pairs(opening):
        seen.update(live(happenings))


@pytest.mark.parametrize("opening", ["the link is out", "the pass is made", "the pass is opened", "nobody came"])
def test_the_principles_hold_whatever_is_done_with_a_code(opening: str) -> None:
    """The same for a hire who has the link, and hears the code from the manager."""
    for happenings in pairs_of_a_code(opening):
        seen.update(live(happenings))


def test_nobody_stays_known_wherever_the_worker_is_cut_off() -> None:
    """A hire is announced, the worker dies at each moment of what follows, and the hire is called off."""
    announced, called_off = (Posts("Ben", kind, 0, None, 0) for kind in (EventKind.CREATED, EventKind.CANCELLED))
    for moment in range(1, MOMENTS):
        seen.update(live([Breaks(moment), announced, called_off]))


_TODAY = Posts("Anna", EventKind.CREATED, 0, None, 0)
_TWO_REFUSED = [Breaks(Trouble.REFUSED)] * 2
FOUND: dict[str, Life] = {
    "two sweeps are refused after the sealed pass was to go": [
        *(_TODAY, Waits(None), Collects("The manager", newest=True, browser=1), _TODAY, *_TWO_REFUSED, Waits(600))
    ],
    "the pass is made within two minutes of its start": [
        *(Posts("Anna", EventKind.CREATED, 1, None, 0), GoesOn("Anna", Point.LINK_OUT), Waits(None)),
        *(Posts("Anna", EventKind.CREATED, 0, "13:00", 0), Changes("Anna", Change.ROLE), _TODAY),
        *(Waits(None), Waits(None)),
    ],
    "another start, gone by, is heard of once it is over, and a fresh pass is asked for": [
        *(_TODAY, GoesOn("Anna", Point.OVER), Posts("Anna", EventKind.UPDATED, 0, "13:00", 0)),
        Collects("The manager", newest=False, browser=1, press=Press.ANEW),
    ],
    "a request got no answer, and a role stands against the hire until the hours end": [
        *(Posts("Anna", EventKind.CREATED, 1, None, 0), Fails("create", Fault.LOST)),
        *(GoesOn("Anna", Point.ASKED_FOR), Changes("Anna", Change.ROLE), Waits(600), Waits(None)),
    ],
}


@pytest.mark.parametrize("happenings", FOUND.values(), ids=FOUND)
def test_the_principles_hold_in_lives_that_were_misjudged(happenings: Life) -> None:
    """Lives that were well lived, and in which the model itself was wrong."""
    seen.update(live(happenings))


@pytest.mark.long
@BRIEF
@given(lives())
def test_the_principles_hold_in_any_life(happenings: Life) -> None:
    """At most one live pass of ours, none when it is over, none for the wrong, dead links dead, and always a next."""
    lived(happenings)


@pytest.fixture(params=range(PARTS))
def part() -> None:
    """Repeat a test, so that each time has its own end and its own counts."""


@pytest.mark.torture
@pytest.mark.usefixtures("part")
@LONG
@given(lives())
def test_the_principles_hold_in_very_many_lives(happenings: Life) -> None:
    """The same, ten thousand times in all, other lives at each run."""
    lived(happenings)
