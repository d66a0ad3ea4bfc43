"""Child processes of a sandbox: started with a clean environment, logged into files, ended for certain."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sandbox.zygote.process import ForkedProcess

ROOT = Path(__file__).resolve().parent.parent

_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
_COVERAGE = "COVERAGE_"
_LOOK_AGAIN = 0.02


class StartError(Exception):
    """A process of the sandbox did not come up; the text holds the end of what it printed."""


type Process = subprocess.Popen[bytes] | ForkedProcess
"""Its standard input is the lifeline of `sandbox.parent`."""

type Spawn = Callable[[Sequence[str], Mapping[str, str], IO[bytes]], Process]
"""Starts a command from the project's root with exactly this environment, both streams into one file."""


def spawn(command: Sequence[str], environment: Mapping[str, str], output: IO[bytes]) -> Process:
    """Start a fresh process, in a session of its own.

    Raises:
        FileNotFoundError: there is no such program.
    """
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        # Ctrl-C in a terminal reaches the parent alone, which then ends its children in order.
        start_new_session=True,
    )


@dataclass(slots=True)
class Child:
    """One running process of a sandbox, and the file that takes what it prints."""

    name: str
    process: Process
    log: Path

    def text(self) -> str:
        """Return all that it printed, both streams."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def alive(self) -> bool:
        """Return whether it still runs."""
        return self.process.poll() is None

    def end(self, seconds: float = 8.0) -> None:
        """Ask it to end, and kill it where it does not within `seconds`."""
        if self.alive():
            self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._reap()

    def kill(self) -> None:
        """End it with SIGKILL, as a machine that fails does."""
        self.process.kill()
        self._reap()

    def await_ready(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready()`.

        Raises:
            StartError: it ended before, or was not ready within `seconds`.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive() or time.monotonic() > deadline:
                state = "is not ready" if self.alive() else f"ended with code {self.process.returncode}"
                raise StartError(f"{self.name} {state}; it printed:\n{self.text()[-4000:]}")
            time.sleep(_LOOK_AGAIN)

    def _reap(self) -> None:
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()


@dataclass(slots=True)
class Family:
    """All processes of one sandbox; `directory` takes their logs."""

    directory: Path
    children: list[Child] = field(default_factory=list)
    _count: int = 0

    def start(self, name: str, command: Sequence[str], settings: Mapping[str, str], spawn: Spawn = spawn) -> Child:
        """Start `command` from the project's root. The environment is clean but for `settings`."""
        log = self.log(name)
        with log.open("wb") as output:
            child = Child(name, spawn(command, {**clean_environment(), **settings}, output), log)
        self.children.append(child)
        return child

    def log(self, name: str) -> Path:
        """Return the file for what the next process prints."""
        self._count += 1
        return self.directory / f"{self._count:02d}-{name}.log"

    def end(self) -> None:
        """End all of them, the youngest first; SIGTERM goes to all before any is waited for."""
        for child in self.children:
            if child.alive():
                child.process.terminate()
        for child in reversed(self.children):
            child.end()
        self.children.clear()

    def logs(self) -> dict[str, str]:
        """Return what each process ever started printed, by the name of its log file."""
        texts = sorted(self.directory.glob("*.log"))
        return {path.stem: path.read_text(encoding="utf-8", errors="replace") for path in texts}


def clean_environment() -> dict[str, str]:
    """Return what a child inherits: no proxy, no credential and no setting of the person's own shell."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    measuring = {name: value for name, value in os.environ.items() if name.startswith(_COVERAGE)}
    return kept | measuring | {"PYTHONUNBUFFERED": "1", "NO_PROXY": "127.0.0.1"}


def start_janitor(directory: Path) -> subprocess.Popen[bytes]:
    """Start what removes `directory` once this process is gone, even by SIGKILL."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(ROOT / "sandbox" / "janitor.py"), str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def end_janitor(janitor: subprocess.Popen[bytes]) -> None:
    """Let it do its work now, and wait for its end. May be called twice."""
    if janitor.stdin is not None and not janitor.stdin.closed:
        janitor.stdin.close()
    try:
        janitor.wait(10)
    except subprocess.TimeoutExpired:
        janitor.kill()
        janitor.wait()
