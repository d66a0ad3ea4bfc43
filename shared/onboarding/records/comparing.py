"""What a source's list of people tells of the starts to come, beside what is known of them. Pure.

It concludes nothing by itself: whoever it finds is read, as if an event had named him, and what the record says counts.
So a list that is short, or shows less than yesterday, calls nobody off.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from shared.onboarding.reasons import Reason
from shared.onboarding.records.model import NamedRecord
from shared.sources.records import Listed

MOST = 500
"""Of each sort in a day: a list that differs in more is looked at for days."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A record by the vendor's own id, with the first day as last read and as listed; empty where there is none."""

    record: str = field(repr=False)
    read: str = ""
    listed: str = ""

    @property
    def in_words(self) -> str:
        """What differs, for people."""
        days = " → ".join(day for day in (self.read, self.listed) if day)
        return f"{self.record} ({days})"


@dataclass(frozen=True, slots=True)
class Differences:
    """Records to be read.

    `unheard`: of whom no event told. `moved`: with another first day than was last read. `gone`: no longer in the list.
    """

    unheard: tuple[Difference, ...] = ()
    moved: tuple[Difference, ...] = ()
    gone: tuple[Difference, ...] = ()

    @property
    def all(self) -> tuple[Difference, ...]:
        """All of them."""
        return (*self.unheard, *self.moved, *self.gone)


def differences(listed: Iterable[Listed], known: Iterable[NamedRecord], now: datetime) -> Differences:
    """Tell whom to read. What was named and not read yet is read anyway, and what cannot be read waits as it does."""
    today = now.date().isoformat()
    in_list = {one.record: one.start_date for one in listed}
    read = {one.record: one for one in known}
    ahead = {record: day for record, day in in_list.items() if day >= today}
    expected = (one for one in read.values() if one.start_date >= today and one.reason is not Reason.RECORD_MISSING)
    unheard = (Difference(record, listed=day) for record, day in ahead.items() if record not in read)
    moved = (
        Difference(record, read[record].start_date, day)
        for record, day in ahead.items()
        if record in read and _differs(read[record], day)
    )
    gone = (Difference(one.record, read=one.start_date) for one in expected if one.record not in in_list)
    return Differences(*(tuple(islice(sort, MOST)) for sort in (unheard, moved, gone)))


def _differs(known: NamedRecord, day: str) -> bool:
    return bool(known.external_id) and known.start_date != day
