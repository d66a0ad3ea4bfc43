"""Writers of one profile at once: what Graph's replacing of the whole set leaves to be lost, and nothing besides."""

from collections.abc import Awaitable, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from types import coroutine
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.tenant.ports.people import Account, Privileges
from shared.tenant.ports.profiles import Profile
from shared.websignin.scope import ScopeOutcome, bring_into_scope
from shared.websignin.sought import web_sign_in

OURS = ("2f1b7c9e-0000-4000-8000-0000000000aa", "2f1b7c9e-0000-4000-8000-0000000000bb")
THEIRS = ("g1", "g2", "g3")
type Assigned = tuple[Mapping[str, Any], ...]


def to_group(group: str) -> Mapping[str, Any]:
    """Return an assignment to a group."""
    return {"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": group}}


def groups(assigned: Assigned) -> set[str]:
    """Return the groups assigned."""
    return {each["target"]["groupId"] for each in assigned}


@coroutine
def turn() -> Generator[None]:
    """Let the schedule decide who goes on."""
    yield


@dataclass
class Intune:
    """One profile. `history`: the set after each write; every request takes a turn and is then carried out at once."""

    history: list[Assigned] = field(default_factory=lambda: [(to_group("g1"), to_group("g2"))])

    def put(self, assigned: Assigned) -> None:
        """Replace the whole set."""
        self.history.append(assigned)


@dataclass
class Writer:
    """The app's ways to Intune and Entra. `writes`: what the last read had shown, when and what it then wrote."""

    intune: Intune
    read_at: int = 0
    writes: list[tuple[int, int]] = field(default_factory=list)

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        await turn()
        self.read_at = len(self.intune.history) - 1
        return (Profile("p", id_or_name, "windows10", web_sign_in=True, assignments=self.intune.history[-1]),)

    async def assign(self, profile_id: str, assignments: Assigned) -> None:
        await turn()
        assert profile_id == "p"
        self.intune.put(assignments)
        self.writes.append((self.read_at, len(self.intune.history) - 1))

    async def make(self, body: Mapping[str, Any]) -> str:
        raise NotImplementedError

    async def filter_rule(self, filter_id: str) -> str | None:
        raise NotImplementedError

    async def group_exists(self, group_id: str) -> bool:
        return group_id in OURS

    async def find_accounts(
        self, *, user_principal_name: str | None, number_attribute: str, number: str | None
    ) -> tuple[Account, ...]:
        raise NotImplementedError

    async def account(self, user_id: str) -> Account | None:
        raise NotImplementedError

    async def privileges(self, user_id: str) -> Privileges:
        raise NotImplementedError


async def bring(writer: Writer, group: str, lease: AbstractAsyncContextManager[object] | None = None) -> ScopeOutcome:
    """Bring a group of ours into scope."""
    result = await bring_into_scope(writer, writer, profile=web_sign_in("Web sign-in"), group_id=group, lease=lease)
    return result.outcome


class TakenError(Exception):
    """The other writer holds the lease."""


def lease_of(holders: list[str], group: str) -> AbstractAsyncContextManager[object]:
    """Return the lease of the profile as the app has it: whoever comes second goes away."""

    @asynccontextmanager
    async def held() -> Any:
        if holders:
            raise TakenError
        holders.append(group)
        try:
            yield
        finally:
            holders.remove(group)

    return held()


async def third_party(intune: Intune, edits: list[tuple[str, str, bool]]) -> None:
    """Another tool: it reads, adds or removes one of its groups, and writes, with or without a turn in between."""
    for group, what, slow in edits:
        await turn()
        seen = intune.history[-1]
        if slow:
            await turn()
        rest = tuple(each for each in seen if groups((each,)) != {group})
        intune.put((*rest, to_group(group)) if what == "add" else rest)


def play(schedule: list[int], *parts: Awaitable[object]) -> None:
    """Let the parts take turns as the schedule says, then each to its end."""
    running = {index: part.__await__() for index, part in enumerate(parts)}
    for choice in (*schedule, *range(100 * len(parts))):
        if not running:
            break
        index = sorted(running)[choice % len(running)]
        try:
            next(running[index])
        except (StopIteration, TakenError):
            del running[index]
    assert not running


edits = st.lists(
    st.tuples(st.sampled_from(THEIRS), st.sampled_from(["add", "remove"]), st.booleans()), min_size=1, max_size=5
)
schedules = st.lists(st.integers(0, 2), max_size=30)


@given(schedules, edits, st.booleans())
def test_two_of_ours_and_a_third_party_lose_nothing_but_what_replacing_makes_impossible_to_see(
    schedule: list[int], theirs: list[tuple[str, str, bool]], leased: bool
) -> None:
    """Both our groups end in scope; nobody's assignment is dropped or brought back by us that we could have seen.

    With the lease, and without, as when it has run out under a slow writer. What was read is always written, with our
    group and nothing else; so what a write of ours undoes was done between its read and itself, and stood in no answer.
    """
    intune = Intune()
    writers = [Writer(intune), Writer(intune)]
    holders: list[str] = []
    leases = [lease_of(holders, group) if leased else None for group in OURS]
    ways = [bring(*each) for each in zip(writers, OURS, leases, strict=True)]
    play(schedule, *ways, third_party(intune, theirs))
    play([], bring(writers[0], OURS[0]))  # the next look at each hire
    play([], bring(writers[1], OURS[1]))
    assert set(OURS) <= groups(intune.history[-1])
    for writer, group in zip(writers, OURS, strict=True):
        for read_at, wrote_at in writer.writes:
            read, wrote, replaced = (intune.history[at] for at in (read_at, wrote_at, wrote_at - 1))
            assert wrote == (*read, to_group(group))
            unseen = range(read_at + 1, wrote_at)
            if not unseen:
                assert groups(wrote) - groups(replaced) == {group}
                assert groups(replaced) <= groups(wrote)
            elif leased:
                assert not any(at == other for at in unseen for _, other in writers[group == OURS[0]].writes)


@given(schedules, edits)
def test_nothing_is_written_where_all_is_in_scope(schedule: list[int], theirs: list[tuple[str, str, bool]]) -> None:
    """Whatever a third party does meanwhile, its edits are never raced without need."""
    intune = Intune([tuple(map(to_group, OURS))])
    writer = Writer(intune)
    play(schedule, bring(writer, OURS[0]), third_party(intune, theirs))
    assert writer.writes == []
