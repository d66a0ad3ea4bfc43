"""The mail with a hire's own link, which is the same but for where the code comes from."""

from dataclasses import dataclass

from shared.handover.keys.secrets import Link
from shared.handover.mails.letter import Letter
from shared.handover.mails.messages import links_before_end
from shared.handover.mails.parts import Facts, hours_and_site, mail, present
from shared.handover.mails.unusual import unusual
from shared.tenant.ports.mail import Mail


@dataclass(frozen=True, slots=True)
class WhereCode:
    """Where the code comes from, in the reader's language: as the mail begins, and as the step to take."""

    lead: str
    step: str


def link_mail(to: str, facts: Facts, url: Link, *, delivery: int, code: WhereCode) -> Mail:
    """Send the link to the hire's private address. `delivery` is its number, from 1."""
    say = facts.voice.say
    letter = Letter(
        title=say("Your first sign-in"),
        lead=code.lead,
        facts=hours_and_site(facts),
        notes=present(links_before_end(facts, delivery), *unusual(facts)),
        steps=(
            say("Sit at your new computer, and open the link on your phone."),
            code.step,
            say("Type it on the page, and press “Show the pass”."),
            say("Keep the page until the computer has restarted: it may ask for the pass twice."),
        ),
        closing=(
            say("Do not forward this mail, and tell nobody the code. Nobody from IT will ever ask for either."),
            say("Are you not about to start there? Do not open the link; tell the helpdesk."),
        ),
        action=say("Open the hand-over page"),
        link=url,
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("Link number {number}", number=delivery),
        voice=facts.voice,
    )
    return mail(to, say("Your first sign-in: your link (number {number})", number=delivery), letter)
