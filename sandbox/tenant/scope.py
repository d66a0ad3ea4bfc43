"""Which devices an Intune profile reaches: groups, filters, and exclusions that beat every inclusion."""

from sandbox.tenant.filter_rules import matches
from sandbox.tenant.state import Json, Profile, TenantState

_KINDS = frozenset(
    {
        "groupAssignmentTarget",
        "exclusionGroupAssignmentTarget",
        "allDevicesAssignmentTarget",
        "allLicensedUsersAssignmentTarget",
    }
)
"""Targets of any other kind reach nothing here."""
_EXCLUSION = "exclusionGroupAssignmentTarget"
_MODES = ("exclude", "none", "include")
"""Of the modes of the filters on all that a device belongs to, the first of these decides alone."""


def in_scope(state: TenantState, profile: Profile, device: Json) -> str | None:
    """Return None if the profile reaches the device, else why not."""
    groups = {g: str(state.groups[g]["displayName"]) for g in state.groups_of(device["id"])}
    targets = [assignment["target"] for assignment in profile.assignments]
    about = [target for target in targets if _kind(target) in _KINDS and target.get("groupId") in {None, *groups}]
    if excluding := [target for target in about if _kind(target) == _EXCLUSION]:
        return f"excluded: the profile leaves out the group {groups[excluding[0]['groupId']]}"
    deciding = next(filter(None, ([each for each in about if _mode(each) == mode] for mode in _MODES)), [])
    if not deciding:
        return "not assigned: the device is in no group the profile is assigned to"
    matched = any(_matches(state, target, device) for target in deciding)
    if matched != (_mode(deciding[0]) == "exclude"):
        return None
    whom = groups.get(deciding[0].get("groupId"), "all devices")
    return f"filtered out: the filter on {whom} does not let the device through"


def _kind(target: Json) -> str:
    return str(target["@odata.type"].rpartition(".")[2])


def _mode(target: Json) -> str:
    return str(target.get("deviceAndAppManagementAssignmentFilterType", "none"))


def _matches(state: TenantState, target: Json, device: Json) -> bool:
    if _mode(target) == "none":
        return True
    rule = state.filters.get(target["deviceAndAppManagementAssignmentFilterId"])
    return rule is not None and matches(rule, device)
