"""Order of issue."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.planning.order import soonest_first

NOON = datetime(2026, 12, 7, 12, tzinfo=UTC)


@given(st.lists(st.integers(0, 3)))
def test_the_soonest_deadline_comes_first_and_ties_keep_their_order(hours: list[int]) -> None:
    """Each item carries its place of arrival; the order is by deadline, then by arrival."""
    items = [(NOON + timedelta(hours=h), place) for place, h in enumerate(hours)]
    assert soonest_first(items, lambda item: item[0]) == sorted(items)
