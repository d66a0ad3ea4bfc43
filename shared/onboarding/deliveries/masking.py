"""A delivery as people may see it: names of fields and the shape of each value, and no value. Pure.

Letters become x and digits 1, but for the zeros of a date: so that stays one, of some other day, and what is masked can
still be read and mapped, which makes a test of it. Words that belong to the vendor's protocol or to the settings stay.
It hides what is in a value, not how long it is.
"""

import json
import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import parse_qsl, urlencode

from shared.sources.errors import UnreadableBodyError
from shared.sources.json_text import read_any

FORM = "application/x-www-form-urlencoded"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_DAY_OR_TIME = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}|\d\d:\d\d(:\d\d)?", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_$#:. \[\]-]{1,120}", re.ASCII)
_LINE_END = re.compile(r"(\r\n?|\n)")
_CELL_END = re.compile(r"([,;\r\n\"])")
_NOT_ZERO = re.compile(r"[1-9]", re.ASCII)
_PLAIN = " .,;:-_+/@#()[]{}\"'\r\n\t"

type Mask = Callable[[str], str]


def words_of(*known: Any) -> frozenset[str]:
    """Gather all texts that stand anywhere in what a kind knows and settings say."""
    return frozenset(word for one in known for word in _texts(one))


def masked_body(body: bytes, media_type: str, words: AbstractSet[str]) -> str:
    """Mask a body by its media type; one that cannot be read as such is masked as text."""
    mask = _mask(words)
    essence = media_type.partition(";")[0].strip().lower()
    text = body.decode("utf-8", errors="replace")
    if essence == FORM:
        return urlencode([(_name(name, mask), mask(value)) for name, value in parse_qsl(text, keep_blank_values=True)])
    if essence == "text/csv":
        return _table(text, words, mask)
    try:
        return json.dumps(masked(read_any(body), mask), indent=1, ensure_ascii=True)
    except UnreadableBodyError:
        return mask(text)


def masked(value: Any, mask: Mask) -> Any:
    """Mask every value in parsed JSON; true, false and null say nothing of a person and stay."""
    match value:
        case dict():
            return {_name(name, mask): masked(one, mask) for name, one in value.items()}
        case list():
            return [masked(one, mask) for one in value]
        case bool() | None:
            return value
        case int() | float():
            return json.loads(re.sub(r"\d", "1", json.dumps(value)))
        case _:
            return mask(str(value))


def _mask(words: AbstractSet[str]) -> Mask:
    known = {word.casefold() for word in words}
    # Of a word such as `hire.created` also what a company has put before it: `com.example.hr.hire.created`.
    ends = tuple(f".{word}" for word in known if "." in word)

    def mask(text: str) -> str:
        if text.casefold() in known or text.casefold().endswith(ends):
            return text
        if _INSTANT.fullmatch(text) or _DAY_OR_TIME.fullmatch(text):
            return _NOT_ZERO.sub("1", text)
        return "".join(_hidden(character) for character in text)

    return mask


def _hidden(character: str) -> str:
    if character.isdigit():
        return "1"
    if character in _PLAIN:
        return character
    return "X" if character.isupper() else "x"


def _name(name: str, mask: Mask) -> str:
    """Names of fields are the vendor's, or an administrator's; one that looks like anything else may be a person's."""
    return name if _NAME.fullmatch(name) else mask(name)


def _table(text: str, words: AbstractSet[str], mask: Mask) -> str:
    """Leave the header as it is: it names columns. A first line that names none of the settings' columns is a person's.

    Cells are parted by what a spreadsheet parts them by.
    """
    header, *rest = _LINE_END.split(text, maxsplit=1)
    if words.isdisjoint(cell.strip() for cell in _CELL_END.split(header)):
        header, rest = "", [text]
    return header + "".join(mask(part) for part in _CELL_END.split("".join(rest)))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from _texts([*value.keys(), *value.values()])
        case list() | tuple() | set() | frozenset():
            yield from (word for one in value for word in _texts(one))
