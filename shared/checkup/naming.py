"""How hires are named in what was found. Pure."""

from collections.abc import Sequence

from shared.checkup.facts import Hire

MOST = 5


def named(hires: Sequence[Hire]) -> str:
    """Name hires, the first few of many."""
    shown = ", ".join(hire.name for hire in hires[:MOST])
    return shown if len(hires) <= MOST else f"{shown} and {len(hires) - MOST} more"
