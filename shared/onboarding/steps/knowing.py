"""What the tenant's log and report let us know of a hire, and what they leave unknown. Pure.

No data is never taken for a no: the log and the report come late, and need Entra ID P1.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.onboarding.model import Onboarding
from shared.tenant.ports.reports import Registered

LOG_BEHIND = timedelta(minutes=15)
"""The log is taken to be complete until so long before the newest sign-in that it shows, anybody's."""
SIGNED_IN_BY = time(10)
SETTLING = timedelta(hours=1)
"""Nobody is missed sooner than this after the start, or after the pass was collected."""
LAST_WORD = timedelta(hours=1)
"""So long before the pass ends, what is still unknown is said to be unknown."""
NO_OTHER_WAY = frozenset({"temporaryaccesspass", "email", "securityquestion", "none"})
"""Methods by which nobody gets in when the pass has ended: itself, and those that only reset a password."""


class OtherMethods(StrEnum):
    """Whether a hire can sign in without the pass."""

    SOME = "some"
    NONE = "none"
    UNKNOWN = "unknown"


def first_use(row: Onboarding, uses: Iterable[datetime]) -> datetime | None:
    """Tell which of an account's sign-ins by a pass was the first with the pass of this row; None: none is known."""
    since = row.issued.valid_from if row.issued else None
    return min((at for at in uses if since is None or at >= since), default=None)


def is_missed(row: Onboarding, now: datetime) -> bool:
    """Tell whether somebody who has not signed in by now should be asked for."""
    return now >= _expected_by(row)


def is_known_unused(row: Onboarding, newest: datetime | None) -> bool:
    """Tell whether a log that shows no use proves that there was none by the hour; `newest`: its newest sign-in."""
    return newest is not None and newest - LOG_BEHIND >= _expected_by(row)


def other_methods(row: Onboarding, seen: Registered | None) -> OtherMethods:
    """Tell what the report knows of other methods; one made before the sign-in knows of none that came after."""
    if seen is None:
        return OtherMethods.UNKNOWN
    if {method.casefold() for method in seen.methods} - NO_OTHER_WAY:
        return OtherMethods.SOME
    return OtherMethods.NONE if row.used_at is not None and seen.at >= row.used_at else OtherMethods.UNKNOWN


def is_last_word(row: Onboarding, now: datetime) -> bool:
    """Tell whether what is unknown now has to be said as such, for the pass ends soon."""
    return row.issued is not None and now >= row.issued.valid_until - LAST_WORD


def _expected_by(row: Onboarding) -> datetime:
    if row.plan is None or row.claim is None:
        raise ValueError(f"{row.id} has no start or was not collected")
    day = row.plan.local(row.plan.start).date()
    ten = datetime.combine(day, SIGNED_IN_BY, ZoneInfo(row.plan.zone))
    return max(ten, row.plan.start + SETTLING, row.claim.state.claimed_at + SETTLING)
