"""The languages there are, and which of them somebody is spoken to in."""

import re
from enum import StrEnum

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_WANTED = re.compile(r"\s*([A-Za-z0-9*_-]{1,35})\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")
_LONGEST_HEADER = 400


class Language(StrEnum):
    """By ISO 639-1. English is the language that the product is written in, and every other is translated from."""

    ENGLISH = "en"
    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es"
    DUTCH = "nl"
    POLISH = "pl"
    PORTUGUESE = "pt"
    ITALIAN = "it"
    JAPANESE = "ja"

    @property
    def own_name(self) -> str:
        """What its speakers call it."""
        return _OWN_NAMES[self]

    @property
    def tag(self) -> str:
        """Its BCP 47 tag, with the country whose usage the words and dates follow."""
        return _TAGS[self]


_OWN_NAMES = {
    Language.ENGLISH: "English",
    Language.GERMAN: "Deutsch",
    Language.FRENCH: "Français",
    Language.SPANISH: "Español",
    Language.DUTCH: "Nederlands",
    Language.POLISH: "Polski",
    Language.PORTUGUESE: "Português",
    Language.ITALIAN: "Italiano",
    Language.JAPANESE: "日本語",
}
_TAGS = {
    Language.ENGLISH: "en-GB",
    Language.GERMAN: "de-DE",
    Language.FRENCH: "fr-FR",
    Language.SPANISH: "es-ES",
    Language.DUTCH: "nl-NL",
    Language.POLISH: "pl-PL",
    Language.PORTUGUESE: "pt-BR",
    Language.ITALIAN: "it-IT",
    Language.JAPANESE: "ja-JP",
}


def named(tag: str | None) -> Language | None:
    """Return the language of a tag as directories and HR systems write it (`de`, `de-AT`, `de_CH`); else None."""
    found = _TAG.fullmatch(tag.strip()) if tag else None
    return Language(found[1].lower()) if found and found[1].lower() in set(Language) else None


def accepted(header: str) -> Language | None:
    """Return the language that an `Accept-Language` header (RFC 9110, 12.5.4) likes best; None where it likes none."""
    liked: list[tuple[float, Language]] = []
    for part in header[:_LONGEST_HEADER].split(","):
        found = _WANTED.fullmatch(part)
        language = named(found[1]) if found else None
        weight = float(found[2] or 1) if found else 0.0
        if language is not None and weight > 0:
            liked.append((weight, language))
    return max(liked, key=lambda one: one[0])[1] if liked else None
