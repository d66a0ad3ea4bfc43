"""What the manager hears where too many wrong codes locked a hire's link, whoever has the code."""

from shared.handover.keys.pickup import MOST_WRONG
from shared.handover.keys.secrets import Link
from shared.handover.mails.letter import Letter
from shared.handover.mails.parts import Facts, hours_and_site, mail
from shared.handover.wording import name
from shared.tenant.ports.mail import Mail


def lock_mail(to: str, facts: Facts, anew: str, *, closing: tuple[str, ...] = (), page: Link | None = None) -> Mail:
    """Write the mail. `anew` says how link and code are made anew, and `page` where, if by the reader himself."""
    say, who = facts.voice.say, name(facts.hire)
    letter = Letter(
        title=say("The link of {who} takes no code any more", who=who),
        lead=facts.voice.several(
            "{n} wrong pick-up code was typed with the link that only {who} has.",
            "{n} wrong pick-up codes were typed with the link that only {who} has.",
            MOST_WRONG,
            who=who,
        ),
        facts=hours_and_site(facts),
        steps=(
            say("Ask {who}: was it a slip?", who=who),
            anew,
            say("If not, somebody else has the link. Tell the helpdesk that: they can send a link to you instead."),
        ),
        closing=closing,
        action=say("Have a fresh code made"),
        link=page,
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("Locked"),
        urgent=True,
        voice=facts.voice,
    )
    return mail(to, say("First sign-in of {who}: the link takes no code any more", who=who), letter)
