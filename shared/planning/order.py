"""Who comes first when not everybody can."""

from collections.abc import Callable, Iterable
from datetime import datetime


def soonest_first[T](items: Iterable[T], deadline: Callable[[T], datetime]) -> list[T]:
    """Order by deadline, the soonest first; those with the same one stay in the order they came in."""
    return sorted(items, key=deadline)
