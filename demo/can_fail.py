"""Shows that the story can fail: every fault is planted in turn, and has to be found at its own step."""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from demo.faults import FAULTS, Fault
from demo.terminal import Terminal
from sandbox.processes import ROOT

_AT_ONCE = 2
_LONGEST = 240.0
_FAILED = re.compile(r'^FAILED at step "([^"]+)": (.*)$', re.MULTILINE)
_FOUND = re.compile(r"^ +found +(.*)$", re.MULTILINE)
_MOST = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a story with a fault ended. `text` is all that it told."""

    fault: Fault
    code: int
    text: str
    seconds: float

    @property
    def step(self) -> str:
        """Return the step that the story ended at, or what it did instead."""
        match = _FAILED.search(self.text)
        return match[1] if match else "none: it ended well" if self.code == 0 else f"none: exit {self.code}"

    @property
    def found(self) -> str:
        """Return what the step said it found."""
        match = _FOUND.search(self.text)
        return match[1] if match else ""

    @property
    def caught(self) -> bool:
        """Whether it ended with 1, at the right step, by the right check."""
        match = _FAILED.search(self.text)
        return bool(self.code == 1 and match and match[1] == self.fault.step and self.fault.check in match[2])


def can_fail(terminal: Terminal, seed: str) -> int:
    """Plant all faults, two at a time. Returns 0 if each was found where it had to be, else 1."""
    terminal.title("Day One Pass: the demonstration can fail", f"seed {seed}")
    terminal.text(f"{len(FAULTS)} faults, one in each telling of the story. Each must end it with 1, at its own step.")
    terminal.section(f"  {'fault':<15}{'ended at':<19}{'had to end at':<19}the fault")
    began = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        outcomes = []
        for outcome in pool.map(lambda fault: run_with(fault, seed), FAULTS):
            _show(terminal, outcome)
            outcomes.append(outcome)
    missed = [outcome for outcome in outcomes if not outcome.caught]
    for outcome in missed:
        terminal.section(f"The story with the fault {outcome.fault.name!r}")
        terminal.text(outcome.text)
    many = f"{len(outcomes) - len(missed)} of {len(outcomes)} faults were found at their step"
    terminal.verdict(f"{many}, in {time.monotonic() - began:.0f} s.", good=not missed)
    return 1 if missed else 0


def run_with(fault: Fault, seed: str) -> Outcome:
    """Tell the story with one fault, in a process of its own, as a person would by `python -m demo --fault`."""
    began = time.monotonic()
    command = [sys.executable, "-m", "demo", "--fault", fault.name, "--seed", seed]
    done = subprocess.run(  # noqa: S603 – this very program
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_LONGEST
    )
    text = (done.stdout + done.stderr).decode(errors="replace")
    return Outcome(fault, done.returncode, text, time.monotonic() - began)


def _show(terminal: Terminal, outcome: Outcome) -> None:
    fault, found = outcome.fault, outcome.found
    terminal.row(fault.name, outcome.step, fault.step, fault.what, good=outcome.caught)
    if found:
        terminal.row("", "", "", f"found: {found if len(found) <= _MOST else found[:_MOST] + ' …'}")
