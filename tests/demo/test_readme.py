"""What the README says of the project is so."""

import re
from dataclasses import replace
from pathlib import Path

from shared.checkup.catalogue import report
from shared.runtime.settings import Settings
from tests.shared.checkup.facts import CLEAN, access, account, policy
from tools.doctor.table import written

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_files_it_names_are_there() -> None:
    """Every path in the README leads to a file or folder of the project."""
    named = set(re.findall(r"(?:functions|shared|sandbox|demo|docs)/[\w./-]*\w", README))
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_commands_it_names_exist() -> None:
    """Every `make` command in the README is a target."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", README)) <= targets


def test_settings_it_names_exist_and_none_is_left_out() -> None:
    """The table of settings and the model of settings have the same names."""
    known = {str(field.alias) for field in Settings.model_fields.values()}
    assert {name for name in known if f"`{name}" not in README} == set()


def test_every_dependency_has_its_reason() -> None:
    """Whoever adds a dependency says in the README why."""
    lines = [line for name in ("requirements.in", "requirements-dev.in") for line in (ROOT / name).read_text().split()]
    names = {line.split("==")[0] for line in lines if "==" in line}
    assert {name for name in names if name.casefold() not in README.casefold()} == set()


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
