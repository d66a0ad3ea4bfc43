"""The API's description against the app that it describes."""

from typing import Any

from functions.openapi import document
from functions.problems import types
from tests.doorways.story import Story
from tests.doorways.test_load import FUNCTIONS

METHODS = ("get", "post", "delete", "options", "put", "patch")


def operations() -> set[tuple[str, str]]:
    """Return path and method of everything the document describes."""
    return {(path, method) for path, item in document()["paths"].items() for method in METHODS if method in item}


def references(node: Any) -> set[str]:
    """Return every schema that the document points at."""
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(value) for value in node.values()))
    return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()


def test_it_describes_every_route_and_no_other() -> None:
    """What the worker library finds is what the document names."""
    routes = {
        (f"/{route}", method.lower())
        for kind, route, methods in FUNCTIONS.values()
        for method in methods
        if kind == "httpTrigger"
    }
    assert operations() == routes


def test_every_reference_leads_somewhere() -> None:
    """No schema is named that is not there."""
    schemas = document()["components"]["schemas"]
    assert {reference.rpartition("/")[2] for reference in references(document())} <= set(schemas)


def test_every_operation_has_a_name_of_its_own() -> None:
    """Generated clients need one method for each."""
    names = [document()["paths"][path][method]["operationId"] for path, method in operations()]
    assert len(names) == len(set(names))


def test_it_is_served_to_anyone(story: Story) -> None:
    """The document is no secret, and holds the problem types as they are answered."""
    answer = story.get("/api/openapi.json")
    assert answer.status == 200
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json()["components"]["schemas"]["Problem"]["properties"]["type"]["enum"] == types()
