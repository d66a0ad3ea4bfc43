"""When the collector may have the pass made anew with the link that he has. Pure."""

from datetime import datetime, timedelta

from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Status

MOST_REISSUES = 2
"""In one onboarding. Who needs a third has a trouble that no pass mends, and calls the helpdesk."""

LONGEST_WINDOW = timedelta(days=14)
"""The longest that settings may set; personal data, and with them the link's public half, are kept longer."""

_UNCOLLECTED = frozenset({Reason.NOT_COLLECTED, Reason.NOT_ISSUED})


def reissue_until(row: Onboarding, window: timedelta) -> datetime | None:
    """Tell until when the pass may be made anew; None where it may not, whenever that is asked.

    After it was opened, and after an end that found it uncollected; never after a withdrawal or a first sign-in.
    `window` begins when the hours of the pass are over.
    """
    open_ = row.status is Status.OPENED or (row.status is Status.EXPIRED and row.reason in _UNCOLLECTED)
    has_link = row.delivery is not None and bool(row.delivery.public_key) and row.delivery.mailed_at is not None
    if row.plan is None or not open_ or not has_link or len(row.reissues) >= MOST_REISSUES:
        return None
    return row.plan.closes + window


def may_be_reissued(row: Onboarding, now: datetime, window: timedelta) -> bool:
    """Tell whether the pass may be made anew now."""
    until = reissue_until(row, window)
    return until is not None and now < until


def is_spent(row: Onboarding, claim: str) -> bool:
    """Tell whether a claim, by its hash, ended when the pass was made anew: it opens no pass of this onboarding again.

    Not in constant time: whoever asks has link key and sign-in, and a hash of 32 random bytes is not guessed.
    """
    return any(reissue.claim == claim for reissue in row.reissues)
