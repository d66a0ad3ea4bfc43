"""Graph's limit on authentication-method requests: so many in any window, per app, on the sandbox's clock."""

import math
from collections import defaultdict, deque
from datetime import datetime, timedelta


class Throttle:
    """Counts the requests it let through; refused ones cost nothing."""

    def __init__(self) -> None:
        self._passed: dict[str, deque[datetime]] = defaultdict(deque)

    def admit(self, app: str, now: datetime, *, limit: int, window: float) -> int | None:
        """Let a request of `app` through (None), or return after how many whole seconds to come again."""
        passed = self._passed[app]
        span = timedelta(seconds=window)
        while passed and passed[0] <= now - span:
            passed.popleft()
        if len(passed) >= limit:
            oldest = passed[0] if passed else now
            return max(1, math.ceil((oldest + span - now).total_seconds()))
        passed.append(now)
        return None

    def clear(self) -> None:
        """Forget what has been."""
        self._passed.clear()
