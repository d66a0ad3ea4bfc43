"""What the app told of its work, as Application Insights would keep it: spans, numbers and logs, the newest of each."""

from collections import deque
from dataclasses import dataclass, field

from sandbox.tenant.state import Json

_MOST = 20_000


def _newest() -> deque[Json]:
    return deque(maxlen=_MOST)


@dataclass(slots=True)
class Told:
    """Kept as it came: whoever looks for secrets has to find them."""

    spans: deque[Json] = field(default_factory=_newest)
    metrics: deque[Json] = field(default_factory=_newest)
    logs: deque[Json] = field(default_factory=_newest)

    def add(self, told: Json) -> None:
        """Keep what was told.

        Raises:
            ValueError: it is of no kind that there is.
        """
        for kind, items in told.items():
            if kind not in {"spans", "metrics", "logs"}:
                raise ValueError(f"{kind} is told by nobody: spans, metrics, logs")
            getattr(self, kind).extend(items)

    def as_json(self) -> Json:
        """Show all of it."""
        return {"spans": list(self.spans), "metrics": list(self.metrics), "logs": list(self.logs)}

    def clear(self) -> None:
        """Forget all of it."""
        for kept in (self.spans, self.metrics, self.logs):
            kept.clear()
