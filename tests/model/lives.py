"""Random lives: an opening in which something particular has happened, then anything in any order."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from hypothesis import strategies as st

from shared.handover.keys.pickup import MOST_WRONG
from shared.onboarding.collector import Route
from shared.sources.hire import EventKind
from tests.model.ends import end
from tests.model.faults import Fault
from tests.model.hires_link import AsksForFreshCode, Brings, Code
from tests.model.mishaps import Breaks, Change, Changes, Fails
from tests.model.people import AT_THE_DESK, Asks, Collects, Order, Orders, Press, PullsTheBrake, SignsIn
from tests.model.principles import check
from tests.model.steps import GoesOn, Point, Posts, PostsAgain, Step, Waits
from tests.model.wire import Trouble
from tests.model.world import BY_LINK_AND_CODE, HIRES, World

type Life = list[Step]

KINDS = [EventKind.CREATED, EventKind.CREATED, EventKind.UPDATED, EventKind.CANCELLED]
THEIRS = Collects("The manager", newest=True, browser=1)
LOCKED = [each for _ in range(MOST_WRONG) for each in (Brings(Code.WRONG, 2), Waits(1))]


def theirs(name: str) -> Step:
    """Say how the right person collects."""
    return Brings(Code.RIGHT, 1) if name == BY_LINK_AND_CODE else THEIRS


def openings(name: str, start: Posts) -> Mapping[str, Life]:
    """List how the life of a hire may begin: places where much can go wrong, reached on the way."""
    asked_for, collected = GoesOn(name, Point.ASKED_FOR), [start, GoesOn(name, Point.OPEN), theirs(name)]
    return {
        "announced": [start],
        "the link is out": [start, GoesOn(name, Point.LINK_OUT)],
        "the pass is made": [start, GoesOn(name, Point.MADE)],
        "the pass is opened": collected,
        "the hire has signed in": [*collected, SignsIn(name), GoesOn(name, Point.OVER)],
        "nobody came": [start, GoesOn(name, Point.OVER)],
        "asked for by hand": [Asks(name, Route.MANAGER)],
        "asked for by hand and again, the first request still open": [
            *(Fails("create", Fault.DEADLY), Asks(name, Route.MANAGER), Waits(None))
        ],
        "the answer of the request got lost": [start, Fails("create", Fault.LOST), asked_for],
        "the request may yet be carried out": [start, Fails("create", Fault.LATE), asked_for],
        "the worker died over the request": [start, Fails("create", Fault.DEADLY), asked_for],
        "asked again, the first request still open": [start, Fails("create", Fault.DEADLY), asked_for, Waits(None)],
        "asked again in vain, the first request still open": [
            *(start, Fails("create", Fault.DEADLY), Fails("create", Fault.THROTTLED)),
            *(asked_for, Waits(None)),
        ],
        "put back to work, the request still open": [
            *(start, Fails("create", Fault.LATE), asked_for),
            *(Orders(name, Order.RETRY), Waits(None)),
        ],
    }


def turns(name: str) -> list[Life]:
    """List what may come just then: whoever has a word in it, has it."""
    return [
        [Waits(None)],
        [Posts(name, EventKind.UPDATED, 5, None, 0)],
        [Posts(name, EventKind.UPDATED, 0, "13:00", 0)],
        [Posts(name, EventKind.UPDATED, 5, None, 90)],
        [Posts(name, EventKind.CREATED, 0, None, 0)],
        [Posts(name, EventKind.CANCELLED, 1, None, 0)],
        *([Orders(name, order)] for order in Order),
        [PullsTheBrake()],
        [Changes(name, Change.BY_HAND), GoesOn(name, Point.ASKED_FOR)],
        [Changes(name, Change.MANAGER), GoesOn(name, Point.MADE)],
        [Collects("The manager", newest=True, browser=1), Collects("The manager", newest=True, browser=2)],
        [Collects("A stranger", newest=True, browser=2)],
        [Collects("The manager", newest=True, browser=1, press=Press.ANEW)],
    ]


def turns_of_a_code() -> list[Life]:
    """List what may come just then on a hire's own link."""
    manager, stranger = AsksForFreshCode("The manager"), AsksForFreshCode("A stranger")
    return [
        [Brings(Code.WRONG, 1), Brings(Code.RIGHT, 1), Waits(1)],
        [Brings(Code.RIGHT, 2), Brings(Code.NONE, 1), Collects("The manager", newest=True, browser=2)],
        [*LOCKED, Brings(Code.RIGHT, 2), stranger, manager],
        [*LOCKED, Breaks("lost"), manager, Waits(None), Brings(Code.OLD, 1)],
        [*LOCKED, Orders(BY_LINK_AND_CODE, Order.RESEND), Brings(Code.OLD, 1)],
        [*LOCKED, Posts(BY_LINK_AND_CODE, EventKind.UPDATED, 5, None, 0)],
        [Brings(Code.RIGHT, 1), Brings(Code.NONE, 1, Press.ANEW), Brings(Code.RIGHT, 2)],
        [Changes(BY_LINK_AND_CODE, Change.ADDRESS), Waits(None), THEIRS],
        [Changes(BY_LINK_AND_CODE, Change.MANAGER), Waits(None), manager, Brings(Code.OLD, 1)],
        [Breaks(3), Brings(Code.RIGHT, 1)],
        [Breaks(Trouble.LOST), Brings(Code.RIGHT, 1), Brings(Code.NONE, 1)],
        [Fails("mail", Fault.LOST), *LOCKED, manager, Waits(None)],
    ]


def pairs_of_a_code(opening: str) -> Iterator[Life]:
    """Yield the same for the hire who has a link and a code, and what may happen to those."""
    start = Posts(BY_LINK_AND_CODE, EventKind.CREATED, 1, None, 0)
    begins = openings(BY_LINK_AND_CODE, start)[opening]
    for then in turns_of_a_code():
        yield [*begins, *then, Waits(None), GoesOn(BY_LINK_AND_CODE, Point.OPEN), Brings(Code.RIGHT, 1)]


def pairs(opening: str) -> Iterator[Life]:
    """Yield a life with this opening for each turn that it may take, and see how it goes on."""
    start = Posts("Anna", EventKind.CREATED, 1, None, 0)
    begins = openings("Anna", start)[opening]
    for then in turns("Anna"):
        yield [*begins, *then, Waits(None), GoesOn("Anna", Point.OPEN), THEIRS]


OPENINGS = tuple(openings("Anna", Posts("Anna", EventKind.CREATED, 1, None, 0)))


def anything(who: st.SearchStrategy[str]) -> st.SearchStrategy[Step]:
    """Draw any step, for one of these."""
    return st.one_of(
        st.builds(
            Posts,
            who,
            st.sampled_from(KINDS),
            st.sampled_from([0, 1, 2, 5]),
            st.sampled_from([None, "13:00"]),
            st.sampled_from([0, 0, 0, 90]),
        ),
        st.builds(Waits, st.sampled_from([None, None, None, 1, 3, 45, 600, 1500])),
        st.builds(Waits, st.none()),
        st.builds(GoesOn, who, st.sampled_from(Point)),
        st.builds(PostsAgain),
        st.builds(Asks, who, st.sampled_from([Route.MANAGER, Route.MANAGER, Route.DESK])),
        st.builds(Orders, who, st.sampled_from(Order)),
        st.builds(PullsTheBrake),
        st.builds(Collects, st.just("The manager"), st.just(value=True), st.sampled_from([1, 2])),
        st.builds(
            Collects,
            st.sampled_from(["The manager", "A stranger", "Anna", AT_THE_DESK]),
            st.booleans(),
            st.sampled_from([1, 2]),
            st.sampled_from([Press.SHOW, *Press]),
        ),
        st.builds(Brings, st.sampled_from(Code), st.sampled_from([1, 2]), st.sampled_from([Press.SHOW, *Press])),
        st.builds(AsksForFreshCode, st.sampled_from(["The manager", "A stranger"])),
        st.builds(SignsIn, who),
        st.builds(Changes, who, st.sampled_from(Change)),
        st.builds(
            Fails,
            st.sampled_from(["look", "create", "create", "delete", "mail", "assign", "directory", "policy"]),
            st.sampled_from(Fault),
        ),
        st.builds(
            Breaks,
            st.one_of(st.sampled_from(Trouble), st.integers(1, 60), st.sampled_from(["lost", "doubled", "poisoned"])),
        ),
    )


MORE = {
    name: st.lists(anything(st.sampled_from([name, name, *sorted(HIRES)])), min_size=2, max_size=14) for name in HIRES
}
"""What comes then, mostly to the same hire; made once, for it costs as much as a tenth of a life."""


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Draw a life: how it begins, what comes just then, then anything, mostly to the same hire."""
    name = draw(st.sampled_from(sorted(HIRES)))
    start = Posts(name, EventKind.CREATED, draw(st.sampled_from([0, 1, 2])), None, 0)
    begins = openings(name, start)[draw(st.sampled_from(OPENINGS))]
    then = draw(st.sampled_from(turns(name) + turns_of_a_code() if name == BY_LINK_AND_CODE else turns(name)))
    return [*begins, *then, *draw(MORE[name])]


@contextmanager
def a_life(happenings: Life) -> Iterator[World]:
    """Live a life to its end, seeing after each step that the principles hold, and give the world as it is then.

    A failure tells the story.
    """
    world = World()
    try:
        for one in happenings:
            world.tell(one.tell())
            one.act(world)
            check(world)
        end(world)
        yield world
    except Exception as error:
        error.add_note("\n".join(["The story:", *world.story, *world.standings()]))
        raise
    finally:
        world.close()


def live(happenings: Life) -> Counter[str]:
    """Live a life to its end, and return how often what was done."""
    with a_life(happenings) as world:
        return world.done() + Counter(sequences=1, steps=len(happenings))
