"""What every mail about an onboarding is made of: the facts, the lines that tell them, and the mail itself."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from shared.handover.mails.letter import Letter, as_html, as_text
from shared.handover.wording import is_address, name, plain
from shared.languages.language import Language
from shared.languages.voice import Voice
from shared.onboarding.reasons import Reason
from shared.planning.exceptional import Exceptional
from shared.tenant.ports.mail import Mail


@dataclass(frozen=True, slots=True)
class Facts:
    """What the mails of one onboarding are written from. Instants are aware; `zone` is the site's IANA name.

    `hire` and `site` may come from HR as they are: they are made harmless here. `exceptions` set the plan apart from
    the usual one; `collector_zone` is the reader's own zone where that is known. `link_mailed_at`: when the mail with
    the link that is right was sent, None before the first. `by_desk`: the helpdesk collects. `vouches`: the manager who
    tells the hire the code, where the hire collects; empty where nobody does. `by_text`: the hire collects, with a code
    that comes as a text. `instead_of`: why those of the chain who come before whoever collects cannot. `reissue_until`:
    until when whoever collects may have the pass made anew with that link, None where he may not. `language`: the
    reader's.
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
    by_text: bool = False
    instead_of: tuple[Reason, ...] = ()
    reissue_until: datetime | None = None
    language: Language = Language.ENGLISH

    @property
    def voice(self) -> Voice:
        """Who speaks to the reader."""
        return Voice(self.language)

    def told_in(self, language: Language) -> Self:
        """Return the same facts for a reader of this language."""
        return replace(self, language=language)


def hours_and_site(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Tell when and where, as labels and values."""
    say, voice = facts.voice.say, facts.voice
    return (
        (say("Starts"), voice.when(facts.starts_at, facts.zone)),
        *site(facts),
        (say("The page opens"), voice.when(facts.opens_at, facts.zone)),
        (say("The pass works"), voice.period(facts.valid_from, facts.valid_until, facts.zone)),
    )


def site(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Tell where, if that is known."""
    where = plain(facts.site or "")
    return ((facts.voice.say("Site"), where),) if where else ()


def right_link(facts: Facts) -> str:
    """Say which link stays right; empty before the first."""
    if facts.link_mailed_at is None:
        return ""
    say = facts.voice.say
    mailed = facts.voice.when(facts.link_mailed_at, facts.zone)
    if facts.vouches or facts.by_text:
        who = name(facts.hire)
        return say(
            "The link that {who} has from our mail of {mailed}, and its code, stay right.", who=who, mailed=mailed
        )
    return say("The link in our mail of {mailed} stays right.", mailed=mailed)


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
