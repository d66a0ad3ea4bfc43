"""Bicep files as plain data, by the parser that checkov uses too. Expressions are not evaluated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pycep import BicepParser

from tools.infra.tree import Tree

TEMPLATES = "infra/**/*.bicep"


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource that a file declares. `values` are its properties as written: a name may be a parameter's."""

    file: str
    symbol: str
    type: str
    existing: bool
    values: Mapping[str, Any]

    def at(self, path: str) -> Any:
        """Return the value at a path such as `properties.sku.name`; None where there is none."""
        value: Any = self.values
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value


def parsed(tree: Tree, path: str) -> dict[str, Any]:
    """Return what the parser makes of a file."""
    return _parse(tree.text(path))


@cache
def _parse(text: str) -> dict[str, Any]:
    return dict(BicepParser().parse(text=text))


def resources(tree: Tree) -> Iterator[Resource]:
    """Yield every resource of every template, those that exist already too."""
    for path in tree.paths(TEMPLATES):
        for symbol, one in parsed(tree, path).get("resources", {}).items():
            yield Resource(path, symbol, one["type"], one["existing"], _plain(one["config"]))


def module_parameters(tree: Tree, path: str, symbol: str) -> Mapping[str, Any]:
    """Return what a template hands to one of its modules."""
    config = _plain(parsed(tree, path)["modules"][symbol]["config"])
    return dict(config["params"])


def variable(tree: Tree, path: str, name: str) -> Any:
    """Return a variable as written."""
    return parsed(tree, path)["variables"][name]["value"]


def defaults(tree: Tree, path: str) -> Mapping[str, Any]:
    """Return the default of each parameter that has one."""
    given = parsed(tree, path)["parameters"]
    return {name: one["default"] for name, one in given.items() if one.get("default") is not None}


def _plain(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Unwrap what is declared in a loop or under a condition."""
    inner = config.get("config")
    return _plain(inner) if isinstance(inner, dict) and "name" not in config else config
