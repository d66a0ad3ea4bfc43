"""The threat model names a test for each claim, and each of these tests is there."""

import ast
import re

import pytest

from sandbox.processes import ROOT

PAGE = ROOT / "docs" / "threat-model.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_HEADING = re.compile(r"^### (.+)$", re.MULTILINE)
BY_NATURE = {"Whoever deploys"}
"""Against these nothing holds, and so nothing is shown."""


def sections() -> dict[str, str]:
    """Return what is said of each thief."""
    titles = _HEADING.split(PAGE.read_text(encoding="utf-8").split("\n## The attacks")[0])
    return dict(zip(titles[1::2], titles[2::2], strict=True))


def test_it_begins_with_what_this_is() -> None:
    """Whoever reads no further has read that this is tier 0, and who else is."""
    first = PAGE.read_text(encoding="utf-8").split("\n\n")[1]
    assert "tier-0" in first
    assert all(word in first for word in ("deploy", "vault", "settings"))


@pytest.mark.parametrize("thief", sections())
def test_every_thief_has_limits_that_are_shown(thief: str) -> None:
    """What he can do, what he cannot, and a test of that."""
    said = sections()[thief]
    assert "**Can" in said
    assert thief in BY_NATURE or ("annot" in said and _NAMED.search(said))


def test_every_test_that_is_named_is_there() -> None:
    """By file and by name."""
    named = set(_NAMED.findall(PAGE.read_text(encoding="utf-8")))
    assert len(named) > 30
    missing = [f"{path}::{name}" for path, name in sorted(named) if name not in _functions(path)]
    assert missing == []


@pytest.mark.parametrize("heading", ["The attacks", "How others failed"])
def test_every_line_of_the_tables_has_its_test(heading: str) -> None:
    """No row of either is left without one."""
    table = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")][2:]
    assert len(rows) > 15
    assert [row for row in rows if not _NAMED.search(row)] == []


def _functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
