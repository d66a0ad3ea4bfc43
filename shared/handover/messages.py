"""The mails to whoever collects, as pure functions of a few facts. A pass is in none; a link is in `invitation` alone.

Only mails with a link are numbered; every other one says which link stays right, so that nobody hunts for the newest.
"""

from shared.handover.letter import Letter
from shared.handover.parts import Facts, hours_and_site, mail, present, right_link, site
from shared.handover.secrets import Link
from shared.handover.unusual import unusual
from shared.handover.wording import day, name, period, when
from shared.tenant.ports import Mail


def notice(to: str, facts: Facts, *, hr_manager: str | None = None) -> Mail:
    """Tell whoever collects, the working day before, who comes and what to expect. No link.

    `hr_manager`: whom HR names as manager, given only where that is somebody else than Entra's own.
    """
    who = name(facts.hire)
    letter = Letter(
        title=f"{who} starts on {day(facts.starts_at, facts.zone)}",
        lead=f"You will be asked to help {who} with the first sign-in. There is nothing to do today.",
        facts=hours_and_site(facts),
        notes=present(*unusual(facts), _instead(facts), named_by_hr(facts, hr_manager)),
        steps=(
            _link_to_come(facts),
            (
                f"When {who} sits at the new computer, open the link, sign in as yourself and press one button: "
                "you see a Temporary Access Pass."
            ),
            f"{who} types it at the lock screen, after choosing Web sign-in (the globe).",
        ),
        closing=("Is that not right, or not on this day? Tell the helpdesk before then.",)
        if facts.because
        else (f"Is {who} not joining your team, or not on this day? Tell the helpdesk before then.",),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For your diary",
    )
    return mail(to, f"{who} starts on {day(facts.starts_at, facts.zone)}: what to expect", letter)


def invitation(to: str, facts: Facts, link: Link, *, delivery: int) -> Mail:
    """Send the link. `delivery` is its number, from 1; a later number ends the links before it."""
    who = name(facts.hire)
    whose = "whoever may hand over at the helpdesk (Pass.HandOver)" if facts.by_desk else "you"
    anew = f"This is link number {delivery}. Links from earlier mails no longer work." if delivery > 1 else ""
    letter = Letter(
        title=f"The first sign-in of {who}",
        lead=f"This link gives you the pass with which {who} signs in for the first time. It is for {whose} alone.",
        facts=hours_and_site(facts),
        notes=present(anew, *unusual(facts), _instead(facts)),
        steps=(
            f"Open the link at the moment {who} needs it, at the new computer, not before.",
            "Sign in with your own work account.",
            "Press “Show the pass”, and read or hand it over in person, or by a call to a number you already know.",
            "Keep the page until the computer has restarted: it may ask for the pass twice.",
        ),
        closing=(
            f"Do not forward this mail. The link works only for {whose}, and nobody from IT will ever ask for it.",
            f"Is {who} not yours? Do not open the link; tell the helpdesk.",
        ),
        action="Open the hand-over page",
        link=link,
        desk=facts.desk,
        reference=facts.reference,
        kicker=f"Link number {delivery}",
    )
    return mail(to, f"First sign-in of {who}: your link (number {delivery})", letter)


def changed(to: str, facts: Facts) -> Mail:
    """Tell the manager of new hours under the same link."""
    who = name(facts.hire)
    letter = Letter(
        title=f"New hours for the first sign-in of {who}",
        lead=f"The pass for {who} now works at other hours. The hours below replace those in our earlier mails.",
        facts=hours_and_site(facts),
        notes=unusual(facts),
        closing=(right_link(facts) or _link_to_come(facts),),
        desk=facts.desk,
        reference=facts.reference,
    )
    return mail(to, f"First sign-in of {who}: new hours", letter)


def no_longer_yours(to: str, facts: Facts) -> Mail:
    """Tell whoever was to collect that somebody else does now, and that the link is dead. Who does is not said."""
    who = name(facts.hire)
    letter = Letter(
        title=f"The first sign-in of {who} is no longer yours",
        lead=f"Somebody else now helps {who} with the first sign-in. You need do nothing more.",
        facts=(("Starts", when(facts.starts_at, facts.zone)), *site(facts)),
        closing=(
            "If a mail of ours gave you a link or a code for it, that no longer works.",
            f"Is {who} still yours? Tell the helpdesk: they see whom the company directory names as manager.",
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker="No longer yours",
    )
    return mail(to, f"First sign-in of {who}: no longer yours", letter)


def cancelled(to: str, facts: Facts) -> Mail:
    """Tell the manager that the onboarding was called off and its link is dead."""
    who = name(facts.hire)
    letter = Letter(
        title=f"The first sign-in of {who} is cancelled",
        lead=f"The start of {who} was cancelled. You need do nothing.",
        facts=(("Was to start", when(facts.starts_at, facts.zone)), *site(facts)),
        closing=(
            "Links and codes from our earlier mails no longer work, and a pass that was already made is withdrawn.",
            "Is this a surprise? Ask HR first, then the helpdesk.",
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker="Cancelled",
    )
    return mail(to, f"First sign-in of {who}: cancelled", letter)


def not_opened(to: str, facts: Facts, *, collector: str) -> Mail:
    """Tell whoever could step in that the start is near and nobody has opened the pass. No link."""
    who, holder = name(facts.hire), name(collector)
    letter = Letter(
        title=f"Nobody has opened the pass for {who} yet",
        lead=f"{holder} has the link and has not used it. If {holder} is there, you need do nothing.",
        facts=hours_and_site(facts),
        closing=(
            f"If {holder} is away, ask the helpdesk to send a link to you, and quote the reference below.",
            "Two people there have to agree, so call early.",
            f"Until they ask for it, the link of {holder} stays right.",
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker="You could step in",
    )
    return mail(to, f"First sign-in of {who}: nobody has opened the pass yet", letter)


def expired(to: str, facts: Facts, *, made: bool = True) -> Mail:
    """Tell whoever had the link that the hours are over and nobody collected. Not `made`: there was nothing to."""
    who = name(facts.hire)
    title = f"The pass for {who} was not collected" if made else f"There was no pass for {who}"
    letter = Letter(
        title=title,
        lead=f"The hours in which {who} could sign in for the first time are over."
        if made
        else f"The hours for the first sign-in of {who} went by before a pass could be made. The helpdesk knows why.",
        facts=(
            ("It worked" if made else "Planned", period(facts.valid_from, facts.valid_until, facts.zone)),
            *site(facts),
        ),
        closing=(f"If {who} is signed in, or did not come, you need do nothing.", _made_anew(facts)),
        desk=facts.desk,
        reference=facts.reference,
        kicker="Ended",
    )
    return mail(to, f"First sign-in of {who}: {'the pass was not collected' if made else 'there was no pass'}", letter)


def _made_anew(facts: Facts) -> str:
    if facts.reissue_until is None or facts.link_mailed_at is None:
        return "If not, ask the helpdesk for a new one and quote the reference below. The old link no longer works."
    if facts.vouches:
        return (
            f"If {name(facts.hire)} still has to sign in: with the link of {when(facts.link_mailed_at, facts.zone)} "
            f"{name(facts.hire)} can have a fresh pass made until {when(facts.reissue_until, facts.zone)}."
        )
    return (
        f"If {name(facts.hire)} still has to sign in, open the link in our mail of "
        f"{when(facts.link_mailed_at, facts.zone)} at the computer: until {when(facts.reissue_until, facts.zone)} "
        "it makes a fresh pass, which works at once."
    )


def _instead(facts: Facts) -> str:
    return f"The link goes to you, for {facts.because}." if facts.because else ""


def named_by_hr(facts: Facts, hr_manager: str | None) -> str:
    """Say whom else HR names as the manager, and what that means for whoever reads it; empty where nobody else."""
    if hr_manager is None:
        return ""
    if facts.because:
        return f"HR names {name(hr_manager)} as the manager."
    return (
        f"HR names {name(hr_manager)} as the manager; the company directory names you. "
        f"The {'code' if facts.vouches else 'link'} goes to you. "
        "If that is wrong, tell the helpdesk today."
    )


def _link_to_come(facts: Facts) -> str:
    what = "code" if facts.vouches else "link"
    return right_link(facts) or f"A mail with a {what} comes to you before {when(facts.opens_at, facts.zone)}."
