"""Each call to Graph that the app can make meets the faults in some matrix."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.survival.harness.calls import IN_A_MATRIX

CALLS = Path(__file__).parents[2] / "shared" / "tenant" / "calls"
NOT_OF_THE_APP = "AdministratorCalls"
"""What an administrator's own sign-in asks, by the tool that sets up the tenant."""


def test_each_call_stands_in_a_matrix() -> None:
    """A call that is added has to be put into one: the long forms see that it is made there."""
    known = {call for file in sorted(CALLS.glob("*.py")) for call in _calls(ast.parse(file.read_text("utf-8")))}
    assert known == IN_A_MATRIX.keys()


def _calls(module: ast.Module) -> Iterator[str]:
    """Yield the calls that a module builds, by subject: read and not imported, for the SDK takes a second to load."""
    for room in module.body:
        if isinstance(room, ast.ClassDef) and room.name.endswith("Calls") and room.name != NOT_OF_THE_APP:
            names = (one.name for one in room.body if isinstance(one, ast.FunctionDef))
            yield from (f"{room.name.removesuffix('Calls').casefold()}.{name}" for name in names if name[0] != "_")
