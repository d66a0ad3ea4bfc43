"""What is due after the end: a last look, the news of it, and the erasing."""

from datetime import datetime, timedelta

from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.keeping import Keep
from shared.onboarding.schedule.spans import LOOK_EVERY, next_look
from shared.onboarding.statuses import Due, Status, Step

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
METHODS_BEFORE = timedelta(hours=2)
"""So long before the pass ends, time is left to set up another way to sign in."""


def after_end(row: Onboarding, ended_at: datetime, keep: Keep) -> Due | None:
    """Return what is due after the end: first whom to look at and to tell, then what to erase; at last nothing."""
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
    at = next_look(row.methods_checked_at or since)
    return Due(Step.CHECK_METHODS, at, deadline=until) if at < until else None
