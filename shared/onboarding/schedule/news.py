"""What others have to hear of a pass that lives, and from when."""

from datetime import datetime, timedelta

from shared.handover.keys.pickup import is_locked
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.requests.reissue import MOST_REISSUES
from shared.onboarding.statuses import Status

REMIND_BEFORE = timedelta(minutes=30)
"""Before the start: so long is left to those who could step in. And so long a collector has had before they hear."""


def live_news(row: Onboarding, *, opened: bool = False) -> tuple[Reason, datetime] | None:
    """Tell what others have to hear of a pass that lives, and from when; None where nothing is left to tell.

    `opened`: somebody hears that it was opened.
    A request names who collects, and whoever has the pass made anew has opened the page: neither is reminded of. That a
    link is locked is news whether there is a pass or not.
    """
    if locked_at := untold_lock(row):
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


def untold_lock(row: Onboarding) -> datetime | None:
    """Tell since when the link takes no code any more, where people have not heard of it and the link still matters."""
    pickup = row.delivery.pickup if row.delivery else None
    matters = row.ended_at is None or row.status is Status.EXPIRED
    if pickup is None or not is_locked(pickup) or not matters or Reason.CODE_LOCKED in row.told:
        return None
    return pickup.wrong_at
