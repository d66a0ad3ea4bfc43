"""Groups of devices: what becomes of their members by whose doing, read and changed in Microsoft Entra."""

from shared.tenant.errors import NotFoundInTenantError, TenantRefusedError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.devices import GroupKind
from shared.tenant.values import Json, is_object_id

_SERVICE = "#microsoft.graph.servicePrincipal"
_ALREADY_THERE = "already exist"


class GraphGroups:
    """The `Groups` that asks Microsoft Graph."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def kind(self, group_id: str) -> GroupKind | None:
        """Tell who decides on the members of a group; None where it is no group, or gone.

        Owned by a service is a group with a service principal, other than the app's own, among its owners, as device
        preparation demands of the group in its policy. Only beta lists such owners.
        """
        if not is_object_id(group_id):
            return None
        try:
            group = await self._graph.read(self._graph.calls.groups.kind(group_id))
        except NotFoundInTenantError:
            return None
        if "DynamicMembership" in (group.get("groupTypes") or ()):
            return GroupKind.DYNAMIC
        if group.get("onPremisesSyncEnabled") is True:
            return GroupKind.SYNCED
        owners = await self._graph.read_all(self._graph.calls.groups.owners(group_id))
        own = str((await self._graph.claims()).get("oid", ""))
        return GroupKind.SERVICE_OWNED if any(_is_service(one, own) for one in owners) else GroupKind.ASSIGNED

    async def add(self, group_id: str, device: str) -> bool:
        """Have a device, by the id of its object, join a group; False where it is in already. Sent once."""
        try:
            await self._graph.change(self._graph.calls.groups.new_member(group_id, device))
        except TenantRefusedError as error:
            if _ALREADY_THERE not in error.detail:
                raise
            return False
        return True

    async def remove(self, group_id: str, device: str) -> None:
        """Have a device leave a group. Sent once. Gone already (404), or the group or the device gone: done."""
        try:
            await self._graph.change(self._graph.calls.groups.no_member(group_id, device))
        except NotFoundInTenantError:
            return


def _is_service(owner: Json, own: str) -> bool:
    return owner.get("@odata.type") == _SERVICE and owner.get("id") != own
