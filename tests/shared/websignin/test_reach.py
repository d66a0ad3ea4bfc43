"""Whether a device in some groups is in a profile's scope: exclusions first, and nothing guessed."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.websignin.reach import reach, with_ours
from shared.websignin.readiness import Reach
from tests.shared.websignin.test_merge import target

GROUPS = ("berlin", "kiosks", "rooms")
IN_BERLIN, OUT_OF_KIOSKS = target("groupAssignmentTarget", "berlin"), target("exclusionGroupAssignmentTarget", "kiosks")
EVERYWHERE, FILTERED = target("allDevicesAssignmentTarget"), target("groupAssignmentTarget", "rooms", "include")
FILTERED_EVERYWHERE = target("allDevicesAssignmentTarget", filter_type="include")
LEFT_OUT = target("groupAssignmentTarget", "rooms", "exclude")
held = st.frozensets(st.sampled_from(GROUPS))
assigned = st.lists(st.sampled_from([IN_BERLIN, OUT_OF_KIOSKS, EVERYWHERE, FILTERED]), max_size=4)


def nobody(_: str) -> None:
    """Judge no filter."""


@pytest.mark.parametrize(
    ("assignments", "groups", "found"),
    [
        ([IN_BERLIN], {"berlin"}, Reach.IN_SCOPE),
        ([IN_BERLIN], {"rooms"}, Reach.OUTSIDE),
        ([IN_BERLIN], set(), Reach.OUTSIDE),
        ([EVERYWHERE], set(), Reach.IN_SCOPE),
        ([IN_BERLIN, OUT_OF_KIOSKS], {"berlin", "kiosks"}, Reach.EXCLUDED),
        ([FILTERED], {"rooms"}, Reach.UNCLEAR),
        ([FILTERED, IN_BERLIN], {"rooms", "berlin"}, Reach.IN_SCOPE),
        ([FILTERED_EVERYWHERE], set(), Reach.UNCLEAR),
        ([target("allLicensedUsersAssignmentTarget")], {"berlin"}, Reach.UNCLEAR),
        ([target("allLicensedUsersAssignmentTarget"), IN_BERLIN], {"berlin"}, Reach.IN_SCOPE),
        ([target("newGroupTarget", "rooms"), IN_BERLIN], {"rooms", "berlin"}, Reach.UNCLEAR),
    ],
)
def test_the_groups_of_a_device_decide(assignments: list[Mapping[str, Any]], groups: set[str], found: Reach) -> None:
    """Each way a device can stand to a profile."""
    assert reach(assignments, groups, nobody).value is found


@given(assigned, held)
def test_an_exclusion_beats_whatever_else_is_assigned(assignments: list[Mapping[str, Any]], groups: set[str]) -> None:
    """A device in an excluded group is out; to be assigned once more never takes a device out."""
    found = reach(assignments, groups, nobody).value
    assert (found is Reach.EXCLUDED) == ("kiosks" in groups and OUT_OF_KIOSKS in assignments)
    if found is Reach.IN_SCOPE:
        assert reach([*assignments, IN_BERLIN], groups, nobody).value is Reach.IN_SCOPE


@pytest.mark.parametrize(
    ("assignments", "matches", "found"),
    [
        ([FILTERED], True, Reach.IN_SCOPE),
        ([FILTERED], False, Reach.EXCLUDED),
        ([FILTERED, IN_BERLIN], False, Reach.IN_SCOPE),
        ([LEFT_OUT, IN_BERLIN], None, Reach.UNCLEAR),
        ([LEFT_OUT, IN_BERLIN], True, Reach.EXCLUDED),
        ([LEFT_OUT, FILTERED], False, Reach.IN_SCOPE),
    ],
)
def test_what_filters_do_to_the_device_decides(
    assignments: list[Mapping[str, Any]], matches: bool | None, found: Reach
) -> None:
    """An exclude filter wins over an assignment without one, and that over an include filter; it is named."""
    told = reach(assignments, {"rooms", "berlin"}, lambda _: matches)
    assert told.value is found
    assert found is Reach.IN_SCOPE or "filter f1 on the group rooms" in told.detail


def test_what_the_app_still_brings_about_counts_as_far_as_it_can() -> None:
    """Its group is added beside a filter on all devices; what is excluded, or assigned with a filter, stays so."""
    later = with_ours([FILTERED_EVERYWHERE, FILTERED, OUT_OF_KIOSKS], {"berlin", "kiosks", "rooms"}, nobody)
    assert later == (FILTERED_EVERYWHERE, FILTERED, OUT_OF_KIOSKS, IN_BERLIN)
