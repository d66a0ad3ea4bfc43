"""Directory roles, active and eligible, as roleManagement lists them: by principal, never through a group."""

from sandbox.tenant.errors import GraphError, bad_request
from sandbox.tenant.graph import query, schema
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.seed import ROLE_IDS, stable_id
from sandbox.tenant.state import Json, RoleGrant
from sandbox.tenant.times import graph_time


def active(call: Call) -> Answer:
    """GET roleManagement/directory/roleAssignments?$filter=principalId eq '…'."""
    shown = [_base(call, grant) for grant in call.state.active_roles]
    found = call.matching(shown, schema.ROLE_GRANT, "unifiedRoleAssignment")
    return call.page(found, "roleManagement/directory/roleAssignments")


def eligible(call: Call) -> Answer:
    """GET roleManagement/directory/roleEligibilitySchedules; a tenant without P2 answers 400."""
    _check_p2(call)
    shown = [_base(call, grant) | _schedule(grant) for grant in call.state.eligible_roles]
    found = call.matching(shown, schema.ROLE_GRANT, "unifiedRoleEligibilitySchedule")
    return call.page(found, "roleManagement/directory/roleEligibilitySchedules")


def eligible_members(call: Call) -> Answer:
    """GET identityGovernance/privilegedAccess/group/eligibilitySchedules: PIM for Groups, by principal or group."""
    _check_p2(call)
    shown = [
        {"id": one.id, "principalId": one.principal_id, "groupId": one.group_id, "accessId": one.access}
        | {"memberType": "direct", "status": "Provisioned", "createdDateTime": graph_time(one.since)}
        for one in call.state.eligible_members
    ]
    if "$filter" not in call.options:
        raise bad_request("The filter must name a principalId or a groupId.")
    found = call.matching(shown, schema.GROUP_ELIGIBILITY, "privilegedAccessGroupEligibilitySchedule")
    return call.page(found, "identityGovernance/privilegedAccess/group/eligibilitySchedules")


def role_id(role: str) -> str:
    """Return the id of a role's definition: Entra's own for built-in ones."""
    return ROLE_IDS.get(role, stable_id("role", role))


def _check_p2(call: Call) -> None:
    if not call.state.knobs.has_p2:
        raise GraphError(
            400,
            "AadPremiumLicenseRequired",
            "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
        )


def _base(call: Call, grant: RoleGrant) -> Json:
    body: Json = {
        "id": grant.id,
        "principalId": grant.principal_id,
        "directoryScopeId": grant.scope,
        "roleDefinitionId": role_id(grant.role),
    }
    for name in query.expansions(call.options.get("$expand")):
        if name != "roleDefinition":
            raise bad_request(f"Parsing OData Select and Expand failed: '{name}' is not supported.")
        body["roleDefinition"] = {"id": role_id(grant.role), "displayName": grant.role, "isBuiltIn": True}
    return body


def _schedule(grant: RoleGrant) -> Json:
    since = graph_time(grant.since)
    return {
        "appScopeId": None,
        "createdUsing": grant.id,
        "createdDateTime": since,
        "modifiedDateTime": since,
        "status": "Provisioned",
        "memberType": "Direct",
        "scheduleInfo": {
            "startDateTime": since,
            "recurrence": None,
            "expiration": {"type": "noExpiration", "endDateTime": None, "duration": None},
        },
    }
