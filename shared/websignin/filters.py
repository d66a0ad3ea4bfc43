"""What an Intune assignment filter certainly does to a device: to a known one, or to any that can do Web sign-in. Pure.

A filter is a rule over properties of a device, and a hire's device may not exist yet. Two properties hold for every
device that shows Web sign-in: it is Microsoft Entra joined, and its Windows is new enough. So a rule over these alone
has a certain answer, as `(device.operatingSystemVersion -ge 10.0.22000) and (device.deviceTrustType -eq "Azure AD
joined")` has. Where the device is known, what is known of it counts as well. Of any other comparison nothing is
claimed, and an `and` or `or` takes that into account. Properties, operators and values are compared without case.
https://learn.microsoft.com/mem/intune/fundamentals/filters-device-properties
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType

from shared.websignin.assignments import Judge

LEAST_BUILD = (10, 0, 22621, 2361)
"""Windows 11 22H2 with KB5030310: below it no device offers Web sign-in."""
ANY_DEVICE: Mapping[str, str] = MappingProxyType({})
"""What is known of a device that may not exist yet."""
_JOINED = frozenset({"azure ad joined", "microsoft entra joined"})
_NOT_JOINED = frozenset({"azure ad registered", "hybrid azure ad joined", "unknown"})
_TOKEN = re.compile(r"""\s*(?:[()\[\],]|"[^"]*"|'[^']*'|[-\w.]+)""")
_VERSION = re.compile(r"\d+(\.\d+){0,3}", re.ASCII)
_VERSIONED = "operatingsystemversion"
_END, _NULL = "", "null"

type _Compare = Callable[[str, str, list[str]], bool | None]
"""Answers one comparison: property, operator and values, all in lower case."""


class _NotUnderstoodError(Exception):
    """The rule is of a form that is not known here."""


def judge_by(rules: Mapping[str, str | None], known: Mapping[str, str] = ANY_DEVICE) -> Judge:
    """Return what judges filters by their rules. One without a rule is judged by nobody."""
    return lambda filter_id: certain(rules.get(filter_id) or "", known)


def certain(rule: str, known: Mapping[str, str] = ANY_DEVICE) -> bool | None:
    """Tell whether the rule lets every device through that can do Web sign-in (True), or none (False).

    `known`: properties of the one device that matters, by the names that rules have for them, all in lower case. None:
    it depends on what is not known, or the rule is not understood.
    """
    try:
        return _Rule(rule, partial(_compare, known)).answer()
    except _NotUnderstoodError:
        return None


class _Rule:
    """Reads `or` of `and` of comparisons, with `not` and brackets; every answer may be None, for not known."""

    def __init__(self, rule: str, compare: _Compare) -> None:
        self._tokens = list(_tokens(rule))
        self._compare = compare

    def answer(self) -> bool | None:
        found = self._either()
        if self._tokens != [_END]:
            raise _NotUnderstoodError
        return found

    def _either(self) -> bool | None:
        return _joined([self._both(), *self._more("or", self._both)], decisive=True)

    def _both(self) -> bool | None:
        return _joined([self._one(), *self._more("and", self._one)], decisive=False)

    def _more(self, word: str, part: Callable[[], bool | None]) -> list[bool | None]:
        found = []
        while self._takes(word):
            found.append(part())
        return found

    def _one(self) -> bool | None:
        if self._takes("not"):
            inner = self._one()
            return None if inner is None else not inner
        if self._takes("("):
            inner = self._either()
            self._must(")")
            return inner
        return self._comparison()

    def _comparison(self) -> bool | None:
        name, operator = self._next().casefold(), self._next().removeprefix("-").casefold()
        values = self._list() if self._takes("[") else [self._next()]
        if not name.startswith("device."):
            raise _NotUnderstoodError
        values = [value.strip("\"'").casefold() for value in values]
        return self._compare(name.removeprefix("device."), operator, values)

    def _list(self) -> list[str]:
        values = [self._next()]
        while self._takes(","):
            values.append(self._next())
        self._must("]")
        return values

    def _takes(self, word: str) -> bool:
        if self._tokens[0].removeprefix("-").casefold() != word:
            return False
        self._tokens.pop(0)
        return True

    def _must(self, word: str) -> None:
        if not self._takes(word):
            raise _NotUnderstoodError

    def _next(self) -> str:
        if self._tokens[0] in ("", "(", ")", "[", "]", ","):
            raise _NotUnderstoodError
        return self._tokens.pop(0)


def _tokens(rule: str) -> Iterator[str]:
    at, rule = 0, rule.strip()
    while at < len(rule):
        found = _TOKEN.match(rule, at)
        if found is None:
            raise _NotUnderstoodError
        yield found[0].strip()
        at = found.end()
    yield _END


def _joined(answers: list[bool | None], *, decisive: bool) -> bool | None:
    """Join answers: one that is decisive decides, however little is known of the others (Kleene's logic)."""
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _compare(known: Mapping[str, str], name: str, operator: str, values: list[str]) -> bool | None:
    have = known.get(name)
    if name == "devicetrusttype":
        return _trust(operator, values)
    if name == _VERSIONED and len(values) == 1:
        return _least_version(operator, values[0]) if have is None else _version(have, operator, values[0])
    return None if have is None or _NULL in values else _text(have, operator, values)


def _text(have: str, operator: str, values: list[str]) -> bool | None:
    """Compare a text that is known; what is an operator nowhere in Microsoft's list has no answer."""
    tests: Mapping[str, Callable[[str], bool]] = {"startswith": have.startswith, "contains": have.__contains__}
    test = tests.get(operator.removeprefix("not"), have.__eq__)
    found = any(map(test, values))
    if operator in ("eq", "in", "startswith", "contains"):
        return found
    return not found if operator in ("ne", "notin", "notcontains") else None


def _trust(operator: str, values: list[str]) -> bool | None:
    if _JOINED & set(values):
        is_among = True
    elif set(values) <= _NOT_JOINED:
        is_among = False
    else:
        return None
    return {"eq": is_among, "in": is_among, "ne": not is_among, "notin": not is_among}.get(operator)


def _least_version(operator: str, value: str) -> bool | None:
    """Nothing is known of a device's build but the least it can be."""
    if not _VERSION.fullmatch(value):
        return None
    bound = _numbers(value)
    if bound < LEAST_BUILD:
        return {"gt": True, "ge": True, "ne": True, "lt": False, "le": False, "eq": False}.get(operator)
    if bound == LEAST_BUILD:
        return {"ge": True, "lt": False}.get(operator)
    return None


def _version(have: str, operator: str, value: str) -> bool | None:
    """Compare a build that is known. Whether one without its last number equals one with a nought nobody has said."""
    if not (_VERSION.fullmatch(have) and _VERSION.fullmatch(value)):
        return None
    ours, bound = _numbers(have), _numbers(value)
    if ours == bound and have.count(".") != value.count("."):
        return None
    return {
        "gt": ours > bound, "ge": ours >= bound, "lt": ours < bound, "le": ours <= bound,
        "eq": ours == bound, "ne": ours != bound,
    }.get(operator)  # fmt: skip


def _numbers(version: str) -> tuple[int, ...]:
    found = tuple(map(int, version.split(".")))
    return (*found, *(0,) * (len(LEAST_BUILD) - len(found)))
