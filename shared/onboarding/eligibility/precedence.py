"""Several onboardings of one account: which of them goes first, and which is in the way of a new one. Pure.

Two HR systems may name one person, and somebody may ask by hand for one who is coming anyway. There is never more
than one pass, and never one made over the head of somebody who is setting up: the onboarding that first had its
preflight leads, every other waits until that one is over.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import Status


def runs(row: Onboarding, now: datetime) -> bool:
    """Tell whether an onboarding may still come to a pass, or has one that opens the account or has to go."""
    if row.doomed:
        return True
    if row.status in {Status.OPENED, Status.USED}:
        return pass_lives(row, now)
    return row.ended_at is None


def pass_lives(row: Onboarding, now: datetime) -> bool:
    """Tell whether a pass that was collected still opens the account; one for one sign-in is spent by its use."""
    made = row.issued
    return made is not None and made.valid_until > now and not (made.one_time and row.status is Status.USED)


def goes_first(row: Onboarding, named: Sequence[Onboarding], now: datetime) -> Onboarding | None:
    """Tell for which onboarding of the same account this one has to wait; None for none.

    `named` are the account's onboardings in the order in which they found it. One that only waits for an obstacle of
    its own leads nobody: whoever names a stranger by mistake, or by malice, keeps no hire from a pass.
    """
    before = takewhile(lambda other: other.id != row.id, named) if _has_begun(row) else named
    return next((other for other in before if other.id != row.id and _has_begun(other) and runs(other, now)), None)


def on_its_way(named: Sequence[Onboarding], now: datetime) -> Onboarding | None:
    """Find the onboarding that makes a new request for the same person needless; a fresh link of that one serves."""
    return next((row for row in named if runs(row, now) and not _is_going(row)), None)


def _has_begun(row: Onboarding) -> bool:
    return row.noticed_at is not None or row.delivery is not None or row.issued is not None or bool(row.attempts)


def _is_going(row: Onboarding) -> bool:
    return row.ended_at is not None and row.doomed
