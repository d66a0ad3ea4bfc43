"""One due time for each life that has not ended, whatever happens to a row and in whatever order."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.onboarding import schedule
from shared.onboarding.device_side import Look
from shared.onboarding.schedule.after_end import METHODS_BEFORE
from shared.onboarding.schedule.device import LOOK_AHEAD, LOOK_SOON
from shared.onboarding.schedule.spans import LOOK_EVERY, REVIEW_BEFORE
from shared.onboarding.statuses import ENDED, Life, Status, Step, WebSignIn
from shared.onboarding.sweeping.hints import SCOPE_WEB_SIGN_IN
from shared.onboarding.sweeping.poison import Failure, entered, failure_of
from shared.websignin.readiness import Gap, unready
from tests.shared.onboarding.rows import HAPPENINGS, NOW, Walk, fresh, steps

AT_LAST = {"erase", "review", "block", "withhold", "pass_on", "expire", "check_methods", "stay_in", "may_be_out"}
"""What happens only when its hour has come."""
WAY = ("notice", "make_link", "mail_link", "attempt", "make_pass", "open", "hand_over", "use")


@settings(max_examples=150)
@given(steps)
def test_no_life_is_lost(way: list[tuple[str, int]]) -> None:
    """After any sequence of transitions the pass has a due time; at last, a year on, who was who is forgotten."""
    walk = Walk()
    for what, minutes in way:
        walk.let(what, minutes)
        row = walk.row
        assert row.due is not None
        assert row.due.at.tzinfo is not None
        assert row.due.at <= walk.now + timedelta(days=366 if row.erased else 120)


@settings(max_examples=150)
@given(steps)
def test_what_has_to_go_is_revoked_before_anything_else(way: list[tuple[str, int]]) -> None:
    """A row that may have left a pass in Graph is due to be revoked, ended or not; no other row is."""
    walk = Walk()
    for what, minutes in way:
        walk.let(what, minutes)
        due = walk.row.due
        assert (due is not None and due.step is Step.REVOKE) == walk.row.doomed


@settings(max_examples=150)
@given(steps)
def test_an_ended_row_is_told_then_erased(way: list[tuple[str, int]]) -> None:
    """An end that left nothing in Graph is followed by telling or erasing; who has signed in is looked at before."""
    walk = Walk()
    for what, minutes in way:
        walk.let(what, minutes)
        row = walk.row
        if row.ended_at is not None and not row.doomed and not row.erased:
            assert row.due is not None
            looked_at = {Step.CHECK_METHODS} if row.status is Status.USED else set()
            assert row.due.step in {Step.TELL, Step.ERASE} | looked_at
            assert row.web_due is None


@settings(max_examples=150)
@given(steps)
def test_an_end_keeps_no_pass_and_no_open_question(way: list[tuple[str, int]]) -> None:
    """What is sealed is gone with the end, an attempt whose outcome is unknown dooms the row, a reason stands there."""
    walk = Walk()
    for what, minutes in way:
        walk.let(what, minutes)
        row = walk.row
        if row.status in ENDED:
            assert row.ended_at is not None
            assert row.issued is None or row.issued.sealed is None
            assert row.doomed or not row.attempts
            assert row.reason is not None or row.status is Status.USED


@settings(max_examples=150)
@given(steps)
def test_the_device_side_has_its_own_life(way: list[tuple[str, int]]) -> None:
    """Pending or waiting, the device side is due while the day is not over; ended: no.

    In scope it is due before the window, or when the profile's companion is tried again.
    """
    walk = Walk()
    for what, minutes in way:
        walk.let(what, minutes)
        row = walk.row
        if row.ended_at is not None:
            assert row.web_due is None
        elif row.web.status is WebSignIn.IN_SCOPE and row.web_due is not None:
            assert row.plan is not None
            assert row.web_due.at in {row.plan.opens - REVIEW_BEFORE, row.web.retry_at}
            assert row.web.retry_at is None or row.web_due.at <= row.web.retry_at
        elif row.web.status is WebSignIn.PENDING:
            assert row.web_due is not None


@settings(max_examples=150)
@given(steps)
def test_scheduling_is_settled(way: list[tuple[str, int]]) -> None:
    """Scheduled again, nothing moves: due times come from the rest of the row, not from the clock."""
    walk = Walk()
    for what, minutes in way:
        walk.let(what, minutes)
        assert schedule.scheduled(walk.row) == walk.row


@given(st.sampled_from(HAPPENINGS))
def test_every_happening_is_reached_by_some_walk(what: str) -> None:
    """No happening of these walks is passed over always: each changes the row at some point of the usual way."""
    before = {
        "retry": (*WAY[:1], "wait"), "release": (*WAY[:1], "wait"), "close": WAY[:4], "revoke": (*WAY[:5], "cancel"),
        "put_off": (*WAY[:5], "cancel"), "tell": ("cancel",), "erase": ("cancel", "tell"), "check": WAY[:6],
        "miss": WAY[:6], "review": WAY[:5], "block": WAY[:5], "withhold": WAY[:5], "pass_on": WAY[:5],
        "check_methods": WAY, "stay_in": WAY, "may_be_out": WAY, "overtake": WAY[:5], "turn": WAY[:3],
        "tell_move": ("notice", "replan"), "remind": (*WAY[:5], "review"), "make_anew": WAY[:6],
        "verify": (*WAY[:4], "attempt", "make_pass"), "expire": (*WAY[:5], "review", "remind"),
    }.get(what, WAY[: WAY.index(what)] if what in WAY else ())  # fmt: skip
    walk = Walk()
    for earlier in before:
        walk.let(earlier, 60_000 if earlier in AT_LAST else 1)
    held = walk.row
    walk.let(what, 60_000 if what in AT_LAST else 1)
    assert walk.row != held


def test_the_usual_way_is_due_in_order() -> None:
    """Notice, link, pass, reminder, end; each due at its time in the plan."""
    walk = Walk()
    plan = walk.row.plan
    assert plan is not None
    seen = []
    for what in ("notice", "make_link", "mail_link", "attempt", "make_pass"):
        assert walk.row.due is not None
        seen.append((walk.row.due.step, walk.row.due.at))
        walk.let(what, 0)
    assert seen[:2] == [(Step.NOTICE, plan.notice_at), (Step.INVITE, plan.invite_at)]
    assert seen[3] == (Step.ISSUE, plan.issue_at)
    assert walk.row.due is not None
    assert (walk.row.due.step, walk.row.due.at) == (Step.REVIEW, plan.opens - REVIEW_BEFORE)
    walk.let("review", 6 * 24 * 60 + 21 * 60 + 28)
    assert walk.row.due is not None
    assert (walk.row.due.step, walk.row.due.at) == (Step.REMIND, plan.start - timedelta(minutes=30))
    walk.let("remind", 0)
    assert walk.row.due is not None
    assert (walk.row.due.step, walk.row.due.at) == (Step.EXPIRE, plan.closes)


def test_only_the_pass_takes_of_the_budget() -> None:
    """A look and a POST take two slots, deleting a known pass one, mails none."""
    walk = Walk()
    slots = []
    for what in ("notice", "make_link", "mail_link", "attempt", "make_pass", "cancel"):
        assert walk.row.due is not None
        slots.append(walk.row.due.slots)
        walk.let(what, 0)
    assert walk.row.due is not None
    assert [*slots, walk.row.due.slots] == [0, 0, 0, 2, 2, 0, 1]


def test_is_due_looks_at_both_lives() -> None:
    """A step is due from its instant on, and never early."""
    row = fresh()
    assert row.due is not None
    assert not schedule.is_due(row, Step.NOTICE, row.due.at - timedelta(seconds=1))
    assert schedule.is_due(row, Step.NOTICE, row.due.at)
    assert schedule.is_due(row, Step.SCOPE, row.due.at)
    assert not schedule.is_due(row, Step.ISSUE, row.due.at)
    assert not schedule.is_due(replace(row, due=None, web_due=None), Step.NOTICE, NOW + timedelta(days=99))


def test_log_and_report_are_read_at_the_quarters() -> None:
    """Whenever a pass was handed over, one look at the next quarter serves all; and two hours before the end."""
    walk = Walk()
    for what in WAY[:6]:
        walk.let(what, 7)
    walk.let("hand_over", 1)
    assert walk.row.due is not None
    assert (walk.row.due.step, walk.row.due.at.minute % 15) == (Step.CHECK_USE, 0)
    assert walk.now < walk.row.due.at <= walk.now + LOOK_EVERY
    walk.let("use", 1)
    assert walk.row.issued is not None
    assert walk.row.due is not None
    assert walk.row.due.step is Step.CHECK_METHODS
    before = walk.row.issued.valid_until - walk.row.due.at
    assert METHODS_BEFORE - LOOK_EVERY < before <= METHODS_BEFORE + LOOK_EVERY
    assert walk.row.due.at.minute % 15 == 0
    walk.let("may_be_out", 60_000)
    assert walk.row.due is not None
    assert walk.row.due.step is Step.ERASE


@settings(max_examples=150)
@given(steps)
def test_the_device_is_looked_at_until_the_window_and_never_for_nothing(way: list[tuple[str, int]]) -> None:
    """Never looked at: due days ahead. Else due later than the last look, and no later than the window opens."""
    walk = Walk()
    for what, minutes in way:
        walk.let(what, minutes)
        row, due = walk.row, walk.row.device_due
        if due is None or row.plan is None:
            continue
        assert row.ended_at is None
        assert row.claim is None
        if row.device is None:
            assert due.at == row.plan.notice_at - LOOK_AHEAD
        else:
            assert row.device.at < due.at
            assert due.at <= max(row.plan.opens, row.device.at + LOOK_SOON)


def test_a_look_that_fails_again_and_again_is_said_and_holds_up_nothing() -> None:
    """The poisoned hint is entered as a gap; the pass stays as it is, and the next look is due in its time."""
    row = fresh()
    assert row.device_due is not None
    failure = failure_of(row, SCOPE_WEB_SIGN_IN, row.device_due.at)
    assert failure == Failure(Life.DEVICE, Step.CHECK_DEVICE)
    after = schedule.scheduled(entered(row, failure, row.device_due.at))
    assert (after.status, after.web, after.due) == (row.status, row.web, row.due)
    assert after.device == Look(row.device_due.at, unready(Gap.STEP_FAILED))
    assert after.device_due is not None
    assert after.device_due.at > row.device_due.at
