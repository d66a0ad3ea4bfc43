"""The translations of one language, read from its gettext catalogue when they are first needed.

The catalogues lie beside this as people edit them (`.po`). They are read as they are: there is nothing to compile, and
so nothing that could be older than its source. `python -m tools.languages` keeps them in step with the texts.
"""

import functools
import gettext
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.languages.language import Language

CATALOGUES = Path(__file__).with_name("catalogues")
_PLURAL = re.compile(r"^Plural-Forms:.*plural=([^;]+);", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Translations by their English text, each with its forms; `form` tells which form goes with a number."""

    texts: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]


@functools.cache
def catalogue(language: Language) -> Catalogue:
    """Return the translations of a language; English, which needs none, has none."""
    if language is Language.ENGLISH:
        return Catalogue({}, lambda number: int(number != 1))
    return parsed((CATALOGUES / f"{language}.po").read_text(encoding="utf-8"))


def parsed(text: str) -> Catalogue:
    """Read a catalogue as `tools.languages` writes it: one entry to a block, every text in C's quotes.

    Not checked here, but by the tests: that nothing is missing, and that every translation keeps its placeholders.

    Raises:
        ValueError: it is no such catalogue.
    """
    entries = [entry for block in text.split("\n\n") if "msgid" in (entry := _fields(block))]
    header = next((entry.get("msgstr", "") for entry in entries if not entry["msgid"]), "")
    plural = _PLURAL.search(header)
    if plural is None:
        raise ValueError("the catalogue does not say how its plural forms are chosen")
    translated = {entry["msgid"]: forms for entry in entries if entry["msgid"] and all(forms := _forms(entry))}
    return Catalogue(translated, gettext.c2py(plural[1]))


def _fields(block: str) -> dict[str, str]:
    """Return the keywords of an entry and their texts, the lines of each put together."""
    fields: dict[str, str] = {}
    keyword = ""
    for line in block.splitlines():
        before, quote, rest = line.partition('"')
        if line.startswith("#") or not quote:
            continue
        keyword = before.strip() or keyword
        # What Babel escapes is what JSON does, too: backslash, quotation mark, tab and the ends of lines.
        fields[keyword] = fields.get(keyword, "") + json.loads(quote + rest)
    return fields


def _forms(entry: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(text for keyword, text in entry.items() if keyword.startswith("msgstr"))
