"""The life of an onboarding: every transition of a row. Pure.

A transition returns the row as it is to be stored. When something is due is not its business: `schedule` derives that
from the row, so that no transition can forget it.
"""

from dataclasses import replace
from datetime import UTC, datetime

from shared.handover.pickup import CodeHash, Pickup
from shared.onboarding import memberships
from shared.onboarding.model import (
    Ask,
    Attempt,
    Claim,
    Collector,
    Delivery,
    Hold,
    IssuedPass,
    Look,
    Membership,
    Onboarding,
    Origin,
    Reissue,
    Release,
    Route,
    Status,
    Step,
    Subject,
    Web,
    WebSignIn,
)
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule import USE_KNOWN_LATEST, pending_step
from shared.planning.adjust import earlier, renewed
from shared.planning.plan import Plan
from shared.sources.hire import HireData
from shared.websignin.readiness import Verdict

NEVER_DUE = frozenset({Reason.OUTSIDE_PILOT, Reason.OTHER_ONBOARDING_RUNNING})
"""Waits that are no fault: whoever's hours go by in one of them has missed nothing that people have to hear of."""


def waits(row: Onboarding, reason: Reason, detail: str, retry_at: datetime) -> Onboarding:
    """Wait, for a reason, and look again at `retry_at`."""
    return replace(row, status=Status.WAITING, reason=reason, detail=detail, retry_at=retry_at)


def resumed(row: Onboarding) -> Onboarding:
    """Put a waiting or failed row back to work, from the step it had come to."""
    return _cleared(replace(row, ended_at=None), _status_by_progress(row))


def replanned(row: Onboarding, hire: HireData, origin: Origin, plan: Plan, now: datetime) -> Onboarding:
    """Take another start before anybody collected: a pass of the old one goes, a link that was mailed stays right.

    Whoever has heard of the hire hears of the new hours at once, and has the notice at its hour.
    """
    row = _cleared(replace(row, hire=hire, origin=origin, plan=plan, noticed_at=None, ended_at=None), Status.PLANNED)
    row = replace(row, tell_move_at=now if row.heard else None, told=(), web=Web())
    return _without_pass(row)


def held(row: Onboarding, hold: Hold | None) -> Onboarding:
    """Hold a row back on its way to a pass until a person lets it go; without a hold it goes on."""
    return resumed(replace(row, hold=hold))


def hold_told(row: Onboarding, now: datetime) -> Onboarding:
    """The desk knows that the source is being held back."""
    return replace(row, hold=replace(row.hold, told_at=now), retry_at=None) if row.hold else row


def let_go(row: Onboarding, by: str) -> Onboarding:
    """A person has let go of the first reason that holds the row back; what is left of them still does."""
    if row.hold is None:
        raise ValueError(f"{row.id} is not held back")
    hold, left = row.hold, row.hold.reasons[1:]
    row = replace(row, let_go_by=(*row.let_go_by, by))
    return held(row, replace(hold, reasons=left) if left else None)


def updated(row: Onboarding, hire: HireData, origin: Origin) -> Onboarding:
    """Take other data of a hire before anybody collected: hours and link stay, and what waits is looked at again.

    Another user name may be another account: a pass goes, and the link stays right if it is the same. Another manager
    is shown by a notice that comes again, for the sake of those who have had one.
    """
    known = row.hire
    row = replace(row, hire=hire, origin=origin)
    if _device_side(hire) != _device_side(known):
        row = replace(row, web=Web())
    if (hire.device_id, hire.device_serial) != (known.device_id, known.device_serial):
        row = replace(row, device=None)
    if hire.user_name != known.user_name:
        return resumed(_without_pass(row))
    if row.status is Status.ISSUED:
        return row
    return resumed(replace(row, noticed_at=None) if hire.manager_user_name != known.manager_user_name else row)


def move_told(row: Onboarding) -> Onboarding:
    """Whoever had heard of the old hours has heard of the new."""
    return replace(row, tell_move_at=None)


def move_not_told(row: Onboarding, again_at: datetime) -> Onboarding:
    """The mail about the new hours did not go out; nothing else waits for it."""
    return replace(row, tell_move_at=again_at)


def misled(row: Onboarding, collector: Collector, now: datetime) -> Onboarding:
    """A mail went out while the hours moved or all of it ended: whoever got it hears of that at once."""
    row = replace(row, heard=collector)
    if row.ended_at is None:
        return replace(row, tell_move_at=now)
    return replace(row, told=tuple(reason for reason in row.told if reason is not row.reason))


def noticed(row: Onboarding, subject: Subject, collector: Collector, now: datetime) -> Onboarding:
    """Preflight held, and the manager knows. A link mailed for another account or another collector is dead."""
    return turned_to(replace(row, noticed_at=now, heard=collector, tell_move_at=None), subject, collector)


def brought_forward(row: Onboarding, issue_at: datetime, now: datetime) -> Onboarding:
    """In a wave, let notice, link and pass come earlier, in their order; the hours of window and pass stay."""
    return replace(row, plan=earlier(row.plan, issue_at, now)) if row.plan else row


def inviting(row: Onboarding, public_key: str, now: datetime, code: CodeHash | None = None) -> Onboarding:
    """Store the public half of a fresh key pair, before its private half goes anywhere. Older links are dead.

    `code`: what is kept of the pick-up code that goes with the link, None where a sign-in is the proof.
    """
    if row.subject is None or row.collector is None:
        raise ValueError(f"{row.id} is invited without an account or a collector")
    number = row.delivery.number + 1 if row.delivery else 1
    pickup = Pickup(code) if code else None
    delivery = Delivery(number, public_key, row.subject.id, row.collector.bound, now, mailed_at=None, pickup=pickup)
    told = tuple(reason for reason in row.told if reason is not Reason.CODE_LOCKED)
    return replace(row, delivery=delivery, told=told)


def invited(row: Onboarding, number: int, now: datetime) -> Onboarding:
    """Exchange accepted the mail with link `number`."""
    if row.delivery is None or row.delivery.number != number:
        return row
    row = replace(row, delivery=replace(row.delivery, mailed_at=now), heard=row.collector)
    return _cleared(row, Status.INVITED)


def route_shut(row: Onboarding, route: Route) -> Onboarding:
    """The channel of a route did not take what goes by it: the next of the chain has notice and link."""
    delivery = replace(_without_key(row.delivery), mailed_at=None) if row.delivery else None
    row = replace(row, shut=(*row.shut, route), delivery=delivery, noticed_at=None)
    return _cleared(row, _status_by_progress(row))


def code_renewed(row: Onboarding) -> Onboarding:
    """Whoever holds a code that is locked has link and code made anew; a pass of ours is replaced by the next POST."""
    delivery = replace(_without_key(row.delivery), mailed_at=None) if row.delivery else None
    row = replace(row, delivery=delivery, issued=_without_code(row.issued), fresh_codes=row.fresh_codes + 1)
    return _cleared(row, _status_by_progress(row))


def code_tried(row: Onboarding, pickup: Pickup) -> Onboarding:
    """Somebody with the link's key has brought a code, right or wrong."""
    return replace(row, delivery=replace(row.delivery, pickup=pickup)) if row.delivery else row


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


def issued(row: Onboarding, made: IssuedPass, by: Attempt, plan: Plan) -> Onboarding:
    """A pass stands in Graph, sealed. Where the row ended or changed while it was made, that pass must go.

    Attempts before `by` stay open: one of them may still be carried out late.
    """
    row = replace(row, attempts=tuple(attempt for attempt in row.attempts if attempt != by))
    if row.doomed or row.ended_at is not None or not _has_link(row, made.delivery):
        return replace(row, issued=_without_code(made), doomed=True)
    row = replace(row, issued=made, plan=plan, reviewed_at=None)
    return _cleared(row, Status.ISSUED)


def verified(row: Onboarding) -> Onboarding:
    """Graph holds the very pass that is sealed here, whatever became of the attempts before it."""
    return replace(row, attempts=())


def reviewed(row: Onboarding, now: datetime) -> Onboarding:
    """Shortly before the window all that the pass was made on still holds, or holds again."""
    return _cleared(replace(row, reviewed_at=now), Status.ISSUED)


def withheld(row: Onboarding, reason: Reason, detail: str) -> Onboarding:
    """What the pass was made on holds no more: the pass goes at once, and the row waits as before it was made."""
    row = replace(row, issued=_without_code(row.issued), doomed=True, retry_at=None)
    return replace(row, status=Status.WAITING, reason=reason, detail=detail)


def passed_on(row: Onboarding, subject: Subject, collector: Collector) -> Onboarding:
    """The account or its collector is another than the pass was made for: a new link, and a pass for it.

    A pass of ours on the same account is replaced by the next; that of another account has to be deleted there first.
    """
    without = replace(row, issued=_without_code(row.issued))
    if row.subject is not None and row.subject.id != subject.id:
        return replace(_cleared(without, _status_by_progress(without)), doomed=True)
    return turned_to(without, subject, collector)


def overtaken(row: Onboarding) -> Onboarding:
    """The pass that is sealed here is replaced in Graph, or of no use any more: make it anew, same link."""
    return _cleared(replace(row, issued=_without_code(row.issued)), Status.INVITED)


def told(row: Onboarding, reason: Reason) -> Onboarding:
    """People have heard of this."""
    return replace(row, told=(*row.told, reason))


def opened(row: Onboarding, claim: Claim) -> Onboarding:
    """One proven person has claimed the pass."""
    return _cleared(replace(row, claim=claim), Status.OPENED)


def handed_over(row: Onboarding, now: datetime) -> Onboarding:
    """The hire is in, or the time for looking again is over: the sealed pass is erased."""
    claim = replace(row.claim, state=replace(row.claim.state, ended=True)) if row.claim else None
    return replace(row, claim=claim, issued=_without_code(row.issued), handed_over_at=row.handed_over_at or now)


def reissued(row: Onboarding, by: str, now: datetime) -> Onboarding:
    """The proven collector has the pass made anew. The same link opens it; the claim before it never does.

    What Graph holds of ours is replaced by the next POST. Where the onboarding had ended, it lives again, and so does
    its device side. Nobody needs a notice any more.
    """
    if row.plan is None:
        raise ValueError(f"{row.id} has no plan to make a pass by")
    again = Reissue(now, by, row.claim.state.claim_hash if row.claim else None)
    row = replace(row, reissues=(*row.reissues, again), plan=renewed(row.plan, now), claim=None)
    row = replace(row, issued=_without_code(row.issued), handed_over_at=None, use_checked_at=None)
    told = tuple(reason for reason in row.told if reason is not row.reason)
    web = row.web if row.ended_at is None else Web()
    row = replace(row, told=told, web=web, ended_at=None, noticed_at=row.noticed_at or now, tell_move_at=None)
    return _cleared(row, Status.INVITED)


def used(row: Onboarding, at: datetime, now: datetime) -> Onboarding:
    """The sign-in log shows the pass in use: the sealed pass is erased.

    The link's public half stays until personal data go: it opens nothing, and by it whoever has link and sign-in is
    told how it ended.
    """
    return _ended(replace(handed_over(row, now), used_at=at), Status.USED, None, "", now)


def use_checked(row: Onboarding, now: datetime) -> Onboarding:
    """The sign-in log shows nothing: not yet, or never. When the log can no longer lag, that stays unknown."""
    if row.issued and now >= row.issued.valid_until + USE_KNOWN_LATEST:
        return _ended(row, Status.OPENED, Reason.USE_UNKNOWN, "", now)
    return replace(row, use_checked_at=now)


def missed(row: Onboarding, now: datetime) -> Onboarding:
    """The sign-in log is known to show all until the hour, and no sign-in with the pass; people have been told."""
    return replace(_noted(row, Reason.NOT_SIGNED_IN), use_checked_at=now)


def risen(row: Onboarding) -> Onboarding:
    """The account holds what no pass is made for, since this one was collected; the desk has been told."""
    return _noted(row, Reason.PRIVILEGED_SINCE)


def methods_checked(row: Onboarding, now: datetime) -> Onboarding:
    """Whether the hire can sign in without the pass is not known yet."""
    return replace(row, methods_checked_at=now)


def stays_in(row: Onboarding, now: datetime) -> Onboarding:
    """The hire has another authentication method and needs the pass no more."""
    return replace(row, methods_checked_at=now, methods_known=True)


def may_be_out(row: Onboarding, now: datetime) -> Onboarding:
    """No other method of the hire is known of; people have been told that the sessions end with the pass."""
    return replace(_noted(row, Reason.SESSIONS_END), methods_checked_at=now, methods_known=True)


def expired(row: Onboarding, now: datetime) -> Onboarding:
    """The pass has ended uncollected, or its hours went by before there was one."""
    if row.issued is not None and row.issued.sealed is not None:
        return _ended(row, Status.EXPIRED, Reason.NOT_COLLECTED, "", now)
    if row.reason in NEVER_DUE or row.hold is not None:
        return _ended(row, Status.EXPIRED, row.reason, row.detail, now)
    return _ended(row, Status.EXPIRED, Reason.NOT_ISSUED, row.reason or "", now)


def cancelled(row: Onboarding, reason: Reason, origin: Origin, now: datetime) -> Onboarding:
    """Withdrawn: the link dies with this write, the pass as soon as Graph can be asked."""
    row = replace(row, origin=origin, doomed=_leaves_a_pass(row))
    status = Status.EXPIRED if reason is Reason.START_LONG_PAST else Status.CANCELLED
    return _ended(row, status, reason, "", now)


def revoked_by_person(row: Onboarding, now: datetime) -> Onboarding:
    """Taken back: the link dies with this write, the pass as soon as Graph can be asked."""
    return cancelled(row, Reason.REVOKED, row.origin, now)


def resent(row: Onboarding, ask: Ask) -> Onboarding:
    """A fresh link, by this route; the link and the pass before it go. A pass of ours is replaced by the next POST."""
    delivery = replace(_without_key(row.delivery), mailed_at=None) if row.delivery else None
    web = row.web if row.ended_at is None else Web()
    row = replace(row, ask=ask, release=None, delivery=delivery, issued=_without_code(row.issued), claim=None)
    row = replace(row, web=web, shut=())
    row = replace(row, ended_at=None, used_at=None, use_checked_at=None, methods_checked_at=None, methods_known=False)
    return _cleared(row, _status_by_progress(row))


def failed(row: Onboarding, reason: Reason, detail: str, now: datetime) -> Onboarding:
    """Give up until the source or a person changes something."""
    row = replace(row, doomed=_leaves_a_pass(row))
    return _ended(row, Status.FAILED, reason, detail, now)


def put_aside(onboarding: str, version: int, now: datetime) -> Onboarding:
    """Nothing in a row that this app did not write is believed: what is left is that it has failed, and why.

    Any event of the HR system is newer than this, and begins anew.
    """
    return Onboarding(
        id=onboarding,
        source="",
        hire=HireData(external_id="", display_name="", start_date=""),
        origin=Origin(datetime.min.replace(tzinfo=UTC), ""),
        created=now,
        status=Status.FAILED,
        plan=None,
        reason=Reason.ROW_ALTERED,
        ended_at=now,
        version=version,
    )


def revoked(row: Onboarding, look_again: datetime) -> Onboarding:
    """Graph holds no pass of ours any more; what waits is looked at again then."""
    retry_at = look_again if row.status is Status.WAITING else None
    return replace(row, doomed=False, attempts=(), issued=None, detail="", retry_at=retry_at)


def put_off(row: Onboarding, why: str, retry_at: datetime) -> Onboarding:
    """What is due cannot be done yet; it is tried again at `retry_at`, and nothing else changes."""
    return replace(row, detail=why or row.detail, retry_at=retry_at)


def released(row: Onboarding, release: Release) -> Onboarding:
    """A person set the reason to wait aside, for this account and this collector."""
    return resumed(replace(row, release=release))


def found(row: Onboarding, subject: Subject | None, collector: Collector | None) -> Onboarding:
    """Keep what the last preflight read of the people, also where it ended in a wait: a release needs it."""
    return replace(row, subject=subject or row.subject, collector=collector or row.collector)


def erasure_asked(row: Onboarding, by: str, now: datetime) -> Onboarding:
    """All of this person's data are to go. What lives is revoked first: no pass is left behind in the tenant."""
    row = replace(row, erase_for=by)
    lives = row.ended_at is None or (row.issued is not None and row.issued.valid_until > now and not row.doomed)
    return revoked_by_person(row, now) if lives else row


def erased(row: Onboarding) -> Onboarding:
    """Erase everything personal; what stays is that there was a hire, and how it went."""
    return replace(
        row,
        hire=HireData(external_id="", display_name="", start_date=""),
        origin=replace(row.origin, event=""),
        plan=None,
        detail="",
        subject=None,
        collector=None,
        ask=None,
        request=None,
        release=None,
        hold=None,
        let_go_by=(),
        follows=None,
        heard=None,
        tell_move_at=None,
        delivery=None,
        attempts=(),
        issued=None,
        claim=None,
        reissues=(),
        web=Web(row.web.status, row.web.reason),
        device=None,
        erase_for="",
        erased=True,
    )


def people_forgotten(row: Onboarding) -> Onboarding:
    """Nobody can be found any more by a random id of the audit."""
    return replace(row, forgotten=True)


def web_in_scope(row: Onboarding, group: str, now: datetime, device: str | None = None) -> Onboarding:
    """The device group stands in the profile's scope, and the device, where one is looked at, in the group."""
    return replace(row, web=Web(WebSignIn.IN_SCOPE, group=group, device=device, seen_at=now))


def web_alone(row: Onboarding, detail: str, again_at: datetime) -> Onboarding:
    """What has come into the profile's scope is not in its companion's yet: the globe is there all the same.

    The companion is tried again at `again_at`.
    """
    return replace(row, web=replace(row.web, reason=Reason.COMPANION_NOT_IN_SCOPE, detail=detail, retry_at=again_at))


def web_waits(row: Onboarding, reason: Reason, detail: str, retry_at: datetime) -> Onboarding:
    """The device side waits; the pass goes on."""
    return replace(row, web=replace(row.web, status=WebSignIn.WAITING, reason=reason, detail=detail, retry_at=retry_at))


def web_failed(row: Onboarding, reason: Reason, detail: str) -> Onboarding:
    """Give up the device side until a person puts it back to work; the pass goes on."""
    return replace(row, web=replace(row.web, status=WebSignIn.FAILED, reason=reason, detail=detail, retry_at=None))


def device_judged(row: Onboarding, verdict: Verdict, now: datetime) -> Onboarding:
    """The hire's device was looked at. It holds up nothing."""
    return replace(row, device=Look(now, verdict))


def left_group(row: Onboarding, membership: Membership) -> Onboarding:
    """The device is not in the group by this row's doing any more."""
    return replace(memberships.dropped(row, membership), web=replace(row.web, reason=None, detail="", retry_at=None))


def leave_put_off(row: Onboarding, reason: Reason, detail: str, retry_at: datetime) -> Onboarding:
    """The device cannot leave the group yet."""
    return replace(row, web=replace(row.web, reason=reason, detail=detail, retry_at=retry_at))


def web_resumed(row: Onboarding) -> Onboarding:
    """Put the device side back to work, unless it has come to its end."""
    return row if row.web.status is WebSignIn.IN_SCOPE else replace(row, web=Web())


def _device_side(hire: HireData) -> tuple[str | None, ...]:
    return hire.site, hire.department, hire.device_id, hire.device_serial


def _status_by_progress(row: Onboarding) -> Status:
    return {Step.ISSUE: Status.INVITED, Step.REVIEW: Status.ISSUED}.get(pending_step(row), Status.PLANNED)


def _for_people(row: Onboarding, subject: Subject, collector: Collector) -> Onboarding:
    row = replace(row, subject=subject, collector=collector)
    delivery = row.delivery
    if delivery and (delivery.subject, delivery.collector) != (subject.id, collector.bound):
        return replace(row, delivery=replace(_without_key(delivery), mailed_at=None))
    return row


def _noted(row: Onboarding, reason: Reason) -> Onboarding:
    """Show a reason that holds up nothing, as one that people were told."""
    return replace(row, reason=reason, told=(*row.told, reason))


def _cleared(row: Onboarding, status: Status) -> Onboarding:
    """Go on, unless the row is held back: no event and no step lets go of that."""
    if row.hold is not None:
        return replace(row, status=Status.WAITING, reason=row.hold.reasons[0], detail="", retry_at=None)
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


def _has_link(row: Onboarding, number: int) -> bool:
    """Tell whether link `number` is still the one that counts: no newer one was made, and nobody took it back."""
    return row.delivery is not None and row.delivery.number == number and bool(row.delivery.public_key)


def _leaves_a_pass(row: Onboarding) -> bool:
    return row.doomed or row.issued is not None or bool(row.attempts)


def _without_pass(row: Onboarding) -> Onboarding:
    return replace(row, issued=_without_code(row.issued), doomed=_leaves_a_pass(row))


def _without_code(made: IssuedPass | None) -> IssuedPass | None:
    return replace(made, sealed=None) if made else None


def _without_key[D: (Delivery, Delivery | None)](delivery: D) -> D:
    return replace(delivery, public_key="", pickup=None) if delivery else delivery
