"""The mails to the helpdesk, as pure functions of a few facts. No pass and no link is in any of them.

They are in English, as is all that the helpdesk works with: the statuses, reasons and requests of the API.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.handover.keys.pickup import MOST_WRONG
from shared.handover.mails.letter import Letter
from shared.handover.mails.parts import Facts, hours_and_site, mail, present, right_link
from shared.handover.wording import name, plain
from shared.languages.voice import ENGLISH
from shared.onboarding.reasons import passed_over
from shared.planning.waves import Late
from shared.tenant.ports.mail import Mail

MOST_FAULTS = 5
"""In a mail: all of them stand in the verdict."""
MOST_SHOWN = 10
"""Of the records in which a list differs: the numbers tell how many there are."""


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


def _made_anew(facts: Facts) -> str:
    if facts.reissue_until is None:
        return ""
    until = ENGLISH.when(facts.reissue_until, facts.zone)
    return f"Until {until} it makes a fresh pass, and nobody has to ask you for one."


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."


def crowd_to_desk(late: tuple[Late, ...], per_minute: int, desk: str, zone: str) -> Mail:
    """Tell the desk, days ahead, of mornings on which not all passes can be ready when their window opens."""
    letter = Letter(
        title="More first sign-ins than can be made ready in time",
        lead="So many start within these hours that some passes will be made after their page has opened.",
        facts=tuple((ENGLISH.when(one.deadline, zone), _how_late(one)) for one in late),
        closing=(_WHY_LATE.format(per_minute=per_minute), _LESS_LATE),
        desk=desk,
        reference="crowd",
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(desk, f"{sum(one.passes for one in late)} passes cannot be ready in time", letter)


def source_to_desk(source: str, records: int, remedy: str, desk: str) -> Mail:
    """Tell the desk that records of an HR system cannot be read; those hires are not known here until they can."""
    letter = Letter(
        title=f"Hires of {plain(source)} cannot be read",
        lead="The HR system told of people, and their records could not be read. Whoever starts is not known here yet.",
        facts=(("Records", str(records)), ("What to do", remedy)),
        desk=desk,
        reference=source,
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(desk, f"{plain(source)}: {records} records cannot be read", letter)


def reconciled_to_desk(
    source: str, unheard: Sequence[str], moved: Sequence[str], gone: Sequence[str], *, desk: str
) -> Mail:
    """Tell the desk in what the list of an HR system differs from what is known; all of it is read by itself.

    Each text is a record by the HR system's own id with its first days, as read before and as listed now.
    """
    letter = Letter(
        title=f"{plain(source)} was compared with what is known of it",
        lead="What differs is read now, and counts as its record says. Nobody is called off because a list lacks him.",
        facts=(
            ("Of whom no event told", _some(unheard)),
            ("With another first day", _some(moved)),
            ("Not in the list any more", _some(gone)),
        ),
        closing=("Events may get lost on the way. If this comes every day, look at the webhook in the HR system.",),
        desk=desk,
        reference=source,
        kicker="For the helpdesk",
    )
    differ = len(unheard) + len(moved) + len(gone)
    return mail(desk, f"{plain(source)}: {differ} records differ from what is known", letter)


def _some(texts: Sequence[str]) -> str:
    """Count texts, and show the first of them."""
    shown = ", ".join(plain(text) for text in texts[:MOST_SHOWN])
    return f"{len(texts)}: {shown}{', …' * (len(texts) > MOST_SHOWN)}" if texts else "0"


def list_fault_to_desk(source: str, remedy: str, desk: str) -> Mail:
    """Tell the desk that the list of an HR system cannot be read, so that nobody finds events that were lost."""
    letter = Letter(
        title=f"The list of {plain(source)} cannot be read",
        lead="Hires that were announced go on. An event that was lost on the way is not found until this is mended.",
        facts=(("What to do", plain(remedy, 400)),),
        closing=("It is tried again every half hour, and you hear no more of it until it has worked.",),
        desk=desk,
        reference=source,
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(desk, f"{plain(source)}: the list of people cannot be read", letter)


def table_to_desk(source: str, file: str, faults: Sequence[str], desk: str, *, applied: bool) -> Mail:
    """Tell the desk of a table left in a container that is wrong: which rows and fields, and no value."""
    more = (f"and {len(faults) - MOST_FAULTS} more",) if len(faults) > MOST_FAULTS else ()
    letter = Letter(
        title=f"A table of {plain(source)} has to be mended",
        lead="Its good rows were taken." if applied else "Nothing of it was taken.",
        facts=(
            ("File", plain(file)),
            ("What is wrong", "; ".join([plain(fault, 200) for fault in faults[:MOST_FAULTS]] + [*more])),
        ),
        closing=(
            "What became of it lies beside it for fourteen days, under its name and .result.json.",
            "The table itself is deleted: leave it there again when it is mended.",
        ),
        desk=desk,
        reference=source,
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(desk, f"{plain(source)}: a table has to be mended", letter)


def container_fault_to_desk(source: str, detail: str, desk: str) -> Mail:
    """Tell the desk that the container in which an HR source leaves its tables cannot be looked through."""
    letter = Letter(
        title=f"The container of {plain(source)} cannot be read",
        lead="Tables that HR leaves there are not taken. Hires known already go on.",
        facts=(
            ("Why", plain(detail, 200)),
            (
                "What to do",
                "See that the container exists, and that the app's identity is its Storage Blob Data Contributor.",
            ),
        ),
        closing=("It is tried again every five minutes, and you hear no more of it until it has worked.",),
        desk=desk,
        reference=source,
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(desk, f"{plain(source)}: its container cannot be read", letter)


def subscription_fault_to_desk(source: str, reason: str, remedy: str, desk: str) -> Mail:
    """Tell the desk that Entra does not tell the app of its users, so that hires are not heard of, or late."""
    letter = Letter(
        title=f"Entra does not tell {plain(source)} of its users",
        lead="The subscription of change notifications cannot be made or renewed, or nobody says what it has missed.",
        facts=(("Why", plain(reason)), ("What to do", plain(remedy, 400))),
        closing=(
            "Hires known already go on, and once a day all starts to come are compared.",
            "It is tried again every ten minutes, and you hear no more of this reason until it has worked.",
        ),
        desk=desk,
        reference=source,
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(desk, f"{plain(source)}: Entra does not tell of its users", letter)


def held_to_desk(source: str, reason: str, advice: str, until: str, desk: str) -> Mail:
    """Tell the desk that hires of an HR source are held back. `until`: the instant up to which it has happened."""
    body = f'{{"source": "{source}", "reason": "{reason}", "heldUntil": "{until}"}}'
    letter = Letter(
        title=f"Hires of {plain(source)} are held back",
        lead="They are stored, and nobody gets a link or a pass by them until somebody lets them go.",
        facts=(("Why", plain(reason)), ("What to do", plain(advice, 400))),
        steps=(
            "Look at them: GET /api/passes?status=waiting. More may have come since this mail.",
            f"Let go of one: POST /api/passes/{{id}}/confirm. Of all until you looked: POST /api/passes/confirm {body}",
            "If HR knows nothing of them, its secret is in other hands: take it out of HR_SOURCES, and revoke them.",
        ),
        closing=(
            "Letting go takes the role Pass.Admin. You hear no more of this source for six hours.",
            "Of those who are still held back you hear once more when the notice would be due, the working day before.",
        ),
        desk=desk,
        reference=source,
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(desk, f"{plain(source)}: hires are held back ({plain(reason)})", letter)


_WHY_LATE = (
    "Microsoft Graph grants this app {per_minute} passes a minute, and none is made earlier than twenty hours before. "
    "All are made, soonest start first; those who come last have to wait."
)
_LESS_LATE = (
    "Ask HR to spread the hours of these starts (startTime), or the days. If your tenant is granted more requests, "
    "set PASS_REQUESTS_PER_10_SECONDS to what it has."
)


def _how_late(one: Late) -> str:
    minutes = -(-one.by // timedelta(minutes=1))
    return f"{one.passes} passes late, by up to {minutes // 60}:{minutes % 60:02} hours"


def _stands_at(fault: Fault) -> str:
    return f"The onboarding stands at “{plain(fault.status)}” and does not go on as planned without a person."


def _why(fault: Fault) -> tuple[tuple[str, str], ...]:
    return (("Why", plain(fault.reason, 400)), ("What to do", plain(fault.remedy, 400)))
