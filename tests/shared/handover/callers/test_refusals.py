"""What is turned away is counted and limited by its source, which no header of the sender's own can change."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.handover.callers.refusals import MOST, MOST_SOURCES, SPAN, Limit, TooManyRefusalsError, source_of


@dataclass
class Hand:
    """A clock that is set by hand."""

    at: datetime = datetime(2030, 6, 3, 6, tzinfo=UTC)

    def now(self) -> datetime:
        """Tell the time."""
        return self.at


def refusals(limit: Limit, source: str, times: int) -> int:
    """Have one source turned away so often; return how often that was too often."""
    over = 0
    for _ in range(times):
        try:
            limit.refuse(source)
        except TooManyRefusalsError:
            over += 1
    return over


def test_a_source_has_its_minute() -> None:
    """Beyond the limit it is too many until the minute is over, and other sources have theirs."""
    hand = Hand()
    limit = Limit(hand)
    assert refusals(limit, "a", MOST + 5) == 5
    assert refusals(limit, "b", MOST) == 0
    hand.at += SPAN
    assert refusals(limit, "a", MOST) == 0


def test_a_flood_of_sources_fills_no_memory() -> None:
    """Beyond so many sources no further one is kept, and those that are kept stay limited."""
    limit = Limit(Hand())
    assert refusals(limit, "first", MOST + 1) == 1
    for number in range(MOST_SOURCES + 100):
        limit.refuse(str(number))
    assert len(limit._counts) == MOST_SOURCES
    assert refusals(limit, "first", 3) == 3


def test_a_clock_set_back_begins_anew() -> None:
    """A limit that waited for a time long gone would never end."""
    hand = Hand()
    limit = Limit(hand)
    refusals(limit, "a", MOST)
    hand.at -= timedelta(days=1)
    assert refusals(limit, "a", MOST) == 0


@pytest.mark.parametrize(
    ("header", "entry", "source"),
    [
        ("203.0.113.9:51234", 1, "203.0.113.9"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9:51234", 1, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "203.0.113.9"),
        ("[2001:DB8::1]:443", 1, "2001:db8::1"),
        ("2001:db8::1", 1, "2001:db8::1"),
        ("", 1, ""),
    ],
)
def test_the_source_is_the_platforms_own_entry(header: str, entry: int, source: str) -> None:
    """Counted from the right, without the port."""
    assert source_of({"X-Forwarded-For": header}, entry) == source


@given(st.text(max_size=80))
def test_what_the_sender_writes_in_front_changes_nothing(forged: str) -> None:
    """Whatever a client puts into the header, the platform adds to it."""
    assert source_of({"x-forwarded-for": f"{forged}, 203.0.113.9:1"}, 1) == "203.0.113.9"
