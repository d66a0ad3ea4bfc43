"""What events do to an onboarding: any order of arrival ends alike."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.onboarding.admission import Arrival, Calendar, Effect, Ignored, admit
from shared.onboarding.model import Onboarding, Status
from shared.onboarding.reasons import Reason
from shared.planning.plan import Wishes
from shared.planning.start import SiteHours
from shared.sources.hire import EventKind, HireData, HireEvent
from tests.shared.onboarding.rows import NOW, hire

CALENDAR = Calendar({"Berlin": SiteHours("Europe/Berlin")}, "Europe/Berlin", Wishes())
KINDS = st.sampled_from(EventKind)
DAYS = st.sampled_from(["2030-06-03", "2030-06-04", "2030-06-10", "2030-02-31"])


def arrival(kind: EventKind, minute: int, who: HireData | None = None, name: str = "") -> Arrival:
    """Return an event that happened at a minute."""
    event = HireEvent(kind, NOW - timedelta(hours=2) + timedelta(minutes=minute), who or hire())
    return Arrival("acme", name or f"e{minute}", event)


def taken(arrivals: tuple[Arrival, ...]) -> tuple[Onboarding | None, list[str]]:
    """Let events arrive one after the other; return the newest row and the outcomes."""
    row: Onboarding | None = None
    outcomes = []
    for number, one in enumerate(arrivals):
        effect = admit(one, row, f"a{number:024d}", CALENDAR, NOW)
        outcomes.append(effect.outcome)
        if isinstance(effect, Effect):
            row = effect.row
    return row, outcomes


def meaning(row: Onboarding | None) -> tuple[object, ...]:
    """Return what of a row people would notice."""
    if row is None:
        return ()
    return (row.status, row.reason, row.hire, row.plan, row.origin)


@settings(max_examples=200)
@given(st.lists(st.tuples(KINDS, DAYS), min_size=1, max_size=4))
def test_any_order_of_arrival_ends_in_the_newest_event(events: list[tuple[EventKind, str]]) -> None:
    """Whatever order events arrive in, the row ends with the newest one's word: withdrawn, planned or failed."""
    arrivals = tuple(arrival(kind, minute, hire(day)) for minute, (kind, day) in enumerate(events))
    newest = arrivals[-1]
    for order in permutations(arrivals):
        row, _ = taken(order)
        assert row is not None
        if newest.event.kind is EventKind.CANCELLED:
            assert (row.status, row.reason) == (Status.CANCELLED, Reason.CANCELLED_BY_SOURCE)
        elif EventKind.CANCELLED not in {kind for kind, _ in events}:
            assert row.origin == newest.origin
            assert row.hire == newest.event.hire
            assert row.status is (Status.FAILED if row.hire.start_date == "2030-02-31" else Status.PLANNED)


@given(st.permutations(range(3)))
def test_created_moved_withdrawn_ends_withdrawn(order: list[int]) -> None:
    """The three events of a hire that never was end in the same row, in every order."""
    events = (
        arrival(EventKind.CREATED, 0),
        arrival(EventKind.UPDATED, 1, hire("2030-06-04")),
        arrival(EventKind.CANCELLED, 2),
    )
    row, _ = taken(tuple(events[index] for index in order))
    assert row is not None
    assert (row.status, row.origin) == (Status.CANCELLED, events[2].origin)


def test_events_of_one_instant_are_ordered_by_their_ids() -> None:
    """Two events with the same time end alike, whichever comes first."""
    first = arrival(EventKind.UPDATED, 1, hire("2030-06-04"), "aa")
    second = arrival(EventKind.UPDATED, 1, hire("2030-06-05"), "bb")
    assert meaning(taken((first, second))[0]) == meaning(taken((second, first))[0])


def test_an_older_event_is_ignored() -> None:
    """What is older than the newest known changes nothing, and says so."""
    row, outcomes = taken((arrival(EventKind.CREATED, 5), arrival(EventKind.UPDATED, 1, hire("2030-06-10"))))
    assert outcomes == ["planned", "older-than-known"]
    assert row is not None
    assert row.hire == hire()


def test_the_same_data_again_changes_the_origin_alone() -> None:
    """A repetition is recorded, so that older events stay older, and moves nothing."""
    row, outcomes = taken((arrival(EventKind.CREATED, 0), arrival(EventKind.UPDATED, 9)))
    once, _ = taken((arrival(EventKind.CREATED, 0),))
    assert outcomes[1] == "unchanged"
    assert row is not None
    assert once is not None
    assert (row.plan, row.hire, row.status) == (once.plan, once.hire, once.status)
    assert row.origin.occurred_at > once.origin.occurred_at


@pytest.mark.parametrize("kind", [EventKind.CREATED, EventKind.UPDATED])
def test_the_workforce_is_ignored(kind: EventKind) -> None:
    """A start long past makes no row."""
    found = admit(arrival(kind, 0, hire("2020-06-03")), None, "a" * 25, CALENDAR, NOW)
    assert found == Ignored(Reason.START_LONG_PAST)


def test_a_withdrawn_hire_is_begun_anew_only_by_a_creation() -> None:
    """After a withdrawal an update of the same day changes nothing, a creation begins a fresh onboarding."""
    gone = (arrival(EventKind.CREATED, 0), arrival(EventKind.CANCELLED, 1))
    assert taken((*gone, arrival(EventKind.UPDATED, 2)))[1][-1] == "already-ended"
    row, outcomes = taken((*gone, arrival(EventKind.CREATED, 2)))
    assert outcomes[-1] == "planned"
    assert row is not None
    assert row.id == "a" + f"{2:024d}"


def test_the_same_words_mend_a_failed_hire_once_settings_know_the_site() -> None:
    """Moved to a site that SITES lacked: once it is there, HR's repetition plans the hire, though for the same hour."""
    moved = replace(hire(), timezone=None, site="Porto")
    row, outcomes = taken((arrival(EventKind.CREATED, 0), arrival(EventKind.UPDATED, 1, moved)))
    assert outcomes[-1] == "failed"
    mended = replace(CALENDAR, sites={**CALENDAR.sites, "Porto": SiteHours("Europe/Berlin")})
    effect = admit(arrival(EventKind.UPDATED, 2, moved), row, "b" * 25, mended, NOW)
    assert isinstance(effect, Effect)
    assert (effect.outcome, effect.row.status) == ("replanned", Status.PLANNED)
