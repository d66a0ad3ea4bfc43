"""What every mail about an onboarding is made of: the facts, the lines that tell them, and the mail itself."""

from dataclasses import dataclass
from datetime import datetime

from shared.handover.letter import Letter, as_html, as_text
from shared.handover.wording import is_address, name, period, plain, when
from shared.planning.exceptional import Exceptional
from shared.tenant.ports import Mail


@dataclass(frozen=True, slots=True)
class Facts:
    """What the mails of one onboarding are written from. Instants are aware; `zone` is the site's IANA name.

    `hire` and `site` may come from HR as they are: they are made harmless here. `exceptions` set the plan apart from
    the usual one; `collector_zone` is the reader's own zone where that is known. `link_mailed_at`: when the mail with
    the link that is right was sent, None before the first. `by_desk`: the helpdesk collects. `vouches`: the manager who
    tells the hire the code, where the hire collects; empty where somebody else does. `because`: why it is not the first
    of the chain who collects, as the rest of a sentence. `reissue_until`: until when whoever collects may have the pass
    made anew with that link, None where he may not.
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
    exceptions: tuple[Exceptional, ...] = ()
    collector_zone: str | None = None
    link_mailed_at: datetime | None = None
    by_desk: bool = False
    vouches: str = ""
    because: str = ""
    reissue_until: datetime | None = None


def hours_and_site(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Tell when and where, as labels and values."""
    return (
        ("Starts", when(facts.starts_at, facts.zone)),
        *site(facts),
        ("The page opens", when(facts.opens_at, facts.zone)),
        ("The pass works", period(facts.valid_from, facts.valid_until, facts.zone)),
    )


def site(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Tell where, if that is known."""
    where = plain(facts.site or "")
    return (("Site", where),) if where else ()


def right_link(facts: Facts) -> str:
    """Say which link stays right; empty before the first."""
    if facts.link_mailed_at is None:
        return ""
    mailed = when(facts.link_mailed_at, facts.zone)
    if facts.vouches:
        return f"The link that {name(facts.hire)} has from our mail of {mailed}, and its code, stay right."
    return f"The link in our mail of {mailed} stays right."


def present(*texts: str) -> tuple[str, ...]:
    """Leave out what is empty."""
    return tuple(text for text in texts if text)


def mail(to: str, subject: str, letter: Letter) -> Mail:
    """Put a letter into a mail.

    Raises:
        ValueError: `to` or the desk is not one plain mail address.
    """
    if not is_address(to) or not is_address(letter.desk):
        raise ValueError("not one plain mail address")
    return Mail(to, plain(subject, 200), as_text(letter), as_html(letter), letter.reference)
