"""Is a pass that Graph shows ours, and can anybody still use it? Pure.

Graph names no maker. A pass counts as ours if its id is stored with the row, or if an attempt of the row that
recorded no answer asked for exactly such a pass at that time. Anything else belongs to somebody and is left alone.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from shared.onboarding.model import Attempt, Onboarding
from shared.tenant.ports.passes import ExistingPass

SKEW = timedelta(seconds=60)
"""How far Graph's clock and ours may be apart."""

SPENT = frozenset({"expired", "onetimeused"})


def is_ours(held: ExistingPass, row: Onboarding) -> bool:
    """Tell whether this row made the pass, so that it may be replaced or deleted."""
    if row.issued is not None and held.id == row.issued.id:
        return True
    return any(_made_by(held, attempt) for attempt in row.attempts)


def settled(attempts: Iterable[Attempt], now: datetime) -> bool:
    """Tell whether what Graph shows now is the last word on these attempts: none can show up there any more."""
    return all(now > attempt.deadline + SKEW for attempt in attempts)


def is_live(held: ExistingPass, now: datetime) -> bool:
    """Tell whether the pass can still be used, now or later. One that policy blocks today counts: policies change."""
    return held.usability_reason.casefold() not in SPENT and held.start + timedelta(minutes=held.lifetime) > now


def _made_by(held: ExistingPass, attempt: Attempt) -> bool:
    begun, ended = attempt.begun - SKEW, attempt.deadline + SKEW
    if not begun <= held.created <= ended:
        return False
    starts_right = begun <= held.start <= ended if attempt.start is None else held.start == attempt.start
    return starts_right and (held.lifetime, held.one_time) == (attempt.lifetime, attempt.one_time)
