"""Which devices an Intune profile reaches: groups, filters, and exclusions that beat every inclusion."""

import re

from sandbox.tenant.state import Json, Profile, TenantState

_CLAUSE = re.compile(
    r'\(?\s*device\.(?P<name>\w+)\s+-(?P<test>eq|ne|startsWith|contains)\s+"(?P<value>[^"]*)"\s*\)?', re.IGNORECASE
)
# What Intune's filter language calls differently from the directory
_NAMES = {"deviceName": "displayName", "osVersion": "operatingSystemVersion", "deviceTrustType": "trustType"}


class FilterNotUnderstoodError(Exception):
    """The sandbox knows single comparisons joined by `and`; the rule is something else."""


def in_scope(state: TenantState, profile: Profile, device: Json) -> str | None:
    """Return None if the profile reaches the device, else why not."""
    groups = {g: str(state.groups[g]["displayName"]) for g in state.groups_of(device["id"])}
    why = "not assigned: the device is in no group the profile is assigned to"
    reached = False
    for assignment in profile.assignments:
        target = assignment["target"]
        kind = target["@odata.type"].rpartition(".")[2]
        group = target.get("groupId")
        if group is not None and group not in groups:
            continue
        if kind == "exclusionGroupAssignmentTarget":
            return f"excluded: the profile leaves out the group {groups[group]}"
        if _passes_filter(state, target, device):
            reached = True
        else:
            why = f"filtered out: the filter on {groups.get(group, 'all devices')} does not let the device through"
    return None if reached else why


def matches(rule: str, device: Json) -> bool:
    """Evaluate a filter rule such as `(device.model -startsWith "Surface")` on a device."""
    clauses = re.split(r"\s+(?:-?and)\s+", rule)
    return all(_clause(clause, device) for clause in clauses)


def _passes_filter(state: TenantState, target: Json, device: Json) -> bool:
    kind = target.get("deviceAndAppManagementAssignmentFilterType", "none")
    if kind == "none":
        return True
    rule = state.filters.get(target["deviceAndAppManagementAssignmentFilterId"])
    fits = rule is not None and matches(rule, device)
    return fits if kind == "include" else not fits


def _clause(text: str, device: Json) -> bool:
    found = _CLAUSE.fullmatch(text.strip())
    if found is None:
        raise FilterNotUnderstoodError(text)
    have = str(device.get(_NAMES.get(found["name"], found["name"])) or "").casefold()
    want = found["value"].casefold()
    match found["test"].casefold():
        case "eq":
            return have == want
        case "ne":
            return have != want
        case "startswith":
            return have.startswith(want)
        case _:
            return want in have
