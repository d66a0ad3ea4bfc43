"""Calls that read what privileges an account holds or may take, by itself and by its groups."""

from msgraph.generated.role_management.directory.role_assignments.role_assignments_request_builder import (
    RoleAssignmentsRequestBuilder,
)
from msgraph.generated.role_management.directory.role_eligibility_schedules import (
    role_eligibility_schedules_request_builder as eligibility_builders,
)
from msgraph.generated.users.item.transitive_member_of.transitive_member_of_request_builder import (
    TransitiveMemberOfRequestBuilder,
)
from msgraph.graph_service_client import GraphServiceClient

from shared.tenant.calls.call import MANY, Call, asking, object_id, plain_get
from shared.tenant.values import quoted

_GROUP_ELIGIBILITIES = "/identityGovernance/privilegedAccess/group/eligibilitySchedules"


class PrivilegeCalls:
    """Builds the calls."""

    def __init__(self, client: GraphServiceClient) -> None:
        self._users = client.users
        self._roles = client.role_management.directory

    def memberships(self, user_id: str) -> Call:
        """The groups and directory roles a user is in, transitively.

        Not cast to groups: a cast is an advanced query, answered from an index that lags behind. Without
        GroupMember.Read.All as well the groups come with their ids only.
        """
        query = TransitiveMemberOfRequestBuilder.TransitiveMemberOfRequestBuilderGetQueryParameters(
            select=["id", "displayName", "isAssignableToRole", "roleTemplateId"], top=MANY
        )
        builder = self._users.by_user_id(object_id(user_id)).transitive_member_of
        return Call(builder.to_get_request_information(asking(query)), "User.Read.All")

    def role_assignments(self, principal_id: str) -> Call:
        """The active directory roles of a user or group, those scoped to an administrative unit among them."""
        query = RoleAssignmentsRequestBuilder.RoleAssignmentsRequestBuilderGetQueryParameters(
            filter=_of_principal(principal_id)
        )
        request = self._roles.role_assignments.to_get_request_information(asking(query))
        return Call(request, "RoleManagement.Read.Directory")

    def role_eligibilities(self, principal_id: str) -> Call:
        """The directory roles a user or group is eligible for. Needs Entra ID P2."""
        parameters = eligibility_builders.RoleEligibilitySchedulesRequestBuilder
        query = parameters.RoleEligibilitySchedulesRequestBuilderGetQueryParameters(filter=_of_principal(principal_id))
        request = self._roles.role_eligibility_schedules.to_get_request_information(asking(query))
        return Call(request, "RoleManagement.Read.Directory")

    def group_eligibilities(self, principal_id: str) -> Call:
        """The groups that a user may join or own by PIM for Groups. Needs Entra ID P2."""
        query = {"%24filter": _of_principal(principal_id)}
        request = plain_get(_GROUP_ELIGIBILITIES + "{?%24filter}", {}, query)
        return Call(request, "PrivilegedEligibilitySchedule.Read.AzureADGroup")


def _of_principal(principal_id: str) -> str:
    return f"principalId eq {quoted(object_id(principal_id))}"
