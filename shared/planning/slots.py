"""The budget of authentication-method requests, as arithmetic: which instant belongs to whom.

Microsoft Graph grants this app five such requests per ten seconds and tenant. Time is cut into slots, numbered from
the Unix epoch, so that every instance means the same instant by the same number. Whoever holds a slot sends one
request in it; every fifth is kept for ad-hoc requests, so that a wave of hires never makes a person at the desk wait.

Why the limit holds: `rate` + 1 consecutive slots span 11.25 s at any rate. Even with the first of them sent as late as
is allowed (0.75 s), they lie 10.5 s apart; half a second is left for the way to Graph. (Slots 2.0 s apart with jitter
were measured to put six into ten seconds.) A tolerance that grew as the rate falls would break this below a rate of 4.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

TOLERANCE = timedelta(milliseconds=750)
DEFAULT_RATE = 5
# Without a Retry-After: one whole window of Graph's counter.
DEFAULT_BACK_OFF = timedelta(seconds=10)
_SPAN_US = 11_250_000
_AD_HOC_EVERY = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Share(StrEnum):
    """Whose slots: of every five in a row four are regular and the last is for ad-hoc requests."""

    REGULAR = "regular"
    AD_HOC = "ad-hoc"


@dataclass(frozen=True, slots=True)
class Slot:
    """Leave to send one request at `at`, or at most 750 ms later."""

    index: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SlotState:
    """The budget row: the rate that the numbers were counted at, the next free slot of each share, and Graph's own no.

    `rate` is requests per ten seconds, at least 1. The next numbers may lie in the past; past slots are never given.
    """

    rate: int = DEFAULT_RATE
    next_regular: int = 0
    next_ad_hoc: int = 0
    not_before: datetime | None = None

    def __post_init__(self) -> None:
        if self.rate < 1:
            raise ValueError("the rate must be at least one request per ten seconds")


def spacing(rate: int) -> timedelta:
    """Return the time between two slots: 2.25 s at the default rate."""
    return timedelta(microseconds=_SPAN_US / rate)


def slot_at(index: int, rate: int) -> Slot:
    """Return the slot of a number."""
    return Slot(index, _EPOCH + timedelta(microseconds=index * _SPAN_US // rate))


def first_slot(when: datetime, rate: int, share: Share | None = None) -> Slot:
    """Return the first slot at or after an instant, of either share if none is named."""
    index = -(-_microseconds(when) * rate // _SPAN_US)
    while share is not None and share_of(index) is not share:
        index += 1
    return slot_at(index, rate)


def share_of(index: int) -> Share:
    """Tell whose a slot is."""
    return Share.AD_HOC if index % _AD_HOC_EVERY == _AD_HOC_EVERY - 1 else Share.REGULAR


def next_slots(
    state: SlotState, now: datetime, count: int, share: Share = Share.REGULAR
) -> tuple[tuple[Slot, ...], SlotState]:
    """Take the next `count` free slots of a share, none before now or before Graph's notBefore.

    An issue takes two: for its look and its POST. The slots are the caller's only once the new state is stored under
    the ETag of the old one.
    """
    slots: list[Slot] = []
    index = _next_index(state, now, share)
    while len(slots) < count:
        if share_of(index) is share:
            slots.append(slot_at(index, state.rate))
        index += 1
    if share is Share.AD_HOC:
        return tuple(slots), replace(state, next_ad_hoc=index)
    return tuple(slots), replace(state, next_regular=index)


def next_of_any(state: SlotState, now: datetime, count: int) -> tuple[tuple[Slot, ...], SlotState]:
    """Take the next `count` free slots, whosesoever share: for ad-hoc requests, which people wait for.

    Their own share makes sure that there are some even in a wave.
    """
    slots: list[Slot] = []
    while len(slots) < count:
        regular, after_regular = next_slots(state, now, 1)
        ad_hoc, after_ad_hoc = next_slots(state, now, 1, Share.AD_HOC)
        slot, state = min((regular[0], after_regular), (ad_hoc[0], after_ad_hoc), key=lambda taken: taken[0].index)
        slots.append(slot)
    return tuple(slots), state


def free_slots(state: SlotState, now: datetime, until: datetime, share: Share = Share.REGULAR) -> int:
    """Count the free slots of a share before `until`: what the sweep may release until its next run."""
    start = _next_index(state, now, share)
    end = first_slot(until, state.rate).index
    return max(0, _count_before(end, share) - _count_before(start, share))


def missed(slot: Slot, now: datetime) -> bool:
    """Tell whether it is too late to use the slot: it is given up, and the work takes another."""
    return now - slot.at > TOLERANCE


def usable(slot: Slot, state: SlotState, now: datetime) -> bool:
    """Tell whether a slot taken earlier still counts: not missed, and not before a notBefore that came since."""
    return not missed(slot, now) and (state.not_before is None or slot.at >= state.not_before)


def throttled(state: SlotState, now: datetime, retry_after: float | None) -> SlotState:
    """Note a 429, for all instances. `retry_after` in seconds; None is ten. An earlier, longer no stays."""
    pause = DEFAULT_BACK_OFF if retry_after is None else timedelta(seconds=max(0.0, retry_after))
    until = now + pause
    return replace(state, not_before=max(until, state.not_before) if state.not_before else until)


def at_rate(state: SlotState, rate: int) -> SlotState:
    """Return the state counted at the rate of the settings, which may have changed since the row was written.

    No slot already given comes again: both shares go on behind the later of the two.
    """
    if state.rate == rate:
        return state
    given = max(state.next_regular, state.next_ad_hoc)
    index = first_slot(slot_at(given, state.rate).at, rate).index
    return replace(state, rate=rate, next_regular=index, next_ad_hoc=index)


def _next_index(state: SlotState, now: datetime, share: Share) -> int:
    taken = state.next_ad_hoc if share is Share.AD_HOC else state.next_regular
    earliest = max(now, state.not_before) if state.not_before else now
    return max(taken, first_slot(earliest, state.rate).index)


def _count_before(index: int, share: Share) -> int:
    ad_hoc = index // _AD_HOC_EVERY
    return ad_hoc if share is Share.AD_HOC else index - ad_hoc


def _microseconds(when: datetime) -> int:
    return (when - _EPOCH) // _MICROSECOND
