"""What a source has announced lately, and whether one more is within its limits. Pure.

Everything is counted by our own clock at arrival; no time and no zone that an event names moves it elsewhere. All that
comes counts, also what is held back, so whoever goes on sending keeps the brakes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType

from shared.onboarding.reasons import Reason
from shared.sources.limits import Limits

NOTHING: Mapping[int, int] = MappingProxyType({})
SLOT = timedelta(minutes=10)
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
TIMES_USUAL = 3
SETTLED = 7
"""Days until a day counts as usual: whoever floods a source for less has lifted nothing."""
REMEMBERED = 28
BUSY_DAYS = 3
"""The third busiest of the days remembered says what is usual, so two odd days lift nothing either."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A hire planned or moved. `today`: the pass begins within hours; `moved`: the same hire was planned for later."""

    today: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class Traffic:
    """What came of a source in the last day, by slots of ten minutes; and by day what no limit on volume held back.

    Slots and days are numbered since 1970.
    """

    all: Mapping[int, int] = field(default=NOTHING)
    today: Mapping[int, int] = field(default=NOTHING)
    moved: Mapping[int, int] = field(default=NOTHING)
    unhindered: Mapping[int, int] = field(default=NOTHING)


def counted(known: Traffic, coming: Coming, limits: Limits, now: datetime) -> tuple[Traffic, tuple[Reason, ...]]:
    """Count one more; return what is known from now on, and why this one has to be held back."""
    since, slot, day = _slot(now - A_DAY), _slot(now), _day(now)
    met = Traffic(
        _plus(known.all, slot, since),
        _plus(known.today, slot, since, coming.today),
        _plus(known.moved, slot, since, coming.moved),
        known.unhindered,
    )
    by_volume = _by_volume(met, limits, now)
    by_day = _by_day(met, coming, limits)
    unhindered = _plus(known.unhindered, day, day - SETTLED - REMEMBERED, not by_volume)
    reasons = tuple(reason for reason in (by_volume, by_day) if reason)
    return Traffic(met.all, met.today, met.moved, unhindered), reasons


def usual(known: Traffic, limits: Limits, now: datetime) -> int:
    """Return how many a day are nothing unusual for a source."""
    until = _day(now) - SETTLED
    settled = [count for day, count in known.unhindered.items() if until - REMEMBERED <= day < until]
    busy = next(islice(sorted(settled, reverse=True), BUSY_DAYS - 1, None), 0)
    return max(limits.usual, TIMES_USUAL * busy)


def _by_volume(met: Traffic, limits: Limits, now: datetime) -> Reason | None:
    last_hour = sum(count for slot, count in met.all.items() if slot >= _slot(now - AN_HOUR))
    last_day = sum(met.all.values())
    if last_hour > limits.per_hour:
        return Reason.OVER_HOURLY_LIMIT
    if last_day > limits.per_day:
        return Reason.OVER_DAILY_LIMIT
    return Reason.UNUSUAL_VOLUME if last_day > usual(met, limits, now) else None


def _by_day(met: Traffic, coming: Coming, limits: Limits) -> Reason | None:
    if coming.moved and sum(met.moved.values()) > limits.moved_to_today:
        return Reason.MOVED_TO_TODAY
    return Reason.MANY_STARTS_TODAY if coming.today and sum(met.today.values()) > limits.today else None


def _plus(counts: Mapping[int, int], at: int, since: int, one: bool = True) -> Mapping[int, int]:
    kept = {when: count for when, count in counts.items() if when >= since}
    return {**kept, at: kept.get(at, 0) + 1} if one else kept


def _slot(instant: datetime) -> int:
    return int(instant.timestamp() // SLOT.total_seconds())


def _day(instant: datetime) -> int:
    return int(instant.timestamp() // A_DAY.total_seconds())
