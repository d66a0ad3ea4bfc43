"""Steady groups under test: devices that join a group for their hires and leave it again, and a way with one."""

from dataclasses import dataclass, field
from uuid import NAMESPACE_DNS, uuid5

from sandbox.people import Company
from tests.survival.harness.journey import Journey

STEADY = {"SCOPE_STRATEGY": "steady-group"}
PERMISSIONS = ("GroupMember.ReadWrite.All", "Device.ReadWrite.All", "DeviceManagementServiceConfig.Read.All")
"""What steady groups take beside the app's usual permissions."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Fresh devices, known to the tenant, and the group that they are to join."""

    company: Company
    group: str

    def fill(self, size: int, *, inside: int = 0) -> list[str]:
        """Allow what steady groups take and have so many devices, by id; the first of them are in the group already."""
        devices = [str(uuid5(NAMESPACE_DNS, f"device-{number}.example")) for number in range(size)]
        granted = [{"op": "grant-permission", "permission": permission} for permission in PERMISSIONS]
        made = [{"op": "set-device", "device": device, "fields": {}} for device in devices]
        members = [{"op": "add-member", "group": self.group, "member": device} for device in devices[:inside]]
        self.company.world.control("POST", "directory", {"ops": [*granted, *made, *members]})
        return devices

    def members(self) -> set[str]:
        """Return the ids of all devices in the group, those of the seeded company too."""
        known = self.company.directory()["devices"]
        return {one["deviceId"] for one in known if any(group["id"] == self.group for group in one["groups"])}


@dataclass(slots=True)
class SteadyJourney(Journey):
    """A way on which a fresh device of the hire joins its group, and leaves it when the hire is withdrawn.

    `others`: the devices in the group that nobody may take out.
    """

    shelf: Shelf = field(init=False)
    others: set[str] = field(init=False)

    def begin(self) -> None:
        """Begin as any way, with steady groups and a device on the shelf, which HR names."""
        Journey.begin(self)
        self.world.restart_host(0, STEADY)
        self.shelf = Shelf(self.company, self.hire.group)
        self.others = self.shelf.members()
        (device,) = self.shelf.fill(1)
        self.of_event = {"device": {"deviceId": device}}

    def cancelled(self) -> None:
        """Have the device join its group and a pass be made, then withdraw the hire."""
        Journey.cancelled(self)
        self.stage("leave", None, lambda row: not row["memberships"])

    def withdrawn(self) -> None:
        """See that the device has joined, and let the HR system withdraw the hire."""
        assert self.shelf.members() == {*self.others, self.of_event["device"]["deviceId"]}
        Journey.withdrawn(self)

    def check_cancelled(self) -> None:
        """As on any way; and the device is in its group no more, and nobody else's has left it."""
        Journey.check_cancelled(self)
        assert self.shelf.members() == self.others
