"""Fails if the app's own code would tell a secret: to a log, on the screen, or in the words of an error.

A secret shows itself as `***`; only `reveal()` gives the value, and what is revealed here gets out. Not seen: a value
that is revealed into a name first. The types, the filter of the log and the tests with planted secrets stand behind.
"""

import ast
import sys
from collections.abc import Iterator

from tools.infra.tree import Tree

CODE = ("function_app.py", "functions/**/*.py", "shared/**/*.py")
TELLING = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log", "print", "warn"})
"""Names of functions and methods that tell people something."""


def main() -> int:
    """Print each finding; return 1 if there is one."""
    findings = list(secret_findings(Tree()))
    for finding in findings:
        print(finding)
    print("Secrets: " + ("not as it should be." if findings else "no line tells one."))
    return 1 if findings else 0


def secret_findings(tree: Tree) -> Iterator[str]:
    """Say which lines tell a secret, and what to do."""
    texts = {path: tree.text(path) for pattern in CODE for path in tree.paths(pattern)}
    for path, text in texts.items():
        for node in ast.walk(ast.parse(text)) if "reveal" in text else ():
            if _tells(node) and any(map(_reveals, ast.walk(node))):
                yield (
                    f"{path}:{getattr(node, 'lineno', 0)}: a secret is revealed into a log or an error. Name the secret"
                    " itself, which shows as ***, or the onboarding's id."
                )


def _tells(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name in TELLING
        case _:
            return isinstance(node, ast.Raise | ast.Assert)


def _reveals(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "reveal"


if __name__ == "__main__":
    sys.exit(main())
