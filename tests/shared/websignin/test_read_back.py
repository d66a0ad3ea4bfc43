"""What Graph fills in by itself is no loss."""

from shared.websignin.merge import Write, merge, missing

GROUP = "2d18beb9-596c-54f4-8d12-e7b2d7e6100f"


def test_an_assignment_read_back_with_its_defaults_filled_in_is_not_missing() -> None:
    """Graph gives a direct assignment an id, its profile as source and an empty filter; that is the one we wrote."""
    merged = merge((), GROUP)
    assert isinstance(merged, Write)
    found = {
        "id": f"profile_{GROUP}",
        "source": "direct",
        "sourceId": "profile",
        "target": {
            "@odata.type": "#microsoft.graph.groupAssignmentTarget",
            "groupId": GROUP,
            "deviceAndAppManagementAssignmentFilterId": None,
            "deviceAndAppManagementAssignmentFilterType": "none",
        },
    }
    assert missing(merged.assignments, [found]) == ()


def test_an_assignment_of_a_policy_set_is_missing_when_only_a_direct_one_is_found() -> None:
    """A policy set's assignment and a direct one of the same group are two different things."""
    target = {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": GROUP}
    from_set = {"source": "policySets", "sourceId": "set", "target": target}
    assert missing([from_set], [{"source": "direct", "sourceId": "profile", "target": target}]) == (from_set,)
