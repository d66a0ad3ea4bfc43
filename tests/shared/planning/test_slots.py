"""The budget's arithmetic."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.planning.slots import (
    TOLERANCE,
    Share,
    Slot,
    SlotState,
    at_rate,
    first_slot,
    free_slots,
    missed,
    next_slots,
    share_of,
    slot_at,
    spacing,
    throttled,
    usable,
)

NOW = datetime(2026, 12, 7, 6, tzinfo=UTC)
WINDOW = timedelta(seconds=10)


def _most_in_window(instants: list[datetime]) -> int:
    ordered = sorted(instants)
    return max(sum(t <= other <= t + WINDOW for other in ordered) for t in ordered)


def test_slots_are_two_and_a_quarter_seconds_apart_at_the_documented_limit() -> None:
    """Five requests per ten seconds, with room for lateness."""
    assert spacing(5) == timedelta(seconds=2.25)
    assert slot_at(8, 5).at - slot_at(7, 5).at == timedelta(seconds=2.25)


@given(st.integers(1, 60), st.integers(0, 2**20), st.randoms(use_true_random=False))
def test_no_sliding_ten_seconds_hold_more_than_the_rate_however_late_each_is(
    rate: int, start: int, chance: random.Random
) -> None:
    """Every slot used by its holder, each up to the tolerance late: the limit still holds, ends included."""
    lateness = TOLERANCE.total_seconds()
    sent = [
        slot_at(start + n, rate).at + timedelta(seconds=chance.choice([0, lateness, chance.uniform(0, lateness)]))
        for n in range(3 * rate + 5)
    ]
    assert _most_in_window(sent) <= rate


@pytest.mark.parametrize("rate", [1, 2, 3, 4, 5, 10, 50, 500])
def test_half_a_second_is_left_for_the_way_to_graph_at_every_rate(rate: int) -> None:
    """The worst case: one slot as late as it may be, and the one `rate` slots on at its very instant."""
    for index in range(50):
        latest, on_time = slot_at(index, rate).at + TOLERANCE, slot_at(index + rate, rate).at
        assert on_time - latest >= WINDOW + timedelta(milliseconds=499)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(1, 600))  # noqa: DTZ001
def test_slot_numbers_and_instants_belong_together(wall: datetime, rate: int) -> None:
    """The first slot at or after an instant is neither before it nor one too late."""
    when = wall.replace(tzinfo=UTC)
    slot = first_slot(when, rate)
    assert slot_at(slot.index - 1, rate).at < when <= slot.at
    assert first_slot(slot.at, rate) == slot


def test_every_fifth_slot_is_kept_for_ad_hoc() -> None:
    """Four regular ones, then one for a person at the desk."""
    assert [share_of(n) is Share.AD_HOC for n in range(10)] == [False, False, False, False, True] * 2


def test_an_issue_gets_two_slots_and_the_next_issue_the_two_behind_them() -> None:
    """Look and POST, never before now, and nobody gets a slot twice."""
    first, state = next_slots(SlotState(), NOW, 2)
    second, _ = next_slots(state, NOW, 2)
    assert NOW <= first[0].at < first[1].at < second[0].at < second[1].at
    assert second[1].at - first[0].at <= 4 * spacing(5)


def test_slots_that_nobody_took_are_not_saved_up() -> None:
    """After a quiet hour the next slot is the next one, not an hour's worth at once."""
    _, state = next_slots(SlotState(), NOW, 2)
    later = NOW + timedelta(hours=1)
    taken, _ = next_slots(state, later, 3)
    assert all(slot.at >= later for slot in taken)


def test_a_wave_does_not_take_the_slots_of_the_desk() -> None:
    """With a thousand regular slots given away, an ad-hoc one is at most five spacings off."""
    _, state = next_slots(SlotState(), NOW, 1000)
    (slot,), state = next_slots(state, NOW, 1, Share.AD_HOC)
    assert slot.at - NOW <= 5 * spacing(5)
    (behind,), _ = next_slots(state, NOW, 1, Share.AD_HOC)
    assert behind.at - slot.at == 5 * spacing(5)


def test_a_429_stops_all_until_its_time_and_voids_slots_taken_for_before() -> None:
    """Slots behind notBefore stay good; those before it are given up though they are not missed."""
    slots, state = next_slots(SlotState(), NOW, 12)
    state = throttled(state, NOW, retry_after=13)
    until = NOW + timedelta(seconds=13)
    assert [usable(slot, state, slot.at) for slot in slots] == [slot.at >= until for slot in slots]
    fresh, _ = next_slots(SlotState(not_before=state.not_before), NOW, 1)
    assert fresh[0].at >= until


def test_a_429_without_retry_after_pauses_a_whole_window_and_never_shortens_a_longer_pause() -> None:
    """The longest no stands."""
    state = throttled(SlotState(), NOW, retry_after=60)
    assert throttled(SlotState(), NOW, None).not_before == NOW + WINDOW
    assert throttled(state, NOW, None).not_before == NOW + timedelta(seconds=60)
    assert throttled(state, NOW, -5.0).not_before == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(("late_ms", "gone"), [(-500, False), (0, False), (750, False), (751, True)])
def test_a_slot_is_missed_when_it_is_more_than_three_quarters_of_a_second_past(late_ms: int, gone: bool) -> None:
    """Too late is given up, for the next slots' sake."""
    slot = first_slot(NOW, 5)
    assert missed(slot, slot.at + timedelta(milliseconds=late_ms)) is gone


@pytest.mark.parametrize(("old", "new"), [(5, 10), (10, 5), (5, 1), (500, 5), (5, 5)])
def test_a_changed_rate_neither_gives_a_slot_again_nor_waits_for_years(old: int, new: int) -> None:
    """Numbers count at one rate; at another they are counted anew behind the last that was given."""
    given_slots, state = next_slots(SlotState(rate=old), NOW, 7)
    taken, after = next_slots(at_rate(state, new), NOW, 1)
    assert given_slots[-1].at < taken[0].at <= given_slots[-1].at + 3 * spacing(new) + 3 * spacing(old)
    assert after.rate == new


def test_a_rate_below_one_is_refused() -> None:
    """There would be no next slot."""
    with pytest.raises(ValueError, match="at least one"):
        SlotState(rate=0)


@given(
    st.integers(1, 20),
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 4), st.sampled_from(Share), st.none() | st.integers(0, 40)),
        max_size=30,
    ),
)
def test_in_any_history_no_slot_is_given_twice_and_the_limit_holds(
    rate: int, history: list[tuple[int, int, Share, int | None]]
) -> None:
    """Both shares, quiet times, 429s: each slot has one holder and none is past; ten seconds hold `rate`."""
    state, now = SlotState(rate=rate), NOW
    taken: list[Slot] = []
    for wait, count, share, retry_after in history:
        now += timedelta(seconds=wait)
        if retry_after is not None:
            state = throttled(state, now, retry_after)
        slots, state = next_slots(state, now, count, share)
        assert all(slot.at >= max(now, state.not_before or now) for slot in slots)
        assert all(share_of(slot.index) is share for slot in slots)
        taken += slots
    assert len({slot.index for slot in taken}) == len(taken)
    assert not taken or _most_in_window([slot.at for slot in taken]) <= rate


@given(st.integers(1, 20), st.integers(0, 60), st.integers(0, 90), st.integers(0, 9), st.sampled_from(Share))
def test_free_slots_counts_what_next_slots_would_give(
    rate: int, wait: int, span: int, before: int, share: Share
) -> None:
    """The sweep releases exactly what is served before its next run."""
    _, state = next_slots(SlotState(rate=rate), NOW, before, share)
    now = NOW + timedelta(seconds=wait)
    until = now + timedelta(seconds=span)
    count = free_slots(state, now, until, share)
    slots, _ = next_slots(state, now, count + 1, share)
    assert all(slot.at < until for slot in slots[:count])
    assert slots[count].at >= until
