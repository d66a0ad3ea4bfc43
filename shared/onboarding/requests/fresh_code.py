"""May whoever holds a hire's pick-up code have a fresh one made? Pure."""

from datetime import datetime
from enum import StrEnum

from shared.handover.keys.pickup import is_locked
from shared.onboarding.collector import Route
from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import Status

MOST_FRESH_CODES = 2
"""For one onboarding, by its holder; then something else is wrong, and the desk looks at it."""


class Standing(StrEnum):
    """How it stands with the code of a hire's link, for whoever holds it."""

    LOCKED = "locked"
    NOT_LOCKED = "not-locked"
    ON_ITS_WAY = "on-its-way"
    SPENT = "spent"
    OVER = "over"


def holds_code(row: Onboarding, object_id: str) -> bool:
    """Tell whether the code of this hire's link is with this person: the manager who vouches, by object id."""
    holder = row.collector
    return holder is not None and holder.route is Route.HIRE_MANAGER and holder.id.casefold() == object_id.casefold()


def standing(row: Onboarding, now: datetime) -> Standing:
    """Tell how it stands. Only where it is `LOCKED` a fresh one may be asked for."""
    collected = row.status is Status.OPENED or row.ended_at is not None
    if collected or row.plan is None or now >= row.plan.closes or row.hold is not None:
        return Standing.OVER
    if row.delivery is None or row.delivery.mailed_at is None:
        return Standing.ON_ITS_WAY
    if not is_locked(row.delivery.pickup):
        return Standing.NOT_LOCKED
    return Standing.SPENT if row.fresh_codes >= MOST_FRESH_CODES else Standing.LOCKED
