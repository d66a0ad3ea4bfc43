"""The mails to whoever collects, as pure functions of a few facts. A pass is in none; a link is in `invitation` alone.

Each is in the language of `facts`. Only mails with a link are numbered; every other one says which link stays right, so
that nobody hunts for the newest.
"""

from datetime import datetime
from functools import reduce

from shared.handover.keys.secrets import Link
from shared.handover.mails.letter import Letter
from shared.handover.mails.notice_mail import Part, notice_mail
from shared.handover.mails.parts import Facts, hours_and_site, mail, present, right_link, site
from shared.handover.mails.unusual import unusual
from shared.handover.wording import name
from shared.onboarding.reasons import PASSED_OVER
from shared.tenant.ports.mail import Mail


def notice(to: str, facts: Facts, *, hr_manager: str | None = None) -> Mail:
    """Tell whoever collects, the working day before, who comes and what to expect. No link.

    `hr_manager`: whom HR names as manager, given only where that is somebody else than Entra's own.
    """
    say, who = facts.voice.say, name(facts.hire)
    part = Part(
        say("You will be asked to help {who} with the first sign-in. There is nothing to do today.", who=who),
        (
            _link_to_come(facts),
            say(
                "When {who} sits at the new computer, open the link, sign in as yourself and press one button: "
                "you see a Temporary Access Pass.",
                who=who,
            ),
            say("{who} types it at the lock screen, after choosing Web sign-in (the globe).", who=who),
        ),
    )
    return notice_mail(to, facts, part, present(*unusual(facts), _instead(facts), named_by_hr(facts, hr_manager)))


def invitation(to: str, facts: Facts, link: Link, *, delivery: int) -> Mail:
    """Send the link. `delivery` is its number, from 1; a later number ends the links before it."""
    say, who = facts.voice.say, name(facts.hire)
    letter = Letter(
        title=say("The first sign-in of {who}", who=who),
        lead=_whose_link(facts),
        facts=hours_and_site(facts),
        notes=present(links_before_end(facts, delivery), *unusual(facts), _instead(facts)),
        steps=(
            say("Open the link at the moment {who} needs it, at the new computer, not before.", who=who),
            say("Sign in with your own work account."),
            say(
                "Press “Show the pass”, and read or hand it over in person, or by a call to a number you already know."
            ),
            say("Keep the page until the computer has restarted: it may ask for the pass twice."),
        ),
        closing=(_not_to_forward(facts), say("Is {who} not yours? Do not open the link; tell the helpdesk.", who=who)),
        action=say("Open the hand-over page"),
        link=link,
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("Link number {number}", number=delivery),
        voice=facts.voice,
    )
    return mail(to, say("First sign-in of {who}: your link (number {number})", who=who, number=delivery), letter)


def changed(to: str, facts: Facts) -> Mail:
    """Tell the manager of new hours under the same link."""
    say, who = facts.voice.say, name(facts.hire)
    letter = Letter(
        title=say("New hours for the first sign-in of {who}", who=who),
        lead=say(
            "The pass for {who} now works at other hours. The hours below replace those in our earlier mails.", who=who
        ),
        facts=hours_and_site(facts),
        notes=unusual(facts),
        closing=(right_link(facts) or _link_to_come(facts),),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("First sign-in"),
        voice=facts.voice,
    )
    return mail(to, say("First sign-in of {who}: new hours", who=who), letter)


def no_longer_yours(to: str, facts: Facts) -> Mail:
    """Tell whoever was to collect that somebody else does now, and that the link is dead. Who does is not said."""
    say, who = facts.voice.say, name(facts.hire)
    letter = Letter(
        title=say("The first sign-in of {who} is no longer yours", who=who),
        lead=say("Somebody else now helps {who} with the first sign-in. You need do nothing more.", who=who),
        facts=((say("Starts"), facts.voice.when(facts.starts_at, facts.zone)), *site(facts)),
        closing=(
            say("If a mail of ours gave you a link or a code for it, that no longer works."),
            say(
                "Is {who} still yours? Tell the helpdesk: they see whom the company directory names as manager.",
                who=who,
            ),
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("No longer yours"),
        voice=facts.voice,
    )
    return mail(to, say("First sign-in of {who}: no longer yours", who=who), letter)


def cancelled(to: str, facts: Facts) -> Mail:
    """Tell the manager that the onboarding was called off and its link is dead."""
    say, who = facts.voice.say, name(facts.hire)
    letter = Letter(
        title=say("The first sign-in of {who} is cancelled", who=who),
        lead=say("The start of {who} was cancelled. You need do nothing.", who=who),
        facts=((say("Was to start"), facts.voice.when(facts.starts_at, facts.zone)), *site(facts)),
        closing=(
            say(
                "Links and codes from our earlier mails no longer work, and a pass that was already made is withdrawn."
            ),
            say("Is this a surprise? Ask HR first, then the helpdesk."),
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("Cancelled"),
        voice=facts.voice,
    )
    return mail(to, say("First sign-in of {who}: cancelled", who=who), letter)


def opened(to: str, facts: Facts, *, at: datetime) -> Mail:
    """Tell somebody who has a right to know that the pass was opened, and when. Nothing of it is in the mail."""
    say, who = facts.voice.say, name(facts.hire)
    letter = Letter(
        title=say("The pass for {who} was opened", who=who),
        lead=say("It was opened with the link and the proof that go with it. You need do nothing."),
        facts=((say("Opened"), facts.voice.when(at, facts.zone)), *hours_and_site(facts)),
        closing=(say("Was it not {who}? Tell the helpdesk at once: they can take the pass back.", who=who),),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("Opened"),
        voice=facts.voice,
    )
    return mail(to, letter.title, letter)


def not_opened(to: str, facts: Facts, *, collector: str) -> Mail:
    """Tell whoever could step in that the start is near and nobody has opened the pass. No link."""
    say, who, holder = facts.voice.say, name(facts.hire), name(collector)
    letter = Letter(
        title=say("Nobody has opened the pass for {who} yet", who=who),
        lead=say(
            "{holder} has the link and has not used it. If {holder} is there, you need do nothing.", holder=holder
        ),
        facts=hours_and_site(facts),
        closing=(
            say(
                "If {holder} is away, ask the helpdesk to send a link to you, and quote the reference below.",
                holder=holder,
            ),
            say("Two people there have to agree, so call early."),
            say("Until they ask for it, the link of {holder} stays right.", holder=holder),
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("You could step in"),
        voice=facts.voice,
    )
    return mail(to, say("First sign-in of {who}: nobody has opened the pass yet", who=who), letter)


def expired(to: str, facts: Facts, *, made: bool = True) -> Mail:
    """Tell whoever had the link that the hours are over and nobody collected. Not `made`: there was nothing to."""
    say, who = facts.voice.say, name(facts.hire)
    hours = facts.voice.period(facts.valid_from, facts.valid_until, facts.zone)
    if made:
        subject = say("First sign-in of {who}: the pass was not collected", who=who)
        title = say("The pass for {who} was not collected", who=who)
        lead = say("The hours in which {who} could sign in for the first time are over.", who=who)
        when = (say("It worked"), hours)
    else:
        subject = say("First sign-in of {who}: there was no pass", who=who)
        title = say("There was no pass for {who}", who=who)
        lead = say(
            "The hours for the first sign-in of {who} went by before a pass could be made. The helpdesk knows why.",
            who=who,
        )
        when = (say("Planned"), hours)
    letter = Letter(
        title=title,
        lead=lead,
        facts=(when, *site(facts)),
        closing=(
            say("If {who} is signed in, or did not come, you need do nothing.", who=who),
            _made_anew(facts),
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("Ended"),
        voice=facts.voice,
    )
    return mail(to, subject, letter)


def links_before_end(facts: Facts, delivery: int) -> str:
    """Say that links of earlier mails are dead; empty where there was none."""
    if delivery == 1:
        return ""
    return facts.voice.say("This is link number {number}. Links from earlier mails no longer work.", number=delivery)


def named_by_hr(facts: Facts, hr_manager: str | None) -> str:
    """Say whom else HR names as the manager, and what that means for whoever reads it; empty where nobody else."""
    if hr_manager is None:
        return ""
    say, other = facts.voice.say, name(hr_manager)
    if facts.instead_of:
        return say("HR names {other} as the manager.", other=other)
    if facts.vouches:
        return say(
            "HR names {other} as the manager; the company directory names you. The code goes to you. "
            "If that is wrong, tell the helpdesk today.",
            other=other,
        )
    return say(
        "HR names {other} as the manager; the company directory names you. The link goes to you. "
        "If that is wrong, tell the helpdesk today.",
        other=other,
    )


def _whose_link(facts: Facts) -> str:
    say, who = facts.voice.say, name(facts.hire)
    if facts.by_desk:
        return say(
            "This link gives you the pass with which {who} signs in for the first time. "
            "It is for whoever may hand over at the helpdesk (Pass.HandOver) alone.",
            who=who,
        )
    return say(
        "This link gives you the pass with which {who} signs in for the first time. It is for you alone.", who=who
    )


def _not_to_forward(facts: Facts) -> str:
    say = facts.voice.say
    if facts.by_desk:
        return say(
            "Do not forward this mail. The link works only for whoever may hand over at the helpdesk (Pass.HandOver), "
            "and nobody from IT will ever ask for it."
        )
    return say("Do not forward this mail. The link works only for you, and nobody from IT will ever ask for it.")


def _made_anew(facts: Facts) -> str:
    say, who = facts.voice.say, name(facts.hire)
    if facts.reissue_until is None or facts.link_mailed_at is None:
        return say(
            "If not, ask the helpdesk for a new one and quote the reference below. The old link no longer works."
        )
    mailed = facts.voice.when(facts.link_mailed_at, facts.zone)
    until = facts.voice.when(facts.reissue_until, facts.zone)
    if facts.vouches or facts.by_text:
        return say(
            "If {who} still has to sign in: with the link of {mailed} {who} can have a fresh pass made until {until}.",
            who=who,
            mailed=mailed,
            until=until,
        )
    return say(
        "If {who} still has to sign in, open the link in our mail of {mailed} at the computer: "
        "until {until} it makes a fresh pass, which works at once.",
        who=who,
        mailed=mailed,
        until=until,
    )


def _instead(facts: Facts) -> str:
    """Say why the link goes to somebody who is not the first to get it; empty where it does not."""
    if not facts.instead_of:
        return ""
    say = facts.voice.say
    reasons = (say(PASSED_OVER[reason]) for reason in dict.fromkeys(facts.instead_of))
    together = reduce(lambda one, other: say("{one}, and {other}", one=one, other=other), reasons)
    return say("The link goes to you, for {reason}.", reason=together)


def _link_to_come(facts: Facts) -> str:
    say, opens = facts.voice.say, facts.voice.when(facts.opens_at, facts.zone)
    if facts.vouches:
        return right_link(facts) or say("A mail with a code comes to you before {opens}.", opens=opens)
    return right_link(facts) or say("A mail with a link comes to you before {opens}.", opens=opens)
