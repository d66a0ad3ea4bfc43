"""The mails of a hire's own link: the link goes to the hire, the code to the manager, and no mail holds both."""

from shared.handover.letter import Letter
from shared.handover.messages import named_by_hr
from shared.handover.parts import Facts, hours_and_site, mail, present, right_link
from shared.handover.pickup import LENGTH, MOST_WRONG, PickupCode
from shared.handover.secrets import Link
from shared.handover.unusual import unusual
from shared.handover.wording import day, name, when
from shared.tenant.ports import Mail

_TELL = "Tell it to {who} in person, or by a call to a number you already know. Never by mail or chat."


def notice(to: str, facts: Facts, *, hr_manager: str | None = None) -> Mail:
    """Tell the manager, the working day before, who comes and that a code is to be told. Neither link nor code.

    `hr_manager`: whom HR names as manager, given only where that is somebody else than Entra's own.
    """
    who = name(facts.hire)
    letter = Letter(
        title=f"{who} starts on {day(facts.starts_at, facts.zone)}",
        lead=f"You will be asked to tell {who} a code for the first sign-in. There is nothing to do today.",
        facts=hours_and_site(facts),
        notes=present(*unusual(facts), named_by_hr(facts, hr_manager)),
        steps=(
            right_link(facts) or f"Before {when(facts.opens_at, facts.zone)} a code comes to you, and a link to {who}.",
            f"Wait until {who} sits at the new computer. {_TELL.format(who=who)}",
            f"{who} opens the link on a phone, types the code and sees a Temporary Access Pass.",
        ),
        closing=(f"Is {who} not joining your team, or not on this day? Tell the helpdesk before then.",),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For your diary",
    )
    return mail(to, f"{who} starts on {day(facts.starts_at, facts.zone)}: what to expect", letter)


def code(to: str, facts: Facts, pickup: PickupCode, *, delivery: int) -> Mail:
    """Send the code to the manager. `delivery` is the number of the link it goes with; with a later link it is dead."""
    who = name(facts.hire)
    letter = Letter(
        title=f"The pick-up code for {who}",
        lead=f"With this code, and a link that only {who} has, {who} gets the pass for the first sign-in.",
        facts=hours_and_site(facts),
        notes=present(_anew(delivery, "Codes"), *unusual(facts)),
        steps=(
            f"Wait until {who} is at the new computer, and you see or hear that it is them.",
            _TELL.format(who=who),
            f"{who} types it on the page that the link opens. After {MOST_WRONG} wrong codes it takes none any more.",
        ),
        closing=(
            "Do not forward this mail. Nobody from IT will ever ask for the code.",
            f"Is {who} not yours? Tell nobody the code; tell the helpdesk.",
        ),
        code=pickup,
        desk=facts.desk,
        reference=facts.reference,
        kicker=f"Code number {delivery}",
    )
    return mail(to, f"First sign-in of {who}: the pick-up code (number {delivery})", letter)


def link(to: str, facts: Facts, url: Link, *, delivery: int) -> Mail:
    """Send the link to the hire's private address. `delivery` is its number, from 1."""
    manager = name(facts.vouches)
    letter = Letter(
        title="Your first sign-in",
        lead=f"With this link, and a code that {manager} tells you, you get the pass for your new work account.",
        facts=hours_and_site(facts),
        notes=present(_anew(delivery, "Links"), *unusual(facts)),
        steps=(
            "Sit at your new computer, and open the link on your phone.",
            f"Ask {manager} for the code: in person, or by phone. It has {LENGTH} letters.",
            "Type it on the page, and press “Show the pass”.",
            "Keep the page until the computer has restarted: it may ask for the pass twice.",
        ),
        closing=(
            "Do not forward this mail, and tell nobody the code. Nobody from IT will ever ask for either.",
            "Are you not about to start there? Do not open the link; tell the helpdesk.",
        ),
        action="Open the hand-over page",
        link=url,
        desk=facts.desk,
        reference=facts.reference,
        kicker=f"Link number {delivery}",
    )
    return mail(to, f"Your first sign-in: your link (number {delivery})", letter)


def changed(to: str, facts: Facts) -> Mail:
    """Tell the hire of new hours under the same link."""
    letter = Letter(
        title="New hours for your first sign-in",
        lead="Your pass now works at other hours. The hours below replace those in our earlier mail.",
        facts=hours_and_site(facts),
        notes=unusual(facts),
        closing=present(right_link(facts)),
        desk=facts.desk,
        reference=facts.reference,
    )
    return mail(to, "Your first sign-in: new hours", letter)


def locked(to: str, facts: Facts) -> Mail:
    """Tell the manager that too many wrong codes were brought. Neither link nor code."""
    who = name(facts.hire)
    letter = Letter(
        title=f"The link of {who} takes no code any more",
        lead=f"{MOST_WRONG} wrong pick-up codes were typed with the link that only {who} has.",
        facts=hours_and_site(facts),
        steps=(
            f"Ask {who}: was it a slip?",
            f"If so, ask the helpdesk for a fresh link and code, which come to {who} and to you within a minute.",
            "If not, somebody else has the link. Tell the helpdesk that: they can send a link to you instead.",
        ),
        closing=("The code in our earlier mail no longer works.",),
        desk=facts.desk,
        reference=facts.reference,
        kicker="Locked",
        urgent=True,
    )
    return mail(to, f"First sign-in of {who}: the link takes no code any more", letter)


def _anew(delivery: int, what: str) -> str:
    return f"This is number {delivery}. {what} from earlier mails no longer work." if delivery > 1 else ""
