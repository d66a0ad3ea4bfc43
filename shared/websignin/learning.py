"""Learning the facts of a device: all that can be read is, and what cannot says why and holds up nothing else."""

import asyncio
from collections.abc import Awaitable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.tenant.errors import PermissionMissingError, TenantError, TenantRefusedError
from shared.tenant.ports.devices import Device, Devices
from shared.tenant.ports.profiles import Profile, Profiles
from shared.websignin.builds import Build
from shared.websignin.device_properties import properties
from shared.websignin.filters import judge_by
from shared.websignin.reach import reach, with_ours
from shared.websignin.readiness import Applied, DeviceFacts, Fact, Gap, Join, Reach, Told, Unlearned
from shared.websignin.scope import refusal, rules_of
from shared.websignin.sought import web_sign_in
from shared.websignin.states import DeviceStates, Managed, Shown

WINDOWS = "windows"


@dataclass(frozen=True, slots=True)
class Learning:
    """Reads what Entra and Intune know. `profile`: id or exact name of the Web sign-in profile."""

    states: DeviceStates
    devices: Devices
    profiles: Profiles
    profile: str

    async def facts(self, device: Device, to_come: Collection[str], *, joins: bool = False) -> DeviceFacts:
        """Learn the facts of a device. `to_come`: the groups that the app itself still brings into scope.

        `joins`: the app has the device join them, too, so that it need not be in one yet.
        """
        shown, managed, groups, profile = await asyncio.gather(
            _learned(self.states.shown(device)),
            _learned(self.states.managed(device)),
            _learned(self.devices.groups_of(device)),
            self._usable(),
        )
        known = properties(_read(shown), _read(managed))
        reached = await self._reached(profile, groups, known, _Coming(to_come, joins))
        return facts_of(shown, managed, reached, await self._applied(managed, profile, reached))

    async def _usable(self) -> Profile | Told[Reach] | Unlearned:
        """Find the one profile that enables Web sign-in, or say that there is none."""
        found = await _learned(self.profiles.find(self.profile))
        if isinstance(found, Unlearned):
            return found
        refused = refusal(found, web_sign_in(self.profile))
        return Told(Reach.NO_PROFILE, refused.detail) if refused else found[0]

    async def _reached(
        self,
        profile: Profile | Told[Reach] | Unlearned,
        groups: frozenset[str] | Unlearned,
        known: Mapping[str, str],
        coming: "_Coming",
    ) -> Fact[Reach]:
        if not isinstance(profile, Profile):
            return profile
        if isinstance(groups, Unlearned):
            return groups
        rules = await _learned(rules_of(self.profiles, profile, *groups, *coming.groups))
        if isinstance(rules, Unlearned):
            return rules
        judge = judge_by(rules, known)
        found = reach(profile.assignments, groups, judge)
        if found.value is Reach.IN_SCOPE:
            return found
        later = with_ours(profile.assignments, coming.groups, judge)
        in_time = reach(later, groups.union(coming.groups) if coming.joins else groups, judge)
        return Told(Reach.TO_COME) if in_time.value is Reach.IN_SCOPE else found

    async def _applied(
        self, managed: Managed | Unlearned | None, profile: Profile | Told[Reach] | Unlearned, reached: Fact[Reach]
    ) -> Fact[Applied]:
        """Ask of a profile on a device only where it should be there; elsewhere there is nothing to report."""
        is_there = isinstance(reached, Told) and reached.value is Reach.IN_SCOPE
        if not (is_there and isinstance(managed, Managed) and isinstance(profile, Profile)):
            return Told(Applied.SILENT)
        found = await _learned(self.states.applied(managed, profile.id))
        return found if isinstance(found, Unlearned) else Told(found)


@dataclass(frozen=True, slots=True)
class _Coming:
    """What the app itself still brings about: groups in scope, and with `joins` the device in them."""

    groups: Collection[str]
    joins: bool


def facts_of(
    shown: Shown | Unlearned, managed: Managed | Unlearned | None, reached: Fact[Reach], applied: Fact[Applied]
) -> DeviceFacts:
    """Put together what was read. Of the version Intune's word counts: Entra's is renewed at sign-ins only. Pure."""
    return DeviceFacts(
        windows=_windows(shown),
        join=_join(shown),
        enabled=shown if isinstance(shown, Unlearned) else _told(shown.enabled, "accountEnabled"),
        build=_build(shown, managed),
        managed=managed if isinstance(managed, Unlearned) else Told(managed is not None),
        seen=_seen(shown, managed),
        reach=reached,
        applied=applied,
    )


def gap_of(error: TenantError) -> Unlearned:
    """Say why something could not be read."""
    match error:
        case PermissionMissingError():
            return Unlearned(Gap.PERMISSION_MISSING, error.permission)
        case TenantRefusedError():
            return Unlearned(Gap.TENANT_REFUSED, f"{error.code}: {error.detail}")
        case _:
            return Unlearned(Gap.TENANT_UNAVAILABLE)


async def _learned[T](reading: Awaitable[T]) -> T | Unlearned:
    try:
        return await reading
    except TenantError as error:
        return gap_of(error)


def _read[T](found: T | Unlearned | None) -> T | None:
    return None if isinstance(found, Unlearned) else found


def _windows(shown: Shown | Unlearned) -> Fact[bool]:
    if isinstance(shown, Unlearned):
        return shown
    is_windows = None if shown.system is None else shown.system.casefold() == WINDOWS
    return _told(is_windows, "operatingSystem")


def _join(shown: Shown | Unlearned) -> Fact[Join]:
    if isinstance(shown, Unlearned):
        return shown
    kind = next((kind for kind in Join if kind.casefold() == (shown.trust or "").casefold()), None)
    return _told(kind, "trustType")


def _build(shown: Shown | Unlearned, managed: Managed | Unlearned | None) -> Fact[Build]:
    by_intune = managed.version if isinstance(managed, Managed) else None
    version = by_intune or (shown.version if isinstance(shown, Shown) else None)
    if version is None and isinstance(shown, Unlearned):
        return shown
    build = Build.read(version or "")
    return Told(build, version or "") if build else Unlearned(Gap.NOT_SHOWN, "operatingSystemVersion")


def _seen(shown: Shown | Unlearned, managed: Managed | Unlearned | None) -> Fact[datetime]:
    signed_in = shown.signed_in if isinstance(shown, Shown) else None
    synced = managed.synced if isinstance(managed, Managed) else None
    known = [at for at in (signed_in, synced) if at is not None]
    if known:
        return Told(max(known), f"last on {max(known):%Y-%m-%d}")
    return shown if isinstance(shown, Unlearned) else Unlearned(Gap.NOT_SHOWN, "approximateLastSignInDateTime")


def _told[T](value: T | None, name: str) -> Fact[T]:
    """Take what the directory says of a property, if it says anything."""
    return Unlearned(Gap.NOT_SHOWN, name) if value is None else Told(value)
