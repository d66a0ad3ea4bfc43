"""Calls to Intune: profiles of the settings catalog, filters of assignments, and Multi Admin Approval. All of beta."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from shared.tenant.calls.call import Call, object_id, plain_change, plain_get
from shared.tenant.ports.profiles import Approval
from shared.tenant.values import quoted

_POLICIES = "/deviceManagement/configurationPolicies"
_FILTERS = "/deviceManagement/assignmentFilters"
_APPROVALS = "/deviceManagement/operationApprovalRequests"


class ProfileCalls:
    """Builds the calls."""

    def with_id(self, profile_id: str) -> Call:
        """One settings-catalog profile with its assignments and settings."""
        query = {"%24expand": ["assignments", "settings"]}
        return _read(plain_get(_POLICIES + "/{id}{?%24expand}", {"id": object_id(profile_id)}, query))

    def named(self, name: str) -> Call:
        """The ids and names of the settings-catalog profiles of this name."""
        query = {"%24filter": f"name eq {quoted(name)}", "%24select": ["id", "name"]}
        return _read(plain_get(_POLICIES + "{?%24filter,%24select}", {}, query))

    def assignment_filter(self, filter_id: str) -> Call:
        """The rule of an assignment filter."""
        query = {"%24select": ["id", "rule"]}
        return _read(plain_get(_FILTERS + "/{id}{?%24select}", {"id": object_id(filter_id)}, query))

    def approval_requests(self) -> Call:
        """The requests of Multi Admin Approval, whoever made them."""
        return _read(plain_get(_APPROVALS, {}, {}))

    def assign(self, profile_id: str, assignments: tuple[Mapping[str, Any], ...], approval: Approval) -> Call:
        """Replace the whole set of a profile's assignments."""
        ids, body = {"id": object_id(profile_id)}, {"assignments": list(assignments)}
        return _changed(plain_change(Method.POST, _POLICIES + "/{id}/assign", ids, body), approval)

    def new_profile(self, body: Mapping[str, Any], approval: Approval) -> Call:
        """Make a settings-catalog profile."""
        request = plain_change(Method.POST, _POLICIES, {}, body)
        request.headers.try_add("Accept", "application/json")
        return _changed(request, approval)


def _read(request: RequestInformation) -> Call:
    return Call(request, "DeviceManagementConfiguration.Read.All", beta=True)


def _changed(request: RequestInformation, approval: Approval) -> Call:
    """Add what Multi Admin Approval wants to know; a tenant without it does not look.

    Never both: with the request's id the write is carried out, with the justification another request is opened.
    """
    if approval.request is not None:
        request.headers.try_add("x-msft-approval-code", approval.request)
    else:
        request.headers.try_add("x-msft-approval-justification", b64encode(approval.why.encode()).decode())
    return Call(request, "DeviceManagementConfiguration.ReadWrite.All", beta=True)
