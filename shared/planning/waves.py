"""Waves: when hundreds start on one morning, issuing begins early enough that each pass is ready in time.

A pass takes two requests, and Graph grants so few of them that a minute holds nine passes. Minutes that are planned
fuller than that give the overflow to the minute before, and so on: a schedule backward from the windows. What is
planned once is never put off, so planning again changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from shared.planning.slots import spacing

MINUTE = timedelta(minutes=1)
MOST_AHEAD = timedelta(hours=20)
"""No link is mailed and no pass is made earlier than this before its window, or than it was planned anyway."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REQUESTS = 2
_REGULAR_SHARE = 4 / 5


@dataclass(frozen=True, slots=True)
class Coming:
    """A pass to come: of which onboarding, planned for when, and when its window opens."""

    id: str
    at: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Late:
    """Passes that cannot be ready when their window opens: how many, and the longest that one of them comes after."""

    deadline: datetime
    passes: int
    by: timedelta


@dataclass(frozen=True, slots=True)
class Forecast:
    """How it will go. `ready`: when the last of `passes` will be made, None where none is to come."""

    passes: int
    ready: datetime | None
    late: tuple[Late, ...]


def passes_per_minute(rate: int) -> int:
    """Return how many passes a sweep can release, at a rate of requests per ten seconds, the fifth for ad-hoc left.

    A sweep leaves the first two slots of its minute unused: hints have to be read first.
    """
    usable = MINUTE - 2 * spacing(rate)
    return max(1, int(usable / (_REQUESTS * spacing(rate) / _REGULAR_SHARE)))


def ease(coming: Iterable[Coming], now: datetime, per_minute: int) -> Mapping[str, datetime]:
    """Return when those passes are to be made that have to be made earlier than planned, by onboarding.

    No minute from now on holds more than `per_minute`, unless so many cannot be made in time at all: these stand in
    the first minute they may. Whose window opens soonest is moved first; a pass whose window is open is not moved.
    """
    first = _minute(now)
    planned = _by_minute((one for one in coming if one.deadline > now), first)
    moved: dict[str, datetime] = {}
    # The latest window at the top, and of these those planned for the earliest minute: they need not move again.
    crowd: list[tuple[datetime, int, str]] = []
    minute = max(planned, default=first)
    while minute >= first:
        for one in planned.pop(minute, []):
            heappush(crowd, (_mirrored(one.deadline), minute, one.id))
        room = per_minute
        while crowd and (room > 0 or minute == first or _may_not_go_before(minute, crowd[0][0])):
            _, was, name = heappop(crowd)
            room -= 1
            if was != minute:
                moved[name] = _instant(minute)
        minute = minute - 1 if crowd else max(planned, default=first - 1)
    return moved


def eased(coming: Iterable[Coming], moved: Mapping[str, datetime]) -> tuple[Coming, ...]:
    """Return the passes to come as they are planned after `ease`."""
    return tuple(replace(one, at=moved.get(one.id, one.at)) for one in coming)


def forecast(coming: Iterable[Coming], now: datetime, per_minute: int) -> Forecast:
    """Tell when the last pass will be ready, and which come after their window has opened, by window.

    Each minute makes as many as it can of those planned until then, soonest window first.
    """
    first = _minute(now)
    planned = _by_minute((one for one in coming if one.deadline > now), first)
    queue: list[tuple[datetime, str]] = []
    ready: dict[datetime, list[timedelta]] = defaultdict(list)
    minute = last = min(planned, default=first)
    while planned or queue:
        if not queue:
            minute = min(planned)
        for one in planned.pop(minute, []):
            heappush(queue, (one.deadline, one.id))
        minute += 1
        for _ in range(min(per_minute, len(queue))):
            deadline, _id = heappop(queue)
            ready[deadline].append(_instant(minute) - deadline)
            last = minute
    late = (Late(when, sum(by > timedelta(0) for by in all_), max(all_)) for when, all_ in sorted(ready.items()))
    passes = sum(len(all_) for all_ in ready.values())
    return Forecast(passes, _instant(last) if passes else None, tuple(one for one in late if one.passes))


def _by_minute(coming: Iterable[Coming], first: int) -> dict[int, list[Coming]]:
    minutes: dict[int, list[Coming]] = defaultdict(list)
    for one in sorted(coming, key=lambda one: one.id):
        minutes[max(_minute(one.at), first)].append(one)
    return dict(minutes)


def _mirrored(deadline: datetime) -> datetime:
    """Turn the order of instants round, for a heap has its least at the top."""
    return _EPOCH - (deadline - _EPOCH)


def _may_not_go_before(minute: int, mirrored: datetime) -> bool:
    return _minute(_mirrored(mirrored) - MOST_AHEAD) >= minute


def _minute(when: datetime) -> int:
    """Number the sweep that finds what is due at an instant: once a minute, at its first second."""
    return -(-(when - _EPOCH) // MINUTE)


def _instant(minute: int) -> datetime:
    return _EPOCH + minute * MINUTE
