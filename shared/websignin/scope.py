"""Bring one device group into the scope of the Web sign-in profile: read, merge, one write, read back.

Graph replaces the whole set of assignments and has no ETag for it, so two writers can overwrite each other. What that
comes to, and no more can be done about it:

- Our own writers are kept apart by the lease of the profile, which the caller gives.
- Whoever writes over us, having read before we wrote, is noticed when we read back, and our group is added to what he
  left: at once, for a bounded number of rounds, and again whenever the hire is looked at. What of others' is gone by
  then is not put back, for it may have been taken out on purpose; it is named.
- A change that Graph carries out between answering our last read and carrying out our write is lost, unseen by us: it
  stands in nothing that we can read. The read therefore stands directly before the write, with no other request in
  between, and there is no write where the group is in scope already.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum

from shared.tenant.ports.people import Directory
from shared.tenant.ports.profiles import Profile, Profiles
from shared.websignin.assignments import Judge, unjudged
from shared.websignin.filters import judge_by
from shared.websignin.merge import (
    AlreadyInScope,
    Excluded,
    Unclear,
    Write,
    filters_of,
    merge,
    missing,
    named,
)
from shared.websignin.sought import Sought

ROUNDS = 3
"""So often our group is added anew where another writer took it out meanwhile; then it is left to the next look."""
_PLATFORM = "windows10"


class ScopeOutcome(StrEnum):
    """How it ended. All but `IN_SCOPE` and `OVERWRITTEN` need a person; nothing was changed then."""

    IN_SCOPE = "in-scope"
    NOT_FOUND = "not-found"
    AMBIGUOUS = "ambiguous"
    SETTING_OFF = "setting-off"
    WRONG_PLATFORM = "wrong-platform"
    EXCLUDED = "excluded"
    UNCLEAR = "unclear"
    GROUP_MISSING = "group-missing"
    OVERWRITTEN = "overwritten"


@dataclass(frozen=True, slots=True)
class ScopeResult:
    """An outcome, what there is to say about it to people, and whether the assignments were written.

    `gone`: assignments of others that were written as they had been read, and were not there when read back.
    """

    outcome: ScopeOutcome
    detail: str
    wrote: bool = False
    gone: tuple[str, ...] = ()


async def bring_into_scope(
    profiles: Profiles,
    directory: Directory,
    *,
    profile: Sought,
    group_id: str,
    lease: AbstractAsyncContextManager[object] | None = None,
) -> ScopeResult:
    """Bring the group into scope, of a profile made for it where that is wanted. Done twice it writes once.

    `group_id` is the object id of the device group. That the group holds the device, and that the device can do Web
    sign-in, is not checked here. `OVERWRITTEN` means: try again. `lease` is entered only where there is something to
    write, and all is read again within it: of a wave of hires with one group one writes, and the others need not wait
    for each other.

    Raises:
        Exception: whatever entering the lease raises; nothing was written then.
        TenantError: A read failed, and then nothing was written; or the one write did, and then it may have been
            made all the same: another try finds out.
    """
    if not await directory.group_exists(group_id):
        return ScopeResult(ScopeOutcome.GROUP_MISSING, f"there is no group {group_id}")
    found = await profiles.find(profile.name)
    judge: Judge = unjudged
    if found or profile.body is None:
        if refused := refusal(found, profile):
            return refused
        judge = judge_by(await rules_of(profiles, found[0], group_id))
        merged = merge(found[0].assignments, group_id, judge)
        if not isinstance(merged, Write):
            return _settled(found[0], group_id, merged)
    async with lease or nullcontext():
        again = await profiles.find(found[0].id if found else profile.name)
        if not again and profile.body is not None:
            again = await profiles.find(await profiles.make(profile.body))
        return refusal(again, profile) or await _settle(profiles, again[0], group_id, judge)


def refusal(found: tuple[Profile, ...], sought: Sought) -> ScopeResult | None:
    """Say why the profile will not do; None where it will."""
    name = sought.name
    if not found:
        return ScopeResult(ScopeOutcome.NOT_FOUND, f"there is no settings-catalog profile {name!r}")
    if len(found) > 1:
        ids = ", ".join(candidate.id for candidate in found)
        return ScopeResult(ScopeOutcome.AMBIGUOUS, f"several profiles are called {name!r}: {ids}; name one by its id")
    profile = found[0]
    if _PLATFORM not in profile.platforms.split(","):
        return ScopeResult(ScopeOutcome.WRONG_PLATFORM, f"{profile.name!r} is for {profile.platforms}, not Windows")
    fault = sought.fault(profile)
    return ScopeResult(ScopeOutcome.SETTING_OFF, fault) if fault else None


async def rules_of(profiles: Profiles, profile: Profile, *groups: str) -> Mapping[str, str | None]:
    """Read the rules of the filters on which it depends whether these groups are in scope, by the filter's id.

    Raises:
        TenantError: a filter could not be read.
    """
    return {each: await profiles.filter_rule(each) for each in filters_of(profile.assignments, *groups)}


async def _settle(profiles: Profiles, profile: Profile, group_id: str, judge: Judge) -> ScopeResult:
    """Write what was just read and our group, until it is there when it is read back."""
    gone: tuple[str, ...] = ()
    for wrote in range(ROUNDS + 1):
        merged = merge(profile.assignments, group_id, judge)
        if not isinstance(merged, Write):
            return replace(_settled(profile, group_id, merged), wrote=wrote > 0, gone=gone)
        if wrote == ROUNDS:
            break
        await profiles.assign(profile.id, merged.assignments)
        after = await profiles.find(profile.id)
        if not after:
            return ScopeResult(ScopeOutcome.NOT_FOUND, f"{profile.name!r} was deleted meanwhile", wrote=True)
        lost = missing(merged.assignments[:-1], after[0].assignments)
        gone, profile = (*gone, *map(named, lost)), after[0]
    detail = f"another tool took the group out again, {ROUNDS} times"
    return ScopeResult(ScopeOutcome.OVERWRITTEN, detail, wrote=True, gone=gone)


def _settled(profile: Profile, group_id: str, merged: AlreadyInScope | Excluded | Unclear) -> ScopeResult:
    match merged:
        case AlreadyInScope(how):
            return ScopeResult(ScopeOutcome.IN_SCOPE, how.value)
        case Excluded():
            return ScopeResult(ScopeOutcome.EXCLUDED, f"{profile.name!r} excludes the group {group_id}")
        case Unclear(why):
            return ScopeResult(ScopeOutcome.UNCLEAR, f"{profile.name!r}: {why}")
