"""The devices of a small tenant, and the group that they join and leave by the app's doing, or by somebody else's."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.tenant.ports.devices import AutopilotIdentity, Device, GroupKind
from shared.websignin.readiness import Applied
from shared.websignin.states import Managed, Shown
from tests.model.faults import DONE_LATE, Fault
from tests.model.tenant import GROUP, Tenant

LATE = timedelta(seconds=90)


@dataclass(slots=True)
class Fleet:
    """One group with assigned members, and the devices that people registered. `ours`: in it by the app's doing."""

    tenant: Tenant
    registered: dict[str, Device]
    kinds: dict[str, GroupKind] = field(default_factory=lambda: {GROUP: GroupKind.ASSIGNED})
    ours: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    joined: int = 0
    _late: list[tuple[datetime, str]] = field(default_factory=list)

    async def registered_by(self, user_id: str) -> tuple[Device, ...]:
        """Name the device of a user."""
        await self.tenant.read("devices")
        return (self.registered[user_id],) if user_id in self.registered else ()

    async def groups_of(self, device: Device) -> frozenset[str]:
        """Tell whether a device is in the group."""
        await self.tenant.read("groups of a device")
        self.catch_up()
        return frozenset({GROUP}) if device.id in self.ours | self.others else frozenset()

    async def with_device_id(self, device_id: str) -> Device | None:
        """Find a device by the id that is its own."""
        await self.tenant.read("device")
        return next((one for one in self.registered.values() if one.device_id == device_id), None)

    async def with_object_id(self, object_id: str) -> Device | None:
        """Find a device by the id of its object."""
        await self.tenant.read("device")
        return next((one for one in self.registered.values() if one.id == object_id), None)

    async def identities(self, serial: str) -> tuple[AutopilotIdentity, ...]:
        """Autopilot knows nothing here."""
        await self.tenant.read(f"the Autopilot devices of {serial}")
        return ()

    async def shown(self, device: Device) -> Shown:
        """Show a device with nothing wrong."""
        await self.tenant.read(f"device {device.id}")
        return Shown("Windows", "AzureAd", enabled=True, version="10.0.26100.4061", signed_in=self.tenant.clock.now())

    async def managed(self, device: Device) -> Managed | None:
        """Intune manages no device here."""
        await self.tenant.read(f"managed device {device.id}")
        return None

    async def applied(self, managed: Managed, profile_id: str) -> Applied:
        """Nobody asks what is applied to a device that is not managed."""
        raise AssertionError(managed, profile_id)

    async def kind(self, group_id: str) -> GroupKind | None:
        """Tell who decides on members."""
        await self.tenant.read("group")
        return self.kinds.get(group_id)

    async def add(self, group_id: str, device: str) -> bool:
        """Have a device join."""
        fault = await self.tenant.begin("join")
        assert group_id == GROUP
        inside = device in self.ours | self.others
        if not inside and fault in DONE_LATE:
            self._late.append((self.tenant.clock.now() + LATE, device))
        elif not inside and fault in {None, Fault.LOST}:
            self._join(device)
        await self.tenant.end(fault)
        return not inside

    async def remove(self, group_id: str, device: str) -> None:
        """Have a device leave."""
        fault = await self.tenant.begin("leave")
        assert group_id == GROUP
        if device in self.others:
            self.tenant.manners.wrongs.append("a device left the group that somebody else had added")
        self.ours.discard(device)
        await self.tenant.end(fault)

    def catch_up(self) -> None:
        """Carry out what was asked for and is late."""
        due = [late for late in self._late if late[0] <= self.tenant.clock.now()]
        self._late = [late for late in self._late if late not in due]
        for _, device in due:
            if device not in self.ours | self.others:
                self._join(device)

    def _join(self, device: str) -> None:
        self.ours.add(device)
        self.joined += 1
