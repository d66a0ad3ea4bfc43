"""The changes that are ours to make in a tenant, each decided from what was read. Pure; `make` alone has an effect.

Nothing of others' is touched: a policy that is on keeps its targets, a profile that is there keeps its settings, and
assignments, filters and exclusions stay to the letter.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.checkup.facts import Facts
from shared.checkup.web_sign_in import judge
from shared.onboarding.eligibility.authority import EVERYONE
from shared.tenant.ports.passes import PassPolicy
from shared.tenant.ports.profiles import Profile
from shared.websignin.merge import Write, merge
from shared.websignin.scope import bring_into_scope, refusal
from shared.websignin.sought import Sought, companion, web_sign_in
from tools.doctor.looking import Look


@dataclass(frozen=True, slots=True)
class Change:
    """One change: which check it mends, how it is now, how it will be, and how it is made."""

    check: str
    before: str
    after: str
    make: Callable[[Look], Awaitable[object]]


type Plan = Callable[[Facts, Sequence[str]], Iterator[Change]]
"""Decides what to change, from the facts and the targets given. Raises UnreadError where a fact is missing."""


def turn_on(facts: Facts, targets: Sequence[str]) -> Iterator[Change]:
    """Turn the policy on for the targets given; without one it stays off, for it would be on for whom it names now."""
    policy = facts.policy.get()
    if targets and (not policy.enabled or not policy.include):
        before = f"{'on' if policy.enabled else 'off'}, for {_people(policy.include)}"
        wanted = {"state": "enabled", "includeTargets": [{"targetType": "group", "id": one} for one in targets]}
        check = "pass-policy-targets" if policy.enabled else "pass-policy-on"
        yield _of_policy(check, before, f"on, for {_people(targets)}", wanted)


def widen(facts: Facts, _: Sequence[str]) -> Iterator[Change]:
    """Widen the policy's limits so far that they hold the wished lifetime, and no further."""
    policy, wished = facts.policy.get(), facts.wishes.lifetime
    if policy.minimum_lifetime <= wished <= policy.maximum_lifetime:
        return
    least, most = min(policy.minimum_lifetime, wished), max(policy.maximum_lifetime, wished)
    wanted = {"minimumLifetimeInMinutes": least, "maximumLifetimeInMinutes": most}
    yield _of_policy("pass-policy-lifetimes", _span(policy), f"{least} to {most} minutes", wanted)


def make_profiles(facts: Facts, _: Sequence[str]) -> Iterator[Change]:
    """Make profile and companion where there is none of the name; one that is wrong is somebody's, and stays."""
    for check, _, wanted, found in _profiles(facts):
        if not found and wanted.body is not None:
            yield Change(
                check,
                f"no profile {wanted.name!r}",
                f"a profile {wanted.name!r} for Windows: {wanted.body['description']} Assigned to nobody",
                _making(wanted.body),
            )


def assign(facts: Facts, _: Sequence[str]) -> Iterator[Change]:
    """Assign the device groups that are not in scope, one by one."""
    exists, judged = facts.groups.get(), judge(facts)
    for _, check, wanted, found in _profiles(facts):
        if refusal(found, wanted):
            continue
        for who, group in facts.wishes.device_groups.items():
            if exists.get(group, False) and isinstance(merge(found[0].assignments, group, judged), Write):
                before = f"{group} ({who}) is not assigned to {found[0].name!r}"
                yield Change(check, before, "assigned", _assigning(group, replace(wanted, name=found[0].id)))


def _profiles(facts: Facts) -> Iterator[tuple[str, str, Sought, tuple[Profile, ...]]]:
    """Yield what is wanted and what was found, after the checks that speak of the profile and of its scope."""
    wishes = facts.wishes
    yield "web-sign-in-profile", "web-sign-in-scope", web_sign_in(wishes.profile, make=True), facts.profiles.get()
    if wishes.companion:
        wanted = companion(wishes.companion, wishes.provider, make=True)
        yield "web-sign-in-companion", "web-sign-in-companion", wanted, facts.companions.get()


def _making(body: Mapping[str, Any]) -> Callable[[Look], Awaitable[object]]:
    return lambda look: look.profiles.make(body)


def _assigning(group: str, profile: Sought) -> Callable[[Look], Awaitable[object]]:
    return lambda look: bring_into_scope(look.profiles, look.directory, profile=profile, group_id=group)


def _of_policy(check: str, before: str, after: str, wanted: Mapping[str, Any]) -> Change:
    return Change(check, before, after, lambda look: look.administration.change_pass_policy(wanted))


def _span(policy: PassPolicy) -> str:
    return f"{policy.minimum_lifetime} to {policy.maximum_lifetime} minutes"


def _people(targets: Sequence[str] | frozenset[str]) -> str:
    if EVERYONE in targets:
        return "everybody"
    return ", ".join(sorted(targets)) or "nobody"


PLANS: tuple[Plan, ...] = (turn_on, widen, make_profiles, assign)
"""In the order in which they are made: a group is assigned to a profile that may just have been made."""
