"""Random lives, thousands of them: whatever happens in whatever order, the principles hold after each step."""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.onboarding.audit.census import Census
from shared.onboarding.model import Onboarding, Route, Status
from shared.passes.ownership import is_ours
from shared.sources.hire import EventKind
from tests.model import steps as happen
from tests.model.steps import Step
from tests.model.tenant import Fault, Held
from tests.model.wire import Trouble
from tests.model.world import HIRES, World

NOBODY_MAY_USE = frozenset({Status.CANCELLED, Status.FAILED, Status.EXPIRED})

who = st.sampled_from(sorted(HIRES))
posts = st.builds(
    happen.Posts,
    who,
    st.sampled_from([EventKind.CREATED, EventKind.CREATED, EventKind.UPDATED, EventKind.CANCELLED]),
    st.sampled_from([0, 1, 2, 5]),
    st.sampled_from([None, "13:00"]),
    st.sampled_from([0, 0, 0, 90]),
)
time_goes_by = st.builds(happen.Waits, st.sampled_from([None, None, None, 1, 3, 45, 600, 1500]))
changes = st.sampled_from(
    [
        "gives a role, or takes it",
        "disables the account, or enables it",
        "changes the manager",
        "switches the policy",
        "makes a pass by hand",
    ]
)
step = st.one_of(
    posts,
    time_goes_by,
    time_goes_by,
    st.builds(happen.MorningComes, who),
    st.builds(happen.MorningComes, who),
    st.builds(happen.PostsAgain),
    st.builds(happen.Asks, who, st.sampled_from([Route.MANAGER, Route.MANAGER, Route.DESK])),
    st.builds(
        happen.Orders, who, st.sampled_from(["resend", "resend and replace", "revoke", "confirm", "retry", "retry"])
    ),
    st.builds(happen.PullsTheBrake),
    st.builds(
        happen.Collects,
        st.sampled_from(["The manager", "The manager", "A stranger", "Anna"]),
        st.booleans(),
        st.sampled_from([1, 2]),
    ),
    st.builds(happen.Collects, st.just("The manager"), st.just(value=True), st.sampled_from([1, 2])),
    st.builds(happen.SignsIn, who),
    st.builds(happen.Changes, who, changes),
    st.builds(
        happen.Fails,
        st.sampled_from(["look", "create", "create", "delete", "mail", "assign", "directory", "policy"]),
        st.sampled_from(Fault),
    ),
    st.builds(
        happen.Breaks,
        st.one_of(st.sampled_from(Trouble), st.integers(1, 60), st.sampled_from(["lost", "doubled", "poisoned"])),
    ),
)
life = st.tuples(posts, st.lists(step, min_size=4, max_size=25)).map(lambda parts: [parts[0], *parts[1]])
BRIEF = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
LONG = settings(BRIEF, max_examples=10_000, derandomize=False)
seen: Counter[str] = Counter()


def lives(happenings: list[Step]) -> None:
    """Live a life and see that the principles hold; a failure tells the story."""
    world = World()
    try:
        for one in happenings:
            world.tell(one.tell())
            one.act(world)
            check(world)
        end(world)
    except Exception as error:
        error.add_note("\n".join(["The story:", *world.story, *map(_stands, world.rows())]))
        raise
    finally:
        seen.update(
            entity["what"] for (_, key), entity in world.tables.onboardings.rows.items() if key.startswith("a|")
        )
        seen["sequences"] += 1
        seen["steps"] += len(happenings)
        world.close()


def check(world: World) -> None:
    """See the principles that hold at every moment."""
    assert world.tenant.wrongs == []
    rows = world.rows()
    for row in rows:
        assert (row.due is None) == (row.forgotten and not row.doomed), f"{row.id} has come to nothing"
        assert row.reason is not None or row.status not in {Status.WAITING, *NOBODY_MAY_USE}, "no reason is given"
        _check_window(row)
        _check_the_tenant_agrees(world, row)
    for user, held in world.tenant.live().items():
        owners = [row for row in rows if row.subject and row.subject.id == user and is_ours(held.record, row)]
        assert owners, "a pass of ours is live, and no row knows of it"


def _check_window(row: Onboarding) -> None:
    if row.status is Status.ISSUED and row.issued is not None and row.plan is not None:
        assert row.issued.valid_from >= row.plan.wanted - timedelta(hours=1), "valid before its day"
        assert row.issued.valid_until == row.plan.closes, "the window does not end with the pass"


def _check_the_tenant_agrees(world: World, row: Onboarding) -> None:
    """What stands as issued, with no question open, is what Graph holds, unless somebody else replaced it."""
    if row.status is not Status.ISSUED or row.attempts or row.issued is None or row.subject is None:
        return
    held = world.tenant.passes.get(row.subject.id)
    assert held is not None, "issued, and Graph holds no pass"
    assert held.record.id == row.issued.id or not _same_owner(world, held, row), "issued, and Graph holds another"


def _same_owner(world: World, held: Held, row: Onboarding) -> bool:
    others = [one for one in world.rows() if one.id != row.id and is_ours(held.record, one)]
    return held.ours and not others


def end(world: World) -> None:
    """Mend everything, let the work come to rest, then let two months go by: nothing of ours is left anywhere."""
    world.mend()
    world.tell("Everything works again.")
    for _ in range(4):
        world.wait(timedelta(minutes=10))
        check(world)
    rows = world.rows()
    for user, held in world.tenant.live().items():
        owners = [row for row in rows if row.subject and row.subject.id == user and is_ours(held.record, row)]
        assert any(row.status not in NOBODY_MAY_USE for row in owners), "a pass is live whose onboarding is over"
    _check_nothing_in_clear(world)
    check_audit(world)
    for _ in range(60):
        due = world.next_due()
        if due is None:
            break
        world.wait(max(due - world.now, timedelta(hours=5)))
        check(world)
    check_audit(world)
    assert world.next_due() is None, "something is due for ever"
    assert all(row.erased and row.subject is None for row in world.rows())


def check_audit(world: World) -> None:
    """See that no audit was cut, changed or lengthened."""
    audits = world.do(Census(world.tables.onboardings).audit(world.now))  # type: ignore[arg-type]
    assert audits is not None
    assert [audit.breaks for audit in audits if audit.breaks] == []
    assert len(audits) == len(world.rows())


def _check_nothing_in_clear(world: World) -> None:
    stored = repr([world.tables.onboardings.rows, world.tables.people.rows, world.tables.leases.rows])
    letters = repr(world.queues.messages)
    for secret in {*world.codes, *(link.key for link in world.links())}:
        assert secret not in stored
        assert secret not in letters


def _stands(row: Onboarding) -> str:
    due = f"{row.due.step} at {row.due.at:%d %b %H:%M:%S}" if row.due else "nothing"
    return f"  {row.hire.display_name or row.id}: {row.status} {row.reason or ''} {row.detail}; due: {due}"


@pytest.fixture(autouse=True)
def counts(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Print how much was lived, past pytest's capture."""
    seen.clear()
    yield
    with capfd.disabled():
        sys.stderr.write(f"\n{seen['sequences']} lives of {seen['steps']} steps: {dict(seen)}\n")


@BRIEF
@given(life)
def test_the_principles_hold_in_any_life(happenings: list[Step]) -> None:
    """At most one live pass of ours, none when it is over, none for the wrong, dead links dead, and always a next."""
    lives(happenings)


@pytest.mark.torture
@LONG
@given(life)
def test_the_principles_hold_in_very_many_lives(happenings: list[Step]) -> None:
    """The same, ten thousand times, other lives at each run."""
    lives(happenings)
