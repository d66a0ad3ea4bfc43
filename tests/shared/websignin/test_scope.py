"""Bringing a group into scope: read, merge, one write, read back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest

from shared.tenant.errors import TenantUnavailableError
from shared.tenant.ports.people import Account, Privileges
from shared.tenant.ports.profiles import Profile
from shared.websignin.merge import How
from shared.websignin.scope import ROUNDS, ScopeOutcome, ScopeResult, bring_into_scope
from shared.websignin.sought import Sought, companion, web_sign_in

GROUP = "2f1b7c9e-0000-4000-8000-0000000000aa"
OTHERS: tuple[Mapping[str, Any], ...] = (
    {"id": "1", "target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "g1"}},
    {"id": "2", "target": {"@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": "g2"}},
)
PROFILE = Profile("p1", "Enable Web Sign-in", "windows10", web_sign_in=True, assignments=OTHERS)
FILTER = {
    "deviceAndAppManagementAssignmentFilterId": "f1",
    "deviceAndAppManagementAssignmentFilterType": "include",
}


def assigned(kind: str, **properties: str) -> Profile:
    """Return the profile with one assignment, which names our group."""
    target = {"@odata.type": f"#microsoft.graph.{kind}", "groupId": GROUP, **properties}
    return replace(PROFILE, assignments=({"target": target},))


@dataclass
class FakeProfiles:
    """Replaces the whole set on assign, as Graph does. `meanwhile` is another tool, at work after each write."""

    held: tuple[Profile, ...] = (PROFILE,)
    writes: list[tuple[Mapping[str, Any], ...]] = field(default_factory=list)
    meanwhile: Callable[[tuple[Mapping[str, Any], ...]], tuple[Mapping[str, Any], ...]] = lambda whole: whole
    broken: bool = False
    rules: Mapping[str, str] = field(default_factory=dict)
    made: list[Mapping[str, Any]] = field(default_factory=list)

    async def make(self, body: Mapping[str, Any]) -> str:
        self.made.append(body)
        self.held = (replace(PROFILE, assignments=()),)
        return "p1"

    async def filter_rule(self, filter_id: str) -> str | None:
        return self.rules.get(filter_id)

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        if self.broken:
            raise TenantUnavailableError("no")
        return tuple(profile for profile in self.held if id_or_name in (profile.id, profile.name))

    async def assign(self, profile_id: str, assignments: tuple[Mapping[str, Any], ...]) -> None:
        assert profile_id == "p1"
        self.writes.append(assignments)
        self.held = (replace(self.held[0], assignments=self.meanwhile(assignments)),)


class FakeDirectory:
    """Knows groups and nothing else."""

    def __init__(self, *groups: str) -> None:
        self._groups = groups

    async def group_exists(self, group_id: str) -> bool:
        return group_id in self._groups

    async def find_accounts(
        self, *, user_principal_name: str | None, number_attribute: str, number: str | None
    ) -> tuple[Account, ...]:
        raise NotImplementedError

    async def account(self, user_id: str) -> Account | None:
        raise NotImplementedError

    async def privileges(self, user_id: str) -> Privileges:
        raise NotImplementedError


SOUGHT = web_sign_in("Enable Web Sign-in")


async def bring(profiles: FakeProfiles, profile: Sought = SOUGHT, group: str = GROUP) -> ScopeResult:
    """Do it in a tenant where the group exists."""
    return await bring_into_scope(profiles, FakeDirectory(GROUP), profile=profile, group_id=group)


async def test_the_group_is_added_by_one_write_and_not_again() -> None:
    """Others' assignments are written as they were read; the second time there is nothing to write."""
    profiles = FakeProfiles()
    result = await bring(profiles)
    assert (result.outcome, result.wrote) == (ScopeOutcome.IN_SCOPE, True)
    (written,) = profiles.writes
    assert written[:2] == OTHERS
    result = await bring(profiles)
    assert (result.outcome, result.wrote) == (ScopeOutcome.IN_SCOPE, False)
    assert len(profiles.writes) == 1


@pytest.mark.parametrize(
    ("held", "outcome", "says"),
    [
        ((), ScopeOutcome.NOT_FOUND, "Enable Web Sign-in"),
        ((PROFILE, replace(PROFILE, id="p2")), ScopeOutcome.AMBIGUOUS, "p1, p2"),
        ((replace(PROFILE, platforms="macOS"),), ScopeOutcome.WRONG_PLATFORM, "macOS"),
        ((replace(PROFILE, platforms=""),), ScopeOutcome.WRONG_PLATFORM, "not Windows"),
        ((replace(PROFILE, web_sign_in=False),), ScopeOutcome.SETTING_OFF, "does not enable"),
        ((replace(PROFILE, web_sign_in=None),), ScopeOutcome.SETTING_OFF, "does not contain"),
        ((assigned("exclusionGroupAssignmentTarget"),), ScopeOutcome.EXCLUDED, "excludes"),
        ((assigned("groupAssignmentTarget", **FILTER),), ScopeOutcome.UNCLEAR, "include filter f1"),
    ],
)
async def test_each_refusal_says_why_and_writes_nothing(
    held: tuple[Profile, ...], outcome: ScopeOutcome, says: str
) -> None:
    """What a person has to settle is left to a person."""
    profiles = FakeProfiles(held)
    result = await bring(profiles)
    assert result.outcome is outcome
    assert says in result.detail
    assert profiles.writes == []


async def test_a_group_that_is_gone_is_not_assigned() -> None:
    """Graph would take any id."""
    profiles = FakeProfiles()
    assert (await bring(profiles, group="gone")).outcome is ScopeOutcome.GROUP_MISSING
    assert profiles.writes == []


async def test_a_failed_read_writes_nothing() -> None:
    """What was not read cannot be written back."""
    profiles = FakeProfiles(broken=True)
    with pytest.raises(TenantUnavailableError):
        await bring(profiles)
    assert profiles.writes == []


async def test_a_filter_that_lets_every_such_device_through_is_no_obstacle() -> None:
    """Its rule is read, and only where the scope depends on it."""
    profiles = FakeProfiles((assigned("groupAssignmentTarget", **FILTER),))
    profiles.rules = {"f1": "(device.operatingSystemVersion -ge 10.0.22000)"}
    assert (await bring(profiles)).outcome is ScopeOutcome.IN_SCOPE
    profiles.rules = {"f1": '(device.model -eq "x")'}
    assert (await bring(profiles)).outcome is ScopeOutcome.UNCLEAR
    assert profiles.writes == []


@pytest.mark.parametrize("meanwhile", [lambda whole: whole[:-1], lambda _: (), lambda whole: whole[1:-1]])
async def test_our_group_taken_out_meanwhile_is_added_to_what_is_there_for_three_rounds(
    meanwhile: Callable[..., Any],
) -> None:
    """What another tool leaves is the base of the next round; then it is left to the next look."""
    profiles = FakeProfiles(meanwhile=meanwhile)
    result = await bring(profiles)
    assert (result.outcome, result.wrote) == (ScopeOutcome.OVERWRITTEN, True)
    assert len(profiles.writes) == ROUNDS
    for before, after in pairwise(profiles.writes):
        assert after[:-1] == meanwhile(before)


async def test_what_others_lost_is_named_and_not_put_back() -> None:
    """Somebody may have taken it out on purpose."""
    profiles = FakeProfiles(meanwhile=lambda whole: whole[1:])
    result = await bring(profiles)
    assert (result.outcome, result.gone) == (ScopeOutcome.IN_SCOPE, ("groupAssignmentTarget g1",))
    assert len(profiles.writes) == 1


async def test_what_others_add_meanwhile_does_not_matter() -> None:
    """More than was written is no loss."""
    profiles = FakeProfiles(meanwhile=lambda whole: ({"target": {"@odata.type": "x"}}, *whole))
    assert await bring(profiles) == ScopeResult(ScopeOutcome.IN_SCOPE, How.GROUP, wrote=True)


async def test_a_profile_that_vanishes_after_the_write_is_not_found() -> None:
    """It is looked for again, by its id."""
    profiles = FakeProfiles()

    async def assign_and_vanish(profile_id: str, assignments: tuple[Mapping[str, Any], ...]) -> None:
        await FakeProfiles.assign(profiles, profile_id, assignments)
        profiles.held = ()

    profiles.assign = assign_and_vanish  # type: ignore[method-assign]
    assert (await bring(profiles)).outcome is ScopeOutcome.NOT_FOUND


async def test_a_profile_that_is_not_there_is_made_where_that_is_wanted() -> None:
    """Once, and never one that was named by its id; one that is there and will not do is somebody's, and stays."""
    profiles = FakeProfiles(())
    assert (await bring(profiles)).outcome is ScopeOutcome.NOT_FOUND
    wanted = web_sign_in("Enable Web Sign-in", make=True)
    result = await bring(profiles, wanted)
    assert (result.outcome, result.wrote) == (ScopeOutcome.IN_SCOPE, True)
    assert [body["name"] for body in profiles.made] == ["Enable Web Sign-in"]
    assert (await bring(profiles, wanted)).wrote is False
    assert web_sign_in(GROUP, make=True).body is None
    off = FakeProfiles((replace(PROFILE, web_sign_in=False),))
    assert (await bring(off, wanted)).outcome is ScopeOutcome.SETTING_OFF
    assert off.made == []


@pytest.mark.parametrize(
    ("provider", "says"),
    [
        ("{D6886603-9D2F-4EB2-B667-1971041FA96B}", None),
        ("{SOMEBODYS-OWN}", None),
        ("{C5D7540A-CD51-453B-B22B-05305BA03F07}", "makes Web sign-in itself the default"),
        (None, "does not assign"),
    ],
)
async def test_the_companion_will_do_with_any_default_but_web_sign_in(provider: str | None, says: str | None) -> None:
    """What it is for is that Web sign-in does not stay the default; whether it enables Web sign-in does not matter."""
    profiles = FakeProfiles((replace(PROFILE, web_sign_in=None, default_provider=provider),))
    result = await bring(profiles, companion(PROFILE.name, "password"))
    assert result.outcome is (ScopeOutcome.SETTING_OFF if says else ScopeOutcome.IN_SCOPE)
    assert (says or "") in result.detail
