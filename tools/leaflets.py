"""Write the leaflet for managers, one page to print in each language: docs/leaflets/{language}.html.

Every sentence is one of the mails or the page, in the catalogue's words, so that the leaflet says what they say. It
fetches nothing, and names neither a person nor a company: the address of the helpdesk is written in by hand.
"""

import html
import re
from pathlib import Path

from shared.languages.language import Language
from shared.languages.voice import Voice

LEAFLETS = Path(__file__).resolve().parent.parent / "docs" / "leaflets"
_BLANK = "____________________________"
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_STYLE = """
@page{size:A4;margin:16mm 18mm}
*{box-sizing:border-box}
body{max-width:44rem;margin:0 auto;padding:24px 20px;color:#12201d;background:#fff;
  font:15px/1.45 -apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans JP",Arial,sans-serif}
h1{margin:0 0 .6rem;padding:.3rem 0 .6rem;border-bottom:4px solid #0b6a5d;font-size:1.7rem;line-height:1.2}
h2{margin:1.1rem 0 .35rem;font-size:1.12rem;color:#0b6a5d}
ol,ul{margin:0;padding-left:1.4em}
li{margin:0 0 .3rem}
footer{margin-top:1.2rem;padding:.7rem .9rem;border:2px solid #0b6a5d;border-radius:10px}
footer p{margin:.2rem 0}
@media print{body{padding:0;font-size:11pt}}
"""


def leaflet(language: Language) -> str:
    """Write the leaflet in a language, as one HTML document."""
    say = Voice(language).say
    keep = say("Do not forward this mail. The link works only for you, and nobody from IT will ever ask for it.")
    parts = (
        f"<h1>{_esc(say('First sign-in'))}</h1>",
        _list(
            "ol",
            say("Sign in with your own work account."),
            say(
                "Press “Show the pass”, and read or hand it over in person, or by a call to a number you already know."
            ),
            say("Keep the page until the computer has restarted: it may ask for the pass twice."),
        ),
        f"<h2>{_esc(say('Before you read it out'))}</h2>",
        _list("ul", say("**See or hear** that it is them."), say("**Never send** the pass by chat or mail.")),
        f"<h2>{_esc(say('At the new computer'))}</h2>",
        _list(
            "ol",
            say("At the bottom of the screen: **Sign-in options**, then the **globe**. Press **Sign in**."),
            say("Type the **user name**: {user}", user=_BLANK),
            say("Type **this pass**. Capital and small letters differ."),
            say(
                "The computer may **restart and ask once more**: the globe again, the same pass. "
                "Keep this page until then."
            ),
        ),
        f"<h2>{_esc(say('The globe is missing or does not open'))}</h2>",
        _list(
            "ul",
            say("**Check the network:** the sign in the lower right corner. Without internet the globe does not open."),
            say("**Restart** the computer: the power sign in the lower right corner."),
            say(
                "**No globe?** Leave the computer connected for a quarter of an hour, then restart it. "
                "It fetches its settings first."
            ),
            say(
                "**A globe that stays shut?** Windows needs its updates before the pass is used. "
                "The helpdesk can install them."
            ),
        ),
        "<footer>",
        f"<p>{_esc(keep)}</p>",
        f"<p><b>{_esc(say('Helpdesk: {address}', address=_BLANK))}</b></p>",
        "</footer>",
    )
    head = (
        '<!doctype html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<title>{title}</title>\n'
        "<style>{style}</style>\n</head>\n<body>\n"
    ).format(tag=language.tag, title=_esc(say("First sign-in")), style=_STYLE)
    return head + "\n".join(parts) + "\n</body>\n</html>\n"


def write() -> None:
    """Write all of them."""
    LEAFLETS.mkdir(exist_ok=True)
    for language in Language:
        (LEAFLETS / f"{language}.html").write_text(leaflet(language), encoding="utf-8")


def _list(kind: str, *items: str) -> str:
    return f"<{kind}>\n" + "\n".join(f"<li>{_esc(item)}</li>" for item in items) + f"\n</{kind}>"


def _esc(text: str) -> str:
    """Escape a text, and let stand out what is marked so."""
    return _BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False))
