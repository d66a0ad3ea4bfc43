"""The messages of a hire who collects alone: the link by mail, the code by text, and what the manager hears of it."""

from shared.channels.one_part import fits_one_part
from shared.handover.keys.pickup import LENGTH, PickupCode
from shared.handover.keys.secrets import Link
from shared.handover.mails.hires_mail import WhereCode, link_mail
from shared.handover.mails.lock_mail import lock_mail
from shared.handover.mails.notice_mail import Part, notice_mail
from shared.handover.mails.parts import Facts, right_link
from shared.handover.mails.unusual import unusual
from shared.handover.wording import name
from shared.languages.voice import ENGLISH, Voice
from shared.tenant.ports.mail import Mail


def notice(to: str, facts: Facts) -> Mail:
    """Tell the manager, the working day before, who comes, and that he has no part in it."""
    say, who = facts.voice.say, name(facts.hire)
    part = Part(
        say("{who} gets a link and a code for the first sign-in. There is nothing to do for you.", who=who),
        (
            right_link(facts) or say("The link goes to {who} by mail, and the code as a text message.", who=who),
            say("{who} opens the link on a phone, types the code and sees a Temporary Access Pass.", who=who),
        ),
    )
    return notice_mail(to, facts, part, unusual(facts))


def link(to: str, facts: Facts, url: Link, *, delivery: int) -> Mail:
    """Send the link to the hire's private address. `delivery` is its number, from 1, as in the text with the code."""
    lead = facts.voice.say("With this link, and a code in a text message, you get the pass for your new work account.")
    where = facts.voice.several(
        "Look for the text message that came with this mail. Its code has {n} letter.",
        "Look for the text message that came with this mail. Its code has {n} letters.",
        LENGTH,
    )
    return link_mail(to, facts, url, delivery=delivery, code=WhereCode(lead, where))


def code(voice: Voice, pickup: PickupCode, *, delivery: int) -> str:
    """Write the text with the code: one part, and nobody's name. English, where the reader's language takes more."""
    said = _code(voice, pickup, delivery)
    return said if fits_one_part(said) else _code(ENGLISH, pickup, delivery)


def locked(to: str, facts: Facts) -> Mail:
    """Tell the manager that too many wrong codes were brought. Neither link nor code."""
    say, who = facts.voice.say, name(facts.hire)
    anew = say("If so, ask the helpdesk for a fresh link and code, which come to {who} within a minute.", who=who)
    return lock_mail(to, facts, anew)


def _code(voice: Voice, pickup: PickupCode, delivery: int) -> str:
    return voice.say("{code}: your code for link number {number}. Tell nobody.", code=pickup.grouped, number=delivery)
