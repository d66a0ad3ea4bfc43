"""The merge of a group into a profile's assignments: nothing of others' is touched, and twice is once."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.websignin.merge import AlreadyInScope, Excluded, How, Unclear, Write, filters_of, merge, missing

OURS = "2f1b7c9e-0000-4000-8000-0000000000aa"
GROUPS = [OURS, OURS.upper(), "2f1b7c9e-0000-4000-8000-0000000000bb", "2f1b7c9e-0000-4000-8000-0000000000cc"]
FILTER_ID, FILTER_TYPE = "deviceAndAppManagementAssignmentFilterId", "deviceAndAppManagementAssignmentFilterType"
KINDS = [
    "groupAssignmentTarget",
    "exclusionGroupAssignmentTarget",
    "allDevicesAssignmentTarget",
    "allLicensedUsersAssignmentTarget",
    "configurationManagerCollectionAssignmentTarget",
    "scopeTagGroupAssignmentTarget",
]


def target(kind: str, group: str | None = None, filter_type: str | None = None) -> dict[str, Any]:
    """Return an assignment with this target."""
    made: dict[str, Any] = {"@odata.type": f"#microsoft.graph.{kind}"}
    if group is not None:
        made["groupId"] = group
    if filter_type is not None:
        made |= {FILTER_ID: "f1", FILTER_TYPE: filter_type}
    return {"target": made}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@st.composite
def assignments(draw: st.DrawFn, groups: list[str] = GROUPS) -> dict[str, Any]:
    """Draw an assignment as Graph might hold it, with properties nobody has heard of."""
    kind = draw(st.sampled_from(KINDS))
    made: dict[str, Any] = {"@odata.type": f"#microsoft.graph.{kind}"}
    if "roup" in kind:
        made["groupId"] = draw(st.sampled_from(groups))
    made |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                FILTER_ID: st.sampled_from([None, "f1", "f2"]),
                FILTER_TYPE: st.sampled_from([None, "none", "include", "exclude"]),
                "unheardOf": anything,
            },
        )
    )
    rest = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "id": st.text(max_size=8),
                "source": st.sampled_from(["direct", "policySets"]),
                "sourceId": st.text(max_size=8),
                "unheardOf": anything,
            },
        )
    )
    return {**rest, "target": made}


sets = st.lists(assignments(), max_size=8)


@given(sets)
def test_what_is_written_is_what_was_read_and_our_group(current: list[dict[str, Any]]) -> None:
    """Every object of others' is there as it was, in its order; one more has come, and it is ours, unfiltered."""
    before = copy.deepcopy(current)
    result = merge(current, OURS)
    assert current == before
    if isinstance(result, Write):
        *others, added = result.assignments
        assert others == before
        assert added == target("groupAssignmentTarget", OURS)
        assert missing(before, result.assignments) == ()


@given(sets)
def test_merging_twice_writes_once(current: list[dict[str, Any]]) -> None:
    """What was written is in scope when it is read back."""
    result = merge(current, OURS)
    if isinstance(result, Write):
        assert merge(result.assignments, OURS) == AlreadyInScope(How.GROUP)
    else:
        assert merge(current, OURS) == result


@given(sets, st.randoms(use_true_random=False))
def test_order_does_not_decide(current: list[dict[str, Any]], random: Any) -> None:
    """Graph promises no order."""
    mixed = list(current)
    random.shuffle(mixed)
    assert type(merge(mixed, OURS)) is type(merge(current, OURS))


@given(sets)
def test_an_exclusion_beats_everything(current: list[dict[str, Any]]) -> None:
    """Nothing is ever written for a group that is excluded, in whatever case its id is spelt."""
    for spelling in (OURS, OURS.upper()):
        assert merge([*current, target("exclusionGroupAssignmentTarget", spelling)], OURS) == Excluded()


@given(st.lists(assignments(groups=GROUPS[2:]), max_size=8))
def test_without_our_group_or_all_devices_there_is_always_a_write(current: list[dict[str, Any]]) -> None:
    """Other groups, their filters and exclusions, and all users say nothing about our devices."""
    result = merge([a for a in current if "allDevices" not in a["target"]["@odata.type"]], OURS)
    assert isinstance(result, Write)


def test_a_group_assigned_with_a_filter_is_unclear() -> None:
    """The filter may leave out the device; it is not ours to lift, and a second assignment would be ignored."""
    for kind in ("include", "exclude", "somethingNew"):
        result = merge([target("groupAssignmentTarget", OURS, kind)], OURS)
        assert isinstance(result, Unclear)
        assert kind in result.why
        assert "f1" in result.why
    lone = {"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": OURS, FILTER_ID: "f1"}}
    assert isinstance(merge([lone], OURS), Unclear)


JUDGED = {"f1": True, "f2": False}


@given(sets)
def test_what_a_filter_certainly_does_decides_and_nothing_else_of_it(current: list[dict[str, Any]]) -> None:
    """A filter that lets all through is none, one that lets none through never counts; the rest stays as it was."""
    bare = copy.deepcopy(current)
    for each in bare:
        kind, rule = each["target"].get(FILTER_TYPE), each["target"].get(FILTER_ID)
        if (kind, rule) in (("include", "f1"), ("exclude", "f2")):
            each["target"] |= {FILTER_ID: None, FILTER_TYPE: "none"}
    judged, plain = merge(current, OURS, JUDGED.get), merge(bare, OURS)
    assert type(judged) is type(plain)
    if isinstance(judged, Write):
        assert list(judged.assignments[:-1]) == current


def test_a_filter_that_certainly_leaves_the_group_out_is_told() -> None:
    """It stays a matter for people."""
    result = merge([target("groupAssignmentTarget", OURS, "exclude")], OURS, JUDGED.get)
    assert isinstance(result, Unclear)
    assert "none of its devices" in result.why


def test_only_filters_that_decide_are_asked_for() -> None:
    """Those on our group and on all devices."""
    others = [target("groupAssignmentTarget", GROUPS[2], "include"), target("allLicensedUsersAssignmentTarget")]
    assert filters_of(others, OURS) == frozenset()
    assert filters_of([*others, target("groupAssignmentTarget", OURS, "exclude")], OURS) == {"f1"}
    assert filters_of([target("allDevicesAssignmentTarget", filter_type="include")], OURS) == {"f1"}


def test_a_policy_sets_assignment_brings_its_group_into_scope() -> None:
    """It does not matter who assigned it; nothing is written beside it."""
    from_set = {**target("groupAssignmentTarget", OURS), "source": "policySets", "sourceId": "set"}
    assert merge([from_set], OURS) == AlreadyInScope(How.GROUP)


def test_a_filter_that_is_none_is_no_filter() -> None:
    """Graph spells the absence of a filter in several ways."""
    for kind in ("none", None):
        assert merge([target("groupAssignmentTarget", OURS, kind)], OURS) == AlreadyInScope(How.GROUP)


def test_all_devices_count_when_no_filter_narrows_them() -> None:
    """With a filter our group is added beside; all users never count, for nobody has signed in yet."""
    assert merge([target("allDevicesAssignmentTarget")], OURS) == AlreadyInScope(How.ALL_DEVICES)
    assert isinstance(merge([target("allDevicesAssignmentTarget", filter_type="include")], OURS), Write)
    assert isinstance(merge([target("allLicensedUsersAssignmentTarget")], OURS), Write)


def test_a_filtered_group_is_in_scope_where_all_devices_are() -> None:
    """The assignment to all devices reaches what the filter may leave out."""
    both = [target("groupAssignmentTarget", OURS, "include"), target("allDevicesAssignmentTarget")]
    assert merge(both, OURS) == AlreadyInScope(How.ALL_DEVICES)


def test_an_exclude_filter_on_all_devices_wins_over_whatever_is_added() -> None:
    """Our group would change nothing, so nothing is written; one that matches no such device is as good as none."""
    everywhere, berlin = target("allDevicesAssignmentTarget", filter_type="exclude"), target(KINDS[0], OURS)
    for current in ([everywhere], [berlin, everywhere]):
        result = merge(current, OURS)
        assert isinstance(result, Unclear)
        assert "the exclude filter f1 on all devices" in result.why
        assert isinstance(merge(current, OURS, lambda _: False), AlreadyInScope)


def test_a_target_of_an_unknown_kind_that_names_our_group_is_unclear() -> None:
    """It may as well exclude it."""
    result = merge([target("newGroupTarget", OURS), target("groupAssignmentTarget", OURS)], OURS)
    assert isinstance(result, Unclear)
    assert "newGroupTarget" in result.why


def test_assignments_of_no_known_shape_are_kept() -> None:
    """An object without a target, or with another kind of target, is written back as it is."""
    odd: list[dict[str, Any]] = [{}, {"target": None}, {"target": "x"}, {"target": {}}, {"target": {"groupId": None}}]
    result = merge(odd, OURS)
    assert isinstance(result, Write)
    assert list(result.assignments[:-1]) == odd


def test_what_graph_fills_in_by_itself_is_not_missing() -> None:
    """A new id, nulls, the filter type none and the source direct are no change."""
    written = [target("groupAssignmentTarget", OURS)]
    found = [
        {
            "id": "new",
            "source": "direct",
            "sourceId": None,
            "target": {
                "@odata.type": "#microsoft.graph.groupAssignmentTarget",
                "groupId": OURS.upper(),
                FILTER_ID: None,
                FILTER_TYPE: "none",
            },
        }
    ]
    assert missing(written, found) == ()


@given(sets, st.data())
def test_every_lost_or_changed_assignment_is_missing(current: list[dict[str, Any]], data: st.DataObject) -> None:
    """A dropped filter, a dropped exclusion, a group swapped for another: each is noticed."""
    kept = [*current, target("groupAssignmentTarget", GROUPS[3], "exclude")]
    index = data.draw(st.integers(0, len(kept) - 1))
    assert len(missing(kept, kept[:index] + kept[index + 1 :])) == 1
    changed = copy.deepcopy(kept)
    changed[index]["target"]["groupId"] = "another"
    assert len(missing(kept, changed)) == 1
    assert missing(kept, [*kept, target("groupAssignmentTarget", "more")]) == ()
    without_filter = copy.deepcopy(kept)
    del without_filter[-1]["target"][FILTER_TYPE]
    assert missing(kept, without_filter) == (kept[-1],)
