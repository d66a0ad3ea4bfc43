"""The project's files as the rules read them; a test may change one without writing it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Tree:
    """Files under `root`, by paths relative to it with slashes. `changed` stands in front of what is on disk."""

    root: Path = ROOT
    changed: Mapping[str, str] = field(default_factory=dict)

    def text(self, path: str) -> str:
        """Return the text of a file.

        Raises:
            FileNotFoundError: there is none.
        """
        return self.changed[path] if path in self.changed else (self.root / path).read_text(encoding="utf-8")

    def paths(self, pattern: str) -> list[str]:
        """Return the paths of the files that match a pattern of `Path.glob`, in order."""
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.glob(pattern))

    def with_text(self, path: str, old: str, new: str) -> Self:
        """Return this tree with one passage of a file replaced.

        Raises:
            ValueError: the file does not have that passage exactly once.
        """
        text = self.text(path)
        if text.count(old) != 1:
            raise ValueError(f"{path} has {old!r} {text.count(old)} times")
        return replace(self, changed={**self.changed, path: text.replace(old, new)})
