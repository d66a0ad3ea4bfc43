"""What an Intune assignment filter certainly does to the devices that Web sign-in can work on at all. Pure.

A filter is a rule over properties of a device, and a hire's device may not exist yet. Two properties hold for every
device that shows Web sign-in: it is Microsoft Entra joined, and its Windows is new enough. So a rule over these alone
has a certain answer, as `(device.operatingSystemVersion -ge 10.0.22000) and (device.deviceTrustType -eq "Azure AD
joined")` has; of any other comparison nothing is claimed, and an `and` or `or` takes that into account.
"""

import re
from collections.abc import Callable, Iterator

LEAST_BUILD = (10, 0, 22621, 2361)
"""Windows 11 22H2 with KB5030310: below it no device offers Web sign-in."""
_JOINED = frozenset({"azure ad joined", "microsoft entra joined"})
_NOT_JOINED = frozenset({"azure ad registered", "hybrid azure ad joined", "unknown"})
_TOKEN = re.compile(r"""\s*(?:[()\[\],]|"[^"]*"|'[^']*'|[-\w.]+)""")
_END = ""


class _NotUnderstoodError(Exception):
    """The rule is of a form that is not known here."""


def certain(rule: str) -> bool | None:
    """Tell whether the rule lets every device that can do Web sign-in through (True), or none (False).

    None: it depends on the device, or the rule is not understood.
    """
    try:
        return _Rule(rule).answer()
    except _NotUnderstoodError:
        return None


class _Rule:
    """Reads `or` of `and` of comparisons, with `not` and brackets; every answer may be None, for not known."""

    def __init__(self, rule: str) -> None:
        self._tokens = list(_tokens(rule))

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
        return _compare(name.removeprefix("device."), operator, [value.strip("\"'").casefold() for value in values])

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


def _compare(name: str, operator: str, values: list[str]) -> bool | None:
    if name == "devicetrusttype":
        return _trust(operator, values)
    if name == "operatingsystemversion" and len(values) == 1:
        return _version(operator, values[0])
    return None


def _trust(operator: str, values: list[str]) -> bool | None:
    if _JOINED & set(values):
        is_among = True
    elif set(values) <= _NOT_JOINED:
        is_among = False
    else:
        return None
    return {"eq": is_among, "in": is_among, "ne": not is_among, "notin": not is_among}.get(operator)


def _version(operator: str, value: str) -> bool | None:
    """Nothing is known of a device's build but the least it can be."""
    if not re.fullmatch(r"\d+(\.\d+){0,3}", value):
        return None
    bound = tuple(map(int, value.split(".")))
    below = (*bound, *(0,) * (len(LEAST_BUILD) - len(bound))) < LEAST_BUILD
    if below:
        return {"gt": True, "ge": True, "ne": True, "lt": False, "le": False, "eq": False}.get(operator)
    if bound == LEAST_BUILD:
        return {"ge": True, "lt": False}.get(operator)
    return None
