"""Calls about Temporary Access Passes. All but that for the policy are counted by Graph, five in ten seconds."""

from msgraph.generated.models.temporary_access_pass_authentication_method import (
    TemporaryAccessPassAuthenticationMethod,
)
from msgraph.generated.users.item.authentication.temporary_access_pass_methods import (
    temporary_access_pass_methods_request_builder as pass_builders,
)
from msgraph.graph_service_client import GraphServiceClient

from shared.tenant.calls.call import Call, object_id
from shared.tenant.ports.passes import PassOrder
from shared.tenant.values import utc


class PassCalls:
    """Builds the calls."""

    def __init__(self, client: GraphServiceClient) -> None:
        self._client = client

    def policy(self) -> Call:
        """The tenant's policy for Temporary Access Passes."""
        configurations = self._client.policies.authentication_methods_policy.authentication_method_configurations
        builder = configurations.by_authentication_method_configuration_id("temporaryAccessPass")
        return Call(builder.to_get_request_information(), "Policy.Read.AuthenticationMethod")

    def held_by(self, user_id: str) -> Call:
        """A user's passes: none or one."""
        return Call(self._passes(user_id).to_get_request_information(), "UserAuthMethod-TAP.Read.All")

    def new_pass(self, user_id: str, order: PassOrder) -> Call:
        """Create a pass, replacing any other."""
        body = TemporaryAccessPassAuthenticationMethod(
            is_usable_once=order.one_time, lifetime_in_minutes=order.lifetime
        )
        if order.start is not None:
            # As text: the SDK writes +00:00, and Graph has misread offsets; with Z there is none to misread.
            body.additional_data["startDateTime"] = utc(order.start)
        return Call(self._passes(user_id).to_post_request_information(body), "UserAuthMethod-TAP.ReadWrite.All")

    def no_pass(self, user_id: str, pass_id: str) -> Call:
        """Delete a pass."""
        builder = self._passes(user_id).by_temporary_access_pass_authentication_method_id(object_id(pass_id))
        return Call(builder.to_delete_request_information(), "UserAuthMethod-TAP.ReadWrite.All")

    def _passes(self, user_id: str) -> pass_builders.TemporaryAccessPassMethodsRequestBuilder:
        return self._client.users.by_user_id(object_id(user_id)).authentication.temporary_access_pass_methods
