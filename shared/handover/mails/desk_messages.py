"""The mails to the helpdesk about one onboarding. No pass and no link is in any of them.

They are in English, as is all that the helpdesk works with: the statuses, reasons and requests of the API.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.handover.keys.pickup import MOST_WRONG
from shared.handover.mails.letter import Letter
from shared.handover.mails.parts import Facts, hours_and_site, mail, present, right_link
from shared.handover.wording import name, plain
from shared.languages.voice import ENGLISH
from shared.onboarding.reasons import passed_over
from shared.tenant.ports.mail import Mail


@dataclass(frozen=True, slots=True)
class Fault:
    """What stops a hire: the row's status, `reason` why, `remedy` what a person can do about it."""

    status: str
    reason: str
    remedy: str


def fault_to_desk(facts: Facts, fault: Fault) -> Mail:
    """Tell the desk of a hire that waits or has failed."""
    letter = Letter(
        title=f"{name(facts.hire)}: the first sign-in needs you",
        lead=_stands_at(fault),
        facts=(*_why(fault), *hours_and_site(facts)),
        closing=present(right_link(facts), _made_anew(facts)),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For the helpdesk",
        urgent=True,
    )
    subject = f"{name(facts.hire)}, starts {ENGLISH.day(facts.starts_at, facts.zone)}: {plain(fault.status)}"
    return mail(facts.desk, subject, letter)


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
    return mail(desk, f"{name(hire)}: {plain(fault.status)}", letter)


def difference_to_desk(facts: Facts, *, manager: str, hr_manager: str) -> Mail:
    """Tell the desk that HR and Entra name different managers. It holds up nothing."""
    who = name(facts.hire)
    letter = Letter(
        title=f"{who}: HR and Entra name different managers",
        lead="The hand-over goes on with the manager whom Entra names. Nothing waits for you.",
        facts=(
            (f"Entra (gets the {'code' if facts.vouches else 'link'})", name(manager)),
            ("HR", name(hr_manager)),
            *hours_and_site(facts),
        ),
        closing=present("If Entra is wrong, correct the manager there before the link is sent.", right_link(facts)),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For the helpdesk",
    )
    return mail(facts.desk, f"{who}: HR and Entra name different managers", letter)


def passed_over_to_desk(facts: Facts, *, collector: str, hr_manager: str | None, instead_of: str) -> Mail:
    """Tell the desk that it is not the first of the chain who collects, and why. It holds up nothing.

    `instead_of` says who that is, such as "the manager".
    """
    who = name(facts.hire)
    by_hr = (("HR names as manager", name(hr_manager)),) if hr_manager is not None else ()
    letter = Letter(
        title=f"{who}: {name(collector)} collects, not {instead_of}",
        lead=f"{_sentence(passed_over(facts.instead_of))} The hand-over goes on, and nothing waits for you.",
        facts=(("Gets the link", name(collector)), *by_hr, *hours_and_site(facts)),
        closing=present("If Entra is wrong, correct it there before the link is sent.", right_link(facts)),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For the helpdesk",
    )
    return mail(facts.desk, letter.title, letter)


def opened_to_desk(facts: Facts, *, at: datetime) -> Mail:
    """Tell the desk that the pass was opened, and when; who did stands in the history."""
    who = name(facts.hire)
    letter = Letter(
        title=f"{who}: the pass was opened",
        lead="It was opened with the link and the proof that go with it. Nothing waits for you.",
        facts=(("Opened", ENGLISH.when(at, facts.zone)), *hours_and_site(facts)),
        closing=(f"Was it not the right person? Take the pass back: DELETE /api/passes/{facts.reference}",),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For the helpdesk",
    )
    return mail(facts.desk, letter.title, letter)


def not_opened_to_desk(facts: Facts, *, collector: str, stand_in: bool) -> Mail:
    """Tell the desk that the start is near and nobody has opened the pass. `stand_in`: the contact is told, too."""
    who, holder = name(facts.hire), name(collector)
    resend = f"POST /api/passes/{facts.reference}/resend"
    contact = f'To the contact of the office, who has this news, too: {resend} {{"deliverTo": "contact"}}'
    letter = Letter(
        title=f"Nobody has opened the pass for {who} yet",
        lead=f"{holder} has the link and has not used it. It stays right until somebody asks for a fresh one.",
        facts=(("Has the link", holder), *hours_and_site(facts)),
        steps=present(
            f"Call {holder}, who may be on the way: then there is nothing to do.",
            contact if stand_in else "",
            f'To yourselves: {resend} {{"deliverTo": "desk"}}',
        ),
        closing=(
            "Asking takes the role Pass.Request, and ends the link that is out.",
            f"Then somebody else, with Pass.Admin, releases it: POST /api/passes/{facts.reference}/confirm.",
            "Neither of the two may be the one who collects.",
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(facts.desk, f"{who}: nobody has opened the pass yet", letter)


def code_locked_to_desk(facts: Facts) -> Mail:
    """Tell the desk that a hire's link takes no code any more, and the requests that make a fresh one."""
    who = name(facts.hire)
    holder = who if facts.by_text else name(facts.vouches)
    manager = "the manager" if facts.by_text else holder
    resend = f"POST /api/passes/{facts.reference}/resend"
    letter = Letter(
        title=f"{who}: the link takes no pick-up code any more",
        lead=f"{MOST_WRONG} wrong codes were brought with the link that only {who} has.",
        facts=(("Has the link", who), ("Has the code", holder), *hours_and_site(facts)),
        steps=(
            f"Call {who}, on a number you already know: was it them?",
            f"A fresh link to {who} and a fresh code to {holder}: {resend}",
            f'Where somebody else has the link, a link to {manager} instead: {resend} {{"deliverTo": "manager"}}',
        ),
        closing=("The link and the code that are out are dead with either.",),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(facts.desk, letter.title, letter)


def reissues_spent_to_desk(facts: Facts, *, collector: str) -> Mail:
    """Tell the desk that whoever collects has had the pass made anew as often as may be."""
    who, holder = name(facts.hire), name(collector)
    letter = Letter(
        title=f"{who}: the pass was made anew for the last time",
        lead=f"{holder} has had it made anew as often as the page allows. Something else may be wrong.",
        facts=(("Collects", holder), *hours_and_site(facts)),
        closing=(
            f"Call {holder} and ask what happens at the computer.",
            f"Another pass takes a resend: POST /api/passes/{facts.reference}/resend.",
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(facts.desk, letter.title, letter)


def _stands_at(fault: Fault) -> str:
    return f"The onboarding stands at “{plain(fault.status)}” and does not go on as planned without a person."


def _why(fault: Fault) -> tuple[tuple[str, str], ...]:
    return (("Why", plain(fault.reason, 400)), ("What to do", plain(fault.remedy, 400)))


def _made_anew(facts: Facts) -> str:
    if facts.reissue_until is None:
        return ""
    until = ENGLISH.when(facts.reissue_until, facts.zone)
    return f"Until {until} it makes a fresh pass, and nobody has to ask you for one."


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."
