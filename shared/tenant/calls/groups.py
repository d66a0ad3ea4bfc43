"""Calls about groups: what they are, who owns them, who joins and who leaves."""

from msgraph.generated.groups.item.group_item_request_builder import GroupItemRequestBuilder
from msgraph.generated.groups.item.owners.owners_request_builder import OwnersRequestBuilder
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.graph_service_client import GraphServiceClient

from shared.tenant.calls.call import Call, asking, object_id

_DIRECTORY_OBJECTS = "https://graph.microsoft.com/v1.0/directoryObjects"
_MEMBERS, _DEVICES_AS_MEMBERS = "GroupMember.ReadWrite.All", "Device.ReadWrite.All"
_MEMBERSHIP = f"{_MEMBERS} and {_DEVICES_AS_MEMBERS}"


class GroupCalls:
    """Builds the calls."""

    def __init__(self, client: GraphServiceClient) -> None:
        self._groups = client.groups

    def with_id(self, group_id: str) -> Call:
        """One group."""
        return self._shown(group_id, ["id", "displayName", "isAssignableToRole"])

    def kind(self, group_id: str) -> Call:
        """What tells who decides on the members of a group."""
        return self._shown(group_id, ["id", "groupTypes", "onPremisesSyncEnabled"])

    def owners(self, group_id: str) -> Call:
        """The owners of a group. Only beta lists service principals among them."""
        query = OwnersRequestBuilder.OwnersRequestBuilderGetQueryParameters(select=["id"])
        request = self._groups.by_group_id(object_id(group_id)).owners.to_get_request_information(asking(query))
        return Call(request, "GroupMember.Read.All", beta=True)

    def new_member(self, group_id: str, member_id: str) -> Call:
        """Have a directory object join a group. For a device Graph wants Device.ReadWrite.All besides."""
        body = ReferenceCreate(odata_id=f"{_DIRECTORY_OBJECTS}/{object_id(member_id)}")
        builder = self._groups.by_group_id(object_id(group_id)).members.ref
        return Call(builder.to_post_request_information(body), _MEMBERSHIP)

    def no_member(self, group_id: str, member_id: str) -> Call:
        """Have a directory object leave a group. Without `$ref` at its end this would delete the object itself."""
        members = self._groups.by_group_id(object_id(group_id)).members
        builder = members.by_directory_object_id(object_id(member_id)).ref
        return Call(builder.to_delete_request_information(), _MEMBERSHIP)

    def _shown(self, group_id: str, properties: list[str]) -> Call:
        query = GroupItemRequestBuilder.GroupItemRequestBuilderGetQueryParameters(select=properties)
        request = self._groups.by_group_id(object_id(group_id)).to_get_request_information(asking(query))
        return Call(request, "GroupMember.Read.All")
