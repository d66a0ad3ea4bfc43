"""The pages under `/pass/`: the same bytes for every id, and the headers of every answer there.

GET changes nothing and reveals nothing: mail scanners fetch it, run its script and press its buttons. There is one page
for each language, and which of them is sent depends on the address and the browser alone, never on an onboarding.
"""

import base64
import functools
import hashlib
import html
import json
import re
from pathlib import Path

from shared.languages.catalogue import catalogue
from shared.languages.language import Language
from shared.languages.voice import DAYS, MONTHS, Voice

REFUSAL_TITLE = "This link is not, or no longer, for the account you are signed in with"
HAND_OVER, CODE = "page", "code"
"""The page of whoever collects, and that of whoever holds a hire's code; they share their looks."""
IN_MARKUP = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)
"""A text of a page's markup. `**…**` stands out, `{…}` is filled in by the script."""
IN_SCRIPT = re.compile(r'\b(say|several)\("((?:[^"\\]|\\.)*)"(?:, "((?:[^"\\]|\\.)*)")?')
"""A text of a page's script, in English; of `several`, its second form as well."""
_HERE = Path(__file__).parent
_INLINE = re.compile(rb"<(script|style)>(.*?)</\1>", re.DOTALL)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_SLOTS = {
    "{who}": '<bdi data-fill="who"></bdi>',
    "{user}": '<bdi class="user" data-fill="user"></bdi>',
    "{opens}": '<span data-fill="opens"></span>',
    "{openedAt}": '<span data-fill="openedAt"></span>',
    "{usedAt}": '<span data-fill="usedAt"></span>',
    "{help}": "<span data-help></span>",
}
_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "publickey-credentials-get", "usb")
_EVERYWHERE = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet",
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@functools.cache
def page_body(name: str = HAND_OVER, language: Language = Language.ENGLISH) -> bytes:
    """Return a page in a language, UTF-8: one document, with its style, its script and the script's words inside."""
    files = (f"{name}.html", "page.css", f"{name}.js")
    markup, style, script = ((_HERE / file).read_text(encoding="utf-8") for file in files)
    voice = Voice(language)
    spoken = IN_MARKUP.sub(lambda found: _marked_up(voice.say(found[1], **_ITSELF)), markup)
    # Minified would be smaller, but whoever reviews what a browser runs next to a pass should be able to read it.
    parts = {
        "{lang}": language.tag,
        "{own name}": language.own_name,
        "{languages}": "".join(_choice(one, language) for one in Language),
        "{words}": html.escape(json.dumps(_words(script, language), ensure_ascii=False), quote=False),
        "<style></style>": f"<style>{style}</style>",
        "<script></script>": f"<script>{script}</script>",
    }
    for place, part in parts.items():
        spoken = spoken.replace(place, part, 1)
    return spoken.encode()


def page_headers(name: str = HAND_OVER) -> dict[str, str]:
    """Return all headers of a page, its type and a policy that allows its own script and style alone."""
    return {
        **_EVERYWHERE,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": _page_policy(name),
        "Vary": "Accept-Language",
    }


def answer_headers() -> dict[str, str]:
    """Return the headers of every other answer under `/pass/`; the content type is the caller's."""
    return {**_EVERYWHERE, "Content-Security-Policy": _NOTHING}


_ITSELF = {slot[1:-1]: slot for slot in _SLOTS}
"""A text of the markup keeps its placeholders until it is escaped."""


def _marked_up(text: str) -> str:
    """Escape a translation, and then put in the markup that it may have: no translation brings any of its own."""
    bold = _BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False))
    return functools.reduce(lambda made, slot: made.replace(slot, _SLOTS[slot]), _SLOTS, bold)


def _choice(one: Language, present: Language) -> str:
    here = ' aria-current="true"' if one is present else ""
    return f'<li><a href="?lang={one}" lang="{one.tag}" hreflang="{one.tag}"{here}>{one.own_name}</a></li>'


def _words(script: str, language: Language) -> dict[str, tuple[str, ...]]:
    """Return the translations of the script's own texts, and of the parts of a date."""
    texts = catalogue(language).texts
    said = (json.loads(f'"{found[2]}"') for found in IN_SCRIPT.finditer(script))
    return {text: texts[text] for text in dict.fromkeys((*DAYS, *MONTHS, *said)) if text in texts}


@functools.cache
def _page_policy(name: str) -> str:
    """Name what may run by its hash: script and style are the same in every language."""
    allowed = {b"script": "script-src", b"style": "style-src"}
    hashed = (f"{allowed[kind]} {_hash(content)}" for kind, content in _INLINE.findall(page_body(name)))
    return "; ".join(
        (_NOTHING, "connect-src 'self'", "require-trusted-types-for 'script'", "trusted-types 'none'", *hashed)
    )


def _hash(content: bytes) -> str:
    """Name a content as Content-Security-Policy level 3 does: browsers hash exactly what stands between the tags."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"
