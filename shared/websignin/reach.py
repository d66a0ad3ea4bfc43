"""Whether the scope of a profile takes in a device, by the groups that the device is in. Pure."""

from collections.abc import Collection, Iterable

from shared.websignin.merge import AlreadyInScope, Assignment, Excluded, Judge, Unclear, merge
from shared.websignin.readiness import Reach, Told

NO_GROUP = "00000000-0000-0000-0000-000000000000"
"""Stands for what a device has without any group: it is one of all devices."""


def reach(assignments: Iterable[Assignment], groups: Collection[str], judge: Judge) -> Told[Reach]:
    """Tell whether a device in `groups` (object ids) is in the scope of a profile with these assignments.

    An exclusion of one of its groups beats every assignment, whatever the others are. `judge` tells of filters.
    """
    current = tuple(assignments)
    found = {group: merge(current, group, judge) for group in sorted({*groups, NO_GROUP})}
    if excluded := [group for group, result in found.items() if isinstance(result, Excluded)]:
        return Told(Reach.EXCLUDED, f"group {excluded[0]}")
    if any(isinstance(result, AlreadyInScope) for result in found.values()):
        return Told(Reach.IN_SCOPE)
    if unclear := [result.why for result in found.values() if isinstance(result, Unclear)]:
        return Told(Reach.UNCLEAR, unclear[0])
    return Told(Reach.OUTSIDE)
