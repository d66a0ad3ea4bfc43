"""The tenant owns the sandbox's time: an offset to the machine's own clock, kept in one file all processes read."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


class ClockWouldGoBackError(Exception):
    """The clock runs forward only; `reset` alone may set it back."""


class TenantClock:
    """Tells and moves the sandbox's time. The file holds a decimal number: seconds to add to real UTC time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = float(path.read_text()) if path.exists() else 0.0

    def now(self) -> datetime:
        """Return the present instant of the sandbox, aware and in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._offset)

    def advance(self, by: timedelta) -> None:
        """Move the time forward; ClockWouldGoBackError for a negative step."""
        if by < timedelta(0):
            raise ClockWouldGoBackError
        self._write(self._offset + by.total_seconds())

    def set(self, to: datetime) -> None:
        """Jump to an instant that is not yet past; from there the time runs on at real speed."""
        self.advance(to - self.now())

    def reset(self, to: datetime) -> None:
        """Jump to any instant, back as well."""
        self._write((to - datetime.now(UTC)).total_seconds())

    def _write(self, offset: float) -> None:
        self._offset = offset
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        draft.write_text(f"{offset:.6f}")
        draft.replace(self._path)
