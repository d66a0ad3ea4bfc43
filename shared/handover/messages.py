"""The mails, as pure functions of a few facts. A pass is in none of them; a link is in `invitation` alone.

Only mails with a link are numbered; every other one says which link stays right, so that nobody hunts for the newest.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from shared.handover.letter import Letter, as_html, as_text
from shared.handover.secrets import Link
from shared.handover.wording import clock_time, day, name, period, plain, when
from shared.tenant.ports import Mail

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,255}")
_SHORT_DAY_ENDS = time(13)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the mails of one onboarding are written from. Instants are aware; `zone` is the site's IANA name.

    `hire` and `site` may come from HR as they are: they are made harmless here. `moved`: validity was put off to
    the next working day. `link_mailed_at`: when the mail with the link that is right was sent, None before the first.
    """

    reference: str
    hire: str
    site: str | None
    zone: str
    starts_at: datetime
    opens_at: datetime
    valid_from: datetime
    valid_until: datetime
    desk: str
    moved: bool = False
    link_mailed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What stops a hire: the row's status, `reason` why, `remedy` what a person can do about it."""

    status: str
    reason: str
    remedy: str


def notice(to: str, facts: Facts, *, hr_manager: str | None = None) -> Mail:
    """Tell the manager, the working day before, who comes and what to expect. No link.

    `hr_manager`: whom HR names as manager, given only where that is somebody else than Entra's own.
    """
    who = name(facts.hire)
    notes = _hours_notes(facts)
    if hr_manager is not None:
        notes += (
            (
                f"HR names {name(hr_manager)} as the manager; the company directory names you. The link goes to you. "
                "If that is wrong, tell the helpdesk today."
            ),
        )
    letter = Letter(
        title=f"{who} starts on {day(facts.starts_at, facts.zone)}",
        lead=f"You will be asked to help {who} with the first sign-in. There is nothing to do today.",
        facts=_facts(facts),
        notes=notes,
        steps=(
            _link_to_come(facts),
            (
                f"When {who} sits at the new computer, open the link, sign in as yourself and press one button: "
                "you see a Temporary Access Pass."
            ),
            f"{who} types it at the lock screen, after choosing Web sign-in (the globe).",
        ),
        closing=(f"Is {who} not joining your team, or not on this day? Tell the helpdesk before then.",),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For your diary",
    )
    return _mail(to, f"{who} starts on {day(facts.starts_at, facts.zone)}: what to expect", letter)


def invitation(to: str, facts: Facts, link: Link, *, delivery: int) -> Mail:
    """Send the link. `delivery` is its number, from 1; a later number ends the links before it."""
    who = name(facts.hire)
    notes = _hours_notes(facts)
    if delivery > 1:
        notes = (f"This is link number {delivery}. Links from earlier mails no longer work.", *notes)
    letter = Letter(
        title=f"The first sign-in of {who}",
        lead=f"This link gives you the pass with which {who} signs in for the first time. It is for you alone.",
        facts=_facts(facts),
        notes=notes,
        steps=(
            f"Open the link at the moment {who} needs it, at the new computer, not before.",
            "Sign in with your own work account.",
            "Press “Show the pass”, and read or hand it over in person, or by a call to a number you already know.",
            "Keep the page until the computer has restarted: it may ask for the pass twice.",
        ),
        closing=(
            "Do not forward this mail. The link works only for you, and nobody from IT will ever ask for it.",
            f"Is {who} not yours? Do not open the link; tell the helpdesk.",
        ),
        action="Open the hand-over page",
        link=link,
        desk=facts.desk,
        reference=facts.reference,
        kicker=f"Link number {delivery}",
    )
    return _mail(to, f"First sign-in of {who}: your link (number {delivery})", letter)


def changed(to: str, facts: Facts) -> Mail:
    """Tell the manager of new hours under the same link."""
    who = name(facts.hire)
    letter = Letter(
        title=f"New hours for the first sign-in of {who}",
        lead=f"The pass for {who} now works at other hours. The hours below replace those in our earlier mails.",
        facts=_facts(facts),
        notes=_hours_notes(facts),
        closing=(_right_link(facts) or _link_to_come(facts),),
        desk=facts.desk,
        reference=facts.reference,
    )
    return _mail(to, f"First sign-in of {who}: new hours", letter)


def cancelled(to: str, facts: Facts) -> Mail:
    """Tell the manager that the onboarding was called off and its link is dead."""
    who = name(facts.hire)
    letter = Letter(
        title=f"The first sign-in of {who} is cancelled",
        lead=f"The start of {who} was cancelled. You need do nothing.",
        facts=(("Was to start", when(facts.starts_at, facts.zone)), *_site(facts)),
        closing=(
            "Links from our earlier mails no longer work, and a pass that was already made is withdrawn.",
            "Is this a surprise? Ask HR first, then the helpdesk.",
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker="Cancelled",
    )
    return _mail(to, f"First sign-in of {who}: cancelled", letter)


def expired(to: str, facts: Facts) -> Mail:
    """Tell the manager that the pass has ended without having been used, as far as is known."""
    who = name(facts.hire)
    letter = Letter(
        title=f"The pass for {who} has ended",
        lead=f"The hours in which {who} could sign in for the first time are over.",
        facts=(("It worked", period(facts.valid_from, facts.valid_until, facts.zone)), *_site(facts)),
        closing=(
            f"If {who} is signed in, all is well and you need do nothing.",
            "If not, ask the helpdesk for a new one and quote the reference below. The old link no longer works.",
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker="Ended",
    )
    return _mail(to, f"First sign-in of {who}: the pass has ended", letter)


def fault_to_desk(facts: Facts, fault: Fault) -> Mail:
    """Tell the desk of a hire that waits or has failed."""
    letter = Letter(
        title=f"{name(facts.hire)}: the first sign-in needs you",
        lead=_stands_at(fault),
        facts=(*_why(fault), *_facts(facts)),
        closing=_present(_right_link(facts)),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For the helpdesk",
        urgent=True,
    )
    subject = f"{name(facts.hire)}, starts {day(facts.starts_at, facts.zone)}: {plain(fault.status)}"
    return _mail(facts.desk, subject, letter)


def unplanned_fault_to_desk(fault: Fault, *, reference: str, hire: str, desk: str) -> Mail:
    """Tell the desk of a hire for whom no hours could be planned (an unknown zone, an absurd date)."""
    letter = Letter(
        title=f"{name(hire)}: the first sign-in needs you",
        lead=_stands_at(fault),
        facts=_why(fault),
        desk=desk,
        reference=reference,
        kicker="For the helpdesk",
        urgent=True,
    )
    return _mail(desk, f"{name(hire)}: {plain(fault.status)}", letter)


def difference_to_desk(facts: Facts, *, manager: str, hr_manager: str) -> Mail:
    """Tell the desk that HR and Entra name different managers. It holds up nothing."""
    who = name(facts.hire)
    letter = Letter(
        title=f"{who}: HR and Entra name different managers",
        lead="The hand-over goes on with the manager whom Entra names. Nothing waits for you.",
        facts=(("Entra (gets the link)", name(manager)), ("HR", name(hr_manager)), *_facts(facts)),
        closing=_present("If Entra is wrong, correct the manager there before the link is sent.", _right_link(facts)),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For the helpdesk",
    )
    return _mail(facts.desk, f"{who}: HR and Entra name different managers", letter)


def _stands_at(fault: Fault) -> str:
    return f"The onboarding stands at “{plain(fault.status)}” and does not go on as planned without a person."


def _why(fault: Fault) -> tuple[tuple[str, str], ...]:
    return (("Why", plain(fault.reason, 400)), ("What to do", plain(fault.remedy, 400)))


def _facts(facts: Facts) -> tuple[tuple[str, str], ...]:
    return (
        ("Starts", when(facts.starts_at, facts.zone)),
        *_site(facts),
        ("The page opens", when(facts.opens_at, facts.zone)),
        ("The pass works", period(facts.valid_from, facts.valid_until, facts.zone)),
    )


def _site(facts: Facts) -> tuple[tuple[str, str], ...]:
    site = plain(facts.site or "")
    return (("Site", site),) if site else ()


def _hours_notes(facts: Facts) -> tuple[str, ...]:
    moved = (
        "We heard of this start too late for the day itself. "
        f"The pass works on {day(facts.valid_from, facts.zone)} instead."
        if facts.moved
        else ""
    )
    short = (
        f"The pass ends early, at {clock_time(facts.valid_until, facts.zone)}. Plan the first sign-in before that."
        if _ends_early(facts)
        else ""
    )
    return _present(moved, short)


def _ends_early(facts: Facts) -> bool:
    first, last = (moment.astimezone(ZoneInfo(facts.zone)) for moment in (facts.valid_from, facts.valid_until))
    return first.date() == last.date() and last.time() < _SHORT_DAY_ENDS


def _right_link(facts: Facts) -> str:
    if facts.link_mailed_at is None:
        return ""
    return f"The link in our mail of {when(facts.link_mailed_at, facts.zone)} stays right."


def _link_to_come(facts: Facts) -> str:
    return _right_link(facts) or f"A mail with a link comes to you before {when(facts.opens_at, facts.zone)}."


def _present(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _mail(to: str, subject: str, letter: Letter) -> Mail:
    for address in (to, letter.desk):
        if not _ADDRESS.fullmatch(address) or not address.isprintable():
            raise ValueError("not one plain mail address")
    return Mail(to, plain(subject, 200), as_text(letter), as_html(letter), letter.reference)
