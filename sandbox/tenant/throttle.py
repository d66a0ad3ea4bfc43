"""Graph's limits: so many requests in any window, counted under a name, on the sandbox's clock."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in any window of so many seconds, of all that count under this name."""

    name: str
    most: int
    seconds: float


class Throttle:
    """Counts the requests it let through; refused ones cost nothing."""

    def __init__(self) -> None:
        self._passed: dict[str, deque[datetime]] = defaultdict(deque)

    def admit(self, now: datetime, *limits: Limit) -> int | None:
        """Let a request through that counts against all of these (None), or say in how many seconds to come again."""
        waits = [wait for limit in limits if (wait := self._wait(limit, now)) is not None]
        if waits:
            return max(waits)
        for limit in limits:
            self._passed[limit.name].append(now)
        return None

    def clear(self) -> None:
        """Forget what has been."""
        self._passed.clear()

    def _wait(self, limit: Limit, now: datetime) -> int | None:
        passed, span = self._passed[limit.name], timedelta(seconds=limit.seconds)
        while passed and passed[0] <= now - span:
            passed.popleft()
        if len(passed) < limit.most:
            return None
        oldest = passed[0] if passed else now
        return max(1, math.ceil((oldest + span - now).total_seconds()))
