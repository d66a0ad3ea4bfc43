"""What the README, and the pages that carry on from it, say of the project is so."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from shared.checkup.catalogue import report
from tests.shared.checkup.facts import CLEAN, access, account, policy
from tools.doctor.table import written

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/getting-started.md", "docs/architecture.md"])
def test_files_and_commands_that_are_named_exist(name: str) -> None:
    """Every path leads to a file or folder of the project, and every `make` command is a target."""
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w/])(?:functions|shared|sandbox|demo|docs|infra|tools)/[\w./-]*\w", text))
    assert {path for path in named if not (ROOT / path).exists()} == set()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets


def test_every_dependency_has_its_reason() -> None:
    """Whoever adds a dependency says why, whatever it is for."""
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").casefold()
    lines = [line for file in ROOT.glob("requirements*.in") for line in file.read_text(encoding="utf-8").split()]
    names = {line.split("==")[0].casefold() for line in lines if "==" in line}
    assert {name for name in names if name not in page} == set()


def test_the_check_up_prints_what_the_readme_shows() -> None:
    """Every line of the excerpt, as `make doctor ARGS=--with-faults` writes it: with the same four things spoilt."""
    spoilt = {
        **policy(enabled=False, maximum_lifetime=480),
        **access(controls=frozenset({"compliantDevice"})),
        **account(attributes={}),
    }
    told = written(report(replace(CLEAN, **spoilt)), colour=False).splitlines()
    shown = next(block for block in README.split("```") if "Temporary Access Pass policy" in block)
    assert [line for line in shown.removeprefix("text").splitlines() if line not in ("", "…", *told)] == []
