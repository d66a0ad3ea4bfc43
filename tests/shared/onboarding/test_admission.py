"""What events do to an onboarding: any order of arrival ends alike."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.onboarding import lifecycle
from shared.onboarding.brakes.holding import Announced, braked, by_site
from shared.onboarding.events.admission import Arrival, Calendar, Effect, Ignored, admit
from shared.onboarding.events.outcomes import Outcome
from shared.onboarding.ids import digest
from shared.onboarding.model import Hold, Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Status
from shared.planning.plan import Wishes
from shared.planning.start import SiteHours
from shared.planning.workdays import MONDAY_TO_FRIDAY
from shared.sources.hire import EventKind, HireData, HireEvent
from tests.shared.onboarding.rows import NOW, hire

CALENDAR = Calendar(
    {"Berlin": SiteHours("Europe/Berlin")}, "Europe/Berlin", Wishes(), lambda _site, _year: MONDAY_TO_FRIDAY
)
KINDS = st.sampled_from(EventKind)
DAYS = st.sampled_from(["2030-06-03", "2030-06-04", "2030-06-10", "2030-05-24", "2030-02-31"])
WORDS = st.tuples(KINDS, DAYS, st.sampled_from(["Amélie", "Amélie B."]), st.integers(0, 2))


def arrival(kind: EventKind, minute: int, who: HireData | None = None, name: str = "") -> Arrival:
    """Return an event that happened at a minute."""
    event = HireEvent(kind, NOW - timedelta(hours=2) + timedelta(minutes=minute), who or hire())
    name = name or f"e{minute}"
    return Arrival("acme", name, digest(name), event)


def taken(arrivals: tuple[Arrival, ...]) -> tuple[Onboarding | None, list[Outcome]]:
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
    return (row.status, row.reason, row.hire, row.origin, row.plan if row.ended_at is None else None)


@settings(max_examples=300)
@given(st.lists(WORDS, min_size=1, max_size=5), st.data())
def test_any_order_of_arrival_ends_in_the_same_row(
    words: list[tuple[EventKind, str, str, int]], data: st.DataObject
) -> None:
    """Up to five events, some of one time, in any order and some of them twice: the row is that of the true order.

    A start long past is the exception: of a person who is not known it leaves nothing behind, for the first connection
    of an HR system sends the whole workforce.
    """
    events = [
        arrival(kind, minute, replace(hire(day), display_name=name), f"e{number}")
        for number, (kind, day, name, minute) in enumerate(words)
    ]
    in_order = sorted(events, key=lambda one: (one.event.occurred_at, one.name))
    arrived = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=3))))
    assert meaning(taken(tuple(arrived))[0]) == meaning(taken(tuple(in_order))[0])


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
    assert found == Ignored(Outcome.LONG_PAST)


@pytest.mark.parametrize("kind", [EventKind.CREATED, EventKind.UPDATED])
def test_a_withdrawal_is_taken_back_by_any_newer_word_of_its_source(kind: EventKind) -> None:
    """What the source itself has ended it begins anew, as a fresh onboarding."""
    row, outcomes = taken((arrival(EventKind.CREATED, 0), arrival(EventKind.CANCELLED, 1), arrival(kind, 2)))
    assert outcomes[-1] == "planned"
    assert row is not None
    assert row.id == "a" + f"{2:024d}"


def test_the_same_words_let_a_hire_go_on_once_settings_know_the_site() -> None:
    """Moved to a site that SITES lacked: once it is there, HR's repetition plans the hire, though for the same hour."""
    moved = replace(hire(), timezone=None, site="Porto")
    row, outcomes = taken((arrival(EventKind.CREATED, 0), arrival(EventKind.UPDATED, 1, moved)))
    assert row is not None
    assert outcomes[-1] == "updated"
    held = lifecycle.held(row, by_site(None, NOW, site_known=False))
    mended = replace(CALENDAR, sites={**CALENDAR.sites, "Porto": SiteHours("Europe/Berlin")})
    effect = admit(arrival(EventKind.UPDATED, 2, moved), held, "b" * 25, mended, NOW)
    assert isinstance(effect, Effect)
    assert effect.outcome == "replanned"
    announced = Announced(held, effect.row, site_known=True)
    assert not announced.counts
    assert braked(announced, (), NOW, quiet=False).status is Status.PLANNED


@pytest.mark.parametrize("detour", [(), ("2030-02-31",), ("2030-02-31", "2030-02-30")], ids=len)
def test_whoever_is_held_back_stays_so_by_whatever_detour(detour: tuple[str, ...]) -> None:
    """Withdrawn, announced for a day that cannot be, announced anew: no chain of events lets go of anybody."""
    row, _ = taken((arrival(EventKind.CREATED, 0),))
    assert row is not None
    row = lifecycle.held(row, Hold((Reason.OVER_DAILY_LIMIT,), NOW))
    said = [(EventKind.CANCELLED, "2030-06-03"), *((EventKind.CREATED, day) for day in (*detour, "2030-06-04"))]
    for minute, (kind, day) in enumerate(said, 1):
        effect = admit(arrival(kind, minute, hire(day)), row, f"b{minute:024d}", CALENDAR, NOW)
        assert isinstance(effect, Effect)
        row = effect.row
    assert (row.status, row.reason) == (Status.WAITING, Reason.OVER_DAILY_LIMIT)


def test_at_one_time_the_greater_id_as_its_source_wrote_it_counts() -> None:
    """The ids are compared, not their hashes: a source that counts up has its last word."""
    row, _ = taken(tuple(arrival(EventKind.UPDATED, 1, hire(f"2030-06-1{n}"), f"evt-{n}") for n in (3, 9, 5)))
    assert row is not None
    assert row.hire.start_date == "2030-06-19"
