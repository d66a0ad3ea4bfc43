"""When the hire's device is looked at."""

from datetime import timedelta

from shared.onboarding.model import Onboarding
from shared.onboarding.schedule.spans import REVIEW_BEFORE
from shared.onboarding.statuses import Due, Step
from shared.websignin.readiness import Gap

LOOK_AHEAD = timedelta(days=3)
"""Before the notice: the digest of a Friday tells of Monday, wherever on earth that begins."""
LOOK_AGAIN = timedelta(hours=4)
"""Before the notice, which is mailed at 16:00: in time for the digest of a desk in the same zone."""
LOOK_SOON = timedelta(minutes=30)
"""After a look that the tenant did not answer."""


def device_due(row: Onboarding) -> Due | None:
    """Return the next look: days ahead, on the working day before, and once more before the window opens.

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
