"""Text from outside, made harmless for mails, pages and records."""

import re
import unicodedata

NO_NAME = "(?)"
_JOINERS = "\u200c\u200d"
_MARKS_IN_A_ROW = 4
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,255}")
_DOT_BEFORE_WORD = re.compile(r"([.\u3002\uff0e\uff61])(?=\w)")


def clean(text: str, limit: int = 120) -> str:
    """Make text from outside fit for one line of a header, audit record or page.

    Control, format and bidirectional characters, line breaks and unassigned code points go; spaces are folded; piles of
    combining marks are cut; longer text ends in "…". Not done here: HTML escaping, which is the renderer's.
    """
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text[: limit * 8]):
        category = unicodedata.category(char)
        marks = marks + 1 if category.startswith("M") else 0
        if category in {"Cc", "Zl", "Zp", "Zs"}:
            kept.append(" ")
        elif marks <= _MARKS_IN_A_ROW and (not category.startswith("C") or char in _JOINERS):
            kept.append(char)
    folded = " ".join("".join(kept).split())
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def plain(text: str, limit: int = 120) -> str:
    """Make text from outside (names from HR or a directory) harmless in a mail: clean, and never turned into a link.

    Mail clients make links of what looks like one. A dot inside a word gets a space behind it, and "://" one in front
    of its slashes: "J.R. Ewing" reads as well as before, "evil.example" cannot be tapped.
    """
    unlinked = _DOT_BEFORE_WORD.sub(r"\1 ", clean(text, limit)).replace("://", ": //")
    return clean(unlinked, limit)


def is_address(text: str) -> bool:
    """Tell whether a text is one plain mail address: without a name, a list or anything unseen. Not that it exists."""
    return _ADDRESS.fullmatch(text) is not None and text.isprintable()


def name(text: str, limit: int = 80) -> str:
    """Make a person's name harmless, and never empty."""
    return plain(text, limit).strip(_JOINERS) or NO_NAME
