"""Which events the brakes are for, and what holds a hire back after one. Pure."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.onboarding import lifecycle
from shared.onboarding.brakes.traffic import Coming
from shared.onboarding.model import Hold, Onboarding
from shared.onboarding.reasons import HOLDS, Reason
from shared.onboarding.statuses import Status

TODAY = timedelta(hours=12)
"""A pass that begins so soon begins today, whatever zone and day an event names: nobody has a night to notice it."""

BY_VOLUME = frozenset({Reason.OVER_HOURLY_LIMIT, Reason.OVER_DAILY_LIMIT, Reason.UNUSUAL_VOLUME})
BY_DAY = frozenset({Reason.MOVED_TO_TODAY, Reason.MANY_STARTS_TODAY})


@dataclass(frozen=True, slots=True)
class Announced:
    """What an event did to an onboarding. `before` None: it began with this; then `after` holds what went before it."""

    before: Onboarding | None
    after: Onboarding
    site_known: bool

    @property
    def leads_on(self) -> bool:
        """Whether a pass is still to be made after it."""
        on_its_way = self.after.status in {Status.PLANNED, Status.INVITED} or self.after.hold is not None
        return on_its_way and self.after.ended_at is None and self.after.plan is not None

    @property
    def counts(self) -> bool:
        """Whether it announces somebody: one who is new, starts at another time, or has another account."""
        before, after = self.before, self.after
        if before is None or before.ended_at is not None or before.plan is None or after.plan is None:
            return True
        return (before.plan.wanted, before.hire.user_name) != (after.plan.wanted, after.hire.user_name)

    @property
    def repeats(self) -> bool:
        """Whether it says again what is known: whoever has looked at that need not look once more."""
        before, after = self.before, self.after
        return before is not None and (before.hire, before.plan) == (after.hire, after.plan)

    @property
    def names_new_site(self) -> bool:
        """Whether it sends the hire where no person has let him go yet."""
        return self.before is None or self.before.hire.site != self.after.hire.site


def begins_today(row: Onboarding, now: datetime) -> bool:
    """Tell whether the pass of a row begins within hours."""
    return row.plan is not None and row.plan.valid_from - now < TODAY


def coming(announced: Announced, known: Iterable[Onboarding], now: datetime) -> Coming:
    """Say what the limits have to know of it. `known`: all that any source had begun for this person before.

    Later is what begins later than this, were it by minutes: else a hire could be brought to today in two steps.
    """
    today = begins_today(announced.after, now)
    return Coming(today, moved=today and any(_begins_later(row, announced.after) for row in known))


def _begins_later(row: Onboarding, other: Onboarding) -> bool:
    return row.plan is not None and other.plan is not None and row.plan.valid_from > other.plan.valid_from


def braked(announced: Announced, met: Iterable[Reason], now: datetime, *, quiet: bool) -> Onboarding:
    """Return the row as the brakes leave it, for what was `met`. `quiet`: the desk knows of this burst."""
    after = announced.after
    if not announced.leads_on:
        return after
    found = hold(announced, met, now, quiet=quiet)
    if announced.repeats and found and after.hold and found.reasons == after.hold.reasons:
        return after
    return lifecycle.held(after, found) if found or after.hold else after


def hold(announced: Announced, met: Iterable[Reason], now: datetime, *, quiet: bool) -> Hold | None:
    """Say what holds the hire back from now on: what did before, unless that is over, and what was `met` now.

    What a person has let go of does not come back unless it is met anew.
    """
    before = announced.after.hold
    known = frozenset(before.reasons) if before is not None else frozenset()
    kept = known if begins_today(announced.after, now) else known - BY_DAY
    fresh = frozenset(met)
    reasons = kept | (fresh - BY_VOLUME if kept & BY_VOLUME else fresh)
    if announced.site_known:
        reasons -= {Reason.UNKNOWN_SITE}
    elif announced.names_new_site:
        reasons |= {Reason.UNKNOWN_SITE}
    heard = before.told_at if before is not None and reasons <= known else None
    return _held(reasons, now, now if quiet else heard)


def by_site(held: Hold | None, now: datetime, *, site_known: bool) -> Hold | None:
    """Let go of a hire whose site is known by now; hold back one whose site is not."""
    reasons = frozenset(held.reasons) if held is not None else frozenset()
    changed = reasons - {Reason.UNKNOWN_SITE} if site_known else reasons | {Reason.UNKNOWN_SITE}
    return held if changed == reasons else _held(changed, now, held.told_at if held is not None else None)


def _held(reasons: AbstractSet[Reason], now: datetime, told_at: datetime | None) -> Hold | None:
    ordered = tuple(reason for reason in HOLDS if reason in reasons)
    return Hold(ordered, now, told_at) if ordered else None
