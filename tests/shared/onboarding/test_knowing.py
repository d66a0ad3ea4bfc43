"""What log and report let us know, and what stays unknown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.handover.collecting.claim import ClaimState
from shared.onboarding.model import Claim, IssuedPass, Onboarding
from shared.onboarding.steps import knowing
from shared.onboarding.steps.knowing import OtherMethods
from shared.tenant.ports.reports import Registered
from tests.shared.onboarding.rows import COLLECTOR, fresh

TEN = datetime(2030, 6, 3, 8, 0, tzinfo=UTC)
"""Ten in the morning of the start day in Berlin."""
MADE = IssuedPass(
    "p1", TEN, TEN - timedelta(hours=2), TEN + timedelta(hours=8), one_time=False, delivery=1, sealed=None
)
moments = st.timedeltas(timedelta(hours=-4), timedelta(hours=9)).map(lambda span: TEN + span)


def collected(at: datetime = TEN - timedelta(hours=2)) -> Onboarding:
    """Return a hire for nine in Berlin, whose pass was collected at some instant."""
    return replace(fresh(), issued=MADE, claim=Claim(ClaimState("h", at), COLLECTOR.id))


@given(st.lists(moments))
def test_the_first_use_is_the_first_since_the_pass_works(uses: list[datetime]) -> None:
    """A sign-in before its validity was by another pass."""
    counted = [at for at in uses if at >= MADE.valid_from]
    assert knowing.first_use(collected(), uses) == (min(counted) if counted else None)


@given(st.none() | moments)
def test_nobody_is_missed_before_the_log_is_known_to_be_past_the_hour(newest: datetime | None) -> None:
    """Without a newer entry of anybody, and for a quarter of an hour behind it, nothing is known."""
    known = newest is not None and newest >= TEN + timedelta(minutes=15)
    assert knowing.is_known_unused(collected(), newest) == known


@pytest.mark.parametrize(
    ("row", "hour"),
    [
        (collected(), TEN),
        (collected(TEN - timedelta(minutes=10)), TEN + timedelta(minutes=50)),
        (fresh(day="2030-06-04"), TEN + timedelta(days=1)),
    ],
)
def test_the_hour_is_ten_or_an_hour_after_start_and_collecting(row: Onboarding, hour: datetime) -> None:
    """Who got the pass at ten to ten is not missed at ten."""
    row = replace(row, claim=row.claim or collected().claim)
    assert not knowing.is_missed(row, hour - timedelta(seconds=1))
    assert knowing.is_missed(row, hour)


@pytest.mark.parametrize(
    ("methods", "minutes", "known"),
    [
        ({"windowsHelloForBusiness"}, 5, OtherMethods.SOME),
        ({"windowsHelloForBusiness"}, -5, OtherMethods.SOME),
        ({"mobilePhone", "temporaryAccessPass"}, 5, OtherMethods.SOME),
        (set(), 5, OtherMethods.NONE),
        ({"temporaryAccessPass", "email", "securityQuestion"}, 0, OtherMethods.NONE),
        (set(), -5, OtherMethods.UNKNOWN),
    ],
)
def test_a_report_from_before_the_sign_in_knows_of_none_after_it(
    methods: set[str], minutes: int, known: OtherMethods
) -> None:
    """Minutes count from the sign-in to the report; the pass itself is no other method."""
    row = replace(collected(), used_at=TEN)
    seen = Registered(frozenset(methods), TEN + timedelta(minutes=minutes))
    assert knowing.other_methods(row, seen) is known


def test_who_is_not_in_the_report_is_unknown() -> None:
    """And an hour before the end that is said."""
    row = replace(collected(), used_at=TEN)
    assert knowing.other_methods(row, None) is OtherMethods.UNKNOWN
    assert not knowing.is_last_word(row, MADE.valid_until - timedelta(minutes=61))
    assert knowing.is_last_word(row, MADE.valid_until - timedelta(minutes=60))
