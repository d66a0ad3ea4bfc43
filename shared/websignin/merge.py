"""Whether a device group is in a profile's scope, and the assignments that bring it there. Pure.

Graph replaces the whole set on every write, so what is written is everything that was read, to the letter, and one
assignment more. Nothing of others' is ever changed or left out: not a filter, not an exclusion, not a kind of target
this module does not know, not what a policy set brought.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

type Assignment = Mapping[str, Any]
"""One of Graph's own assignment objects: `target`, and what else it came with (`id`, `source`, `sourceId`)."""

type Judge = Callable[[str], bool | None]
"""Tells of a filter, by its id, whether it lets every device of interest through (True), none (False), or unknown."""

_GRAPH = "#microsoft.graph."
_GROUP = "groupAssignmentTarget"
_EXCLUSION = "exclusionGroupAssignmentTarget"
_ALL_DEVICES = "allDevicesAssignmentTarget"
_FILTER_ID = "deviceAndAppManagementAssignmentFilterId"
_FILTER_TYPE = "deviceAndAppManagementAssignmentFilterType"
_NAMING_A_GROUP = frozenset({_GROUP, _EXCLUSION})


def unjudged(_: str) -> None:
    """Judge no filter."""


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

    A filter that certainly lets every device of interest through, as `judge` has it, is as good as none, on the group
    as on all devices. With any other filter the group is `Unclear`, not in scope: it may leave out the very device, it
    is not ours to lift, and Graph ignores a second assignment of the same group. A target of an unknown kind that
    names the group is `Unclear` too, for it may exclude it. All users do not count, since before the first sign-in
    nobody is a user of the device. Who assigned it does not matter: a policy set's assignment is one, too.
    """
    assignments = tuple(current)
    naming = [target for target in map(_target, assignments) if _names(target, group_id)]
    if any(_kind(target) == _EXCLUSION for target in naming):
        return Excluded()
    if unknown := [_kind(target) for target in naming if _kind(target) not in _NAMING_A_GROUP]:
        return Unclear(f"the profile names the group in a target of the kind {unknown[0] or 'none'}, unknown here")
    if any(_reaches(target, judge) for target in naming):
        return AlreadyInScope(How.GROUP)
    if any(_kind(target) == _ALL_DEVICES and _reaches(target, judge) for target in map(_target, assignments)):
        return AlreadyInScope(How.ALL_DEVICES)
    if naming:
        return Unclear(_filtered_by(naming[0], judge))
    return Write((*assignments, {"target": {"@odata.type": f"{_GRAPH}{_GROUP}", "groupId": group_id}}))


def filters_of(current: Iterable[Assignment], group_id: str) -> frozenset[str]:
    """Return the ids of the filters by which it depends whether the group is in scope."""
    targets = [target for target in map(_target, current) if _filtered(target)]
    deciding = (target for target in targets if _names(target, group_id) or _kind(target) == _ALL_DEVICES)
    return frozenset(str(target[_FILTER_ID]) for target in deciding if target.get(_FILTER_ID))


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
    target = _target(assignment)
    group = target.get("groupId")
    return f"{_kind(target) or 'unknown'} {group}" if group else _kind(target) or "unknown"


def _target(assignment: Assignment) -> Mapping[str, Any]:
    target = assignment.get("target")
    return target if isinstance(target, Mapping) else {}


def _kind(target: Mapping[str, Any]) -> str:
    return str(target.get("@odata.type") or "").removeprefix("#").removeprefix(_GRAPH.removeprefix("#"))


def _names(target: Mapping[str, Any], group_id: str) -> bool:
    return str(target.get("groupId") or "").casefold() == group_id.casefold()


def _filtered(target: Mapping[str, Any]) -> bool:
    """Tell whether a filter narrows the target. Of its two properties either alone is taken for a filter."""
    kind = target.get(_FILTER_TYPE)
    return kind not in (None, "", "none") or (kind is None and bool(target.get(_FILTER_ID)))


def _reaches(target: Mapping[str, Any], judge: Judge) -> bool:
    """Tell whether the target certainly reaches every device of interest that it is about."""
    return not _filtered(target) or _passes(target, judge) is True


def _passes(target: Mapping[str, Any], judge: Judge) -> bool | None:
    """Tell what the filter does to the devices of interest: to all of them, or None where that is not certain."""
    lets_through = judge(str(target.get(_FILTER_ID) or ""))
    match target.get(_FILTER_TYPE):
        case "include":
            return lets_through
        case "exclude" if lets_through is not None:
            return not lets_through
        case _:
            return None


def _filtered_by(target: Mapping[str, Any], judge: Judge) -> str:
    told = f"the group is assigned with the {target.get(_FILTER_TYPE)} filter {target.get(_FILTER_ID)}"
    return f"{told}, which lets none of its devices through" if _passes(target, judge) is False else told


def _meaning(assignment: Assignment) -> frozenset[tuple[str, str]]:
    target = {f"target.{key}": value for key, value in _target(assignment).items() if key != "@odata.type"}
    given = {**target, **_origin(assignment), "target.kind": _kind(_target(assignment))}
    return frozenset(
        (key, str(value).casefold())
        for key, value in given.items()
        if value is not None and (key, value) != (f"target.{_FILTER_TYPE}", "none")
    )


def _origin(assignment: Assignment) -> dict[str, Any]:
    """Return who assigned it, where that was not the profile itself: then Graph names the profile as its source."""
    if assignment.get("source") in (None, "direct"):
        return {}
    return {key: assignment.get(key) for key in ("source", "sourceId")}
