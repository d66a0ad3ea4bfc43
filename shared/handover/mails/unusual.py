"""What is not as usual about the hours, in a sentence each, for whoever collects."""

from collections.abc import Set as AbstractSet

from shared.handover.mails.parts import Facts
from shared.languages.voice import clock_time
from shared.planning.exceptional import PUT_OFF, SHORT, Exceptional


def unusual(facts: Facts) -> tuple[str, ...]:
    """Say what sets the plan apart, in the order in which people need it."""
    say, day, starts, zone = facts.voice.say, facts.voice.day, facts.starts_at, facts.zone
    notes: tuple[tuple[AbstractSet[Exceptional], str], ...] = (
        (
            PUT_OFF,
            say(
                "We heard of this start too late for the day itself. The pass works on {day} instead.",
                day=day(facts.valid_from, zone),
            ),
        ),
        (
            {Exceptional.FREE_DAY},
            say(
                "{day} is a weekend or a public holiday there. HR named this day, so all is planned for it. "
                "If that is a mistake, tell HR today.",
                day=day(starts, zone),
            ),
        ),
        (
            {Exceptional.SKIPPED_TIME},
            say(
                "The clocks skip the time that HR named, so the start counts as {time}.", time=clock_time(starts, zone)
            ),
        ),
        (
            {Exceptional.REPEATED_TIME},
            say("The clocks show the time of the start twice; the first of the two is meant."),
        ),
        ({Exceptional.EARLY_WINDOW}, _early_window(facts)),
        (
            SHORT,
            say(
                "The pass ends early, at {time}. Plan the first sign-in before that.",
                time=clock_time(facts.valid_until, zone),
            ),
        ),
    )
    return tuple(note for named, note in notes if not named.isdisjoint(facts.exceptions))


def _early_window(facts: Facts) -> str:
    when = facts.voice.when
    return facts.voice.say(
        "The start is outside your own day, so the page opens early for you: {opens}. "
        "You can see the pass then; it works from {works}, and not before.",
        opens=when(facts.opens_at, facts.collector_zone or facts.zone),
        works=when(facts.valid_from, facts.zone),
    )
