"""JSON from outside, read so that it has one meaning or none."""

import json
from typing import Any, Never

from shared.sources.errors import UnreadableBodyError

_MAX_DEPTH = 32


def read_object(raw: bytes) -> dict[str, Any]:
    """Read a JSON object in UTF-8, as `read_any` reads it.

    Raises:
        UnreadableBodyError: with no word of the body in it.
    """
    value = read_any(raw)
    if not isinstance(value, dict):
        raise UnreadableBodyError("the body must be a JSON object")
    return value


def read_any(raw: bytes) -> Any:
    """Read JSON in UTF-8.

    A name given twice is refused: two readers would take different values. So are NaN and the infinities, numbers of
    thousands of digits, and nesting deeper than 32.

    Raises:
        UnreadableBodyError: with no word of the body in it.
    """
    text = _text(raw)
    _refuse_depth(text)
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_refuse_constant)
    except ValueError as error:
        # Not `from error`: JSONDecodeError carries the whole document.
        raise UnreadableBodyError(f"the body is no JSON{_where(error)}") from None


def at(value: Any, *path: str | int) -> Any:
    """Look into parsed JSON of any shape; None where the path leads nowhere."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and len(value) > step:
            value = value[step]
        else:
            return None
    return value


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and of anything else an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: Any) -> Any:
    """Write a whole number as text, for numbers of people are often sent as such; anything else stays as it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableBodyError(f"the body is not UTF-8 at byte {error.start}") from None


def _refuse_depth(text: str) -> None:
    """Count brackets outside strings. Python's own limit depends on how deep the caller stands."""
    depth, in_string, escaped = 0, False, False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > _MAX_DEPTH:
                raise UnreadableBodyError(f"the body is nested deeper than {_MAX_DEPTH}")
        elif character in "]}":
            depth -= 1


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise UnreadableBodyError("the body has an object that gives one name twice")
    return names


def _refuse_constant(_name: str) -> Never:
    raise UnreadableBodyError("the body has a number that JSON does not know (NaN or Infinity)")


def _where(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f" at line {error.lineno}, column {error.colno}"
    return ": a number has too many digits"
