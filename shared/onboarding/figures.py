"""What a transition adds to the numbers that people watch. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import Life, Status, Step
from shared.planning.plan import Plan
from shared.runtime.telemetry import vocabulary as says
from shared.runtime.telemetry.metrics import LATENESS, PASSES, WAITS, Metric

SOON = timedelta(hours=24)

OUTCOMES = frozenset({Status.ISSUED, Status.OPENED, Status.USED, Status.EXPIRED, Status.CANCELLED, Status.FAILED})

PLANNED = {
    Did.NOTICE_GIVEN: (Step.NOTICE, attrgetter("notice_at")),
    Did.LINK_MAILED: (Step.INVITE, attrgetter("invite_at")),
    Did.PASS_MADE: (Step.ISSUE, attrgetter("issue_at")),
}
"""What is planned to the minute, and when the plan has it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number to be added."""

    metric: Metric
    value: float
    attributes: Mapping[str, says.Value]


def of_transition(before: Onboarding | None, row: Onboarding, audit: Audit) -> Iterator[Figure]:
    """Say what this transition, once committed, adds to which number."""
    came_from = before.status if before is not None else None
    if row.status in OUTCOMES and row.status is not came_from:
        yield Figure(PASSES, 1, {says.STATUS: row.status})
    if audit.did in PLANNED and row.plan is not None:
        step, planned = PLANNED[audit.did]
        late = audit.at - planned(row.plan)
        yield Figure(LATENESS, max(0.0, late.total_seconds()), {says.STEP: step})
    is_held = bool(audit.event) and row.hold is not None and row.status is Status.WAITING
    if (audit.did is Did.WAITS or is_held) and row.reason is not None:
        yield Figure(WAITS, 1, _wait(row.plan, Life.PASS, audit.at) | {says.REASON: row.reason})
    if audit.did is Did.DEVICE_SIDE_WAITS and row.web.reason is not None:
        yield Figure(WAITS, 1, _wait(row.plan, Life.WEB_SIGN_IN, audit.at) | {says.REASON: row.web.reason})


def _wait(plan: Plan | None, life: Life, at: datetime) -> dict[str, says.Value]:
    return {says.LIFE: life, says.WITHIN_DAY: plan is not None and plan.start - at < SOON}
