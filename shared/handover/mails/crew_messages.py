"""The one mail to a manager of many: who of a day's hires has opened the pass. Neither a link nor a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.handover.mails.letter import Letter
from shared.handover.mails.parts import Facts, mail, site
from shared.handover.wording import name
from shared.languages.voice import Voice, clock_time
from shared.tenant.ports.mail import Mail


@dataclass(frozen=True, slots=True)
class Mate:
    """One of them. `opened_at` None: not yet."""

    hire: str
    zone: str
    starts_at: datetime
    opened_at: datetime | None


def crew(to: str, facts: Facts, mates: Sequence[Mate]) -> Mail:
    """Tell a manager of all who start on one day at one site, in one mail; whoever has not opened it comes first.

    `facts` are those of any one of them, whose reference the helpdesk can find the others by.
    """
    say = facts.voice.say
    day = facts.voice.day(facts.starts_at, facts.zone)
    done = sum(mate.opened_at is not None for mate in mates)
    ordered = sorted(mates, key=lambda mate: (mate.opened_at is not None, mate.starts_at, mate.hire))
    letter = Letter(
        title=say("Your new colleagues of {day}", day=day),
        lead=say("Each of them has a link of their own. Opened so far: {done} of {all}.", done=done, all=len(mates)),
        facts=(*site(facts), *((name(mate.hire), _stands(facts.voice, mate)) for mate in ordered)),
        closing=(
            say("Please call whoever has not opened it. Link and code stay right."),
            say("Whoever opens it from now on is not told of. You hear of whoever has not when the hours are over."),
            say("Was it not one of them? Tell the helpdesk at once: they can take the pass back."),
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("All in one mail"),
        voice=facts.voice,
    )
    return mail(to, say("First sign-ins on {day}: {done} of {all} opened", day=day, done=done, all=len(mates)), letter)


def _stands(voice: Voice, mate: Mate) -> str:
    if mate.opened_at is None:
        return voice.say("Not opened yet; starts at {time}", time=clock_time(mate.starts_at, mate.zone))
    return voice.say("Opened: {time}", time=voice.when(mate.opened_at, mate.zone))
