"""What the check-up asks of Microsoft Graph with an administrator's own sign-in, and the app never does.

Beside the calls of the app, and under their rules. Each names the permission that the sign-in needs; none of these is
granted to the app.
"""

from collections.abc import Mapping
from typing import Any

from kiota_abstractions.method import Method
from msgraph.generated.domains.domains_request_builder import DomainsRequestBuilder
from msgraph.generated.service_principals_with_app_id import service_principals_with_app_id_request_builder as builders
from msgraph.graph_service_client import GraphServiceClient

from shared.tenant.calls.call import Call, asking, object_id, plain_change, plain_get

_METHOD = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass"
_APPROVAL_POLICIES = "/deviceManagement/operationApprovalPolicies"
_METHOD_TYPE = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"


class AdministratorCalls:
    """Builds the calls."""

    def __init__(self, client: GraphServiceClient) -> None:
        self._client = client

    def service_principal(self, app_id: str, *properties: str) -> Call:
        """One service principal, by the client id of its application."""
        parameters = builders.ServicePrincipalsWithAppIdRequestBuilder
        query = parameters.ServicePrincipalsWithAppIdRequestBuilderGetQueryParameters(select=["id", *properties])
        builder = self._client.service_principals_with_app_id(app_id)
        request = builder.to_get_request_information(asking(query))
        return Call(request, "Application.Read.All")

    def granted_roles(self, service_principal: str) -> Call:
        """The app roles that a service principal was granted, of Microsoft Graph and of others."""
        builder = self._client.service_principals.by_service_principal_id(object_id(service_principal))
        return Call(builder.app_role_assignments.to_get_request_information(), "Application.Read.All")

    def access_policies(self) -> Call:
        """All Conditional Access policies; authentication strengths come with what they allow."""
        builder = self._client.identity.conditional_access.policies
        return Call(builder.to_get_request_information(), "Policy.Read.All")

    def domains(self) -> Call:
        """The tenant's domains."""
        query = DomainsRequestBuilder.DomainsRequestBuilderGetQueryParameters(
            select=["id", "authenticationType", "isDefault"]
        )
        request = self._client.domains.to_get_request_information(asking(query))
        return Call(request, "Domain.Read.All")

    def federation(self, domain: str) -> Call:
        """How a federated domain is federated: one element, or 404."""
        builder = self._client.domains.by_domain_id(domain).federation_configuration
        return Call(builder.to_get_request_information(), "Domain-InternalFederation.Read.All")

    def approval_policies(self) -> Call:
        """The access policies of Multi Admin Approval: what of Intune they guard. Beta alone has them.

        Microsoft's page of 2024 lets whoever reads configurations read them, too; that of 2026 does not.
        """
        return Call(plain_get(_APPROVAL_POLICIES, {}, {}), "DeviceManagementRBAC.Read.All", beta=True)

    def change_pass_policy(self, change: Mapping[str, Any]) -> Call:
        """Change properties of the policy for Temporary Access Passes; those left out stay."""
        request = plain_change(Method.PATCH, _METHOD, {}, {"@odata.type": _METHOD_TYPE, **change})
        request.headers.try_add("Accept", "application/json")
        return Call(request, "Policy.ReadWrite.AuthenticationMethod")
