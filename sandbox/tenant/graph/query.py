"""OData queries as far as Graph calls of this product use them: $select, $expand, $filter, $top, $count, $orderby.

A `$filter` is comparisons (`eq`, `ne`, `ge`, `gt`, `le`, `lt`, `in`) and `startsWith`/`contains`, joined by `and` and
`or`, with parentheses. What Graph would refuse is refused here; what is not imitated is refused too.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.tenant.errors import bad_request
from sandbox.tenant.state import Json

type Test = Callable[[Json], bool]

OPTIONS = frozenset({
    "$select", "$expand", "$filter", "$top", "$count", "$orderby", "$skiptoken", "$deltatoken", "$skip", "$search",
    "$format",
})  # fmt: skip
_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<date>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))|(?P<word>[A-Za-z_@][\w./]*)|(?P<sign>[(),])"
    r"|(?P<number>\d+))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq, "ne": operator.ne, "ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt,
}  # fmt: skip
_CONSTANTS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed `$filter`: the test itself and the properties it names."""

    test: Test
    properties: frozenset[str]


def selected(text: str | None) -> tuple[str, ...] | None:
    """Read `$select`; None where there is none."""
    return tuple(part.strip() for part in text.split(",") if part.strip()) if text else None


def expansions(text: str | None) -> dict[str, tuple[str, ...] | None]:
    """Read `$expand` into property → its nested `$select`."""
    found: dict[str, tuple[str, ...] | None] = {}
    for name, inner in re.findall(r"([\w]+)(?:\(([^)]*)\))?,?", text or ""):
        nested = inner.removeprefix("$select=") if inner else None
        if inner and not inner.startswith("$select="):
            raise bad_request(f"Parsing OData Select and Expand failed: '{inner}' is not supported.")
        found[name] = selected(nested)
    return found


def parse_filter(text: str) -> Filter:
    """Read a `$filter`, or raise Graph's 400."""
    return _Parser(text).whole()


def value_at(body: Json, path: str) -> Any:
    """Return the value at `a/b`, None where there is none."""
    value: Any = body
    for step in path.split("/"):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _comparable(value: Any) -> Any:
    # Graph compares the directory's strings without case.
    return value.casefold() if isinstance(value, str) else value


class _Parser:
    """Recursive descent over one `$filter`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split(text)
        self._properties: set[str] = set()

    def whole(self) -> Filter:
        test = self._any()
        if self._tokens:
            raise self._fault()
        return Filter(test, frozenset(self._properties))

    def _split(self, text: str) -> list[tuple[str, str]]:
        tokens, position = [], 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise self._fault()
            tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        return tokens

    def _fault(self) -> Exception:
        return bad_request(f"Invalid filter clause: Syntax error in '{self._text}'.")

    def _take(self, kind: str | None = None, text: str | None = None) -> str:
        if not self._tokens or (kind and self._tokens[0][0] != kind) or (text and self._tokens[0][1] != text):
            raise self._fault()
        return self._tokens.pop(0)[1]

    def _next_is(self, text: str) -> bool:
        return bool(self._tokens) and self._tokens[0][1] == text

    def _any(self) -> Test:
        tests = [self._all()]
        while self._next_is("or"):
            self._take()
            tests.append(self._all())
        return lambda body: any(test(body) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._next_is("and"):
            self._take()
            tests.append(self._one())
        return lambda body: all(test(body) for test in tests)

    def _one(self) -> Test:
        if self._next_is("("):
            self._take()
            inner = self._any()
            self._take(text=")")
            return inner
        name = self._take("word")
        if name in {"startsWith", "startswith", "contains"}:
            return self._function(name)
        self._properties.add(name)
        relation = self._take("word")
        if relation == "in":
            return self._membership(name)
        compare = _COMPARE.get(relation)
        if compare is None:
            raise self._fault()
        wanted = self._literal()
        return lambda body: _safely(compare, value_at(body, name), wanted)

    def _function(self, name: str) -> Test:
        self._take(text="(")
        path = self._take("word")
        self._properties.add(path)
        self._take(text=",")
        wanted = self._literal()
        self._take(text=")")
        test = str.startswith if name.casefold() == "startswith" else str.__contains__
        return lambda body: isinstance(value_at(body, path), str) and test(_comparable(value_at(body, path)), wanted)

    def _membership(self, name: str) -> Test:
        self._take(text="(")
        wanted = [self._literal()]
        while self._next_is(","):
            self._take()
            wanted.append(self._literal())
        self._take(text=")")
        return lambda body: _comparable(value_at(body, name)) in wanted

    def _instant(self, text: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise self._fault() from None

    def _literal(self) -> Any:
        if not self._tokens:
            raise self._fault()
        kind, text = self._tokens.pop(0)
        match kind:
            case "string":
                return _comparable(text[1:-1].replace("''", "'"))
            case "date":
                return self._instant(text)
            case "number":
                return int(text)
            case "word" if text in _CONSTANTS:
                return _CONSTANTS[text]
            case _:
                raise self._fault()


def _safely(compare: Callable[[Any, Any], bool], value: Any, wanted: Any) -> bool:
    right = wanted
    left = _moment(value) if isinstance(right, datetime) else _comparable(value)
    if compare not in {operator.eq, operator.ne} and type(left) is not type(right):
        return False
    return compare(left, right)


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
