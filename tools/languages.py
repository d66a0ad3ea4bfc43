"""Keep the catalogues of the languages in step with the texts of mails and page: `make languages`.

Each catalogue, `shared/languages/catalogues/{language}.po`, gets an entry for every text that a module of the hand-over
says, module by module, in the order in which they stand there, and loses those that no text needs any more. What is
translated stays; a text that was changed has to be translated anew, for nothing is guessed. Days, months and the order
of a date come from CLDR, by way of Babel.
"""

import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

from shared.handover.pages.page import CODE, HAND_OVER, IN_MARKUP, IN_SCRIPT
from shared.languages.catalogue import CATALOGUES
from shared.languages.language import Language
from shared.languages.voice import DATE, DAYS, MONTHS
from shared.onboarding.reasons import PASSED_OVER
from tools import leaflets

ROOT = Path(__file__).resolve().parent.parent
TRANSLATED = tuple(language for language in Language if language is not Language.ENGLISH)
_HAND_OVER = ROOT / "shared" / "handover"
_PAGES = _HAND_OVER / "pages"
_KEYWORDS = {"say": None, "several": (1, 2)}
_HEADER = """\
# {name} ({tag}), of mails and page.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
# Where the pattern counts months, as in Japanese, the name is that number with its sign behind it.
_FIELDS = {"EEEE": "{weekday}", "MMMM": "{month}", "M月": "{month}", "d": "{day}", "y": "{year}"}
_FIELD = re.compile(r"'[^']*'|EEEE|MMMM|M月|d|y")


class Text(NamedTuple):
    """A text of the product, in English. `forms` are two where it is about a number of things."""

    forms: tuple[str, ...]
    place: str

    @property
    def id(self) -> str | tuple[str, ...]:
        """As Babel names it."""
        return self.forms if len(self.forms) > 1 else self.forms[0]


def main() -> int:
    """Bring catalogues and leaflets up to date, say what is to be translated, and return 1 if anything is."""
    missing = 0
    for language in TRANSLATED:
        catalog = updated(read(language), language)
        path_of(language).write_bytes(written(catalog, language))
        untranslated = [message.id for message in catalog if message.id and not _is_translated(message.string)]
        for text in untranslated:
            print(f"{language}: {text}")
        missing += len(untranslated)
    leaflets.write()
    print(f"{missing} texts are to be translated." if missing else "Every text is translated.")
    return 1 if missing else 0


def path_of(language: Language) -> Path:
    """Return where a catalogue lies."""
    return CATALOGUES / f"{language}.po"


def read(language: Language) -> Catalog:
    """Read a catalogue; an empty one where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language.value)
    with path.open("rb") as file:
        return read_po(file, locale=language.value, abort_invalid=True)


def updated(old: Catalog, language: Language) -> Catalog:
    """Return the catalogue of a language with an entry for every text, translated where the old one has it."""
    catalog = Catalog(locale=language.value)
    dates = cldr(language)
    for text in texts():
        before = old.get(text.id)
        known = dates.get(text.forms[0]) or (before.string if before is not None and before.id == text.id else None)
        catalog.add(text.id, known, locations=[(text.place, 0)])
    return catalog


def written(catalog: Catalog, language: Language) -> bytes:
    """Write a catalogue. Nothing of when or by what it was written: it changes where a text does."""
    entries = io.BytesIO()
    write_po(entries, catalog, width=110, include_lineno=False, omit_header=True)
    header = _HEADER.format(name=language.own_name, tag=language.tag, language=language, plural=catalog.plural_forms)
    return header.encode() + entries.getvalue()


def texts() -> Iterator[Text]:
    """Return every text that is to be translated, those of the mails first; one that stands twice comes once."""
    seen: set[str] = set()
    for text in _all_texts():
        if text.forms[0] not in seen:
            seen.add(text.forms[0])
            yield text


def cldr(language: Language) -> dict[str, str]:
    """Return days, months and the order of a date as CLDR has them, by their English words."""
    locale = Locale.parse(language.tag, sep="-")
    days, months = locale.days["format"]["wide"], locale.months["format"]["wide"]
    pattern = _FIELD.sub(lambda field: _FIELDS.get(field[0], field[0].strip("'")), locale.date_formats["full"].pattern)
    return {
        **{name: days[number] for number, name in enumerate(DAYS)},
        **{name: months[number] for number, name in enumerate(MONTHS, 1)},
        DATE: pattern,
    }


def _all_texts() -> Iterator[Text]:
    yield from (Text((name,), "shared/languages/voice.py") for name in (*DAYS, *MONTHS, DATE))
    yield from _in_python(ROOT / "shared" / "languages" / "voice.py")
    for module in sorted(_HAND_OVER.rglob("*.py")):
        yield from _in_python(module)
    yield from (Text((clause,), "shared/onboarding/reasons.py") for clause in PASSED_OVER.values())
    for page in (HAND_OVER, CODE):
        yield from _in_page(page)


def _in_page(name: str) -> Iterator[Text]:
    markup, script = (_PAGES / f"{name}.{kind}" for kind in ("html", "js"))
    place = str(markup.relative_to(ROOT))
    yield from (Text((found[1],), place) for found in IN_MARKUP.finditer(markup.read_text(encoding="utf-8")))
    for found in IN_SCRIPT.finditer(script.read_text(encoding="utf-8")):
        forms = tuple(json.loads(f'"{form}"') for form in (found[2], found[3]) if form)
        yield Text(forms, str(script.relative_to(ROOT)))


def _in_python(path: Path) -> Iterator[Text]:
    place = str(path.relative_to(ROOT))
    with path.open("rb") as file:
        for _, keyword, said, _ in extract_python(file, _KEYWORDS, [], {"encoding": "utf-8"}):
            forms: tuple[object, ...] = tuple(said) if isinstance(said, list | tuple) else (said,)
            given = tuple(form for form in forms if isinstance(form, str))
            if given:
                yield Text(given[: 2 if keyword == "several" else 1], place)


def _is_translated(string: str | Sequence[str] | None) -> bool:
    return bool(string) if string is None or isinstance(string, str) else all(string)


if __name__ == "__main__":
    sys.exit(main())
