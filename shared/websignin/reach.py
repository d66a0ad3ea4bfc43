"""Whether the scope of a profile takes in a device, by the groups that the device is in. Pure."""

from collections.abc import Collection, Iterable

from shared.websignin.assignments import (
    ALL_DEVICES,
    ALL_USERS,
    EXCLUSION,
    GROUP,
    Assignment,
    Judge,
    kind_of,
    names,
    outcome,
    target_of,
    told,
)
from shared.websignin.merge import Write, merge
from shared.websignin.readiness import Reach, Told

_KNOWN = frozenset({GROUP, EXCLUSION, ALL_DEVICES})


def reach(assignments: Iterable[Assignment], groups: Collection[str], judge: Judge) -> Told[Reach]:
    """Tell whether a device in `groups` (object ids) is in the scope of a profile with these assignments.

    An exclusion of one of its groups beats every assignment, whatever the others are; a target of an unknown kind that
    names one may as well exclude it. All users reach a device once it is one of theirs, which is not looked at: that
    alone is unclear. `judge` tells of filters what they do to this very device.
    """
    whole = tuple(assignments)
    about = [target for target in map(target_of, whole) if any(names(target, group) for group in groups)]
    if excluded := [target for target in about if kind_of(target) == EXCLUSION]:
        return Told(Reach.EXCLUDED, f"group {excluded[0]['groupId']}")
    if unknown := [kind_of(target) for target in about if kind_of(target) not in _KNOWN]:
        return Told(Reach.UNCLEAR, f"a target of the kind {unknown[0] or 'none'}, unknown here, names its group")
    everybody = [target for target in map(target_of, whole) if kind_of(target) == ALL_DEVICES]
    if not (about or everybody):
        by_user = any(kind_of(target_of(each)) == ALL_USERS for each in whole)
        return Told(Reach.UNCLEAR, "all users are assigned") if by_user else Told(Reach.OUTSIDE)
    found = outcome((*about, *everybody), judge)
    if found.passes:
        return Told(Reach.IN_SCOPE)
    return Told(Reach.UNCLEAR if found.passes is None else Reach.EXCLUDED, told(found.by))


def with_ours(assignments: Iterable[Assignment], to_come: Iterable[str], judge: Judge) -> tuple[Assignment, ...]:
    """Return the assignments as they are once the app has brought the groups `to_come` into scope, those it can."""
    whole = tuple(assignments)
    for group in sorted(to_come):
        merged = merge(whole, group, judge)
        whole = merged.assignments if isinstance(merged, Write) else whole
    return whole
