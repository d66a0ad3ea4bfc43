"""A world that runs the probe app instead of the product, and what that app wrote down about its own runs."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROBE = Path(__file__).parent / "probe_app"
ANSWER_LIMIT = 1.5


def await_true(condition: Callable[[], object], seconds: float = 15) -> None:
    """Look until `condition()` holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not come about in time"
        time.sleep(0.02)


class Record:
    """What the probe app wrote down about its own runs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """Return all entries of a kind, oldest first."""
        if not self._path.exists():
            return []
        lines = (json.loads(line) for line in self._path.read_text(encoding="utf-8").splitlines())
        return [line for line in lines if line["kind"] == kind]

    def clear(self) -> None:
        """Forget everything."""
        self._path.unlink(missing_ok=True)


def probe_options(record: Path, **more: Any) -> dict[str, Any]:
    """Return the options of a world that runs the probe app; its timer is hourly and seldom disturbs."""
    settings = {"PROBE_QUEUE": "probe-work", "PROBE_RECORD": str(record), **more.pop("settings", {})}
    limit = ("--answer-limit", str(ANSWER_LIMIT))
    return {
        "app": PROBE,
        "tables": ("probe",),
        "queues": ("probe-work",),
        "settings": settings,
        "host_arguments": limit,
        **more,
    }
