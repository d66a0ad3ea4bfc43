"""Print what CHANGELOG.md says of one version: `python tools/release_notes.py v1.2.3`. Fails where it says nothing."""

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def notes(changelog: str, version: str) -> str | None:
    """Return the section of a version, without its heading; None where there is none, or an empty one."""
    heading = rf"^## {re.escape(version.removeprefix('v'))}(?: .*)?\n(?P<text>(?:(?!## ).*\n?)*)"
    found = re.search(heading, changelog, re.MULTILINE)
    return found["text"].strip() or None if found else None


def main() -> int:
    """Print the notes, or say what is missing."""
    version = sys.argv[1]
    text = notes(CHANGELOG.read_text(encoding="utf-8"), version)
    if text is None:
        print(f"CHANGELOG.md says nothing of {version}. Rename its section Unreleased before tagging.", file=sys.stderr)
        return 1
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
