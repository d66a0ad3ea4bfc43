"""The person at the terminal: what is written, and what is agreed to."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Screen:
    """Where the command writes, and who agrees to a change."""

    write: Callable[[str], None]
    agrees: Callable[[str], bool]
    colour: bool

    @classmethod
    def usual(cls, *, yes: bool) -> Self:
        """Write to standard output, in colour on a terminal (https://no-color.org); ask there unless `yes`."""
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(lambda text: print(text, flush=True), _always if yes else _asked, colour)


def _always(question: str) -> bool:
    print(f"{question} yes (--yes)", flush=True)
    return True


def _asked(question: str) -> bool:
    if not sys.stdin.isatty():
        print(f"{question} no: nobody is there to be asked, and --yes was not given", flush=True)
        return False
    return input(f"{question} [y/N] ").strip().casefold() in {"y", "yes"}
