"""Does the app hold every Graph permission that it needs, and none besides? Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.checkup.facts import Facts, Wishes
from shared.checkup.finding import Check, Subject, Verdict, failure, ok, warning

_PORTAL = "Entra admin centre → Enterprise applications → id-day-one-pass-… → Permissions"


@dataclass(frozen=True, slots=True)
class Need:
    """A permission that the app needs for a feature. `instead`: wider ones that Graph takes in its place."""

    permission: str
    feature: str
    instead: frozenset[str] = frozenset()


WEB_SIGN_IN = "Web sign-in"
AUTOPILOT = "autopilot"
PIM = "pim"
STEADY_GROUP = "steady-group"
TEAMS = "teams"
OPTIONAL = frozenset({AUTOPILOT, PIM, STEADY_GROUP, TEAMS})
"""Features whose permissions are granted only where settings switch them on."""
NEEDS = (
    Need("UserAuthMethod-TAP.ReadWrite.All", "passes", frozenset({"UserAuthenticationMethod.ReadWrite.All"})),
    Need("Policy.Read.AuthenticationMethod", "passes"),
    Need("User.Read.All", "who may get a pass"),
    Need("GroupMember.Read.All", "who may get a pass"),
    Need("RoleManagement.Read.Directory", "who may get a pass"),
    Need("DeviceManagementConfiguration.ReadWrite.All", WEB_SIGN_IN),
    Need("Device.Read.All", WEB_SIGN_IN),
    Need("DeviceManagementManagedDevices.Read.All", WEB_SIGN_IN),
    Need("AuditLog.Read.All", "use"),
    Need("DeviceManagementServiceConfig.Read.All", AUTOPILOT),
    Need("PrivilegedEligibilitySchedule.Read.AzureADGroup", PIM),
    Need("GroupMember.ReadWrite.All", STEADY_GROUP),
    Need("Device.ReadWrite.All", STEADY_GROUP),
    Need("TeamsActivity.Send", TEAMS),
)
"""What `infra/graph/permissions.json` grants, or can grant; `make check` holds the two together."""


def needed(wishes: Wishes) -> Iterator[Need]:
    """Yield what the features need that settings switch on: without a device group there is no Web sign-in side."""
    for need in NEEDS:
        wished = need.feature not in OPTIONAL or need.feature in wishes.features
        if wished and (need.feature != WEB_SIGN_IN or wishes.device_groups):
            yield need


def _set_up(features: Iterable[str] = ()) -> str:
    """Return the command that grants what every app needs, and what these features need besides."""
    named = "".join(f"--with {feature} " for feature in sorted(features))
    return f"infra/graph/set-up.sh {named}ENVIRONMENT RESOURCE_GROUP HOST_NAME"


def _held(facts: Facts) -> Verdict:
    held = facts.grants.get().permissions
    missing = [need for need in needed(facts.wishes) if not held & {need.permission, *need.instead}]
    if missing:
        listed = ", ".join(f"{need.permission} ({need.feature})" for need in missing)
        return failure(f"missing: {listed}", _set_up({need.feature for need in missing} & OPTIONAL))
    return ok(f"all {len(list(needed(facts.wishes)))} are held")


def _none_besides(facts: Facts) -> Verdict:
    surplus = facts.grants.get().permissions - {need.permission for need in needed(facts.wishes)}
    if not surplus:
        return ok("no other is held")
    url = f"https://graph.microsoft.com/v1.0/servicePrincipals(appId='{facts.wishes.client_id}')/appRoleAssignments"
    listed = f'az rest --url "{url}"   # then, for each: az rest --method DELETE --url "{url}/ID"'
    return warning("held and not needed: " + ", ".join(sorted(surplus)), listed)


CHECKS = (
    Check(
        id="graph-permissions",
        subject=Subject.GRAPH,
        title="The app holds every permission that it needs",
        why="A call without its permission is refused, and the hire waits with permission-missing.",
        portal=f"{_PORTAL}; a Privileged Role Administrator grants",
        command=_set_up(),
        look=_held,
    ),
    Check(
        id="graph-permissions-surplus",
        subject=Subject.GRAPH,
        title="It holds no other permission",
        why="Whoever takes over the app can do what it may do. Mail.Send here would be for every mailbox.",
        portal=f"{_PORTAL}; a Privileged Role Administrator revokes",
        look=_none_besides,
    ),
)
