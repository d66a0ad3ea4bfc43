"""How the story looks in a terminal: colour only where one can see it, plain text everywhere else."""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TextIO

_WIDTH = 92
_LABEL = 46
_BOLD, _DIM, _GREEN, _RED, _CYAN = "1", "2", "32", "31", "36"


@dataclass(frozen=True, slots=True)
class Terminal:
    """Writes a story to a stream."""

    out: TextIO
    colour: bool

    @classmethod
    def usual(cls, out: TextIO = sys.stdout, environment: Mapping[str, str] = os.environ) -> "Terminal":
        """Use colour on a terminal whose owner has not set NO_COLOR (https://no-color.org)."""
        colour = out.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
        return cls(out, colour)

    def title(self, text: str, right: str) -> None:
        """Write the head of the story."""
        gap = " " * max(2, _WIDTH - len(text) - len(right))
        self._line(f"{self._paint(text, _BOLD, _CYAN)}{gap}{self._paint(right, _DIM)}")
        self._line("")

    def text(self, text: str = "") -> None:
        """Write a sentence."""
        self._line(f"  {text}" if text else "")

    def pair(self, label: str, value: str) -> None:
        """Write a fact of the setting."""
        self._line(f"  {self._paint(f'{label:<12}', _DIM)} {value}")

    def step(self, number: int, name: str) -> None:
        """Begin a step."""
        rule = "─" * max(2, _WIDTH - len(name) - 5)
        self._line("")
        self._line(f"{number:>2}  {self._paint(name, _BOLD)} {self._paint(rule, _DIM)}")

    def clock(self, when: str) -> None:
        """Say to where the clock has moved, in the hire's own time."""
        self._line(f"    {self._paint(f'» {when}', _CYAN)}")

    def seen(self, what: str, shown: str) -> None:
        """Write something that was read back and is as it should be."""
        self._line(f"    {self._paint('✓', _GREEN)} {what:<{_LABEL}} {shown}".rstrip())

    def failed(self, step: str, what: str, expected: str, found: str) -> None:
        """Write what is not as it should be, and end with one line that names the step."""
        self._line(f"    {self._paint('✗', _RED)} {what}")
        self._line(f"        expected  {expected}")
        self._line(f"        found     {found}")
        self._line("")
        self._line(self._paint(f'FAILED at step "{step}": {what}', _BOLD, _RED))

    def section(self, name: str) -> None:
        """Begin a part of the summary."""
        self._line("")
        self._line(self._paint(name, _BOLD))

    def columns(self, rows: Iterable[tuple[str, str]], width: int = 46) -> None:
        """Write rows of two columns."""
        for left, right in rows:
            self._line(f"    {left:<{width}} {right}".rstrip())

    def row(self, name: str, found: str, expected: str, what: str, *, good: bool | None = None) -> None:
        """Write a row of the table of faults; `good` None continues the row before."""
        mark = " " if good is None else self._paint("✓", _GREEN) if good else self._paint("✗", _RED)
        text = what if good is not None else self._paint(what, _DIM)
        self._line(f"{mark} {name:<15}{found:<19}{expected:<19}{text}")

    def verdict(self, text: str, *, good: bool) -> None:
        """Write the last line."""
        self._line("")
        self._line(self._paint(text, _BOLD, _GREEN if good else _RED))

    def _line(self, text: str) -> None:
        encoding = getattr(self.out, "encoding", None) or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding), file=self.out, flush=True)

    def _paint(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.colour else text
