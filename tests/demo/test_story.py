"""The demonstration as people run it: a process that tells a story and ends with 0 or 1."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from demo.can_fail import run_with
from demo.faults import BY_NAME, FAULTS, copy_app
from demo.story import STEPS

ROOT = Path(__file__).resolve().parents[2]
SEED = "20270301-4821"


def _demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command: Sequence[str] = (sys.executable, "-m", "demo", *arguments)
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment, timeout=240)


@pytest.mark.long
def test_the_story_is_told_to_its_end() -> None:
    """One seed tells all steps, says of each request what it was for, and prints no control characters into a pipe."""
    done = _demo("--seed", SEED)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if "──" in line]
    assert [line.split("──")[0].split(maxsplit=1)[1].strip() for line in lines] == [step.name for step in STEPS]
    assert f"seed {SEED}" in done.stdout
    assert "/v1.0/" not in done.stdout
    assert "other:" not in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.long
def test_a_fault_ends_the_story_at_its_step() -> None:
    """A second POST for a pass is found where passes are counted; the rest is for `make demo-can-fail`."""
    outcome = run_with(BY_NAME["second-post"], SEED)
    assert outcome.caught, outcome.text


@pytest.mark.torture
@pytest.mark.parametrize("name", BY_NAME)
def test_every_fault_ends_the_story_at_its_step(name: str) -> None:
    """Each of the eight faults is found at the step that looks for it."""
    outcome = run_with(BY_NAME[name], SEED)
    assert outcome.caught, outcome.text


def test_every_fault_finds_its_place_in_the_app(tmp_path: Path) -> None:
    """The text that a fault changes is still there once: a fault that changes nothing would prove nothing."""
    for fault in FAULTS:
        if fault.edit is not None:
            app = tmp_path / fault.name
            app.mkdir()
            copy_app(app)
            fault.edit.apply(app)
            assert (app / fault.edit.file).read_text() != (ROOT / fault.edit.file).read_text()
            compile((app / fault.edit.file).read_text(), fault.edit.file, "exec")


def test_faults_name_steps_of_the_story() -> None:
    """Each fault has to be found at a step that there is; there are eight of them."""
    assert len(BY_NAME) == 8
    assert {fault.step for fault in FAULTS} <= {step.name for step in STEPS}


def test_a_seed_that_is_none_is_refused() -> None:
    """Somebody who mistypes a seed is told what one looks like."""
    done = _demo("--seed", "yesterday")
    assert done.returncode == 2
    assert "a seed looks like" in done.stderr
