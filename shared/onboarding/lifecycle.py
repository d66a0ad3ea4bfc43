"""The life of an onboarding: every transition of a row, and when what is due. Pure.

A transition returns the row as it is to be stored. Due times are not chosen by transitions: `scheduled` derives them
from the row, so that no transition can forget one.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.handover.claim import look_until
from shared.onboarding.model import (
    Attempt,
    Claim,
    Collector,
    Delivery,
    Due,
    IssuedPass,
    Onboarding,
    Origin,
    Release,
    Status,
    Step,
    Subject,
    Web,
    WebSignIn,
)
from shared.onboarding.reasons import Reason
from shared.planning.plan import Plan
from shared.sources.event import HireData

RETENTION = timedelta(days=30)
MAILING_TAKES = timedelta(minutes=1)
"""After this a link that was made and not mailed is given up, and another is made."""
USE_CHECK_EVERY = timedelta(minutes=15)
USE_KNOWN_LATEST = timedelta(hours=6)
"""The sign-in log may lag by hours; after this the use stays unknown."""


def scheduled(row: Onboarding) -> Onboarding:
    """Return the row with the due time of each of its lives, derived from everything else in it."""
    return replace(row, due=_pass_due(row), web_due=_web_due(row))


def is_due(row: Onboarding, step: Step, now: datetime) -> bool:
    """Tell whether this step is what the row is waiting for now, in either of its lives."""
    return any(due is not None and due.step is step and due.at <= now for due in (row.due, row.web_due))


def pending_step(row: Onboarding) -> Step:
    """Tell which step makes progress from here, whatever the row waits for."""
    if row.noticed_at is None:
        return Step.NOTICE
    if row.delivery is None or row.delivery.mailed_at is None:
        return Step.INVITE
    return Step.ISSUE


def waits(row: Onboarding, reason: Reason, detail: str, retry_at: datetime | None) -> Onboarding:
    """Wait, for a reason. `retry_at` None: only a person can help."""
    return replace(row, status=Status.WAITING, reason=reason, detail=detail, retry_at=retry_at)


def resumed(row: Onboarding) -> Onboarding:
    """Put a waiting or failed row back to work, from the step it had come to."""
    return _cleared(replace(row, ended_at=None), _status_by_progress(row))


def replanned(row: Onboarding, hire: HireData, origin: Origin, plan: Plan) -> Onboarding:
    """Take a change of the hire before anybody collected. A pass of the old plan goes; a link mailed stays right."""
    row = _cleared(replace(row, hire=hire, origin=origin, plan=plan, noticed_at=None, ended_at=None), Status.PLANNED)
    row = replace(row, issued=_without_code(row.issued), doomed=_leaves_a_pass(row), warning="", told=())
    return replace(row, web=Web()) if row.web.status is not WebSignIn.IN_SCOPE else row


def noticed(row: Onboarding, subject: Subject, collector: Collector, now: datetime) -> Onboarding:
    """Preflight held, and the manager knows. A link mailed for another account or another collector is dead."""
    return turned_to(replace(row, noticed_at=now), subject, collector)


def inviting(row: Onboarding, public_key: str, now: datetime) -> Onboarding:
    """Store the public half of a fresh key pair, before its private half goes anywhere. Older links are dead."""
    if row.subject is None or row.collector is None:
        raise ValueError(f"{row.id} is invited without an account or a collector")
    number = row.delivery.number + 1 if row.delivery else 1
    delivery = Delivery(number, public_key, row.subject.id, row.collector.id, made_at=now, mailed_at=None)
    return replace(row, delivery=delivery)


def invited(row: Onboarding, number: int, now: datetime) -> Onboarding:
    """Exchange accepted the mail with link `number`."""
    if row.delivery is None or row.delivery.number != number:
        return row
    row = replace(row, delivery=replace(row.delivery, mailed_at=now))
    return _cleared(row, Status.INVITED)


def attempting(row: Onboarding, attempt: Attempt) -> Onboarding:
    """Record that a pass is about to be asked for, so that whoever comes after knows."""
    return replace(row, attempts=(*row.attempts, attempt))


def attempt_closed(row: Onboarding, attempt: Attempt, clean: bool) -> Onboarding:
    """There is no pass from this attempt; where Graph was seen `clean`, from none before it either."""
    return replace(row, attempts=() if clean else tuple(open_ for open_ in row.attempts if open_ != attempt))


def turned_to(row: Onboarding, subject: Subject, collector: Collector) -> Onboarding:
    """The account or its manager is another than the link was made for: that link is dead."""
    row = _for_people(row, subject, collector)
    return _cleared(row, _status_by_progress(row))


def issued(row: Onboarding, made: IssuedPass, plan: Plan, warning: str) -> Onboarding:
    """A pass stands in Graph, sealed. Where the row ended or changed meanwhile, that pass must go."""
    row = replace(row, attempts=())
    if row.doomed or row.ended_at is not None or row.delivery is None or row.delivery.number != made.delivery:
        return replace(row, issued=_without_code(made), doomed=True)
    row = replace(row, issued=made, plan=plan, warning=warning)
    return _cleared(row, Status.ISSUED)


def opened(row: Onboarding, claim: Claim) -> Onboarding:
    """One proven person has claimed the pass."""
    return _cleared(replace(row, claim=claim), Status.OPENED)


def handed_over(row: Onboarding) -> Onboarding:
    """The hire is in, or the time for looking again is over: the sealed pass is erased."""
    claim = replace(row.claim, state=replace(row.claim.state, ended=True)) if row.claim else None
    return replace(row, claim=claim, issued=_without_code(row.issued))


def used(row: Onboarding, at: datetime, now: datetime) -> Onboarding:
    """The sign-in log shows the pass in use: the link's key has served and is erased, too."""
    row = replace(handed_over(row), used_at=at, delivery=_without_key(row.delivery))
    return _ended(row, Status.USED, None, "", now)


def use_checked(row: Onboarding, now: datetime) -> Onboarding:
    """The sign-in log shows nothing: not yet, or never. When the log can no longer lag, that stays unknown."""
    if row.issued and now >= row.issued.valid_until + USE_KNOWN_LATEST:
        return _ended(row, Status.OPENED, Reason.USE_UNKNOWN, "", now)
    return replace(row, use_checked_at=now)


def expired(row: Onboarding, now: datetime) -> Onboarding:
    """The pass has ended uncollected, or its hours went by before there was one."""
    if row.issued is not None:
        return _ended(row, Status.EXPIRED, Reason.NOT_COLLECTED, "", now)
    return _ended(row, Status.EXPIRED, Reason.NOT_ISSUED, row.reason or "", now)


def cancelled(row: Onboarding, reason: Reason, origin: Origin, now: datetime) -> Onboarding:
    """Withdrawn: the link dies with this write, the pass as soon as Graph can be asked."""
    row = replace(row, origin=origin, doomed=_leaves_a_pass(row))
    status = Status.CANCELLED if reason is Reason.CANCELLED_BY_SOURCE else Status.EXPIRED
    return _ended(row, status, reason, "", now)


def failed(row: Onboarding, reason: Reason, detail: str, now: datetime) -> Onboarding:
    """Give up until the source or a person changes something."""
    row = replace(row, doomed=_leaves_a_pass(row))
    return _ended(row, Status.FAILED, reason, detail, now)


def revoked(row: Onboarding) -> Onboarding:
    """Graph holds no pass of ours any more."""
    return replace(row, doomed=False, attempts=(), issued=None, detail="", retry_at=None)


def revoking_put_off(row: Onboarding, reason: Reason, detail: str, retry_at: datetime) -> Onboarding:
    """A pass that has to go is still there, for this reason."""
    return replace(row, detail=f"the pass is not deleted yet: {reason} {detail}".rstrip(), retry_at=retry_at)


def released(row: Onboarding, release: Release) -> Onboarding:
    """A person set the reason to wait aside, for this account and this collector."""
    return resumed(replace(row, release=release))


def found(row: Onboarding, subject: Subject | None, collector: Collector | None) -> Onboarding:
    """Keep what the last preflight read of the people, also where it ended in a wait: a release needs it."""
    return replace(row, subject=subject or row.subject, collector=collector or row.collector)


def erased(row: Onboarding) -> Onboarding:
    """Erase everything personal; what stays is that there was a hire, and how it went."""
    hire = HireData(external_id="", display_name="", start_date="")
    return replace(
        row,
        hire=hire,
        plan=None,
        subject=None,
        collector=None,
        release=None,
        delivery=None,
        attempts=(),
        issued=None,
        claim=None,
        detail="",
        erased=True,
    )


def web_in_scope(row: Onboarding, group: str) -> Onboarding:
    """The device group stands in the profile's scope."""
    return replace(row, web=Web(WebSignIn.IN_SCOPE, group=group))


def web_waits(row: Onboarding, reason: Reason, detail: str, retry_at: datetime | None) -> Onboarding:
    """The device side waits; the pass goes on."""
    return replace(row, web=replace(row.web, status=WebSignIn.WAITING, reason=reason, detail=detail, retry_at=retry_at))


def _pass_due(row: Onboarding) -> Due | None:
    if row.doomed:
        return _revoke_due(row)
    if row.erased:
        return None
    if row.ended_at is not None:
        at = row.ended_at + RETENTION
        return Due(Step.ERASE, at, deadline=at + RETENTION)
    if row.status is Status.OPENED:
        return _after_opening(row)
    plan = _planned(row)
    if row.status is Status.ISSUED or (row.status is Status.WAITING and row.retry_at is None):
        return Due(Step.EXPIRE, plan.closes, deadline=plan.closes)
    return _progress_due(row, plan)


def _progress_due(row: Onboarding, plan: Plan) -> Due:
    step = pending_step(row)
    at = {Step.NOTICE: plan.notice_at, Step.INVITE: plan.invite_at}.get(step, plan.issue_at)
    at = max(at, row.retry_at or at, _attempts_end(row) or at)
    if step is Step.INVITE and row.delivery is not None and row.delivery.public_key:
        at = max(at, row.delivery.made_at + MAILING_TAKES)
    if at >= plan.closes:
        return Due(Step.EXPIRE, plan.closes, deadline=plan.closes)
    return Due(step, at, deadline=plan.opens, slots=2 if step is Step.ISSUE else 0)


def _revoke_due(row: Onboarding) -> Due:
    since = row.ended_at or row.origin.occurred_at
    at = max(_attempts_end(row) or since, row.retry_at or since)
    return Due(Step.REVOKE, at, deadline=since, slots=2 if row.attempts else 1)


def _after_opening(row: Onboarding) -> Due:
    if row.issued is None or row.claim is None:
        raise ValueError(f"{row.id} is opened without a pass or a claim")
    if row.issued.sealed is not None:
        at = look_until(row.claim.state.claimed_at, row.issued.valid_from, row.issued.valid_until)
        return Due(Step.FORGET, at, deadline=at)
    at = (row.use_checked_at or row.claim.state.claimed_at) + USE_CHECK_EVERY
    return Due(Step.CHECK_USE, at, deadline=row.issued.valid_until + USE_KNOWN_LATEST)


def _web_due(row: Onboarding) -> Due | None:
    if row.ended_at is not None or row.erased or row.plan is None:
        return None
    if row.web.status is WebSignIn.PENDING:
        return Due(Step.SCOPE, row.plan.notice_at, deadline=row.plan.opens)
    if row.web.status is WebSignIn.WAITING and row.web.retry_at is not None and row.web.retry_at < row.plan.closes:
        return Due(Step.SCOPE, row.web.retry_at, deadline=row.plan.opens)
    return None


def _attempts_end(row: Onboarding) -> datetime | None:
    return max((attempt.deadline for attempt in row.attempts), default=None)


def _planned(row: Onboarding) -> Plan:
    if row.plan is None:
        raise ValueError(f"{row.id} is {row.status} without a plan")
    return row.plan


def _status_by_progress(row: Onboarding) -> Status:
    return Status.INVITED if pending_step(row) is Step.ISSUE else Status.PLANNED


def _for_people(row: Onboarding, subject: Subject, collector: Collector) -> Onboarding:
    row = replace(row, subject=subject, collector=collector)
    delivery = row.delivery
    if delivery and (delivery.subject, delivery.collector) != (subject.id, collector.id):
        return replace(row, delivery=replace(_without_key(delivery), mailed_at=None))
    return row


def _cleared(row: Onboarding, status: Status) -> Onboarding:
    return replace(row, status=status, reason=None, detail="", retry_at=None)


def _ended(row: Onboarding, status: Status, reason: Reason | None, detail: str, now: datetime) -> Onboarding:
    return replace(
        row,
        status=status,
        reason=reason,
        detail=detail,
        retry_at=None,
        ended_at=now,
        issued=_without_code(row.issued),
        doomed=row.doomed or bool(row.attempts),
    )


def _leaves_a_pass(row: Onboarding) -> bool:
    return row.doomed or row.issued is not None or bool(row.attempts)


def _without_code(made: IssuedPass | None) -> IssuedPass | None:
    return replace(made, sealed=None) if made else None


def _without_key[D: (Delivery, Delivery | None)](delivery: D) -> D:
    return replace(delivery, public_key="") if delivery else delivery
