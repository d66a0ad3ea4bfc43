"""The ends of a life, and what is left of it."""

from dataclasses import replace
from datetime import UTC, datetime

from shared.onboarding.device_side import Web
from shared.onboarding.lifecycle.pieces import ended, leaves_a_pass
from shared.onboarding.model import Onboarding, Origin
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Status
from shared.sources.hire import HireData

NEVER_DUE = frozenset({Reason.OUTSIDE_PILOT, Reason.OTHER_ONBOARDING_RUNNING})
"""Waits that are no fault: whoever's hours go by in one of them has missed nothing that people have to hear of."""


def expired(row: Onboarding, now: datetime) -> Onboarding:
    """The pass has ended uncollected, or its hours went by before there was one."""
    if row.issued is not None and row.issued.sealed is not None:
        return ended(row, Status.EXPIRED, Reason.NOT_COLLECTED, "", now)
    if row.reason in NEVER_DUE or row.hold is not None:
        return ended(row, Status.EXPIRED, row.reason, row.detail, now)
    return ended(row, Status.EXPIRED, Reason.NOT_ISSUED, row.reason or "", now)


def cancelled(row: Onboarding, reason: Reason, origin: Origin, now: datetime) -> Onboarding:
    """Withdrawn: the link dies with this write, the pass as soon as Graph can be asked."""
    row = replace(row, origin=origin, doomed=leaves_a_pass(row))
    status = Status.EXPIRED if reason is Reason.START_LONG_PAST else Status.CANCELLED
    return ended(row, status, reason, "", now)


def revoked_by_person(row: Onboarding, now: datetime) -> Onboarding:
    """Taken back: the link dies with this write, the pass as soon as Graph can be asked."""
    return cancelled(row, Reason.REVOKED, row.origin, now)


def failed(row: Onboarding, reason: Reason, detail: str, now: datetime) -> Onboarding:
    """Give up until the source or a person changes something."""
    row = replace(row, doomed=leaves_a_pass(row))
    return ended(row, Status.FAILED, reason, detail, now)


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
