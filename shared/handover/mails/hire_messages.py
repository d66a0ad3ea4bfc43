"""The mails of a hire's own link: the link goes to the hire, the code to the manager, and no mail holds both."""

from shared.handover.keys.pickup import LENGTH, MOST_WRONG, PickupCode
from shared.handover.keys.secrets import Link
from shared.handover.mails.hires_mail import WhereCode, link_mail
from shared.handover.mails.letter import Letter
from shared.handover.mails.lock_mail import lock_mail
from shared.handover.mails.messages import named_by_hr
from shared.handover.mails.notice_mail import Part, notice_mail
from shared.handover.mails.parts import Facts, hours_and_site, mail, present, right_link
from shared.handover.mails.unusual import unusual
from shared.handover.wording import name
from shared.tenant.ports.mail import Mail


def notice(to: str, facts: Facts, *, hr_manager: str | None = None) -> Mail:
    """Tell the manager, the working day before, who comes and that a code is to be told. Neither link nor code.

    `hr_manager`: whom HR names as manager, given only where that is somebody else than Entra's own.
    """
    say, who = facts.voice.say, name(facts.hire)
    opens = facts.voice.when(facts.opens_at, facts.zone)
    part = Part(
        say("You will be asked to tell {who} a code for the first sign-in. There is nothing to do today.", who=who),
        (
            right_link(facts) or say("Before {opens} a code comes to you, and a link to {who}.", opens=opens, who=who),
            say(
                "Wait until {who} sits at the new computer. Tell it to {who} in person, "
                "or by a call to a number you already know. Never by mail or chat.",
                who=who,
            ),
            say("{who} opens the link on a phone, types the code and sees a Temporary Access Pass.", who=who),
        ),
    )
    return notice_mail(to, facts, part, present(*unusual(facts), named_by_hr(facts, hr_manager)))


def code(to: str, facts: Facts, pickup: PickupCode, *, delivery: int) -> Mail:
    """Send the code to the manager. `delivery` is the number of the link it goes with; with a later link it is dead."""
    say, who = facts.voice.say, name(facts.hire)
    anew = say("This is code number {number}. Codes from earlier mails no longer work.", number=delivery)
    letter = Letter(
        title=say("The pick-up code for {who}", who=who),
        lead=say("With this code, and a link that only {who} has, {who} gets the pass for the first sign-in.", who=who),
        facts=hours_and_site(facts),
        notes=present(anew if delivery > 1 else "", *unusual(facts)),
        steps=(
            say("Wait until {who} is at the new computer, and you see or hear that it is them.", who=who),
            say(
                "Tell it to {who} in person, or by a call to a number you already know. Never by mail or chat.",
                who=who,
            ),
            facts.voice.several(
                "{who} types it on the page that the link opens. After {n} wrong code it takes none any more.",
                "{who} types it on the page that the link opens. After {n} wrong codes it takes none any more.",
                MOST_WRONG,
                who=who,
            ),
        ),
        closing=(
            say("Do not forward this mail. Nobody from IT will ever ask for the code."),
            say("Is {who} not yours? Tell nobody the code; tell the helpdesk.", who=who),
        ),
        code=pickup,
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("Code number {number}", number=delivery),
        voice=facts.voice,
    )
    return mail(to, say("First sign-in of {who}: the pick-up code (number {number})", who=who, number=delivery), letter)


def link(to: str, facts: Facts, url: Link, *, delivery: int) -> Mail:
    """Send the link to the hire's private address. `delivery` is its number, from 1; the manager has the code."""
    manager = name(facts.vouches)
    lead = facts.voice.say(
        "With this link, and a code that {manager} tells you, you get the pass for your new work account.",
        manager=manager,
    )
    where = facts.voice.several(
        "Ask {manager} for the code: in person, or by phone. It has {n} letter.",
        "Ask {manager} for the code: in person, or by phone. It has {n} letters.",
        LENGTH,
        manager=manager,
    )
    return link_mail(to, facts, url, delivery=delivery, code=WhereCode(lead, where))


def changed(to: str, facts: Facts) -> Mail:
    """Tell the hire of new hours under the same link."""
    say = facts.voice.say
    letter = Letter(
        title=say("New hours for your first sign-in"),
        lead=say("Your pass now works at other hours. The hours below replace those in our earlier mail."),
        facts=hours_and_site(facts),
        notes=unusual(facts),
        closing=present(right_link(facts)),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("First sign-in"),
        voice=facts.voice,
    )
    return mail(to, say("Your first sign-in: new hours"), letter)


def locked(to: str, facts: Facts, page: Link | None) -> Mail:
    """Tell the manager that too many wrong codes were brought. Neither a hire's link nor a code.

    `page`: where he has both made anew himself, None where it takes the helpdesk by now.
    """
    closing = (facts.voice.say("The code in our earlier mail no longer works."),)
    return lock_mail(to, facts, _anew(facts, page), closing=closing, page=page)


def _anew(facts: Facts, page: Link | None) -> str:
    say, who = facts.voice.say, name(facts.hire)
    if page is None:
        return say(
            "If so, ask the helpdesk for a fresh link and code, which come to {who} and to you within a minute.",
            who=who,
        )
    return say(
        "If so, open this page, sign in and have both made anew: the link comes to {who}, and the code to you.", who=who
    )
