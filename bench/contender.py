"""What both have to do here, and how a browser speaks to them."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import urlsplit

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret and what opens it: `mark` names it in an address, `key` is what the thief has to guess."""

    mark: str
    key: str = field(repr=False)
    clear: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: str = field(repr=False)

    def holds(self, secret: Secret) -> bool:
        """Tell whether the secret stands in it."""
        return secret.clear in self.body


@dataclass(slots=True)
class Browser:
    """One connection that is kept."""

    connection: HTTPConnection

    @classmethod
    def at(cls, address: str) -> Self:
        """Connect to an address."""
        place = urlsplit(address)
        return cls(HTTPConnection(place.hostname or "", place.port, timeout=30))

    def send(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Told:
        """Send one request and read all of the answer."""
        self.connection.request(method, path, body=body, headers=dict(headers or {}))
        answer = self.connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Told(answer.status, found, answer.read().decode())

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


class Contender(Protocol):
    """One of the two. A `claim` is what a page draws for itself, where it does."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def addresses(self) -> Sequence[str]:
        """Where its workers listen."""
        ...

    def secrets(self, number: int) -> Sequence[Secret]:
        """Make secrets that can be collected now."""
        ...

    def page(self, browser: Browser, mark: str, key: str, method: str = "GET") -> Told:
        """Open the link, as a person or a scanner does."""
        ...

    def reveal(self, browser: Browser, secret: Secret, claim: str, key: str | None = None) -> Told:
        """Press the button as the person whom it is for; with another key than the link's, where one is given."""
        ...

    def press(self, browser: Browser, secret: Secret) -> Told:
        """Press the button as a scanner does that has the link and runs the page."""
        ...

    def hand_over(self, browser: Browser, secret: Secret, claim: str) -> Told:
        """Send all that a person's browser sends from the link to the secret; return the answer that holds it."""
        ...

    def logs(self) -> str:
        """Return what its servers have logged."""
        ...

    def processes(self) -> Sequence[int]:
        """Return the process ids of all its servers."""
        ...


def cpu_seconds(processes: Sequence[int]) -> float:
    """Return what processes and all below them have used of processors so far. Linux only."""
    parents = {int(path.name): _stat(path) for path in Path("/proc").iterdir() if path.name.isdecimal()}
    known, wanted = set[int](), list(processes)
    while wanted:
        known.add(one := wanted.pop())
        wanted += [child for child, (parent, _) in parents.items() if parent == one and child not in known]
    return sum(ticks for one, (_, ticks) in parents.items() if one in known) / _TICKS


def _stat(path: Path) -> tuple[int, int]:
    """Return a process's parent and the ticks it has used; zeros for one that has ended meanwhile."""
    try:
        found = (path / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0, 0
    return int(found[1]), int(found[11]) + int(found[12])
