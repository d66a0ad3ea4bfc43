"""What alerts and workbook look for in the log is what the app writes there."""

import ast
import json
import re
from collections.abc import Iterator

from tools.infra.templates import variable
from tools.infra.tree import Tree

ALERTS, WORKBOOK = "infra/app/alerts.bicep", "infra/app/workbook.json"

_SOUGHT = re.compile(r"""Message startswith ["']([^"']+)["']""")


def message_findings(tree: Tree) -> Iterator[str]:
    """Say what is looked for and never written."""
    written = set(_messages(tree))
    for path, query in queries(tree):
        for sought in _SOUGHT.findall(query):
            if not any(message.startswith(sought) for message in written):
                yield f"{path}: looks for {sought!r}, which the app writes nowhere. Look for what it does write."


def queries(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield every query of alerts and workbook, with its file."""
    yield from ((ALERTS, rule["query"]) for rule in variable(tree, ALERTS, "rules"))
    for item in json.loads(tree.text(WORKBOOK))["items"]:
        yield WORKBOOK, item["content"].get("query", "")


def _messages(tree: Tree) -> Iterator[str]:
    """Yield what every call of `log` writes, its parts not yet filled in."""
    for path in (*tree.paths("shared/**/*.py"), *tree.paths("functions/*.py")):
        for node in ast.walk(ast.parse(tree.text(path))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log")), args=[ast.Constant(value=str(message)), *_]
                ):
                    yield message
