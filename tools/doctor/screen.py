"""The person at the terminal: what is written, and what is agreed to."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TextIO


@dataclass(frozen=True, slots=True)
class Screen:
    """Where the command writes its report and says what it does besides, and who agrees to a change."""

    write: Callable[[str], None]
    say: Callable[[str], None]
    agrees: Callable[[str], bool]
    colour: bool

    @classmethod
    def usual(cls, *, yes: bool, as_json: bool) -> Self:
        """Write to standard output, in colour on a terminal (https://no-color.org); ask there unless `yes`.

        Beside JSON what is said goes to standard error, so that the one can be read by a program.
        """
        aside = sys.stderr if as_json else sys.stdout
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(
            write=lambda text: print(text, flush=True),
            say=lambda text: print(text, flush=True, file=aside),
            agrees=lambda question: _agreed(question, aside, yes=yes),
            colour=colour,
        )


def _agreed(question: str, aside: TextIO, *, yes: bool) -> bool:
    if yes or not sys.stdin.isatty():
        said = "yes (--yes)" if yes else "no: nobody is there to be asked, and --yes was not given"
        print(f"{question} {said}", flush=True, file=aside)
        return yes
    print(f"{question} [y/N] ", end="", flush=True, file=aside)
    return input().strip().casefold() in {"y", "yes"}
