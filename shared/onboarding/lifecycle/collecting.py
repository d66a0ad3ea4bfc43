"""The hand-over, and what is seen of the pass after it."""

from dataclasses import replace
from datetime import datetime

from shared.onboarding.device_side import Web
from shared.onboarding.lifecycle.pieces import cleared, ended, noted, without_code
from shared.onboarding.model import Claim, Onboarding, Reissue
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.pass_life import USE_KNOWN_LATEST
from shared.onboarding.statuses import Status
from shared.planning.adjust import renewed


def opened(row: Onboarding, claim: Claim) -> Onboarding:
    """One proven person has claimed the pass."""
    return cleared(replace(row, claim=claim), Status.OPENED)


def handed_over(row: Onboarding, now: datetime) -> Onboarding:
    """The hire is in, or the time for looking again is over: the sealed pass is erased."""
    claim = replace(row.claim, state=replace(row.claim.state, ended=True)) if row.claim else None
    return replace(row, claim=claim, issued=without_code(row.issued), handed_over_at=row.handed_over_at or now)


def reissued(row: Onboarding, by: str, now: datetime) -> Onboarding:
    """The proven collector has the pass made anew. The same link opens it; the claim before it never does.

    What Graph holds of ours is replaced by the next POST. Where the onboarding had ended, it lives again, and so does
    its device side. Nobody needs a notice any more.
    """
    if row.plan is None:
        raise ValueError(f"{row.id} has no plan to make a pass by")
    again = Reissue(now, by, row.claim.state.claim_hash if row.claim else None)
    row = replace(row, reissues=(*row.reissues, again), plan=renewed(row.plan, now), claim=None)
    row = replace(row, issued=without_code(row.issued), handed_over_at=None, use_checked_at=None)
    told = tuple(reason for reason in row.told if reason is not row.reason)
    web = row.web if row.ended_at is None else Web()
    row = replace(row, told=told, web=web, ended_at=None, noticed_at=row.noticed_at or now, tell_move_at=None)
    return cleared(row, Status.INVITED)


def used(row: Onboarding, at: datetime, now: datetime) -> Onboarding:
    """The sign-in log shows the pass in use: the sealed pass is erased.

    The link's public half stays until personal data go: it opens nothing, and by it whoever has link and sign-in is
    told how it ended.
    """
    return ended(replace(handed_over(row, now), used_at=at), Status.USED, None, "", now)


def use_checked(row: Onboarding, now: datetime) -> Onboarding:
    """The sign-in log shows nothing: not yet, or never. When the log can no longer lag, that stays unknown."""
    if row.issued and now >= row.issued.valid_until + USE_KNOWN_LATEST:
        return ended(row, Status.OPENED, Reason.USE_UNKNOWN, "", now)
    return replace(row, use_checked_at=now)


def missed(row: Onboarding, now: datetime) -> Onboarding:
    """The sign-in log is known to show all until the hour, and no sign-in with the pass; people have been told."""
    return replace(noted(row, Reason.NOT_SIGNED_IN), use_checked_at=now)


def risen(row: Onboarding) -> Onboarding:
    """The account holds what no pass is made for, since this one was collected; the desk has been told."""
    return noted(row, Reason.PRIVILEGED_SINCE)


def methods_checked(row: Onboarding, now: datetime) -> Onboarding:
    """Whether the hire can sign in without the pass is not known yet."""
    return replace(row, methods_checked_at=now)


def stays_in(row: Onboarding, now: datetime) -> Onboarding:
    """The hire has another authentication method and needs the pass no more."""
    return replace(row, methods_checked_at=now, methods_known=True)


def may_be_out(row: Onboarding, now: datetime) -> Onboarding:
    """No other method of the hire is known of; people have been told that the sessions end with the pass."""
    return replace(noted(row, Reason.SESSIONS_END), methods_checked_at=now, methods_known=True)
