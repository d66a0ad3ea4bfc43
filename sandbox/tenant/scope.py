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


def in_scope(state: TenantState, profile: Profile, device: Json) -> str | None:
    """Return None if the profile reaches the device, else why not."""
    groups = {g: str(state.groups[g]["displayName"]) for g in state.groups_of(device["id"])}
    why = "not assigned: the device is in no group the profile is assigned to"
    reached = False
    for assignment in profile.assignments:
        target = assignment["target"]
        kind = target["@odata.type"].rpartition(".")[2]
        group = target.get("groupId")
        if (group is not None and group not in groups) or kind not in _KINDS:
            continue
        if kind == "exclusionGroupAssignmentTarget":
            return f"excluded: the profile leaves out the group {groups[group]}"
        if _passes_filter(state, target, device):
            reached = True
        else:
            why = f"filtered out: the filter on {groups.get(group, 'all devices')} does not let the device through"
    return None if reached else why


def _passes_filter(state: TenantState, target: Json, device: Json) -> bool:
    kind = target.get("deviceAndAppManagementAssignmentFilterType", "none")
    if kind == "none":
        return True
    rule = state.filters.get(target["deviceAndAppManagementAssignmentFilterId"])
    fits = rule is not None and matches(rule, device)
    return fits if kind == "include" else not fits
