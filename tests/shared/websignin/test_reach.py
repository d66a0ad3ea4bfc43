"""Whether a device in some groups is in a profile's scope: exclusions first, and nothing guessed."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.websignin.reach import reach
from shared.websignin.readiness import Reach
from tests.shared.websignin.test_merge import target

GROUPS = ("berlin", "kiosks", "rooms")
IN_BERLIN, OUT_OF_KIOSKS = target("groupAssignmentTarget", "berlin"), target("exclusionGroupAssignmentTarget", "kiosks")
EVERYWHERE, FILTERED = target("allDevicesAssignmentTarget"), target("groupAssignmentTarget", "rooms", "include")
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


def test_a_filter_that_lets_the_device_through_is_as_good_as_none() -> None:
    """As somebody judges it who knows its rule."""
    assert reach([FILTERED], {"rooms"}, lambda _: True).value is Reach.IN_SCOPE
    assert reach([FILTERED], {"rooms"}, lambda _: False).value is Reach.UNCLEAR
