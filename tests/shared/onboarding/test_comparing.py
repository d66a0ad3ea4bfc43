"""What a list of people leads to: somebody is read, and nobody is called off by it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.onboarding.reasons import Reason
from shared.onboarding.records.comparing import MOST, Difference, Differences, differences
from shared.onboarding.records.model import NamedRecord, Why, was_not_read, was_read
from shared.sources.records import Listed, listed

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FRESH = NamedRecord("bob", "7", "2026-a", NOW, due=NOW)
KNOWN = was_read(FRESH, "10042", "2026-12-07", NOW)


def test_whoever_differs_is_read_and_who_agrees_is_not() -> None:
    """Unheard of, moved, gone; not whose start has gone by, nor who was never read, nor who is missed already."""
    past = was_read(replace(FRESH, record="8"), "10043", "2026-11-02", NOW)
    unread = replace(FRESH, record="9")
    missing = was_not_read(replace(KNOWN, record="10"), Why(Reason.RECORD_MISSING), NOW)
    people = [
        Listed("7", "2026-12-07"),
        Listed("8", "2026-11-02"),
        Listed("9", "2026-12-01"),
        Listed("11", "2026-11-20"),
    ]
    assert differences(people, [KNOWN, past, unread, missing], NOW) == Differences(
        unheard=(Difference("11", "", "2026-11-20"),)
    )
    assert differences([Listed("7", "2026-12-01")], [KNOWN], NOW) == Differences(
        moved=(Difference("7", "2026-12-07", "2026-12-01"),)
    )
    rehired = Differences(moved=(Difference("8", "2026-11-02", "2026-12-01"),))
    assert differences([Listed("8", "2026-12-01")], [past], NOW) == rehired
    assert differences([Listed("1", "2020-01-06")], [KNOWN, past, missing], NOW) == Differences(
        gone=(Difference("7", "2026-12-07"),)
    )


def test_a_list_of_a_whole_company_names_no_more_than_a_day_can_read() -> None:
    """The rest is found the next day."""
    people = [Listed(str(number), "2026-12-07") for number in range(MOST + 50)]
    assert len(differences(people, [], NOW).all) == MOST


@given(st.lists(st.tuples(st.none() | st.integers() | st.text(), st.none() | st.integers() | st.text())))
def test_what_a_list_says_is_an_id_and_a_day_or_nobody(people: list[tuple[object, object]]) -> None:
    """Whatever stands there."""
    for one in listed([*people, (7, f"{NOW.date() + timedelta(days=3)}T00:00:00Z")]):
        assert one.record.isascii()
        assert len(one.start_date) == len("2026-12-07")
    assert listed([(7, "2026-12-07T00:00:00Z"), ("a b", "2026-12-07"), ("8", "soon")]) == (Listed("7", "2026-12-07"),)
