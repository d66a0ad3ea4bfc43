"""The catalogues: nothing missing, nothing left over, nothing that a translation could break."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Message
from babel.plural import to_python

from shared.languages.catalogue import catalogue, parsed
from shared.languages.language import Language
from shared.languages.voice import Voice
from tools import leaflets
from tools.languages import TRANSLATED, path_of, read, texts, updated, written

each_language = pytest.mark.parametrize("language", TRANSLATED)
GLOSSARY = (leaflets.LEAFLETS.parent / "languages.md").read_text(encoding="utf-8")
_PLACEHOLDER = re.compile(r"\{\w*\}")


def _messages(language: Language) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Return every message with its English forms and its translated ones."""
    for message in read(language):
        if message.id:
            english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            spoken = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            yield message, english, spoken


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


@each_language
def test_every_text_is_translated_and_nothing_else(language: Language) -> None:
    """An entry for each text of mails and page, in their order; none is missing, guessed (fuzzy) or left over."""
    found = list(_messages(language))
    assert [english for _, english, _ in found] == [text.forms for text in texts()], "run `make languages`"
    assert [english for message, english, spoken in found if message.fuzzy or not spoken or not all(spoken)] == []
    assert read(language).obsolete == {}
    assert written(updated(read(language), language), language) == path_of(language).read_bytes(), (
        "run `make languages`"
    )


@each_language
def test_every_translation_keeps_its_placeholders_and_what_stands_out(language: Language) -> None:
    """Each form has the placeholders of its text; a form for one thing may do without the number."""
    for _, english, spoken in _messages(language):
        for form in spoken:
            missing = set(_placeholders(english[-1])) - set(_placeholders(form))
            assert missing <= ({"{n}"} if form is spoken[0] and len(english) > 1 else set()), form
            assert set(_placeholders(form)) <= set(_placeholders(english[-1])), form
            assert form.count("{") == form.count("}") == len(_placeholders(form)), form
            assert form.count("**") % 2 == 0, form
            assert (form.count("**") > 0) == (english[-1].count("**") > 0), form


@each_language
def test_no_translation_brings_markup_or_what_cannot_be_seen(language: Language) -> None:
    """Neither tags, entities, addresses nor control characters; no space at an end, and none doubled."""
    for _, english, spoken in _messages(language):
        for form in spoken:
            assert not re.search(r"[<>&]|https?:|\[\[|\]\]|[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e]", form), form
            assert form == form.strip(), form
            assert "  " not in form, form
            assert form.endswith(":") == english[0].endswith(":"), form


@each_language
def test_the_right_form_goes_with_every_number(language: Language) -> None:
    """The rule in the catalogue and CLDR's choose alike, and there is a form for each choice."""
    rule = to_python(Locale.parse(language.value).plural_form)
    ours = catalogue(language).form
    kinds = {ours(number): rule(number) for number in range(1, 200)}
    assert all(kinds[ours(number)] == rule(number) for number in range(1, 200))
    for _, english, spoken in _messages(language):
        if len(english) > 1:
            assert len(spoken) == max(kinds) + 1


@each_language
def test_the_app_reads_a_catalogue_as_babel_does(language: Language) -> None:
    """The app's own few lines take every entry for what it is."""
    assert catalogue(language).texts == {english[0]: spoken for _, english, spoken in _messages(language)}


@each_language
def test_every_day_of_a_year_is_told_as_the_locale_tells_it(language: Language) -> None:
    """Weekday, day, month and year in CLDR's words and order, as Babel has them."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    told = [Voice(language).day(datetime.combine(day, time(12), UTC), "UTC") for day in days]
    assert told == [format_date(day, "full", language.tag.replace("-", "_")) for day in days]


def test_the_glossary_holds() -> None:
    """What people look for on a screen has one name in each language, and it is the one that the docs name."""
    rows = [line.strip("|").split("|") for line in GLOSSARY.splitlines() if re.match(r"\| [a-z]{2} \|", line)]
    assert [row[0].strip() for row in rows] == list(TRANSLATED)
    for language, *terms in rows:
        said = "\n".join(form for forms in catalogue(Language(language.strip())).texts.values() for form in forms)
        missing = [term for term in terms if not re.search(_inflected(term.strip(" *")), said, re.IGNORECASE)]
        assert missing == [], language


def _inflected(term: str) -> str:
    """Match a term with whatever endings its words take in a sentence."""
    return r"\s".join(rf"{re.escape(word[:-2])}\w*" if len(word) > 5 else re.escape(word) for word in term.split())


@pytest.mark.parametrize("language", Language)
def test_the_leaflet_is_in_step(language: Language) -> None:
    """The printed page says what mails and page say now, in the right language, and fetches nothing."""
    text = leaflets.leaflet(language)
    assert (leaflets.LEAFLETS / f"{language}.html").read_text(encoding="utf-8") == text, "run `make languages`"
    assert f'<html lang="{language.tag}">' in text
    assert not re.search(r"https?:|<script|<img|\{|url\(", text.split("</style>")[1])


def test_a_text_without_translation_is_said_in_english() -> None:
    """A text that is new is understood by most, and an untranslated entry is none."""
    assert Voice(Language.GERMAN).say("Nobody has translated this, {who}", who="Anna") == (
        "Nobody has translated this, Anna"
    )
    header = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    assert parsed(header + 'msgid "a"\nmsgstr ""\n\nmsgid "b"\nmsgstr ""\n"c\\n"\n"d"\n').texts == {"b": ("c\nd",)}


def test_what_is_no_catalogue_is_refused() -> None:
    """Without the rule for its plural forms a file is none of ours."""
    with pytest.raises(ValueError, match="plural forms"):
        parsed('msgid "a"\nmsgstr "b"\n')


def test_numbers_take_their_form() -> None:
    """Polish has three forms, English two, Japanese one."""

    def left(language: Language, number: int) -> str:
        return Voice(language).several("At most one try is left.", "At most {n} tries are left.", number)

    assert [left(Language.ENGLISH, number) for number in (1, 2)] == [
        "At most one try is left.",
        "At most 2 tries are left.",
    ]
    assert [left(Language.POLISH, number).split()[-1] for number in (1, 3, 5)] == ["próba.", "próby.", "prób."]
    assert left(Language.JAPANESE, 4) == "残りは最大 4 回です。"
