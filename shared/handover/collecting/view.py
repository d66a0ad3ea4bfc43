"""The truth about one hand-over, as the page shows it to the proven person. Pure."""

import hmac
from datetime import datetime, timedelta

from shared.handover.collecting.answers import NotForYouError, Presented, State, View
from shared.handover.collecting.claim import claim_hash, look_until
from shared.handover.keys.secrets import SealedPass
from shared.onboarding.model import Onboarding
from shared.onboarding.requests.reissue import may_be_reissued, reissue_until
from shared.onboarding.statuses import Status

_ENDS = {Status.CANCELLED: State.CANCELLED, Status.USED: State.USED, Status.FAILED: State.FAILED}
"""The ends that say for themselves how it went, whether somebody had opened the pass or not."""


def view(row: Onboarding, presented: Presented, now: datetime, window: timedelta) -> View:
    """Tell where a hand-over stands. `window`: how long after its hours the pass may be made anew.

    Raises:
        NotForYouError: it has no plan, so no link of it was ever mailed.
    """
    if row.plan is None:
        raise NotForYouError
    mine = _is_claim_of(row, presented)
    return View(
        state=_state(row, now),
        now=now,
        who=row.subject.display_name if row.subject else row.hire.display_name,
        user=row.subject.user_principal_name if row.subject else "",
        zone=row.plan.zone,
        opens_at=row.plan.opens,
        valid_from=row.plan.valid_from,
        valid_until=row.plan.valid_until,
        opened_at=row.claim.state.claimed_at if row.claim else None,
        used_at=row.used_at,
        mine=mine,
        again_until=_again_until(row, now) if mine else None,
        reissue_until=reissue_until(row, window) if may_be_reissued(row, now, window) else None,
    )


def sealed_pass(row: Onboarding) -> SealedPass | None:
    """Return what there is to show: nothing before it is made, once it is erased, or while the policy blocks it.

    Nor while an earlier request without an answer may still replace it in Graph: that is looked at in two minutes.
    """
    if row.status is Status.WAITING or row.attempts:
        return None
    return SealedPass.parse(row.issued.sealed) if row.issued and row.issued.sealed else None


def _is_claim_of(row: Onboarding, presented: Presented) -> bool:
    if row.claim is None or presented.claim is None:
        return False
    return hmac.compare_digest(row.claim.state.claim_hash, claim_hash(presented.claim))


def _again_until(row: Onboarding, now: datetime) -> datetime | None:
    """Tell until when the winning claim may look; None once the sealed pass is erased, or that time is over."""
    if (
        row.claim is None
        or row.claim.state.ended
        or row.ended_at is not None
        or row.issued is None
        or not sealed_pass(row)
    ):
        return None
    until = look_until(row.claim.state.claimed_at, row.issued.valid_from, row.issued.valid_until)
    return until if now < until else None


def _state(row: Onboarding, now: datetime) -> State:
    if row.status in _ENDS:
        return _ENDS[row.status]
    if row.claim is not None:
        return State.OPENED
    if row.plan is None or row.ended_at is not None or now >= row.plan.closes:
        return State.EXPIRED
    if now < row.plan.opens:
        return State.TOO_EARLY
    return State.OPEN if sealed_pass(row) is not None else State.NOT_READY
