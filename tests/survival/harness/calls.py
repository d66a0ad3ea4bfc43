"""In which matrix each call to Graph meets the faults, and as what. The long forms see that it was recorded there."""

from collections.abc import Iterable, Mapping

from tests.survival.harness.matrix import Line

_PASSES = "/v1.0/users/{id}/authentication/temporaryAccessPassMethods"
_POLICY = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass"
_PROFILES = "/beta/deviceManagement/configurationPolicies"
_ROLES = "/v1.0/roleManagement/directory"

A_LIFE: Mapping[str, str] = {
    "people.account": "GET /v1.0/users/{name}",
    "privilege.memberships": "GET /v1.0/users/{id}/transitiveMemberOf",
    "privilege.role_assignments": f"GET {_ROLES}/roleAssignments",
    "privilege.role_eligibilities": f"GET {_ROLES}/roleEligibilitySchedules",
    "group.with_id": "GET /v1.0/groups/{id}",
    "device.registered_by": "GET /v1.0/users/{id}/registeredDevices",
    "pass.policy": f"GET {_POLICY}",
    "pass.held_by": f"GET {_PASSES}",
    "pass.new_pass": f"POST {_PASSES}",
    "pass.no_pass": f"DELETE {_PASSES}/{{id}}",
    "profile.named": f"GET {_PROFILES}",
    "profile.with_id": f"GET {_PROFILES}/{{id}}",
    "profile.assign": f"POST {_PROFILES}/{{id}}/assign",
    "message.mail": "POST /v1.0/users/{name}/sendMail",
}
DEVICES: Mapping[str, str] = {
    "group.kind": "GET /v1.0/groups/{id}",
    "group.owners": "GET /beta/groups/{id}/owners",
    "group.new_member": "POST /v1.0/groups/{id}/members/$ref",
    "group.no_member": "DELETE /v1.0/groups/{id}/members/{id}/$ref",
    "device.groups_of": "GET /v1.0/devices/{id}/transitiveMemberOf",
    "device.with_object_id": "GET /v1.0/devices/{id}",
    "device.with_device_id": "GET /v1.0/devices(deviceId='{id}')",
    "readiness.device_shown": "GET /v1.0/devices/{id}",
    "readiness.managed_devices": "GET /v1.0/deviceManagement/managedDevices",
}
READINESS: Mapping[str, str] = {
    "profile.approval_requests": "GET /beta/deviceManagement/operationApprovalRequests",
    "message.mail_to_nobody": "POST /v1.0/users/{name}/sendMail",
}
WATCHING: Mapping[str, str] = {
    "report.sign_ins": "GET /beta/auditLogs/signIns",
    "report.newest_sign_in": "GET /beta/auditLogs/signIns",
    "report.registrations": "GET /v1.0/reports/authenticationMethods/userRegistrationDetails",
}
ENTRA: Mapping[str, Mapping[str, str]] = {
    "subscribe": {
        "change.subscribe": "POST /v1.0/subscriptions",
        "change.changed_hires": "GET /v1.0/users/delta",
        "people.hires_since": "GET /v1.0/users",
    },
    "read": {"people.hire": "GET /v1.0/users/{id}"},
    "subscribe anew": {"change.unsubscribe": "DELETE /v1.0/subscriptions/{id}"},
    "renew": {"change.renew": "PATCH /v1.0/subscriptions/{id}"},
}
BY_NUMBER: Mapping[str, str] = {
    "people.accounts_with": "GET /v1.0/users",
    "privilege.group_eligibilities": "GET /v1.0/identityGovernance/privilegedAccess/group/eligibilitySchedules",
    "message.activity": "POST /v1.0/users/{id}/teamwork/sendActivityNotification",
}
BY_SERIAL: Mapping[str, str] = {
    "device.autopilot_identities": "GET /v1.0/deviceManagement/windowsAutopilotDeviceIdentities",
    "profile.assignment_filter": "GET /beta/deviceManagement/assignmentFilters/{id}",
    "readiness.profiles_reported": "POST /beta/deviceManagement/reports/getConfigurationPoliciesReportForDevice",
}
MADE: Mapping[str, str] = {"profile.new_profile": f"POST {_PROFILES}"}
COMING: Mapping[str, str] = {"people.plans": "GET /v1.0/users/{id}"}
IN_A_MATRIX: Mapping[str, str] = {
    **A_LIFE,
    **DEVICES,
    **READINESS,
    **WATCHING,
    **BY_NUMBER,
    **BY_SERIAL,
    **MADE,
    **COMING,
    **{name: call for stage in ENTRA.values() for name, call in stage.items()},
}


def missing(expected: Mapping[str, str], lines: Iterable[Line]) -> list[str]:
    """Name what is said to be in a matrix, and was not recorded there."""
    recorded = {f"{line.method} {line.path}" for line in lines}
    return [name for name, call in expected.items() if call not in recorded]


def among(expected: Mapping[str, str], lines: Iterable[Line]) -> list[Line]:
    """Return the lines that are one of these calls."""
    return [line for line in lines if f"{line.method} {line.path}" in expected.values()]
