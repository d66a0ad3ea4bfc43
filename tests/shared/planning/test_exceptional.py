"""The page about planning names every exception."""

from pathlib import Path

from shared.planning.exceptional import Exceptional

PAGE = Path(__file__).parents[3] / "docs" / "planning.md"


def test_the_page_has_a_line_for_each_exception_and_its_test_is_there() -> None:
    """Whoever meets a name in the status finds it in the docs, with what mends it and what shows it."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {line.split("`")[1]: line.rstrip("| ").rsplit("`", 2)[1] for line in lines}
    assert {name for name in named if "-" in name} == set(Exceptional)
    assert {test for test in named.values() if not (Path(__file__).parent / test).exists()} == set()
