"""A record at an HR system that an event named: what is known of it, and when it is read next. Pure.

It is no onboarding: that begins, as ever, with an event of a hire, which here is made of what was read.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from shared.onboarding.reasons import Reason

SOON = timedelta(minutes=2)
LATER = timedelta(minutes=30)
A_DAY = timedelta(days=1)
PATIENT_TRIES = 4
LOOKED_FOR = timedelta(days=7)
"""So long a record that is missing or says too little is looked for; a new event begins anew."""


ITS_OWN = frozenset({Reason.RECORD_MISSING, Reason.RECORD_INCOMPLETE})
"""What is the matter with the record, and not with the way to it."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a record could not be read, and the pause that the source asked for."""

    reason: Reason
    detail: str = ""
    pause: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A record by the vendor's own id. `secret` names the secret that proved the newest event.

    `deleted`: that event said that the record is gone. `external_id` and `start_date` are as last read, empty before.
    `tries` in vain since; `reason` and `detail` say why. `due`: when it is read next, None once nothing is left to see.
    """

    source: str
    record: str = field(repr=False)
    secret: str
    named_at: datetime
    deleted: bool = False
    external_id: str = ""
    start_date: str = ""
    tries: int = 0
    reason: Reason | None = None
    detail: str = ""
    due: datetime | None = None


def named(known: NamedRecord | None, fresh: NamedRecord) -> NamedRecord:
    """Return the record as an event leaves it: to be read at once, and not forgetting who it is."""
    if known is None:
        return fresh
    return replace(fresh, external_id=known.external_id, start_date=known.start_date)


def was_read(known: NamedRecord, external_id: str, start_date: str, now: datetime) -> NamedRecord:
    """Return the record as a reading leaves it: looked at again every day until the start has gone by.

    An event may have been lost, so the days before a start are not left to events alone. And one that was said to be
    gone, and is there, may be gone in a while: for a day it is looked at more often, and may still be withdrawn.
    """
    going = known.deleted and now < known.named_at + A_DAY
    due = now + (LATER if going else A_DAY) if going or _lies_ahead(start_date, now) else None
    seen = replace(known, external_id=external_id, start_date=start_date, deleted=going, due=due)
    return replace(seen, tries=0, reason=None, detail="")


def was_withdrawn(known: NamedRecord) -> NamedRecord:
    """Return the record of a hire that was called off: nothing is left to be seen until an event names it again."""
    return replace(known, start_date="", tries=0, reason=None, detail="", due=None)


def was_not_read(known: NamedRecord, why: Why, now: datetime) -> NamedRecord:
    """Return the record as a vain try leaves it: tried again, soon or late, for ever where people or time mend it."""
    given_up = why.reason in ITS_OWN and now >= known.named_at + LOOKED_FOR
    due = None if given_up else now + max(_wait(known.tries, why.reason), why.pause)
    return replace(known, tries=known.tries + 1, reason=why.reason, detail=why.detail, due=due)


def _lies_ahead(start_date: str, now: datetime) -> bool:
    try:
        return date.fromisoformat(start_date) >= now.date()
    except ValueError:
        # Well shaped, and no day in the calendar: the onboarding says so, and HR's correction is an event.
        return False


def _wait(tries: int, reason: Reason) -> timedelta:
    if reason is Reason.SOURCE_UNAVAILABLE:
        return min(SOON * (1 << min(tries, 4)), LATER)
    return LATER if reason is Reason.SOURCE_ACCESS_REFUSED or tries < PATIENT_TRIES else A_DAY / 4
