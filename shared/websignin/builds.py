"""Builds of Windows, as Entra and Intune write them, and the first that shows Web sign-in. Pure."""

import re
from dataclasses import dataclass
from typing import Self

_VERSION = re.compile(r"\s*10\.0\.(\d{4,6})(?:\.(\d{1,6}))?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Build:
    """A build of Windows 10 or 11. `revision` is what updates count up, None where it is not told."""

    number: int
    revision: int | None

    @classmethod
    def read(cls, version: str) -> Self | None:
        """Read a version such as `10.0.22621.2361`; None for what is none, so that no build is ever guessed."""
        found = _VERSION.fullmatch(version)
        return cls(int(found[1]), int(found[2]) if found[2] else None) if found else None

    def __str__(self) -> str:
        return f"{self.number}" if self.revision is None else f"{self.number}.{self.revision}"


LEAST = Build(22621, 2361)
"""Windows 11 22H2 with KB5030310. Microsoft's page on Web sign-in names it; older ones show a globe that opens nothing.

https://learn.microsoft.com/windows/security/identity-protection/web-sign-in
"""


def shows_web_sign_in(build: Build) -> bool | None:
    """Tell whether a build is recent enough; None where only the revision that is not told would decide."""
    if build.number != LEAST.number:
        return build.number > LEAST.number
    return None if build.revision is None else build.revision >= (LEAST.revision or 0)
