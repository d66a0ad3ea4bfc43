"""What arrived at the doorway, nothing of it verified."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


class Headers:
    """The header fields of a request, by name in any case; a name may have come more than once."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, tuple[str, ...]] = {}
        for name, value in fields:
            self._fields[name.lower()] = (*self._fields.get(name.lower(), ()), value)

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a header, none if it did not come.

        The platform joins doubled headers with a comma before the app sees them: what reads a value must refuse what
        it does not expect, and no pattern of a signature may let a comma pass.
        """
        return self._fields.get(name.lower(), ())

    def fields(self) -> tuple[tuple[str, str], ...]:
        """Return every field, the name in lower case; those of one name in the order in which they came."""
        return tuple((name, value) for name, values in self._fields.items() for value in values)

    def names(self) -> frozenset[str]:
        """Return the names, in lower case."""
        return frozenset(self._fields)


@dataclass(frozen=True, slots=True)
class Request:
    """A request to a source's address: `body` is the raw bytes, `now` (UTC) when it arrived."""

    method: str
    headers: Headers = field(repr=False)
    query: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    now: datetime
