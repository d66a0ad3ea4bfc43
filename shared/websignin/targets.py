"""What has to be so for a hire's device to offer Web sign-in: which group in scope, and which device in the group."""

from dataclasses import dataclass

from shared.onboarding.eligibility.authority import Rules, outside_pilot
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.tenant.ports.devices import Device, Devices, GroupKind, Groups
from shared.tenant.ports.people import Directory
from shared.websignin.groups import DeviceGroups, group_of_devices
from shared.websignin.hire_devices import HireDevices, Lack, Named, NoDevice
from shared.websignin.strategy import Strategy

LACKS = {
    Lack.NOT_NAMED: Reason.DEVICE_NOT_NAMED,
    Lack.SERIAL_UNKNOWN: Reason.SERIAL_UNKNOWN,
    Lack.SERIAL_TWICE: Reason.SERIAL_TWICE,
    Lack.OBJECT_MISSING: Reason.DEVICE_MISSING,
    Lack.PERMISSION_MISSING: Reason.PERMISSION_MISSING,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What settings say: which group belongs to whom, how devices come to be in scope, and who is served at all.

    `preparation`: the group of the device-preparation policy, whose devices enrol on day one.
    """

    groups: DeviceGroups
    rules: Rules
    strategy: Strategy
    preparation: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A group that has to be in scope; and a device that has to be in it, where that is looked at."""

    group: str
    device: Device | None = None


@dataclass(frozen=True, slots=True)
class HeldUp:
    """Why there is nothing to bring into scope yet. `patience`: seconds that the tenant wants to be left alone."""

    reason: Reason
    detail: str = ""
    patience: float | None = None


@dataclass(frozen=True, slots=True)
class Targets:
    """Finds them."""

    directory: Directory
    devices: Devices
    groups: Groups
    hire_devices: HireDevices
    wanted: Wanted

    async def of(self, row: Onboarding) -> Target | HeldUp:
        """Find what has to be so for this onboarding.

        Raises:
            TenantError: something could not be read.
        """
        if not await self._is_served(row):
            return HeldUp(Reason.OUTSIDE_PILOT)
        group = await self._group(row)
        if isinstance(group, Reason):
            return HeldUp(group)
        return Target(group) if self.wanted.strategy is Strategy.ASSIGN_GROUP else await self._with_device(row, group)

    async def _is_served(self, row: Onboarding) -> bool:
        """While there is a pilot, a device group comes into scope for an account that takes part, and for no other."""
        rules = self.wanted.rules
        if rules.pilot is None:
            return True
        account = await self.directory.account(row.subject.id) if row.subject else None
        if account is None:
            return False
        return outside_pilot(account, await self.directory.privileges(account.id), rules) is None

    async def _group(self, row: Onboarding) -> str | Reason:
        """A hire's group follows from the event; that of somebody who is already here, from what Entra holds.

        That is the group of the account's office or department, else the one that its registered devices are in. The
        default is for new hires alone: who is here has a device, and it may be in any group.
        """
        groups = self.wanted.groups
        if row.request is None:
            return groups.of(row.hire.site, row.hire.department) or Reason.NO_DEVICE_GROUP
        if row.subject is None:
            return Reason.NO_DEVICE_KNOWN
        known = groups.known(row.subject.office, row.subject.department)
        found = known or await group_of_devices(self.devices, groups, row.subject.id)
        return found or Reason.NO_DEVICE_KNOWN

    async def _with_device(self, row: Onboarding, group: str) -> Target | HeldUp:
        """Find the device beside its group. One that nobody names beforehand enrols on day one, if there is a way.

        That way is device preparation, which puts the device into its policy's group by itself.
        """
        user = row.subject.id if row.subject else None
        found = await self.hire_devices.find(Named(row.hire.device_id, row.hire.device_serial, user))
        if not isinstance(found, NoDevice):
            return Target(group, found)
        if found.lack is Lack.NOT_NAMED and (prepared := await self._prepared(group)):
            return Target(prepared)
        return HeldUp(LACKS[found.lack], found.detail)

    async def _prepared(self, group: str) -> str | None:
        if self.wanted.preparation is not None:
            return self.wanted.preparation
        return group if await self.groups.kind(group) is GroupKind.SERVICE_OWNED else None
