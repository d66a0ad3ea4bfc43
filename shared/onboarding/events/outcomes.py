"""What an event of a source comes to: how it finds the person, what it says, and the table of both. Pure.

The page docs/life-of-a-pass.md says the same in plain words, and is checked against it.
"""

from collections.abc import Mapping
from enum import StrEnum


class Stands(StrEnum):
    """How an event finds the person's newest onboarding."""

    NOBODY = "nobody is known"
    RUNNING = "on its way, or stopped on it, and nobody has collected"
    FAILED = "its start could not be planned"
    OPENED = "somebody has collected the pass"
    LIVES_ON = "over, but its pass still opens the account, or its link makes another"
    OVER = "over, by its own life or a person's word"
    CALLED_OFF = "ended by the source's own word"


class Says(StrEnum):
    """What an event that is newer than all that is known says, beside what is known."""

    WITHDRAWN = "no hire any more"
    LONG_PAST = "a start more than seven days back"
    IMPOSSIBLE = "a start that cannot be planned"
    SAME = "nothing new"
    OTHER_DATA = "the same start, other data"
    OTHER_START = "another start, no later or past"
    LATER_START = "a later start that lies ahead"
    BACK = "a rehire's start, moved back to the onboarding before it"


class Outcome(StrEnum):
    """What became of an event; the word goes into its record and its answer."""

    OLDER = "older-than-known"
    LONG_PAST = "start-long-past"
    PLANNED = "planned"
    FAILED = "failed"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    REPLANNED = "replanned"
    AFTER_OPENING = "recorded-after-opening"
    AFTER_END = "already-ended"
    CANCELLED = "cancelled"


_TABLE = """
             NOBODY     RUNNING    FAILED     OPENED         LIVES_ON   OVER       CALLED_OFF
WITHDRAWN    CANCELLED  CANCELLED  CANCELLED  CANCELLED      CANCELLED  AFTER_END  AFTER_END
LONG_PAST    LONG_PAST  LONG_PAST  LONG_PAST  AFTER_OPENING  LONG_PAST  LONG_PAST  LONG_PAST
IMPOSSIBLE   FAILED     FAILED     FAILED     AFTER_OPENING  AFTER_END  AFTER_END  FAILED
SAME         PLANNED    UNCHANGED  REPLANNED  UNCHANGED      AFTER_END  AFTER_END  PLANNED
OTHER_DATA   PLANNED    UPDATED    REPLANNED  AFTER_OPENING  AFTER_END  AFTER_END  PLANNED
OTHER_START  PLANNED    REPLANNED  REPLANNED  AFTER_OPENING  AFTER_END  AFTER_END  PLANNED
LATER_START  PLANNED    REPLANNED  REPLANNED  AFTER_OPENING  PLANNED    PLANNED    PLANNED
BACK         PLANNED    CANCELLED  CANCELLED  AFTER_OPENING  AFTER_END  AFTER_END  AFTER_END
"""


def _read(table: str) -> Mapping[Says, Mapping[Stands, Outcome]]:
    header, *lines = (line.split() for line in table.strip().splitlines())
    columns = [Stands[name] for name in header]
    return {Says[line[0]]: dict(zip(columns, (Outcome[name] for name in line[1:]), strict=True)) for line in lines}


OUTCOMES = _read(_TABLE)
"""Nothing but a withdrawal touches the pass of whoever has collected; what is over is followed by a later start only;
and what the source itself has ended, any newer word of it begins anew, so that every order of arrival ends alike."""
