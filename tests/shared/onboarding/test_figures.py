"""What each transition adds to the numbers that alerts and workbooks rely on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.figures import Figure, of_transition
from shared.onboarding.model import Hold, Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Life, Status, Step
from shared.runtime.telemetry import metrics
from shared.runtime.telemetry import vocabulary as says
from tests.shared.onboarding.rows import NOW, fresh


def figures(before: Onboarding | None, row: Onboarding, did: Did, minutes: int = 0) -> list[Figure]:
    """Return what a transition so many minutes after the beginning adds."""
    return list(of_transition(before, row, Audit(did, NOW + timedelta(minutes=minutes))))


@pytest.mark.parametrize("status", [Status.ISSUED, Status.OPENED, Status.USED, Status.EXPIRED, Status.FAILED])
def test_an_outcome_counts_once(status: Status) -> None:
    """The transition that leads to it counts; another that leaves it as it is does not."""
    row = replace(fresh(), status=status)
    assert figures(fresh(), row, Did.TOLD) == [Figure(metrics.PASSES, 1, {says.STATUS: status})]
    assert figures(row, row, Did.TOLD) == []


@pytest.mark.parametrize(
    ("did", "step", "planned"),
    [
        (Did.NOTICE_GIVEN, Step.NOTICE, "notice_at"),
        (Did.LINK_MAILED, Step.INVITE, "invite_at"),
        (Did.PASS_MADE, Step.ISSUE, "issue_at"),
    ],
)
@pytest.mark.parametrize(("late", "told"), [(90, 90.0), (-90, 0.0)])
def test_lateness_is_told_against_the_plan(did: Did, step: Step, planned: str, late: int, told: float) -> None:
    """In seconds; what is early is not late."""
    row = fresh()
    audit = Audit(did, getattr(row.plan, planned) + timedelta(seconds=late))
    assert list(of_transition(row, row, audit)) == [Figure(metrics.LATENESS, told, {says.STEP: step})]


@pytest.mark.parametrize(("before_start", "within"), [(timedelta(hours=25), False), (timedelta(hours=23), True)])
def test_a_wait_says_whether_the_start_is_near(before_start: timedelta, within: bool) -> None:
    """So that an alert tells a hire of tomorrow from one of next month; each look that still finds it counts."""
    row = lifecycle.waits(fresh(), Reason.MANAGER_MISSING, "", NOW)
    assert row.plan is not None
    told = {says.REASON: Reason.MANAGER_MISSING, says.LIFE: Life.PASS, says.WITHIN_DAY: within}
    audit = Audit(Did.WAITS, row.plan.start - before_start)
    assert list(of_transition(row, row, audit)) == [Figure(metrics.WAITS, 1, told)]


def test_an_event_that_is_held_back_counts_as_a_wait() -> None:
    """Whoever is called for a hire of tomorrow is called for one whom the brakes hold back, too."""
    row = lifecycle.held(fresh(), Hold((Reason.UNUSUAL_VOLUME,), NOW))
    told = {says.REASON: Reason.UNUSUAL_VOLUME, says.LIFE: Life.PASS, says.WITHIN_DAY: False}
    planned = Audit(Did.EVENT_PLANNED, NOW, why=Reason.UNUSUAL_VOLUME, event="e")
    assert list(of_transition(None, row, planned)) == [Figure(metrics.WAITS, 1, told)]
    assert figures(row, lifecycle.let_go(row, "admin"), Did.RELEASED) == []


def test_the_device_side_waits_by_its_own_reason() -> None:
    """With the life it is of."""
    row = lifecycle.web_waits(fresh(), Reason.PROFILE_MISSING, "", NOW)
    told = {says.REASON: Reason.PROFILE_MISSING, says.LIFE: Life.WEB_SIGN_IN, says.WITHIN_DAY: False}
    assert figures(row, row, Did.DEVICE_SIDE_WAITS) == [Figure(metrics.WAITS, 1, told)]
