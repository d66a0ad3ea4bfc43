"""Form bodies (`application/x-www-form-urlencoded`) with names in brackets, read into what JSON would have been.

`data[employeeId]=7` and `data[changedFields][0]=hireDate` become `{"data": {"employeeId": "7", "changedFields":
["hireDate"]}}`: so PHP writes nested values, and every vendor that grew up with it.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from shared.sources.errors import UnreadableBodyError

MOST_FIELDS = 2000
_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]+\]){0,8})")
_STEP = re.compile(r"\[([^\[\]]+)\]")


def read_form(raw: bytes) -> dict[str, Any]:
    """Read a form in UTF-8. A name that is given twice, or that means a text and an object, is refused.

    Raises:
        UnreadableBodyError: with no word of the body in it.
    """
    whole: dict[str, Any] = {}
    for name, value in _fields(raw):
        found = _NAME.fullmatch(name)
        if found is None:
            raise UnreadableBodyError("the form has a name whose brackets do not close, or is nested deeper than 8")
        _set(whole, [found[1], *_STEP.findall(found[2])], value)
    return {name: _lists(value) for name, value in whole.items()}


def _fields(raw: bytes) -> list[tuple[str, str]]:
    try:
        text = raw.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        # Not `from`: the cause repeats what it could not read.
        raise UnreadableBodyError(f"the body is no form of at most {MOST_FIELDS} fields in UTF-8") from None


def _set(whole: dict[str, Any], path: list[str], value: str) -> None:
    *way, last = path
    for step in way:
        whole = whole.setdefault(step, {})
        if not isinstance(whole, dict):
            raise UnreadableBodyError("the form gives one name as a text and as an object")
    if last in whole:
        raise UnreadableBodyError("the form gives one name twice")
    whole[last] = value


def _lists(value: Any) -> Any:
    """Turn objects whose names count from 0 into lists."""
    if not isinstance(value, dict):
        return value
    if list(value) == [str(number) for number in range(len(value))]:
        return [_lists(one) for one in value.values()]
    return {name: _lists(one) for name, one in value.items()}
