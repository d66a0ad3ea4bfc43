"""What is due in the life of the pass, from the notice to the day when nobody knows any more who is who."""

from datetime import datetime, timedelta

from shared.handover.collecting.claim import look_until
from shared.onboarding.model import Hold, IssuedPass, Onboarding
from shared.onboarding.schedule.after_end import after_end
from shared.onboarding.schedule.keeping import Keep
from shared.onboarding.schedule.news import live_news, untold_lock
from shared.onboarding.schedule.spans import REVIEW_BEFORE, STEP_TAKES, VERIFY_AFTER, next_look, review_from
from shared.onboarding.statuses import Due, Status, Step
from shared.planning.plan import Plan

USE_KNOWN_LATEST = timedelta(hours=6)
"""The sign-in log may lag by hours; after this the use stays unknown."""


def pass_due(row: Onboarding, keep: Keep) -> Due | None:
    """Return the next thing to do for the pass; what Graph may still hold and has to go comes before all else."""
    if row.doomed:
        return _revoke_due(row)
    next_ = _next_due(row, keep)
    locked_at = None if row.erase_for else untold_lock(row)
    if locked_at is None:
        return next_
    told_at = max(locked_at, row.retry_at or locked_at)
    # Nothing else waits for a mail that cannot be sent.
    return next_ if next_ is not None and next_.at < told_at else Due(Step.REMIND, told_at, deadline=told_at)


def pending_step(row: Onboarding) -> Step:
    """Tell which step makes progress from here, whatever the row waits for."""
    if row.issued is not None and row.issued.sealed is not None:
        return Step.REVIEW
    if row.noticed_at is None and row.request is None:
        return Step.NOTICE
    if row.delivery is None or row.delivery.mailed_at is None:
        return Step.INVITE
    return Step.ISSUE


def _next_due(row: Onboarding, keep: Keep) -> Due | None:
    if row.ended_at is not None:
        return after_end(row, row.ended_at, keep)
    if row.status is Status.OPENED:
        return _after_opening(row, opened=keep.tells_of_opening(row))
    if row.hold is not None:
        return _while_held(row, row.hold, _planned(row))
    way = _way_due(row, _planned(row))
    told_at = row.tell_move_at
    # The pass does not wait for a mail that cannot be sent.
    return Due(Step.TELL_MOVE, told_at, deadline=told_at) if told_at and told_at <= way.at else way


def _while_held(row: Onboarding, hold: Hold, plan: Plan) -> Due:
    """Nothing is read, mailed or made for whoever is held back, so a flood of them costs no more than their rows.

    The desk hears of it at once, and again at the hour of the notice, while a person can still let him go in time.
    """
    if hold.told_at is not None and hold.told_at >= plan.notice_at:
        return _expiry(plan)
    wanted = hold.since if hold.told_at is None else plan.notice_at
    at = max(wanted, row.retry_at or wanted)
    return _expiry(plan) if at >= plan.closes else Due(Step.TELL_HOLD, at, deadline=plan.closes)


def _way_due(row: Onboarding, plan: Plan) -> Due:
    if row.status is Status.ISSUED and row.issued is not None:
        return _after_issue(row, row.issued, plan)
    return _progress_due(row, plan)


def _after_issue(row: Onboarding, made: IssuedPass, plan: Plan) -> Due:
    if not row.attempts:
        return _review_due(row, made, plan) or _news_due(row) or _expiry(plan)
    at = max(made.made_at + VERIFY_AFTER, row.retry_at or made.made_at)
    return Due(Step.VERIFY, at, deadline=plan.opens, slots=1)


def _review_due(row: Onboarding, made: IssuedPass, plan: Plan) -> Due | None:
    if row.reviewed_at is not None or made.made_at >= review_from(plan):
        return None
    at = max(plan.opens - REVIEW_BEFORE, row.retry_at or made.made_at)
    return Due(Step.REVIEW, at, deadline=plan.opens) if at < plan.closes else None


def _news_due(row: Onboarding, *, opened: bool = False) -> Due | None:
    news = live_news(row, opened=opened)
    if news is None:
        return None
    at = max(news[1], row.retry_at or news[1])
    return Due(Step.REMIND, at, deadline=at) if at < _planned(row).closes else None


def _expiry(plan: Plan) -> Due:
    return Due(Step.EXPIRE, plan.closes, deadline=plan.closes)


def _progress_due(row: Onboarding, plan: Plan) -> Due:
    step = pending_step(row)
    at = {Step.NOTICE: plan.notice_at, Step.INVITE: plan.invite_at}.get(step, plan.issue_at)
    at = max(at, row.retry_at or at, _attempts_end(row) or at)
    if step is Step.INVITE and row.delivery is not None and row.delivery.public_key:
        at = max(at, row.delivery.made_at + STEP_TAKES)
    if at >= plan.closes:
        return _expiry(plan)
    return Due(step, at, deadline=plan.opens, slots=2 if step is Step.ISSUE else 0, pass_at=plan.issue_at)


def _revoke_due(row: Onboarding) -> Due:
    # Not the event's own time: that is the source's word, and may lie ahead.
    since = row.ended_at or row.created
    at = max(_attempts_end(row) or since, row.retry_at or since)
    # Of many that have to go, those go first that somebody could use first.
    usable = row.issued.valid_from if row.issued else since
    return Due(Step.REVOKE, at, deadline=max(since, usable), slots=2 if row.attempts else 1)


def _after_opening(row: Onboarding, *, opened: bool) -> Due:
    if row.issued is None or row.claim is None:
        raise ValueError(f"{row.id} is opened without a pass or a claim")
    if news := _news_due(row, opened=opened):
        return news
    if row.issued.sealed is not None:
        at = look_until(row.claim.state.claimed_at, row.issued.valid_from, row.issued.valid_until)
        return Due(Step.FORGET, at, deadline=at)
    at = next_look(row.use_checked_at or row.handed_over_at or row.claim.state.claimed_at)
    return Due(Step.CHECK_USE, at, deadline=row.issued.valid_until + USE_KNOWN_LATEST)


def _attempts_end(row: Onboarding) -> datetime | None:
    return max((attempt.deadline for attempt in row.attempts), default=None)


def _planned(row: Onboarding) -> Plan:
    if row.plan is None:
        raise ValueError(f"{row.id} is {row.status} without a plan")
    return row.plan
