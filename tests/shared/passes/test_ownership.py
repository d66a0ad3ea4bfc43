"""Which pass in Graph is ours: by its id, or by an attempt that asked for exactly such a one at that time."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.onboarding.model import Attempt, IssuedPass
from shared.passes.ownership import is_live, is_ours, settled
from shared.tenant.ports.passes import ExistingPass
from tests.shared.onboarding.rows import NOW, fresh

START = NOW + timedelta(hours=1)
ATTEMPT = Attempt("t", NOW, NOW + timedelta(seconds=75), START, 600, one_time=False)


def held(**changes: object) -> ExistingPass:
    """Return the pass that the attempt would have made, but for the changes."""
    usual = ExistingPass("p1", NOW + timedelta(seconds=5), START, 600, False, True, "EnabledByPolicy")
    return replace(usual, **changes)  # type: ignore[arg-type]  # a table of differences


ASKED = replace(fresh(), attempts=(ATTEMPT,))


def test_an_attempt_without_answer_owns_what_it_asked_for() -> None:
    """Start, lifetime, use and time fit: it is ours."""
    assert is_ours(held(), ASKED)


@pytest.mark.parametrize(
    "changes",
    [
        {"lifetime": 480},
        {"one_time": True},
        {"start": START + timedelta(seconds=1)},
        {"created": NOW - timedelta(seconds=61)},
        {"created": NOW + timedelta(seconds=75 + 61)},
    ],
)
def test_one_difference_and_it_is_somebody_elses(changes: dict[str, object]) -> None:
    """A pass that differs in one thing from what was asked is left alone."""
    assert not is_ours(held(**changes), ASKED)


@given(st.integers(min_value=-60, max_value=135))
def test_clocks_may_differ_by_a_minute(seconds: int) -> None:
    """Created within a minute of the attempt's span, by Graph's clock, it counts."""
    assert is_ours(held(created=NOW + timedelta(seconds=seconds)), ASKED)


def test_a_start_at_once_is_compared_with_the_span() -> None:
    """Asked to begin at once, the pass begins within the attempt, and not an hour later."""
    at_once = replace(ASKED, attempts=(replace(ATTEMPT, start=None),))
    assert is_ours(held(start=NOW + timedelta(seconds=3)), at_once)
    assert not is_ours(held(), at_once)


def test_without_an_attempt_only_the_stored_id_counts() -> None:
    """A row that asked for nothing owns nothing but the pass it stored."""
    made = IssuedPass("p1", NOW, START, START + timedelta(hours=10), one_time=False, delivery=1, sealed=None)
    assert not is_ours(held(), fresh())
    assert is_ours(held(), replace(fresh(), issued=made))
    assert not is_ours(held(id="p2"), replace(fresh(), issued=made))


@pytest.mark.parametrize(
    ("changes", "now", "live"),
    [
        ({}, NOW, True),
        ({}, START + timedelta(minutes=599), True),
        ({}, START + timedelta(minutes=600), False),
        ({"usability_reason": "Expired"}, NOW, False),
        ({"usability_reason": "OneTimeUsed"}, NOW, False),
        ({"usability_reason": "DisabledByPolicy", "usable": False}, NOW, True),
        ({"usability_reason": "NotYetValid", "usable": False}, NOW, True),
    ],
)
def test_live_is_what_may_still_be_used(changes: dict[str, object], now: datetime, live: bool) -> None:
    """A pass that policy blocks today counts as live, for policies change; one spent or over does not."""
    assert is_live(held(**changes), now) is live


@given(st.integers(min_value=0, max_value=400))
def test_a_look_is_the_last_word_once_nothing_that_appears_could_be_ours(seconds: int) -> None:
    """Not before: a request may be carried out after its deadline, and what is then made must not be forgotten."""
    then = NOW + timedelta(seconds=seconds)
    assert settled([ATTEMPT], then) is not is_ours(held(created=then), ASKED)
    assert settled([], then)
