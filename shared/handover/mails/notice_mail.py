"""The notice of the working day before, which is the same on each route but for what its reader has to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.handover.mails.letter import Letter
from shared.handover.mails.parts import Facts, hours_and_site, mail
from shared.handover.wording import name
from shared.tenant.ports.mail import Mail


@dataclass(frozen=True, slots=True)
class Part:
    """What a reader has to do with a first sign-in, in his language: in a sentence, and step by step."""

    lead: str
    steps: Sequence[str]


def notice_mail(to: str, facts: Facts, part: Part, notes: Sequence[str]) -> Mail:
    """Tell who comes, when and where, and what the reader's part in it is. Neither link nor code."""
    say, who = facts.voice.say, name(facts.hire)
    day = facts.voice.day(facts.starts_at, facts.zone)
    letter = Letter(
        title=say("{who} starts on {day}", who=who, day=day),
        lead=part.lead,
        facts=hours_and_site(facts),
        notes=tuple(notes),
        steps=tuple(part.steps),
        closing=(_not_right(facts),),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("For your diary"),
        voice=facts.voice,
    )
    return mail(to, say("{who} starts on {day}: what to expect", who=who, day=day), letter)


def _not_right(facts: Facts) -> str:
    """Say what to do where the hire is none of the reader's."""
    say = facts.voice.say
    if facts.instead_of:
        return say("Is that not right, or not on this day? Tell the helpdesk before then.")
    return say(
        "Is {who} not joining your team, or not on this day? Tell the helpdesk before then.", who=name(facts.hire)
    )
