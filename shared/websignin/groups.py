"""Which device group a device belongs to: a hire's by what settings say, that of somebody here by what Entra knows."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.tenant.ports.devices import Devices, GroupKind

MOST_DEVICES = 5
"""Each device costs a request; whoever registered more is found by those signed in to last."""
MEMBERS: Mapping[GroupKind, str] = {
    GroupKind.DYNAMIC: "found by its rule",
    GroupKind.SYNCED: "synchronised from another directory",
    GroupKind.SERVICE_OWNED: "added by the service that owns it",
    GroupKind.ASSIGNED: "added one by one",
}
"""How devices come to be in a group."""


@dataclass(frozen=True, slots=True)
class DeviceGroups:
    """The device groups that settings name: by site, by department, and the default. Object ids."""

    by_site: Mapping[str, str]
    by_department: Mapping[str, str]
    default: str | None

    def of(self, site: str | None, department: str | None) -> str | None:
        """Return the group by site, else by department, else the default; None where settings name none."""
        return self.known(site, department) or self.default

    def known(self, site: str | None, department: str | None) -> str | None:
        """Return the group by site or department alone; None where neither leads to one."""
        return self.by_site.get(site or "") or self.by_department.get(department or "")

    def first_of(self, held: frozenset[str]) -> str | None:
        """Return the first of `held` that settings name: sites before departments before the default, as written."""
        named = (*self.by_site.values(), *self.by_department.values(), self.default)
        return next((group for group in named if group in held), None)


async def group_of_devices(devices: Devices, groups: DeviceGroups, user_id: str) -> str | None:
    """Return the group of the user's registered devices; None where none of them is in a group that settings name.

    The device signed in to last that is in one of the groups decides, for it is the likeliest to be signed in to next.
    A group that settings do not name is never brought into scope, whatever devices are in it.

    Raises:
        TenantError: a device or its groups could not be read.
    """
    for device in (await devices.registered_by(user_id))[:MOST_DEVICES]:
        if group := groups.first_of(await devices.groups_of(device)):
            return group
    return None
