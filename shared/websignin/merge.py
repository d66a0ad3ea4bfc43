"""Whether a device group is in a profile's scope, and the assignments that bring it there. Pure.

Graph replaces the whole set on every write, so what is written is everything that was read, to the letter, and one
assignment more. Nothing of others' is ever changed or left out: not a filter, not an exclusion, not a kind of target
this module does not know, not what a policy set brought.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.websignin.assignments import (
    ALL_DEVICES,
    EXCLUSION,
    FILTER_ID,
    FILTER_TYPE,
    GROUP,
    TYPE,
    Assignment,
    Judge,
    Outcome,
    is_filtered,
    kind_of,
    names,
    outcome,
    target_of,
    told,
    unjudged,
)

_NAMING_A_GROUP = frozenset({GROUP, EXCLUSION})


class How(StrEnum):
    """By what a group is in scope already."""

    GROUP = "the group is assigned"
    ALL_DEVICES = "all devices are assigned"


@dataclass(frozen=True, slots=True)
class AlreadyInScope:
    """There is nothing to write."""

    how: How


@dataclass(frozen=True, slots=True)
class Excluded:
    """The group is excluded, and an exclusion beats every assignment: only a person may lift it."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """The group stands in the profile, but whether its devices get it cannot be told. `why` is for people."""

    why: str


@dataclass(frozen=True, slots=True)
class Write:
    """The whole set to write: all that was there, unchanged and in its order, and then the group."""

    assignments: tuple[Assignment, ...]


def merge(
    current: Iterable[Assignment], group_id: str, judge: Judge = unjudged
) -> AlreadyInScope | Excluded | Unclear | Write:
    """Decide what brings `group_id` into the scope of a profile with the assignments `current`.

    Filters count as `outcome` has it, for a device that is in no other group. Where the group is assigned, and one of
    them may leave out the very device, the group is `Unclear`, not in scope: the filter is not ours to lift, and Graph
    ignores a second assignment of the same group. So it is where an exclude filter stands on all devices, for that
    wins over whatever is added. A target of an unknown kind that names the group is `Unclear` too, for it may exclude
    it. All users do not count, since before the first sign-in nobody is a user of the device. Who assigned it does not
    matter: a policy set's assignment is one, too.
    """
    assignments = tuple(current)
    naming = [target for target in map(target_of, assignments) if names(target, group_id)]
    if any(kind_of(target) == EXCLUSION for target in naming):
        return Excluded()
    if unknown := [kind_of(target) for target in naming if kind_of(target) not in _NAMING_A_GROUP]:
        return Unclear(f"the profile names the group in a target of the kind {unknown[0] or 'none'}, unknown here")
    everybody = [target for target in map(target_of, assignments) if kind_of(target) == ALL_DEVICES]
    ours = {"@odata.type": f"{TYPE}{GROUP}", "groupId": group_id}
    reached = outcome((*naming, *everybody), judge)
    if reached.passes:
        return AlreadyInScope(How.GROUP if reached.by in naming else How.ALL_DEVICES)
    if naming or not outcome((*everybody, ours), judge).passes:
        return Unclear(_left_open(reached))
    return Write((*assignments, {"target": ours}))


def filters_of(current: Iterable[Assignment], *groups: str) -> frozenset[str]:
    """Return the ids of the filters by which it depends whether devices in these groups, or in none, are in scope."""
    targets = [target for target in map(target_of, current) if is_filtered(target) and target.get(FILTER_ID)]
    everybody = [target for target in targets if kind_of(target) == ALL_DEVICES]
    theirs = [target for target in targets if any(names(target, group) for group in groups)]
    return frozenset(str(target[FILTER_ID]) for target in (*everybody, *theirs))


def missing(written: Iterable[Assignment], found: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Return the assignments of `written` that are not among `found`, each as often as it was written.

    Compared by target and source. The `id` is left out, for Graph may give a new one on every write; so is what
    Graph fills in by itself: nulls, the filter type `none`, the source `direct` and its id.
    """
    left = Counter(map(_meaning, found))
    gone = []
    for assignment in written:
        meaning = _meaning(assignment)
        if left[meaning]:
            left[meaning] -= 1
        else:
            gone.append(assignment)
    return tuple(gone)


def named(assignment: Assignment) -> str:
    """Return what people can find an assignment by in the portal: its kind, and its group where it names one."""
    target = target_of(assignment)
    group = target.get("groupId")
    return f"{kind_of(target) or 'unknown'} {group}" if group else kind_of(target) or "unknown"


def _left_open(found: Outcome) -> str:
    by = f"it depends on {told(found.by)}"
    return by if found.passes is None else f"{by}, which lets none of its devices through"


def _meaning(assignment: Assignment) -> frozenset[tuple[str, str]]:
    target = {f"target.{key}": value for key, value in target_of(assignment).items() if key != "@odata.type"}
    given = {**target, **_origin(assignment), "target.kind": kind_of(target_of(assignment))}
    return frozenset(
        (key, str(value).casefold())
        for key, value in given.items()
        if value is not None and (key, value) != (f"target.{FILTER_TYPE}", "none")
    )


def _origin(assignment: Assignment) -> dict[str, Any]:
    """Return who assigned it, where that was not the profile itself: then Graph names the profile as its source."""
    if assignment.get("source") in (None, "direct"):
        return {}
    return {key: assignment.get(key) for key in ("source", "sourceId")}
