"""Every Graph call the stand-in knows: method, path, versions, the permissions of which one is needed, handler."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from sandbox.tenant.errors import GraphError, bad_request, no_segment
from sandbox.tenant.graph import (
    access,
    approvals,
    autopilot,
    devices,
    domains,
    groups,
    mail,
    managed,
    passes,
    policies,
    principals,
    profiles,
    reports,
    roles,
    signins,
    subscriptions,
    teamwork,
    users,
)  # fmt: skip
from sandbox.tenant.graph.calls import Handler

BOTH = frozenset({"v1.0", "beta"})
BETA = frozenset({"beta"})
_KEYED = re.compile(r"(?P<name>[\w.]+)\((?:(?P<key>\w+)=)?'(?P<value>(?:[^']|'')*)'\)")


@dataclass(frozen=True, slots=True)
class Route:
    """One call. Of `permissions` any one suffices; `also` (for devices as members) is needed besides.

    `family` chooses the words of a refusal, and what limits there are.
    """

    method: str
    template: str
    handler: Handler
    permissions: frozenset[str]
    family: str = "directory"
    versions: frozenset[str] = BOTH
    also: frozenset[str] = frozenset()

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the template split at its slashes."""
        return tuple(self.template.split("/"))

    @property
    def writes(self) -> bool:
        """Tell whether it changes anything: a report is asked for by POST, and is a read."""
        return self.method != "GET" and all("ReadWrite" in name for name in self.permissions)


@dataclass(frozen=True, slots=True)
class Match:
    """A route and the parameters that a path gave it."""

    route: Route
    parameters: dict[str, str]


def _any(*names: str) -> frozenset[str]:
    return frozenset(names)


_USERS = _any("User.Read.All", "User.ReadWrite.All", "Directory.Read.All")
_MEMBERSHIPS = _any("User.Read.All", "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All")
_GROUPS = _any("GroupMember.Read.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Directory.Read.All")
_MEMBER_WRITE = _any("GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All")
_DEVICES = _any("Device.Read.All", "Device.ReadWrite.All", "Directory.Read.All")
_DEVICE_WRITE = _any("Device.ReadWrite.All", "Directory.ReadWrite.All")
_WIDE = "UserAuthenticationMethod.ReadWrite.All"
_PASS_READ = _any(
    "UserAuthMethod-TAP.Read.All", "UserAuthMethod-TAP.ReadWrite.All", "UserAuthenticationMethod.Read.All", _WIDE
)
_PASS_WRITE = _any("UserAuthMethod-TAP.ReadWrite.All", _WIDE)
_POLICY = _any("Policy.Read.AuthenticationMethod", "Policy.ReadWrite.AuthenticationMethod", "Policy.Read.All")
_POLICY_WRITE = _any("Policy.ReadWrite.AuthenticationMethod")
_ROLES = _any("RoleManagement.Read.Directory", "RoleManagement.Read.All", "RoleManagement.ReadWrite.Directory")
_ELIGIBLE = _ROLES | {"RoleEligibilitySchedule.Read.Directory", "RoleEligibilitySchedule.ReadWrite.Directory"}
_PIM_GROUPS = _any("PrivilegedEligibilitySchedule.Read.AzureADGroup", "PrivilegedAccess.Read.AzureADGroup")
_FEDERATION = _any("Domain-InternalFederation.Read.All", "Domain.Read.All", "Directory.Read.All")
_INTUNE = _any("DeviceManagementConfiguration.Read.All", "DeviceManagementConfiguration.ReadWrite.All")
_INTUNE_WRITE = _any("DeviceManagementConfiguration.ReadWrite.All")
_AUTOPILOT = _any("DeviceManagementServiceConfig.Read.All", "DeviceManagementServiceConfig.ReadWrite.All")
_MANAGED = _any("DeviceManagementManagedDevices.Read.All", "DeviceManagementManagedDevices.ReadWrite.All")
_RBAC = _any("DeviceManagementRBAC.Read.All", "DeviceManagementRBAC.ReadWrite.All")
_LOG = _any("AuditLog.Read.All")
_ACTIVITY = _any("TeamsActivity.Send")
_DOMAINS = _any("Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All")
_ACCESS = _any("Policy.Read.All")
_PRINCIPALS = _any("Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All")

_PASS = "users/{user}/authentication/temporaryAccessPassMethods"  # noqa: S105  # a path
_TAP_POLICY = "policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass"
_PIM = "identityGovernance/privilegedAccess/group"
_CATALOG = "deviceManagement/configurationPolicies"
_REPORT = "deviceManagement/reports/getConfigurationPoliciesReportForDevice"
_MEMBER_OF = "users/{user}/transitiveMemberOf"
_DETAILS = "reports/authenticationMethods/userRegistrationDetails"

ROUTES = (
    Route("GET", "users", users.find, _USERS),
    Route("GET", "users/delta", subscriptions.delta, _USERS),
    Route("POST", "subscriptions", subscriptions.create, _USERS),
    Route("PATCH", "subscriptions/{id}", subscriptions.renew, _USERS),
    Route("DELETE", "subscriptions/{id}", subscriptions.delete, _USERS),
    Route("GET", "users/{user}", users.read, _USERS),
    Route("GET", "users/{user}/manager", users.manager, _USERS),
    Route("GET", _MEMBER_OF, users.transitive_member_of, _MEMBERSHIPS),
    Route("GET", f"{_MEMBER_OF}/microsoft.graph.group", users.transitive_groups, _MEMBERSHIPS),
    Route("GET", f"{_MEMBER_OF}/graph.group", users.transitive_groups, _MEMBERSHIPS),
    Route("GET", "users/{user}/registeredDevices", users.registered_devices, _USERS),
    Route("GET", _PASS, passes.look, _PASS_READ, "authentication"),
    Route("POST", _PASS, passes.create, _PASS_WRITE, "authentication"),
    Route("GET", f"{_PASS}/{{id}}", passes.read, _PASS_READ, "authentication"),
    Route("DELETE", f"{_PASS}/{{id}}", passes.delete, _PASS_WRITE, "authentication"),
    Route("POST", "users/{user}/sendMail", mail.send, _any("Mail.Send"), "mail"),
    Route("POST", "users/{user}/teamwork/sendActivityNotification", teamwork.notify, _ACTIVITY),
    Route("GET", _TAP_POLICY, policies.read, _POLICY, "policy"),
    Route("PATCH", _TAP_POLICY, policies.change, _POLICY_WRITE, "policy"),
    Route("GET", "groups/{group}", groups.read, _GROUPS),
    Route("GET", "groups/{group}/owners", groups.owners, _GROUPS),
    Route("GET", "groups/{group}/members", groups.members, _GROUPS),
    Route("POST", "groups/{group}/members/$ref", groups.add_member, _MEMBER_WRITE, also=_DEVICE_WRITE),
    Route("DELETE", "groups/{group}/members/{id}/$ref", groups.remove_member, _MEMBER_WRITE, also=_DEVICE_WRITE),
    Route("GET", "devices", devices.find, _DEVICES),
    Route("GET", "devices/{id}", devices.read, _DEVICES),
    Route("GET", "devices/{id}/transitiveMemberOf", devices.transitive_member_of, _DEVICES),
    Route("GET", "devices(deviceId={deviceId})", devices.read_by_device_id, _DEVICES),
    Route("GET", "roleManagement/directory/roleAssignments", roles.active, _ROLES),
    Route("GET", "roleManagement/directory/roleEligibilitySchedules", roles.eligible, _ELIGIBLE),
    Route("GET", f"{_PIM}/eligibilitySchedules", roles.eligible_members, _PIM_GROUPS),
    Route("GET", "domains", domains.find, _DOMAINS),
    Route("GET", "domains/{domain}/federationConfiguration", domains.federation, _FEDERATION),
    Route("GET", "identity/conditionalAccess/policies", access.policies, _ACCESS, "policy"),
    Route("GET", "servicePrincipals(appId={appId})", principals.by_app_id, _PRINCIPALS),
    Route("GET", "servicePrincipals/{id}/appRoleAssignments", principals.granted, _PRINCIPALS),
    Route("GET", "deviceManagement/windowsAutopilotDeviceIdentities", autopilot.find, _AUTOPILOT, "intune"),
    Route("GET", "deviceManagement/managedDevices", managed.find, _MANAGED, "intune"),
    Route("POST", _REPORT, managed.reported, _INTUNE, "intune", BETA),
    Route("GET", _CATALOG, profiles.find, _INTUNE, "intune", BETA),
    Route("POST", _CATALOG, profiles.create, _INTUNE_WRITE, "intune", BETA),
    Route("GET", f"{_CATALOG}/{{id}}", profiles.read, _INTUNE, "intune", BETA),
    Route("GET", f"{_CATALOG}/{{id}}/settings", profiles.settings, _INTUNE, "intune", BETA),
    Route("GET", f"{_CATALOG}/{{id}}/assignments", profiles.assignments, _INTUNE, "intune", BETA),
    Route("POST", f"{_CATALOG}/{{id}}/assign", profiles.assign, _INTUNE_WRITE, "intune", BETA),
    Route("GET", "deviceManagement/assignmentFilters/{id}", profiles.read_filter, _INTUNE, "intune", BETA),
    Route("GET", "deviceManagement/operationApprovalRequests", approvals.find, _INTUNE, "intune", BETA),
    Route("GET", "deviceManagement/operationApprovalPolicies", approvals.policies, _RBAC, "intune", BETA),
    Route("GET", "auditLogs/signIns", signins.find, _LOG, "reports"),
    Route("GET", _DETAILS, reports.registrations, _LOG, "reports"),
    Route("GET", f"{_DETAILS}/{{user}}", reports.registration, _LOG, "reports"),
)
# Segments that v1.0 has although no call of this product goes there
_V1_ONLY_PREFIXES = (("deviceManagement",),)


def match(method: str, version: str, path: str) -> Match:
    """Find the route of a raw (percent-encoded) path below the version, or raise what Graph answers."""
    if version not in BOTH:
        raise bad_request(f"Invalid version: {version}.")
    segments = tuple(_normal(path))
    here = [route for route in ROUTES if version in route.versions]
    fits = [(r, p) for r in here if (p := _parameters(r, segments)) is not None]
    for route, parameters in fits:
        if route.method == method:
            return Match(route, parameters)
    if fits:
        raise GraphError(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
    raise no_segment(_first_unknown(here, segments))


def _normal(path: str) -> Iterator[str]:
    for raw in path.strip("/").split("/"):
        # A function without arguments goes with its parentheses, as the SDK writes it, or without.
        segment = unquote(raw).removesuffix("()")
        keyed = _KEYED.fullmatch(segment)
        if keyed and keyed["key"]:
            yield f"{keyed['name']}({keyed['key']}={keyed['value']})"
        elif keyed:
            yield keyed["name"]
            yield keyed["value"].replace("''", "'")
        else:
            yield segment


def _parameters(route: Route, segments: tuple[str, ...]) -> dict[str, str] | None:
    if len(route.segments) != len(segments):
        return None
    found: dict[str, str] = {}
    for wanted, given in zip(route.segments, segments, strict=True):
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(wanted))
        fit = re.fullmatch(pattern, given, re.IGNORECASE)
        if fit is None:
            return None
        found |= fit.groupdict()
    # `users/{user}` must not swallow what is a segment of its own, such as devices/$count
    return None if any(value.startswith("$") for value in found.values()) else found


def _first_unknown(routes: list[Route], segments: tuple[str, ...]) -> str:
    known = [route.segments for route in routes] + list(_V1_ONLY_PREFIXES)
    for length in range(1, len(segments) + 1):
        if not any(_starts(template, segments[:length]) for template in known):
            return segments[length - 1]
    return segments[-1]


def _starts(template: tuple[str, ...], head: tuple[str, ...]) -> bool:
    return len(template) >= len(head) and all(
        wanted.startswith("{") or wanted.casefold() == given.casefold()
        for wanted, given in zip(template, head, strict=False)
    )
