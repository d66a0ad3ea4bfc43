"""Whoever holds a hire's code may have a fresh one made: only where it is locked, twice, and while it still helps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.handover.keys.pickup import COST, MOST_WRONG, CodeHash, Pickup
from shared.onboarding import lifecycle
from shared.onboarding.collector import Route
from shared.onboarding.model import Onboarding
from shared.onboarding.requests.fresh_code import MOST_FRESH_CODES, Standing, holds_code, standing
from tests.shared.onboarding.rows import COLLECTOR, NOW, SUBJECT, fresh

BY_HIRE = replace(COLLECTOR, route=Route.HIRE_MANAGER, link_to="anna@home.example")
CODE = CodeHash("", "", COST)


def mailed(wrong: int) -> Onboarding:
    """Return a row whose hire has a link with a code, and so many wrong ones were brought."""
    row = lifecycle.inviting(lifecycle.found(fresh(), SUBJECT, BY_HIRE), "A" * 43, NOW, CODE)
    return lifecycle.code_tried(lifecycle.invited(row, 1, NOW), Pickup(CODE, wrong, NOW))


def test_each_fresh_code_is_asked_for_after_a_lock_and_the_third_is_the_desks() -> None:
    """A link that takes codes needs none; one that is being made is waited for; two are enough."""
    assert standing(mailed(MOST_WRONG - 1), NOW) is Standing.NOT_LOCKED
    row = mailed(MOST_WRONG)
    for _ in range(MOST_FRESH_CODES):
        assert standing(row, NOW) is Standing.LOCKED
        row = lifecycle.code_renewed(row)
        assert standing(row, NOW) is Standing.ON_ITS_WAY
        row = replace(mailed(MOST_WRONG), fresh_codes=row.fresh_codes)
    assert standing(row, NOW) is Standing.SPENT


def test_what_is_collected_or_over_needs_no_code() -> None:
    """Nor does a link whose hours have gone by."""
    row = mailed(MOST_WRONG)
    assert row.plan is not None
    assert standing(row, row.plan.closes) is Standing.OVER
    assert standing(lifecycle.revoked_by_person(row, NOW + timedelta(hours=1)), NOW) is Standing.OVER


@pytest.mark.parametrize("route", [route for route in Route if route is not Route.HIRE_MANAGER])
def test_only_the_manager_who_vouches_holds_a_code(route: Route) -> None:
    """Not who collects by a sign-in, nor the manager of a hire who has it in a text; and nobody else."""
    row = mailed(0)
    assert holds_code(row, COLLECTOR.id.upper())
    assert not holds_code(row, SUBJECT.id)
    assert not holds_code(replace(row, collector=replace(BY_HIRE, route=route)), COLLECTOR.id)
    assert not holds_code(replace(row, collector=None), "")
