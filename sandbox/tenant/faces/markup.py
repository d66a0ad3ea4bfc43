"""HTML from templates in which everything is escaped that is not HTML already. Names in a directory may be hostile."""

import html
from collections.abc import Iterable
from string import Formatter
from typing import Any


class Markup(str):
    """Text that is HTML already, made by `fill` and `join` or a constant of this package. Never made of data."""

    __slots__ = ()


class _Escaping(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Markup):
            return value
        return html.escape("" if value is None else format(value, format_spec))


_FORMATTER = _Escaping()


def fill(template: str, /, **values: object) -> Markup:
    """Put values into a constant template, `{name}` by `{name}`; None becomes nothing. KeyError if one is missing."""
    return Markup(_FORMATTER.vformat(template, (), values))


def join(parts: Iterable[Markup]) -> Markup:
    """String pieces of HTML together."""
    return Markup("".join(parts))
