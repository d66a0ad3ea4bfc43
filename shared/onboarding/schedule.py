"""When what is due: the one due time of each life, derived from the row and from nothing else. Pure."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from shared.handover.collecting.claim import look_until
from shared.handover.keys.pickup import is_locked
from shared.onboarding import memberships
from shared.onboarding.model import Due, Hold, IssuedPass, Life, Onboarding, Status, Step, Web, WebSignIn
from shared.onboarding.reasons import Reason
from shared.onboarding.requests.reissue import MOST_REISSUES
from shared.planning.plan import Plan
from shared.websignin.readiness import Gap

STEP_TAKES = timedelta(seconds=50)
"""So long whoever has begun a step has it to himself; after it he is taken for dead, and a sweep gives it to another.

Hints, leases, attempts at a pass and links not mailed count alike, and less than the minute between two sweeps: so
within two minutes of any death somebody else has done the work, with time left for it.
"""
NEWS = frozenset(
    {
        Reason.UNKNOWN_TIMEZONE,
        Reason.UNKNOWN_SITE,
        Reason.IMPOSSIBLE_START,
        Reason.CANCELLED_BY_SOURCE,
        Reason.REVOKED,
        Reason.NOT_COLLECTED,
        Reason.NOT_ISSUED,
        Reason.STEP_FAILED,
        Reason.ROW_ALTERED,
    }
)
"""How an onboarding may end that somebody has to hear of."""
REMIND_BEFORE = timedelta(minutes=30)
"""Before the start: so long is left to those who could step in. And so long a collector has had before they hear."""
VERIFY_AFTER = timedelta(minutes=2)
"""A request whose answer was lost may be carried out late; by then it has been."""
REVIEW_BEFORE = timedelta(minutes=3)
"""So long before the window opens, all that a pass was made on is read once more: time enough to make it anew."""
STILL_FRESH = timedelta(minutes=5)
"""What was read so shortly before need not be read again."""
LOOK_AHEAD = timedelta(days=3)
"""Before the notice: the digest of a Friday tells of Monday, wherever on earth that begins."""
LOOK_AGAIN = timedelta(hours=4)
"""Before the notice, which is mailed at 16:00: in time for the digest of a desk in the same zone."""
LOOK_SOON = timedelta(minutes=30)
LOOK_EVERY = timedelta(minutes=15)
"""Log and report are read at the quarters of an hour, so that one look serves all hires."""
METHODS_BEFORE = timedelta(hours=2)
"""So long before the pass ends, time is left to set up another way to sign in."""
USE_KNOWN_LATEST = timedelta(hours=6)
"""The sign-in log may lag by hours; after this the use stays unknown."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How long after the end personal data are kept, who is who in the audit, and devices in their groups.

    And who is to hear of an opening.
    """

    data: timedelta = timedelta(days=30)
    people: timedelta = timedelta(days=365)
    devices: timedelta = timedelta(days=3)
    tell_opened: frozenset[str] = frozenset({"collector"})

    def tells_of_opening(self, row: Onboarding) -> bool:
        """Tell whether anybody hears of it: of whoever collects, only a manager whose hire has the link."""
        by_hire = row.delivery is not None and row.delivery.pickup is not None
        return bool(self.tell_opened if by_hire else self.tell_opened - {"collector"})


USUAL = Keep()


def scheduled(row: Onboarding, keep: Keep = USUAL) -> Onboarding:
    """Return the row with the due time of each of its lives, derived from everything else in it."""
    return replace(row, due=_pass_due(row, keep), web_due=_web_due(row, keep), device_due=_device_due(row))


def is_due(row: Onboarding, step: Step, now: datetime) -> bool:
    """Tell whether this step is what the row is waiting for now, in any of its lives."""
    return any(due is not None and due.step is step and due.at <= now for due in map(row.due_in, Life))


def is_on_its_way(row: Onboarding) -> bool:
    """Tell whether a pass of this row is still to be made."""
    return row.due is not None and row.due.pass_at is not None


def pending_step(row: Onboarding) -> Step:
    """Tell which step makes progress from here, whatever the row waits for."""
    if row.issued is not None and row.issued.sealed is not None:
        return Step.REVIEW
    if row.noticed_at is None and row.request is None:
        return Step.NOTICE
    if row.delivery is None or row.delivery.mailed_at is None:
        return Step.INVITE
    return Step.ISSUE


def live_news(row: Onboarding, *, opened: bool = False) -> tuple[Reason, datetime] | None:
    """Tell what others have to hear of a pass that lives, and from when; None where nothing is left to tell.

    `opened`: somebody hears that it was opened.
    A request names who collects, and whoever has the pass made anew has opened the page: neither is reminded of. That a
    link is locked is news whether there is a pass or not.
    """
    if locked_at := _untold_lock(row):
        return Reason.CODE_LOCKED, locked_at
    made, plan = row.issued, row.plan
    if made is None or plan is None:
        return None
    if len(row.reissues) >= MOST_REISSUES and Reason.REISSUES_SPENT not in row.told:
        return Reason.REISSUES_SPENT, made.made_at
    if opened and row.status is Status.OPENED and row.claim is not None and Reason.OPENED not in row.told:
        return Reason.OPENED, row.claim.state.claimed_at
    unopened = row.status is Status.ISSUED and row.request is None and not row.reissues
    if unopened and Reason.NOT_OPENED not in row.told:
        to_be_had = max(plan.opens, made.made_at)
        return Reason.NOT_OPENED, max(plan.start - REMIND_BEFORE, to_be_had + REMIND_BEFORE)
    return None


def _untold_lock(row: Onboarding) -> datetime | None:
    """Tell since when the link takes no code any more, where people have not heard of it and the link still matters."""
    pickup = row.delivery.pickup if row.delivery else None
    matters = row.ended_at is None or row.status is Status.EXPIRED
    if pickup is None or not is_locked(pickup) or not matters or Reason.CODE_LOCKED in row.told:
        return None
    return pickup.wrong_at


def _pass_due(row: Onboarding, keep: Keep) -> Due | None:
    if row.doomed:
        return _revoke_due(row)
    next_ = _next_due(row, keep)
    locked_at = None if row.erase_for else _untold_lock(row)
    if locked_at is None:
        return next_
    told_at = max(locked_at, row.retry_at or locked_at)
    # Nothing else waits for a mail that cannot be sent.
    return next_ if next_ is not None and next_.at < told_at else Due(Step.REMIND, told_at, deadline=told_at)


def _next_due(row: Onboarding, keep: Keep) -> Due | None:
    if row.ended_at is not None:
        return _after_end(row, row.ended_at, keep)
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


def _after_end(row: Onboarding, ended_at: datetime, keep: Keep) -> Due | None:
    if row.erased:
        at = ended_at + keep.people
        return None if row.forgotten else Due(Step.FORGET_PEOPLE, at, deadline=at + keep.data)
    if row.erase_for:
        # Nobody is told any more: the mails would name whom they are about.
        return Due(Step.ERASE, ended_at, deadline=ended_at)
    if (look := _methods_due(row, ended_at)) is not None:
        return look
    if _is_news(row):
        return Due(Step.TELL, row.retry_at or ended_at, deadline=ended_at)
    at = ended_at + keep.data
    return Due(Step.ERASE, at, deadline=at + keep.data)


def _is_news(row: Onboarding) -> bool:
    """Tell whether somebody has to hear of this end yet; of those held back the desk has heard as of one burst."""
    of_a_burst = row.hold is not None and row.reason in row.hold.reasons
    return row.reason in NEWS and row.reason not in row.told and not of_a_burst


def _methods_due(row: Onboarding, ended_at: datetime) -> Due | None:
    """Who has signed in is looked at once more, while the pass that opened the sessions still lives."""
    if row.status is not Status.USED or row.issued is None or row.methods_known:
        return None
    until = row.issued.valid_until
    since = max(ended_at, until - METHODS_BEFORE - LOOK_EVERY)
    at = _next_look(row.methods_checked_at or since)
    return Due(Step.CHECK_METHODS, at, deadline=until) if at < until else None


def _after_issue(row: Onboarding, made: IssuedPass, plan: Plan) -> Due:
    if not row.attempts:
        return _review_due(row, made, plan) or _news_due(row) or _expiry(plan)
    at = max(made.made_at + VERIFY_AFTER, row.retry_at or made.made_at)
    return Due(Step.VERIFY, at, deadline=plan.opens, slots=1)


def _review_due(row: Onboarding, made: IssuedPass, plan: Plan) -> Due | None:
    if row.reviewed_at is not None or made.made_at >= _review_from(plan):
        return None
    at = max(plan.opens - REVIEW_BEFORE, row.retry_at or made.made_at)
    return Due(Step.REVIEW, at, deadline=plan.opens) if at < plan.closes else None


def _review_from(plan: Plan) -> datetime:
    """Return from when on what was read is fresh enough for the window."""
    return plan.opens - REVIEW_BEFORE - STILL_FRESH


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
    at = _next_look(row.use_checked_at or row.handed_over_at or row.claim.state.claimed_at)
    return Due(Step.CHECK_USE, at, deadline=row.issued.valid_until + USE_KNOWN_LATEST)


def _web_due(row: Onboarding, keep: Keep) -> Due | None:
    dues = [due for due in (_scope_due(row), _leave_due(row, keep)) if due is not None]
    return min(dues, key=lambda due: due.at, default=None)


def _leave_due(row: Onboarding, keep: Keep) -> Due | None:
    """A request to join whose answer is not known may be carried out late: before that nothing is taken back."""
    leaving = memberships.needless(row)
    if not leaving:
        return None
    since = row.used_at or row.ended_at or row.web.seen_at or row.created
    wanted = since if memberships.goes_at_once(row) else since + keep.devices
    at = max(wanted, row.web.retry_at or wanted, *(one.until for one in leaving))
    return Due(Step.LEAVE, at, deadline=at)


def _scope_due(row: Onboarding) -> Due | None:
    if row.ended_at is not None or row.erased or row.plan is None or row.hold is not None:
        return None
    if row.web.status is WebSignIn.PENDING:
        return Due(Step.SCOPE, row.plan.notice_at, deadline=row.plan.opens)
    if row.web.status is WebSignIn.WAITING and row.web.retry_at is not None and row.web.retry_at < row.plan.closes:
        return Due(Step.SCOPE, row.web.retry_at, deadline=row.plan.opens)
    return _in_scope_due(row.web, row.plan) if row.web.status is WebSignIn.IN_SCOPE else None


def _in_scope_due(web: Web, plan: Plan) -> Due | None:
    """Before the window it is looked at once more, for somebody may have taken the group out again.

    And earlier where the profile's companion is to be tried again.
    """
    looks = [plan.opens - REVIEW_BEFORE] if web.seen_at is not None and web.seen_at < _review_from(plan) else []
    if web.retry_at is not None and web.retry_at < plan.closes:
        looks.append(web.retry_at)
    return Due(Step.SCOPE, min(looks), deadline=plan.opens) if looks else None


def _device_due(row: Onboarding) -> Due | None:
    """The device is looked at days ahead, on the working day before, and once more before the window.

    What could not be read is asked for again soon. Whoever has opened the pass stands before the device.
    """
    plan = row.plan
    if row.ended_at is not None or row.erased or plan is None or row.hold is not None or row.claim is not None:
        return None
    looks = (plan.notice_at - LOOK_AHEAD, plan.notice_at - LOOK_AGAIN, plan.opens - REVIEW_BEFORE)
    at = looks[0]
    if row.device is not None:
        known = row.device
        soon = (known.at + LOOK_SOON,) if known.verdict.reason is Gap.TENANT_UNAVAILABLE else ()
        at = min((look for look in (*looks, *soon) if look > known.at), default=plan.closes)
    return Due(Step.CHECK_DEVICE, at, deadline=plan.opens) if at < plan.closes else None


def _next_look(after: datetime) -> datetime:
    """Return the first quarter of an hour behind an instant."""
    return after - (after - datetime.min.replace(tzinfo=UTC)) % LOOK_EVERY + LOOK_EVERY


def _attempts_end(row: Onboarding) -> datetime | None:
    return max((attempt.deadline for attempt in row.attempts), default=None)


def _planned(row: Onboarding) -> Plan:
    if row.plan is None:
        raise ValueError(f"{row.id} is {row.status} without a plan")
    return row.plan
