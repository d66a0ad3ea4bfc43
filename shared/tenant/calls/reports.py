"""Calls for what the tenant reports: its sign-in log, and who has registered which ways to sign in."""

from collections.abc import Sequence
from datetime import datetime

from msgraph.generated.audit_logs.sign_ins.sign_ins_request_builder import SignInsRequestBuilder
from msgraph.generated.reports.authentication_methods.user_registration_details import (
    user_registration_details_request_builder as registration_builders,
)
from msgraph.graph_service_client import GraphServiceClient

from shared.tenant.calls.call import MANY, Call, asking, object_id
from shared.tenant.values import quoted, utc


class ReportCalls:
    """Builds the calls."""

    def __init__(self, client: GraphServiceClient) -> None:
        self._client = client

    def sign_ins(self, users: Sequence[str], since: datetime) -> Call:
        """The interactive sign-ins of some users since an instant. Only beta shows by which method."""
        named = " or ".join(f"userId eq {quoted(object_id(user).lower())}" for user in users)
        return self._sign_ins(f"createdDateTime ge {utc(since)} and ({named})", MANY)

    def newest_sign_in(self, since: datetime) -> Call:
        """The newest interactive sign-in of anybody since an instant: the log comes newest first."""
        return self._sign_ins(f"createdDateTime ge {utc(since)}", 1)

    def registrations(self, names: Sequence[str]) -> Call:
        """Which authentication methods the users of these user principal names have registered."""
        named = " or ".join(f"userPrincipalName eq {quoted(name)}" for name in names)
        parameters = registration_builders.UserRegistrationDetailsRequestBuilder
        query = parameters.UserRegistrationDetailsRequestBuilderGetQueryParameters(filter=named)
        builder = self._client.reports.authentication_methods.user_registration_details
        return Call(builder.to_get_request_information(asking(query)), "AuditLog.Read.All")

    def _sign_ins(self, wanted: str, top: int) -> Call:
        query = SignInsRequestBuilder.SignInsRequestBuilderGetQueryParameters(filter=wanted, top=top)
        request = self._client.audit_logs.sign_ins.to_get_request_information(asking(query))
        return Call(request, "AuditLog.Read.All", beta=True)
