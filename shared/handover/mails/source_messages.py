"""The mails to the helpdesk about an HR source: what cannot be read or heard of, what differs, what is held back.

In English, as all that the helpdesk gets. `source` is its configured name, `remedy` what somebody can do about it.
"""

from collections.abc import Sequence

from shared.handover.mails.letter import Letter
from shared.handover.mails.parts import mail
from shared.handover.wording import plain
from shared.tenant.ports.mail import Mail

MOST_FAULTS = 5
"""In a mail: all of them stand in the verdict."""
MOST_SHOWN = 10
"""Of the records in which a list differs: the numbers tell how many there are."""


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


def _some(texts: Sequence[str]) -> str:
    """Count texts, and show the first of them."""
    shown = ", ".join(plain(text) for text in texts[:MOST_SHOWN])
    return f"{len(texts)}: {shown}{', …' * (len(texts) > MOST_SHOWN)}" if texts else "0"
