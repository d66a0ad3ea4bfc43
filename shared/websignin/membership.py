"""A hire's device in its group: it joins before the first day, and leaves when none of ours needs it there any more.

A row says that its device is about to join before Graph is asked, and answers for the membership from then on: a step
that is killed anywhere leaves none behind that no row knows of. What somebody else added is in no row, and is never
taken out. Several onboardings may answer for one device; the last of them takes it back. All of it happens under a
lease of the device, so that none leaves a group in which another has just found it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.onboarding import lifecycle, memberships
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.device_side import Membership
from shared.onboarding.model import Onboarding
from shared.onboarding.people import People
from shared.onboarding.schedule.spans import STEP_TAKES, VERIFY_AFTER
from shared.onboarding.store import Store
from shared.onboarding.transaction import Change
from shared.runtime.clock import Clock
from shared.runtime.leases import Leases
from shared.tenant.errors import TenantRefusedError, TenantThrottledError
from shared.tenant.ports.devices import Device, Devices, GroupKind, Groups

LEASE = "device"
OPEN_TO_US = frozenset({GroupKind.ASSIGNED, GroupKind.SERVICE_OWNED})
"""Groups that a device of ours can still be in by our doing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a device is in a group. `ours`: what this row answers for; None where it is somebody else's doing."""

    inside: bool
    ours: Membership | None = None


@dataclass(frozen=True, slots=True)
class Memberships:
    """Has devices join their groups, and leave them."""

    store: Store
    people: People
    groups: Groups
    devices: Devices
    leases: Leases
    clock: Clock

    async def join(self, row: Onboarding, group: str, kind: GroupKind, device: Device) -> Standing | None:
        """Have the device in the group, if members are this app's to add; else look whether it is.

        None: the row has ended meanwhile, and needs nothing any more.

        Raises:
            LeaseTakenError: another is at it.
            TenantError: after one that leaves open whether it was done, the row answers for it.
        """
        async with self.leases.held(LEASE, device.id, STEP_TAKES):
            inside = group in await self.devices.groups_of(device)
            if kind is not GroupKind.ASSIGNED:
                return Standing(inside)
            known = memberships.of(row, group, device.id)
            if not inside:
                return await self._add(row, known, Membership(group, device.id, self.clock.now() + VERIFY_AFTER))
            if known is None:
                return Standing(inside, await self._shared(row, Membership(group, device.id, self.clock.now())))
            return Standing(inside, replace(known, joined=True))

    async def leave(self, row: Onboarding, membership: Membership) -> None:
        """Take back a membership, unless another onboarding answers for it, too; then only this one's record goes.

        Nothing is taken back that another run has taken back meanwhile, or that the row needs again.

        Raises:
            LeaseTakenError: another is at it.
            TenantError: it is tried again.
        """
        async with self.leases.held(LEASE, membership.device, STEP_TAKES):
            fresh = await self.store.read(row.id)
            if fresh is None or membership not in memberships.needless(fresh.row):
                return
            if not await self._answered_for(row, membership):
                await self._remove(membership)
            await self._drop(row, membership, Did.LEFT_GROUP, lifecycle.left_group)

    async def _add(self, row: Onboarding, known: Membership | None, asked: Membership) -> Standing | None:
        await self.people.name_device(asked.device, row.id)
        if not await self._record(row, asked):
            return None
        try:
            joined = await self.groups.add(asked.group, asked.device)
        except (TenantRefusedError, TenantThrottledError):
            # Nothing was done; but what an earlier request left open stays open.
            if known is None:
                await self._drop(row, asked, Did.NOT_JOINED, memberships.dropped)
            raise
        if joined or known is not None or await self._answered_for(row, asked):
            return Standing(inside=True, ours=replace(asked, joined=True))
        await self._drop(row, asked, Did.NOT_JOINED, memberships.dropped)
        return Standing(inside=True)

    async def _shared(self, row: Onboarding, found: Membership) -> Membership | None:
        """Answer with another onboarding for what that one has added; None where none of ours has."""
        if not await self._answered_for(row, found):
            return None
        ours = replace(found, joined=True)
        await self.people.name_device(ours.device, row.id)
        return ours if await self._record(row, ours) else None

    async def _answered_for(self, row: Onboarding, membership: Membership) -> bool:
        """Tell whether another onboarding answers for this membership."""
        for other in await self.people.onboardings_of_device(membership.device):
            kept = await self.store.read(other) if other != row.id else None
            if kept is not None and memberships.of(kept.row, membership.group, membership.device) is not None:
                return True
        return False

    async def _remove(self, membership: Membership) -> None:
        """A group that is gone, or whose members come by a rule now, has nothing in it by this app's doing."""
        if await self.groups.kind(membership.group) in OPEN_TO_US:
            await self.groups.remove(membership.group, membership.device)

    async def _record(self, row: Onboarding, membership: Membership) -> bool:
        """Let the row answer for a membership; tell whether it does, for what has ended meanwhile takes on no more."""
        now = self.clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if fresh.ended_at is not None:
                return None
            return Change(memberships.recorded(fresh, membership), Audit(Did.JOINING, now))

        fresh = await self.store.update(row.id, decide)
        return fresh is not None and membership in fresh.memberships

    async def _drop(
        self, row: Onboarding, membership: Membership, did: Did, change: Callable[[Onboarding, Membership], Onboarding]
    ) -> None:
        """Let the row answer for it no more, and the device lead to the row no more."""
        now = self.clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            known = memberships.of(fresh, membership.group, membership.device)
            return Change(change(fresh, known), Audit(did, now)) if known else None

        fresh = await self.store.update(row.id, decide)
        if fresh is None or all(one.device != membership.device for one in fresh.memberships):
            await self.people.forget_device(membership.device, row.id)
