"""What is not as usual about the hours, in a sentence each, for whoever collects."""

from collections.abc import Set as AbstractSet

from shared.handover.parts import Facts
from shared.handover.wording import clock_time, day, when
from shared.planning.exceptional import PUT_OFF, SHORT, Exceptional

_PUT_OFF = "We heard of this start too late for the day itself. The pass works on {day} instead."
_FREE_DAY = (
    "{day} is a weekend or a public holiday there. HR named this day, so all is planned for it. "
    "If that is a mistake, tell HR today."
)
_SKIPPED_TIME = "The clocks skip the time that HR named, so the start counts as {time}."
_REPEATED_TIME = "The clocks show the time of the start twice; the first of the two is meant."
_EARLY_WINDOW = (
    "The start is outside your own day, so the page opens early for you: {opens}. "
    "You can see the pass then; it works from {works}, and not before."
)
_SHORT = "The pass ends early, at {time}. Plan the first sign-in before that."


def unusual(facts: Facts) -> tuple[str, ...]:
    """Say what sets the plan apart, in the order in which people need it."""
    starts, zone = facts.starts_at, facts.zone
    notes: tuple[tuple[AbstractSet[Exceptional], str], ...] = (
        (PUT_OFF, _PUT_OFF.format(day=day(facts.valid_from, zone))),
        ({Exceptional.FREE_DAY}, _FREE_DAY.format(day=day(starts, zone))),
        ({Exceptional.SKIPPED_TIME}, _SKIPPED_TIME.format(time=clock_time(starts, zone))),
        ({Exceptional.REPEATED_TIME}, _REPEATED_TIME),
        ({Exceptional.EARLY_WINDOW}, _early_window(facts)),
        (SHORT, _SHORT.format(time=clock_time(facts.valid_until, zone))),
    )
    return tuple(note for named, note in notes if not named.isdisjoint(facts.exceptions))


def _early_window(facts: Facts) -> str:
    opens = when(facts.opens_at, facts.collector_zone or facts.zone)
    return _EARLY_WINDOW.format(opens=opens, works=when(facts.valid_from, facts.zone))
