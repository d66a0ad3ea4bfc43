"""When a record is read: at once when it is named, again when it could not be, every day until the start."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.onboarding.reasons import Reason
from shared.onboarding.records.model import (
    A_DAY,
    LATER,
    LOOKED_FOR,
    SOON,
    NamedRecord,
    Why,
    named,
    was_not_read,
    was_read,
    was_withdrawn,
)

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FRESH = NamedRecord("bob", "7", "2026-a", NOW, due=NOW)
OF_A_SOURCE = (Reason.SOURCE_UNAVAILABLE, Reason.SOURCE_ACCESS_REFUSED)
OF_A_RECORD = (Reason.RECORD_MISSING, Reason.RECORD_INCOMPLETE)


def test_a_record_that_is_named_again_is_read_at_once_and_still_known() -> None:
    """Who it was is kept, for a withdrawal has to name the same person; why it could not be read is not."""
    known = was_not_read(was_read(FRESH, "10042", "2026-12-07", NOW), Why(Reason.RECORD_MISSING), NOW)
    again = named(known, NamedRecord("bob", "7", "2026-b", NOW + A_DAY, deleted=True, due=NOW + A_DAY))
    assert (again.external_id, again.start_date) == ("10042", "2026-12-07")
    assert (again.due, again.reason, again.tries, again.deleted) == (NOW + A_DAY, None, 0, True)


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-12-07", NOW + A_DAY), ("2026-11-20", NOW + A_DAY), ("2026-11-19", None), ("2026-02-31", None), ("", None)],
)
def test_a_record_is_looked_at_every_day_until_its_start(start: str, due: datetime | None) -> None:
    """An event may have been lost; those who have long begun cost nothing, and no such day is no error here."""
    assert was_read(FRESH, "10042", start, NOW).due == due
    assert was_withdrawn(was_read(FRESH, "10042", start, NOW)).due is None


def test_a_record_that_is_said_to_be_gone_and_is_still_there_may_go_for_a_day() -> None:
    """Vendors tell of a deletion before it shows; after a day it is taken for one that stays."""
    told = named(was_read(FRESH, "10042", "2026-12-07", NOW), NamedRecord("bob", "7", "2026-a", NOW, deleted=True))
    seen = was_read(told, "10042", "2026-12-07", NOW)
    assert (seen.deleted, seen.due) == (True, NOW + LATER)
    later = was_read(seen, "10042", "2026-12-07", NOW + A_DAY)
    assert (later.deleted, later.due) == (False, NOW + A_DAY + A_DAY)


@given(reason=st.sampled_from([*OF_A_SOURCE, *OF_A_RECORD]), tries=st.integers(0, 200), pause=st.floats(0, 86400))
def test_a_record_that_could_not_be_read_is_tried_again_neither_too_soon_nor_never(
    reason: Reason, tries: int, pause: float
) -> None:
    """At least two minutes and what the source asked for lie between, at most six hours beyond that."""
    known = FRESH
    for _ in range(min(tries, 8)):
        known = was_not_read(known, Why(reason), NOW)
    after = was_not_read(known, Why(reason, "answered 429", timedelta(seconds=pause)), NOW)
    assert after.due is not None
    assert max(SOON, timedelta(seconds=pause)) <= after.due - NOW <= max(A_DAY / 4, timedelta(seconds=pause))
    assert (after.reason, after.tries, after.detail) == (reason, known.tries + 1, "answered 429")


def test_a_source_that_is_down_is_asked_ever_more_seldom_up_to_half_an_hour() -> None:
    """Two minutes, four, eight, sixteen, thirty."""
    known, waits = FRESH, []
    for _ in range(6):
        known = was_not_read(known, Why(Reason.SOURCE_UNAVAILABLE), NOW)
        assert known.due is not None
        waits.append(known.due - NOW)
    assert waits == [SOON, SOON * 2, SOON * 4, SOON * 8, LATER, LATER]


def test_what_is_wrong_with_a_record_is_given_up_after_a_week_and_what_is_wrong_with_its_source_never() -> None:
    """A new event begins anew; people renew credentials when they can."""
    later = NOW + LOOKED_FOR
    assert [was_not_read(FRESH, Why(reason), later).due for reason in OF_A_RECORD] == [None, None]
    assert all(was_not_read(FRESH, Why(reason), later).due for reason in OF_A_SOURCE)
