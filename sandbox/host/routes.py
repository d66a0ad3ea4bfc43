"""Route templates of HTTP functions, such as `api/passes/{id}`, `items/{n:int?}` or `files/{*path}`.

Source: "Customize the HTTP endpoint" of Azure Functions, which uses ASP.NET's routing: literals ignore case, a
literal wins over a parameter, and a method that no function takes is a plain 404.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from sandbox.host.app_loader import Function

_PARAMETER = re.compile(r"\{(\*{0,2})(\w+)(?::([^}?=]+))?(\?)?\}")
_CONSTRAINTS = {
    "int": r"-?\d+",
    "alpha": r"[A-Za-z]+",
    "guid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
}


class RouteError(Exception):
    """A route template uses something that this host does not know."""


@dataclass(frozen=True, slots=True)
class Route:
    """One HTTP function with what it answers to. `methods` empty means all."""

    function: Function
    template: str
    methods: frozenset[str]
    pattern: re.Pattern[str]
    rank: tuple[int, ...]


def build_routes(functions: Iterable[Function], prefix: str) -> tuple[Route, ...]:
    """Return the routes of all HTTP functions, the most specific first.

    Raises:
        RouteError: see there.
    """
    routes = (_route(function, prefix) for function in functions if function.kind == "httpTrigger")
    return tuple(sorted(routes, key=lambda route: route.rank))


def find_route(routes: Iterable[Route], method: str, raw_path: str) -> tuple[Route, Mapping[str, str]] | None:
    """Return the function for a request and its route parameters, decoded; None is 404, for HEAD always."""
    if method == "HEAD":
        return None
    for route in routes:
        match = route.pattern.fullmatch(raw_path)
        if match is not None and (not route.methods or method in route.methods):
            return route, {name: unquote(value) for name, value in match.groupdict().items() if value is not None}
    return None


def _route(function: Function, prefix: str) -> Route:
    own = str(function.trigger.get("route") or function.name).strip("/")
    template = f"{prefix.strip('/')}/{own}".strip("/")
    methods = frozenset(str(method).upper() for method in function.trigger.get("methods") or ())
    segments = template.split("/")
    pattern = "".join(_segment(segment, template) for segment in segments) + "/?"
    return Route(function, template, methods, re.compile(pattern, re.IGNORECASE), _rank(segments))


def _segment(segment: str, template: str) -> str:
    match = _PARAMETER.fullmatch(segment)
    if match is None:
        if "{" in segment:
            raise RouteError(f"{template}: this host takes one parameter a segment, and no defaults")
        return "/" + re.escape(segment)
    stars, name, constraint, optional = match.groups()
    if constraint and constraint not in _CONSTRAINTS:
        raise RouteError(f"{template}: this host does not know the constraint {constraint!r}")
    value = ".*" if stars else _CONSTRAINTS.get(constraint or "", "[^/]+")
    return f"(?:/(?P<{name}>{value}))?" if optional or stars else f"/(?P<{name}>{value})"


def _rank(segments: Iterable[str]) -> tuple[int, ...]:
    def weight(segment: str) -> int:
        match = _PARAMETER.fullmatch(segment)
        if match is None:
            return 0
        return 3 if match[1] else (1 if match[3] else 2)

    return tuple(weight(segment) for segment in segments)
