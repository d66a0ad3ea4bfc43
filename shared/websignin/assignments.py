"""One assignment of a profile as Graph writes it, and what the filters of several come to for one device. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

type Assignment = Mapping[str, Any]
"""One of Graph's own assignment objects: `target`, and what else it came with (`id`, `source`, `sourceId`)."""

type Target = Mapping[str, Any]
"""What an assignment is about: a kind, perhaps a group, perhaps a filter."""

type Judge = Callable[[str], bool | None]
"""Tells of a filter, by its id, whether it matches every device of interest (True), none (False), or unknown."""

GROUP = "groupAssignmentTarget"
EXCLUSION = "exclusionGroupAssignmentTarget"
ALL_DEVICES = "allDevicesAssignmentTarget"
ALL_USERS = "allLicensedUsersAssignmentTarget"
FILTER_ID = "deviceAndAppManagementAssignmentFilterId"
FILTER_TYPE = "deviceAndAppManagementAssignmentFilterType"
TYPE = "#microsoft.graph."
_INCLUDE, _NONE = "include", frozenset({None, "", "none"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether targets, taken together, let the profile through to a device; None where that is not certain.

    `by`: the target that decides.
    """

    passes: bool | None
    by: Target


def unjudged(_: str) -> None:
    """Judge no filter."""


def target_of(assignment: Assignment) -> Target:
    """Return what an assignment is about; empty for one of no known shape."""
    target = assignment.get("target")
    return target if isinstance(target, Mapping) else {}


def kind_of(target: Target) -> str:
    """Return Graph's type of a target without what comes before its name; empty for none."""
    return str(target.get("@odata.type") or "").removeprefix("#").removeprefix(TYPE.removeprefix("#"))


def names(target: Target, group_id: str) -> bool:
    """Tell whether a target, of whatever kind, names the group."""
    return str(target.get("groupId") or "").casefold() == group_id.casefold()


def is_filtered(target: Target) -> bool:
    """Tell whether a filter narrows the target. Of its two properties either alone is taken for a filter."""
    kind = target.get(FILTER_TYPE)
    return kind not in _NONE or (kind is None and bool(target.get(FILTER_ID)))


def outcome(targets: Iterable[Target], judge: Judge) -> Outcome:
    """Tell what the filters of all targets that a device belongs to come to; of none nothing comes.

    Where they differ in mode, one mode alone decides: an exclude filter wins over a target without a filter, and that
    over an include filter. Of several filters of one mode, one that matches is enough. A mode that is not known here
    may be anything, and leaves it open like an exclude filter nobody judges.
    https://learn.microsoft.com/mem/intune/fundamentals/filters-reports-troubleshoot
    """
    found = tuple(targets)
    if excluding := [target for target in found if is_filtered(target) and target.get(FILTER_TYPE) != _INCLUDE]:
        matches, by = _matching(excluding, judge)
        return Outcome(None if matches is None else not matches, by)
    if plain := [target for target in found if not is_filtered(target)]:
        return Outcome(passes=True, by=plain[0])
    return Outcome(*_matching(found, judge)) if found else Outcome(passes=False, by={})


def told(target: Target) -> str:
    """Say by what filter, in which mode, and on whom a target is assigned."""
    whom = f"the group {target['groupId']}" if target.get("groupId") else "all devices"
    return f"the {target.get(FILTER_TYPE)} filter {target.get(FILTER_ID)} on {whom}"


def _matching(targets: Iterable[Target], judge: Judge) -> tuple[bool | None, Target]:
    """Join the filters of one mode by `or`, and name the target that decides."""
    judged = [(_judged(target, judge), target) for target in targets]
    return next(each for answer in (True, None, False) for each in judged if each[0] is answer)


def _judged(target: Target, judge: Judge) -> bool | None:
    known = target.get(FILTER_TYPE) in (_INCLUDE, "exclude")
    return judge(str(target.get(FILTER_ID) or "")) if known else None
