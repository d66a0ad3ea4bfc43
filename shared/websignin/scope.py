"""Bring one device group into the scope of the Web sign-in profile: read, merge, one write, read back.

Graph has no ETag for assignments, so two writers can overwrite each other. The caller gives the lease of the profile,
which keeps our own writers apart; another tool's write between our read and our write would be lost by ours, unseen.
The read stands directly before the write to keep that gap short.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum

from shared.tenant.ports import Directory, Profile, Profiles
from shared.websignin.merge import AlreadyInScope, Excluded, Unclear, Write, merge, missing

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
    """An outcome, what there is to say about it to people, and whether the assignments were written."""

    outcome: ScopeOutcome
    detail: str
    wrote: bool = False


async def bring_into_scope(
    profiles: Profiles,
    directory: Directory,
    *,
    profile: str,
    group_id: str,
    lease: AbstractAsyncContextManager[object] | None = None,
) -> ScopeResult:
    """Bring the group into scope. Done twice it writes once.

    `profile` is an id or an exact name, `group_id` the object id of the device group. That the group holds the
    device, and that the device can do Web sign-in, is not checked here. `OVERWRITTEN` means: try again. `lease` is
    entered only where there is something to write, and all is read again within it: of a wave of hires with one group
    one writes, and the others need not wait for each other.

    Raises:
        Exception: whatever entering the lease raises; nothing was written then.
        TenantError: A read failed, and then nothing was written; or the one write did, and then it may have been
            made all the same: another try finds out.
    """
    if not await directory.group_exists(group_id):
        return ScopeResult(ScopeOutcome.GROUP_MISSING, f"there is no group {group_id}")
    found = await profiles.find(profile)
    refused = refusal(found, profile)
    if refused is not None:
        return refused
    if lease is None or not isinstance(merge(found[0].assignments, group_id), Write):
        return await _write(profiles, found[0], group_id)
    async with lease:
        return await bring_into_scope(profiles, directory, profile=found[0].id, group_id=group_id)


def refusal(found: tuple[Profile, ...], sought: str) -> ScopeResult | None:
    """Say why the profile will not do; None where it will."""
    if not found:
        return ScopeResult(ScopeOutcome.NOT_FOUND, f"there is no settings-catalog profile {sought!r}")
    if len(found) > 1:
        ids = ", ".join(candidate.id for candidate in found)
        return ScopeResult(ScopeOutcome.AMBIGUOUS, f"several profiles are called {sought!r}: {ids}; name one by its id")
    profile = found[0]
    if _PLATFORM not in profile.platforms.split(","):
        return ScopeResult(ScopeOutcome.WRONG_PLATFORM, f"{profile.name!r} is for {profile.platforms}, not Windows")
    if profile.web_sign_in is not True:
        state = "does not contain" if profile.web_sign_in is None else "does not enable"
        return ScopeResult(ScopeOutcome.SETTING_OFF, f"{profile.name!r} {state} the setting Enable Web Sign-in")
    return None


async def _write(profiles: Profiles, profile: Profile, group_id: str) -> ScopeResult:
    merged = merge(profile.assignments, group_id)
    match merged:
        case AlreadyInScope(how):
            return ScopeResult(ScopeOutcome.IN_SCOPE, how.value)
        case Excluded():
            return ScopeResult(ScopeOutcome.EXCLUDED, f"{profile.name!r} excludes the group {group_id}")
        case Unclear(why):
            return ScopeResult(ScopeOutcome.UNCLEAR, f"{profile.name!r}: {why}")
    await profiles.assign(profile.id, merged.assignments)
    after = await profiles.find(profile.id)
    lost = missing(merged.assignments, after[0].assignments if after else ())
    if lost:
        detail = f"{lost} of {len(merged.assignments)} assignments were gone when read back: another tool wrote too"
        return ScopeResult(ScopeOutcome.OVERWRITTEN, detail, wrote=True)
    return ScopeResult(ScopeOutcome.IN_SCOPE, "the group was added to the assignments", wrote=True)
