"""Intune's assignment filters, evaluated on a device: comparisons joined by `and`, `or`, `not` and brackets."""

import re
from collections.abc import Callable

from sandbox.tenant.state import Json

_COMPARISON = re.compile(
    r'device\.(?P<name>\w+)\s+-?(?P<test>\w+)\s+(?P<value>\[[^\]]*\]|"[^"]*"|\'[^\']*\'|[\w.]+)', re.IGNORECASE
)
# What Intune's filter language calls differently from the directory: properties, and the values of two of them
_NAMES = {"devicename": "displayName", "osversion": "operatingSystemVersion", "devicetrusttype": "trustType"}
_VALUES = {
    ("trustType", "AzureAd"): "Azure AD joined",
    ("trustType", "ServerAd"): "Hybrid Azure AD joined",
    ("trustType", "Workplace"): "Azure AD registered",
    ("deviceOwnership", "Company"): "Corporate",
}
_TESTS: dict[str, Callable[[str, list[str]], bool]] = {
    "eq": lambda have, want: have in want,
    "ne": lambda have, want: have not in want,
    "in": lambda have, want: have in want,
    "notin": lambda have, want: have not in want,
    "contains": lambda have, want: any(each in have for each in want),
    "notcontains": lambda have, want: not any(each in have for each in want),
    "startswith": lambda have, want: any(have.startswith(each) for each in want),
    "notstartswith": lambda have, want: not any(have.startswith(each) for each in want),
    "endswith": lambda have, want: any(have.endswith(each) for each in want),
    "gt": lambda have, want: _version(have) > _version(want[0]),
    "ge": lambda have, want: _version(have) >= _version(want[0]),
    "lt": lambda have, want: _version(have) < _version(want[0]),
    "le": lambda have, want: _version(have) <= _version(want[0]),
}


class FilterNotUnderstoodError(Exception):
    """The sandbox does not know this form of a rule."""


def matches(rule: str, device: Json) -> bool:
    """Evaluate a filter rule such as `(device.model -startsWith "Surface")` on a device.

    Raises:
        FilterNotUnderstoodError: the rule is of another form.
    """
    text = _COMPARISON.sub(lambda found: "T" if _holds(found, device) else "F", rule)
    while "(" in text:
        text, found = re.subn(r"\(([^()]*)\)", lambda inner: "T" if _flat(inner[1]) else "F", text)
        if not found:
            raise FilterNotUnderstoodError(rule)
    return _flat(text)


def _flat(text: str) -> bool:
    """Evaluate truth values without brackets: `and` binds tighter than `or`."""
    return True in [_both(each) for each in re.split(r"\s+-?or\s+", text, flags=re.IGNORECASE)]


def _both(text: str) -> bool:
    return False not in [_value(each) for each in re.split(r"\s+-?and\s+", text, flags=re.IGNORECASE)]


def _value(text: str) -> bool:
    found = re.fullmatch(r"\s*((?:-?not\s*)*)([TF])\s*", text, re.IGNORECASE)
    if found is None:
        raise FilterNotUnderstoodError(text)
    return (found[2] == "T") != (found[1].casefold().count("not") % 2 == 1)


def _holds(comparison: re.Match[str], device: Json) -> bool:
    test = _TESTS.get(comparison["test"].casefold())
    if test is None:
        raise FilterNotUnderstoodError(comparison[0])
    name = _NAMES.get(comparison["name"].casefold(), comparison["name"])
    held = str(device.get(name) or "")
    want = re.findall(r"[^\[\],\"']+", comparison["value"])
    return test(_VALUES.get((name, held), held).casefold(), [each.strip().casefold() for each in want if each.strip()])


def _version(text: str) -> tuple[int, ...]:
    parts = tuple(int(part) for part in re.findall(r"\d+", text))
    return (*parts, *(0,) * (4 - len(parts)))
