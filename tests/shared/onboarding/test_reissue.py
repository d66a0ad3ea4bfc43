"""When the pass may be made anew, and what is left of the one before it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.handover.collecting.claim import ClaimState
from shared.onboarding import lifecycle
from shared.onboarding.model import Claim, Onboarding, Origin
from shared.onboarding.reasons import Reason
from shared.onboarding.requests.reissue import MOST_REISSUES, is_spent, may_be_reissued, reissue_until
from shared.onboarding.schedule.news import live_news
from shared.onboarding.statuses import Status, Step
from tests.shared.onboarding.rows import COLLECTOR, Walk

DAYS = timedelta(days=3)


def closes(row: Onboarding) -> datetime:
    """Return when the hours of the pass are over."""
    assert row.plan is not None
    return row.plan.closes


def walked(*way: str) -> Walk:
    """Walk a row this way, a minute a step."""
    walk = Walk()
    for what in ("notice", "make_link", "mail_link", "attempt", "make_pass", *way):
        due = walk.row.due
        walk.let(what, (due.at - walk.now) // timedelta(minutes=1) + 1 if what in {"review", "expire"} and due else 1)
    return walk


def expired() -> Walk:
    """Walk a row to its end, uncollected."""
    walk = walked("review", "remind", "expire")
    assert walk.row.reason is Reason.NOT_COLLECTED
    return walk


def test_three_days_from_the_end_of_its_hours() -> None:
    """Uncollected or opened, the pass may be made anew until then; neither before it can be opened, nor later."""
    for row in (expired().row, walked("open").row, walked("open", "hand_over").row):
        until = closes(row) + DAYS
        assert reissue_until(row, DAYS) == until
        assert may_be_reissued(row, until - timedelta(seconds=1), DAYS)
        assert not may_be_reissued(row, until, DAYS)
    assert reissue_until(walked().row, DAYS) is None


@pytest.mark.parametrize("way", [("cancel",), ("open", "cancel"), ("open", "hand_over", "use")])
def test_never_after_a_withdrawal_or_a_sign_in(way: tuple[str, ...]) -> None:
    """What was called off stays called off, and what has served is not made again."""
    assert reissue_until(walked(*way).row, DAYS) is None


def test_a_withdrawal_after_the_end_closes_it() -> None:
    """The no-show is withdrawn the day after: the link makes nothing any more."""
    walk = expired()
    cancelled = lifecycle.cancelled(walk.row, Reason.CANCELLED_BY_SOURCE, Origin(walk.now, "e9"), walk.now)
    assert reissue_until(cancelled, DAYS) is None


def test_twice_and_the_desk_hears_of_the_second() -> None:
    """The third is refused; that the last one was used is due to be told as soon as there is a pass."""
    walk = walked("open")
    for count in range(1, MOST_REISSUES + 1):
        walk.row = replace(walk.row, claim=Claim(ClaimState(f"h{count}", walk.now), COLLECTOR.id))
        for what in ("make_anew", "attempt", "make_pass", "open"):
            walk.let(what, 1)
        assert len(walk.row.reissues) == count
        assert walk.row.status is Status.OPENED
    assert reissue_until(walk.row, DAYS) is None
    assert walk.row.due is not None
    assert walk.row.due.step is Step.REMIND
    assert live_news(walk.row) is not None
    walk.let("remind", 1)
    assert walk.row.told[-1] is Reason.REISSUES_SPENT
    assert is_spent(walk.row, "h1")
    assert is_spent(walk.row, "h2")
    assert not is_spent(walk.row, "h3")


def test_it_is_due_at_once_for_its_full_length_and_the_same_link() -> None:
    """An ended one lives again: the claim and the code before are gone, the end may be told once more."""
    walk = expired()
    walk.let("tell", 1)
    before = walk.row
    walk.let("make_anew", 600)
    row = walk.row
    assert row.plan is not None
    assert before.plan is not None
    assert (row.status, row.ended_at, row.claim, row.delivery) == (Status.INVITED, None, None, before.delivery)
    assert row.issued is not None
    assert row.issued.sealed is None
    assert row.due is not None
    assert (row.due.step, row.due.slots) == (Step.ISSUE, 2)
    assert row.due.at <= walk.now
    assert row.plan.valid_from >= walk.now
    assert row.plan.valid_until - row.plan.valid_from == before.plan.valid_until - before.plan.valid_from
    assert (row.plan.start, row.plan.wanted) == (before.plan.start, before.plan.wanted)
    assert Reason.NOT_COLLECTED not in row.told
    walk.let("attempt", 0)
    walk.let("make_pass", 0)
    assert live_news(walk.row) is None, "whoever has opened the page is not reminded of"


def test_before_its_hours_the_fresh_pass_has_the_hours_of_the_old() -> None:
    """Opened early and closed by mistake: the fresh one begins when the first would have."""
    walk = walked("open")
    assert walk.row.plan is not None
    begins = walk.row.plan.valid_from
    assert walk.now < begins
    walk.let("make_anew", 1)
    assert walk.row.plan.valid_from == begins


def test_erasure_takes_the_names_in_it_along() -> None:
    """Who had it made anew is personal data, too."""
    walk = expired()
    walk.let("make_anew", 1)
    assert lifecycle.erased(walk.row).reissues == ()
