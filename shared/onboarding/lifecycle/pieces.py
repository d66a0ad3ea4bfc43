"""What transitions are made of."""

from dataclasses import replace
from datetime import datetime

from shared.onboarding.model import Delivery, IssuedPass, Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.pass_life import pending_step
from shared.onboarding.statuses import Status, Step


def cleared(row: Onboarding, status: Status) -> Onboarding:
    """Go on, unless the row is held back: no event and no step lets go of that."""
    if row.hold is not None:
        return replace(row, status=Status.WAITING, reason=row.hold.reasons[0], detail="", retry_at=None)
    return replace(row, status=status, reason=None, detail="", retry_at=None)


def ended(row: Onboarding, status: Status, reason: Reason | None, detail: str, now: datetime) -> Onboarding:
    """Come to an end: what is sealed goes with this write, and so does whatever an open attempt may still make."""
    return replace(
        row,
        status=status,
        reason=reason,
        detail=detail,
        retry_at=None,
        ended_at=now,
        issued=without_code(row.issued),
        doomed=row.doomed or bool(row.attempts),
    )


def status_by_progress(row: Onboarding) -> Status:
    """Tell where a row stands that is put back to work: at the step it had come to."""
    return {Step.ISSUE: Status.INVITED, Step.REVIEW: Status.ISSUED}.get(pending_step(row), Status.PLANNED)


def noted(row: Onboarding, reason: Reason) -> Onboarding:
    """Show a reason that holds up nothing, as one that people were told."""
    return replace(row, reason=reason, told=(*row.told, reason))


def leaves_a_pass(row: Onboarding) -> bool:
    """Tell whether Graph may hold a pass of this row, which then has to be deleted there."""
    return row.doomed or row.issued is not None or bool(row.attempts)


def without_code(made: IssuedPass | None) -> IssuedPass | None:
    """Erase the sealed pass; that it was made stays."""
    return replace(made, sealed=None) if made else None


def without_key[D: (Delivery, Delivery | None)](delivery: D) -> D:
    """Let no link open anything any more."""
    return replace(delivery, public_key="", pickup=None) if delivery else delivery


def without_pass(row: Onboarding) -> Onboarding:
    """Let go of a pass that was made or asked for: what is sealed at once, what Graph holds when it can be asked."""
    return replace(row, issued=without_code(row.issued), doomed=leaves_a_pass(row))
