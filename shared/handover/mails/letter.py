"""One letter, written twice: as HTML for a phone and as plain text, from the same parts, so that both say the same.

Every text of a letter is escaped when it is written; a letter holds no markup.
"""

import functools
import html
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from urllib.parse import quote

from shared.handover.keys.pickup import PickupCode, spelled
from shared.handover.keys.secrets import Link
from shared.languages.voice import ENGLISH, Voice

_TEMPLATE = Path(__file__).with_name("mail.html")


@dataclass(frozen=True, slots=True)
class Letter:
    """The parts of a mail, in the order in which they are read.

    `facts` are label and value; `notes` stand out; `steps` are numbered. `link` is shown as a button named
    `action`, and in full below it; `code` as large as it is to be read out. `desk` is the address of the helpdesk,
    `reference` what to quote to it. `voice` speaks the reader's language, in which all of it is written.
    """

    title: str
    lead: str
    desk: str
    reference: str
    facts: tuple[tuple[str, str], ...]
    kicker: str
    voice: Voice = ENGLISH
    notes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    action: str = ""
    link: Link | None = field(default=None, repr=False)
    code: PickupCode | None = field(default=None, repr=False)
    urgent: bool = False


def as_text(letter: Letter) -> str:
    """Write the letter as plain text. Lines are left long: a date, a name or a link must be found in one piece."""
    say = letter.voice.say
    parts = [f"{letter.kicker}\n{letter.title}\n{'=' * min(len(letter.title), 72)}", letter.lead]
    parts.append("\n".join(f"{label}: {value}" for label, value in letter.facts))
    parts += [f"! {note}" for note in letter.notes]
    if letter.link is not None:
        parts.append(f"{letter.action}:\n{letter.link.reveal()}")
    if letter.code is not None:
        parts.append(f"{say('The code: {code}', code=letter.code.grouped)}\n{spelled(letter.code)}")
    parts.append("\n".join(f"{number}. {step}" for number, step in enumerate(letter.steps, 1)))
    parts += letter.closing
    desk = say("Helpdesk: {address}", address=letter.desk)
    parts.append(f"-- \n{desk}\n{say('Reference: {reference}', reference=letter.reference)}")
    return "\n\n".join(part for part in parts if part) + "\n"


def as_html(letter: Letter) -> str:
    """Write the letter as one HTML document: no script, no image, nothing fetched from anywhere."""
    say = letter.voice.say
    subject = say("Reference {reference}", reference=letter.reference)
    return _template().substitute(
        lang=letter.voice.language.tag,
        title=_esc(letter.title),
        kicker=_esc(letter.kicker),
        lead=_esc(letter.lead),
        accent="#b3261e" if letter.urgent else "#0b6a5d",
        tone="urgent" if letter.urgent else "calm",
        facts="".join(_fact(label, value) for label, value in letter.facts),
        notes="".join(
            f'<tr><td class="pad" style="padding:0 28px"><p class="note" style="{_NOTE}">{_esc(n)}</p></td></tr>'
            for n in letter.notes
        ),
        button=_button(letter, letter.link) if letter.link is not None else _plate(letter.code),
        steps=_steps(letter.steps),
        closing="".join(
            f'<p class="ink" style="margin:0 0 12px;overflow-wrap:anywhere">{_esc(text)}</p>' for text in letter.closing
        ),
        questions=_esc(say("Questions? Helpdesk:")),
        desk=_esc(letter.desk),
        mailto=_esc(f"mailto:{quote(letter.desk, safe='@')}?subject={quote(subject)}"),
        reference_label=_esc(say("Reference for the helpdesk:")),
        reference=_esc(letter.reference),
    )


_NOTE = (
    "margin:0 0 12px;padding:12px 14px;border-left:4px solid #c77700;border-radius:6px;background:#fff4e0;color:#4a2f00"
)


def _fact(label: str, value: str) -> str:
    # A label above its value: two columns would squeeze a date and its zone at phone width.
    return (
        '<tr><td class="rule" style="padding:10px 0;border-top:1px solid #e3e7e6">'
        f'<div class="soft" style="font-size:13px;line-height:18px;color:#5a6664">{_esc(label)}</div>'
        f'<div class="ink" style="font-weight:600;overflow-wrap:anywhere" dir="auto">{_esc(value)}</div></td></tr>'
    )


def _button(letter: Letter, link: Link) -> str:
    address = _esc(link.reveal())
    otherwise = _esc(letter.voice.say("If the button does nothing, copy this address into your browser:"))
    return (
        '<tr><td class="pad" style="padding:8px 28px 20px">'
        f'<a class="button" href="{address}" style="display:block;padding:15px 20px;border-radius:10px;'
        f'background:#0b6a5d;color:#ffffff;font-weight:700;text-align:center;text-decoration:none">{_esc(letter.action)}</a>'
        '<p class="soft" style="margin:12px 0 0;font-size:13px;line-height:19px;color:#5a6664;overflow-wrap:anywhere;'
        f'word-break:break-word">{otherwise}<br>{address}</p>'
        "</td></tr>"
    )


def _plate(code: PickupCode | None) -> str:
    if code is None:
        return ""
    return (
        '<tr><td class="pad" style="padding:8px 28px 20px">'
        '<p class="note" style="margin:0;padding:18px 14px 6px;border-radius:10px 10px 0 0;background:#fff4e0;'
        "color:#4a2f00;font:700 30px/38px Consolas,Menlo,monospace;letter-spacing:2px;text-align:center;"
        f'white-space:nowrap">{_esc(code.grouped)}</p>'
        '<p class="note" style="margin:0;padding:0 14px 16px;border-radius:0 0 10px 10px;background:#fff4e0;'
        f'color:#4a2f00;text-align:center">{_esc(spelled(code))}</p></td></tr>'
    )


def _steps(steps: tuple[str, ...]) -> str:
    if not steps:
        return ""
    items = "".join(
        f'<li style="margin:0 0 8px;padding-left:4px;overflow-wrap:anywhere">{_esc(step)}</li>' for step in steps
    )
    return f'<ol class="ink" style="margin:0 0 16px;padding-left:22px">{items}</ol>'


def _esc(text: str) -> str:
    return html.escape(text, quote=True)


@functools.cache
def _template() -> Template:
    return Template(_TEMPLATE.read_text(encoding="utf-8"))
