"""Waves: all ready in time where that can be, and a forecast that says so where it cannot."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.planning.slots import Share, SlotState, next_slots
from shared.planning.waves import MOST_AHEAD, Coming, ease, eased, forecast, passes_per_minute

NOW = datetime(2030, 5, 31, 8, tzinfo=UTC)
MONDAY = datetime(2030, 6, 3, 5, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
USUAL = timedelta(minutes=10)


def wave(passes: int, opens: datetime = MONDAY, kind: str = "a") -> tuple[Coming, ...]:
    """Return hires whose windows open at one moment, each planned as if there were no others."""
    return tuple(Coming(f"{kind}{n:05d}", opens - USUAL, opens) for n in range(passes))


def per_minute(coming: tuple[Coming, ...]) -> Counter[datetime]:
    """Count passes by the sweep that finds them."""
    return Counter(one.at for one in coming)


@pytest.mark.parametrize(("rate", "passes"), [(1, 1), (2, 3), (5, 9), (10, 20), (20, 41)])
def test_a_minute_holds_so_many_passes(rate: int, passes: int) -> None:
    """Nine at Graph's rate; the slots of the budget bear it out, behind a head start of two slots."""
    assert passes_per_minute(rate) == passes
    taken, _ = next_slots(SlotState(rate), NOW, 2 * passes, Share.REGULAR)
    assert taken[-1].at - NOW < MINUTE


def test_a_few_hires_are_left_as_they_are() -> None:
    """Nine are made in the minute they were planned for."""
    assert ease(wave(9), NOW, 9) == {}


def test_a_thousand_on_one_morning_begin_two_hours_before_and_all_are_ready() -> None:
    """A thousand passes take 112 minutes, the last of them the usual one: the links spread over the same time."""
    coming = wave(1000)
    plan = eased(coming, ease(coming, NOW, 9))
    assert max(per_minute(plan).values()) == 9
    assert min(one.at for one in plan) == MONDAY - USUAL - 111 * MINUTE
    assert forecast(plan, NOW, 9).late == ()
    assert forecast(plan, NOW, 9).ready == MONDAY - USUAL + MINUTE


def test_who_comes_later_goes_first_and_leaves_the_others_where_they_are() -> None:
    """A hundred more the evening before: they take the free minutes before the wave, nobody else is moved again."""
    before = wave(1000)
    plan = eased(before, ease(before, NOW, 9))
    more = wave(100, kind="b")
    moved = ease((*plan, *more), NOW, 9)
    assert {name[0] for name in moved} == {"b"}
    assert max(per_minute(eased((*plan, *more), moved)).values()) == 9


def test_the_soonest_window_is_served_first() -> None:
    """Of two windows half an hour apart the earlier begins earlier, though the later is the larger."""
    later = MONDAY + 30 * MINUTE
    coming = (*wave(900, later, "z"), *wave(90, MONDAY, "a"))
    plan = eased(coming, ease(coming, NOW, 9))
    assert max(one.at for one in plan if one.deadline == MONDAY) <= min(one.at for one in plan if one.deadline == later)
    assert forecast(plan, NOW, 9).late == ()


def test_too_many_are_forecast_days_ahead() -> None:
    """Twelve thousand in one morning cannot be ready, even begun twenty hours before: so many, and so late."""
    coming = wave(12_000)
    plan = eased(coming, ease(coming, NOW, 9))
    seen = forecast(plan, NOW, 9)
    assert min(one.at for one in plan) == MONDAY - MOST_AHEAD
    minutes = -(-12_000 // 9)
    assert seen.ready == MONDAY - MOST_AHEAD + minutes * MINUTE
    assert [(late.deadline, late.by) for late in seen.late] == [(MONDAY, seen.ready - MONDAY)]
    assert seen.late[0].passes == 12_000 - 9 * 20 * 60


def test_with_half_the_rate_the_forecast_says_it() -> None:
    """A tenant that grants less than documented, and says so in settings, hears in time that it is not enough."""
    coming = wave(5000)
    rate = passes_per_minute(2)
    assert forecast(eased(coming, ease(coming, NOW, rate)), NOW, rate).late
    assert not forecast(eased(coming, ease(coming, NOW, 9)), NOW, 9).late


WINDOWS = st.dictionaries(st.integers(1, 3000), st.integers(1, 60), max_size=5)


@given(windows=WINDOWS, rate=st.integers(1, 12), seed=st.integers(0, 9), spread=st.integers(0, 90))
def test_for_any_counts_the_budget_holds_and_all_are_ready_where_that_can_be(
    windows: dict[int, int], rate: int, seed: int, spread: int
) -> None:
    """Never later than planned, never before now or 20 hours ahead, settled at once; late only where it must be."""
    random = Random(seed)  # noqa: S311 - a test's own dice
    coming = tuple(
        Coming(f"{minutes}-{n}", opens - timedelta(minutes=10 + random.randint(0, spread)), opens)
        for minutes, passes in windows.items()
        for opens in [NOW + timedelta(minutes=minutes)]
        for n in range(passes)
    )
    moved = ease(coming, NOW, rate)
    plan = eased(coming, moved)
    was = {one.id: one for one in coming}
    for name, at in moved.items():
        assert NOW <= at <= was[name].at
        assert at >= was[name].deadline - MOST_AHEAD
    assert ease(plan, NOW, rate) == {}
    seen = forecast(plan, NOW, rate)
    assert seen.passes == len(plan)
    feasible = all(fits(coming, deadline, rate) for deadline in {one.deadline for one in coming})
    assert (not seen.late) == feasible
    crowded = {at for at, passes in Counter(max(one.at, NOW) for one in plan).items() if passes > rate}
    assert crowded <= {NOW} | {one.deadline - MOST_AHEAD for one in coming}


def fits(coming: tuple[Coming, ...], deadline: datetime, rate: int) -> bool:
    """Tell whether all whose window opens until then, and who cannot wait, can be made between any start and it."""
    urgent = [one for one in coming if one.deadline <= deadline]
    begins = sorted({max(NOW, one.deadline - MOST_AHEAD) for one in urgent})
    return all(
        sum(max(NOW, one.deadline - MOST_AHEAD) >= begin for one in urgent) <= rate * ((deadline - begin) // MINUTE)
        for begin in begins
    )
