"""Whom the emergency brake means: whatever may open an account, by source and time, and nothing that is over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from shared.onboarding import lifecycle
from shared.onboarding.reasons import Reason
from shared.onboarding.requests.incident import Reach, may_live
from shared.onboarding.statuses import Status
from tests.shared.onboarding.rows import NOW, Walk, fresh, steps

ISSUED = ("notice", "make_link", "mail_link", "attempt", "make_pass")


def walked(*way: str) -> Walk:
    """Go a way, a minute for each step."""
    walk = Walk()
    for what in way:
        walk.let(what, 1)
    return walk


@settings(max_examples=150)
@given(steps)
def test_whatever_could_open_an_account_is_meant(way: list[tuple[str, int]]) -> None:
    """A pass in Graph, an open question about one, or a link that opens one: meant, or on its way to be deleted."""
    walk = Walk()
    for what, minutes in way:
        walk.let(what, minutes)
        row = walk.row
        lives = row.issued is not None and row.issued.valid_until > walk.now and row.issued.sealed is not None
        if lives or (row.attempts and not row.doomed):
            assert may_live(row, Reach(), walk.now)
        if may_live(row, Reach(), walk.now):
            over = lifecycle.revoked_by_person(row, walk.now)
            assert (over.status, over.reason) == (Status.CANCELLED, Reason.REVOKED)
            assert not may_live(over, Reach(planned=True), walk.now)


def test_what_is_only_planned_is_meant_when_that_is_said() -> None:
    """A future hire has nothing that opens anything."""
    assert not may_live(fresh(), Reach(), NOW)
    assert may_live(fresh(), Reach(planned=True), NOW)


def test_a_link_of_a_failed_hire_is_meant() -> None:
    """Put back to work, it would be right again."""
    walk = walked("notice", "make_link", "mail_link", "stop")
    assert walk.row.status is Status.FAILED
    assert may_live(walk.row, Reach(), walk.now)


@pytest.mark.parametrize(
    ("reach", "meant"),
    [
        (Reach(), True),
        (Reach(source="another"), False),
        (Reach(since=NOW + timedelta(minutes=4, seconds=30)), True),
        (Reach(since=NOW + timedelta(minutes=6)), False),
    ],
)
def test_source_and_time_narrow_the_reach(reach: Reach, *, meant: bool) -> None:
    """Begun long ago counts all the same where the pass was made at that time or later."""
    row = replace(walked(*ISSUED).row, created=NOW - timedelta(days=9))
    assert reach.covers(row) is meant
