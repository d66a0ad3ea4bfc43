"""What is planned: a start and its changes, what holds a row back, and what lets it go on."""

from dataclasses import replace
from datetime import datetime

from shared.onboarding.collector import Collector
from shared.onboarding.device_side import Web
from shared.onboarding.lifecycle.pieces import cleared, status_by_progress, without_pass
from shared.onboarding.model import Hold, Onboarding, Origin, Release, Subject
from shared.onboarding.reasons import RELEASABLE, Reason
from shared.onboarding.statuses import Status
from shared.planning.adjust import earlier
from shared.planning.plan import Plan
from shared.sources.hire import HireData


def waits(row: Onboarding, reason: Reason, detail: str, retry_at: datetime) -> Onboarding:
    """Wait, for a reason, and look again at `retry_at`."""
    return replace(row, status=Status.WAITING, reason=reason, detail=detail, retry_at=retry_at)


def resumed(row: Onboarding) -> Onboarding:
    """Put a waiting or failed row back to work, from the step it had come to."""
    return cleared(replace(row, ended_at=None), status_by_progress(row))


def put_off(row: Onboarding, why: str, retry_at: datetime) -> Onboarding:
    """What is due cannot be done yet; it is tried again at `retry_at`, and nothing else changes."""
    return replace(row, detail=why or row.detail, retry_at=retry_at)


def released(row: Onboarding, release: Release) -> Onboarding:
    """A person set the reason to wait aside, for this account and this collector."""
    return resumed(replace(row, release=release))


def found(row: Onboarding, subject: Subject | None, collector: Collector | None) -> Onboarding:
    """Keep what the last preflight read of the people, also where it ended in a wait: a release needs it."""
    return replace(row, subject=subject or row.subject, collector=collector or row.collector)


def replanned(row: Onboarding, hire: HireData, origin: Origin, plan: Plan, now: datetime) -> Onboarding:
    """Take another start before anybody collected: a pass of the old one goes, a link that was mailed stays right.

    Whoever has heard of the hire hears of the new hours at once, and has the notice at its hour.
    """
    row = cleared(replace(row, hire=hire, origin=origin, plan=plan, noticed_at=None, ended_at=None), Status.PLANNED)
    row = replace(row, tell_move_at=now if row.heard else None, told=(), web=Web())
    return without_pass(row)


def updated(row: Onboarding, hire: HireData, origin: Origin) -> Onboarding:
    """Take other data of a hire before anybody collected: hours and link stay, and what waits is looked at again.

    Another user name may be another account: a pass goes, the link stays right if it is the same, and what a person may
    release is told anew, for who was told has looked at the one before. Another manager is shown by a notice that comes
    again, for the sake of those who have had one.
    """
    known = row.hire
    row = replace(row, hire=hire, origin=origin)
    if _device_side(hire) != _device_side(known):
        row = replace(row, web=Web())
    if (hire.device_id, hire.device_serial) != (known.device_id, known.device_serial):
        row = replace(row, device=None)
    if hire.user_name != known.user_name:
        told = tuple(reason for reason in row.told if reason not in RELEASABLE)
        return resumed(without_pass(replace(row, told=told)))
    if row.status is Status.ISSUED:
        return row
    return resumed(replace(row, noticed_at=None) if hire.manager_user_name != known.manager_user_name else row)


def brought_forward(row: Onboarding, issue_at: datetime, now: datetime) -> Onboarding:
    """In a wave, let notice, link and pass come earlier, in their order; the hours of window and pass stay."""
    return replace(row, plan=earlier(row.plan, issue_at, now)) if row.plan else row


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


def told(row: Onboarding, reason: Reason) -> Onboarding:
    """People have heard of this."""
    return replace(row, told=(*row.told, reason))


def _device_side(hire: HireData) -> tuple[str | None, ...]:
    return hire.site, hire.department, hire.device_id, hire.device_serial
