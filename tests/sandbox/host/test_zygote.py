"""What the zygote forks is to itself, and to whoever started it, what a fresh process is."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.processes import Process, Spawn, StartError, clean_environment, spawn
from sandbox.zygote.client import PRODUCT, Zygote
from tests.sandbox.host.probe import await_true

_ENVIRONMENT = {**clean_environment(), "OF_THE_ZYGOTE": "gone in what it forks", "NO_PROXY": "elsewhere"}


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    """Keep one zygote for these tests."""
    zygote = Zygote(_ENVIRONMENT, tmp_path_factory.mktemp("zygote") / "log", PRODUCT)
    yield zygote
    zygote.close()


def _started(start: Spawn, log: Path, what: str) -> Process:
    command = [sys.executable, "-m", "sandbox.parent", "tests.sandbox.host.facts", what]
    with log.open("wb") as output:
        process = start(command, {**clean_environment(), "OWN": "ü"}, output)
    await_true(lambda: log.read_text().endswith("}\n") or process.poll() is not None)
    return process


def _ended(process: Process) -> int:
    code = process.wait(10)
    assert process.stdin is not None
    process.stdin.close()
    return code


def _facts(start: Spawn, log: Path) -> dict[str, Any]:
    assert _ended(_started(start, log, "exit")) == 3, log.read_text()
    return dict(json.loads(log.read_text()))


def test_a_forked_process_finds_what_a_fresh_one_finds(zygote: Zygote, tmp_path: Path) -> None:
    """Environment, folder, arguments, import path, session, streams, open files, threads, signals, limits: the same.

    Of the product its modules are there already, and no app that is made of them.
    """
    forked, fresh = _facts(zygote.spawn, tmp_path / "forked"), _facts(spawn, tmp_path / "fresh")
    assert {name.partition(".")[0] for name in forked.pop("product")} == set(PRODUCT)
    assert fresh.pop("product") == []
    assert forked == fresh


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGABRT])
def test_how_it_ended_is_told(zygote: Zygote, tmp_path: Path, number: signal.Signals) -> None:
    """A signal ends it as it ends any process, and its end is told as of any child."""
    process = _started(zygote.spawn, tmp_path / "log", "wait")
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.01)
    os.kill(process.pid, number)
    assert _ended(process) == -number
    process.kill()  # too late, and harmless


def test_it_ends_with_whoever_started_it(zygote: Zygote, tmp_path: Path) -> None:
    """When the other end of its standard input is gone, so is it."""
    process = _started(zygote.spawn, tmp_path / "log", "wait")
    assert _ended_by_closing(process) == 0


def _ended_by_closing(process: Process) -> int:
    assert process.stdin is not None
    process.stdin.close()
    return process.wait(10)


def test_a_zygote_that_cannot_import_says_so(tmp_path: Path) -> None:
    """Starting a process fails with what the zygote printed."""
    (tmp_path / "jwt.py").write_text("raise ImportError('planted')\n", encoding="utf-8")
    zygote = Zygote({**clean_environment(), "PYTHONPATH": str(tmp_path)}, tmp_path / "log")
    with (tmp_path / "output").open("wb") as output, pytest.raises(StartError, match="planted"):
        zygote.spawn([sys.executable, "-m", "tests.sandbox.host.facts", "exit"], {}, output)
    zygote.close()
