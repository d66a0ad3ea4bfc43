"""A trace as one sees it: run after run in the order of time, each with its calls as bars. Pure.

Between the runs of one hire lie hours and days, within a run milliseconds: so each run has a scale of its own, and what
lies between is said in words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sandbox.tenant.state import Json

_NANO = 1_000_000_000
_LEAST = 0.8
"""Percent of the width: shorter than that cannot be seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One span. `left` and `width` are percents of its run's length."""

    label: str
    depth: int
    left: float
    width: float
    milliseconds: float
    tone: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run: when it began, how long after the run before it, and its spans from above to below."""

    at: datetime
    after: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """One hire's way. `status`: where the pass stands by what was told last."""

    id: str
    onboarding: str
    begun: datetime
    status: str
    runs: tuple[Run, ...]


def traces(spans: Iterable[Json]) -> list[Trace]:
    """Return the traces that are about an onboarding, the newest first."""
    by_trace: dict[str, list[Json]] = {}
    for span in spans:
        by_trace.setdefault(span["trace"], []).append(span)
    found = (_trace(name, sorted(of_one, key=_start)) for name, of_one in by_trace.items() if _is_of_a_hire(of_one))
    return sorted(found, key=lambda trace: trace.begun, reverse=True)


def _is_of_a_hire(spans: Sequence[Json]) -> bool:
    """Tell a hire's trace by its first span, a commit; a request that only passes by has none of its own."""
    first = min(spans, key=_start)
    return first["parent"] is None and "day_one_pass.transition" in first["attributes"]


def _trace(name: str, spans: Sequence[Json]) -> Trace:
    told = [span["attributes"]["day_one_pass.status"] for span in spans if "day_one_pass.status" in span["attributes"]]
    return Trace(
        name, spans[0]["attributes"]["day_one_pass.onboarding"], _time(spans[0]["start"]), told[-1], tuple(_runs(spans))
    )


def _runs(spans: Sequence[Json]) -> Iterator[Run]:
    root = spans[0]["span"]
    below: dict[str, list[Json]] = {}
    for span in spans[1:]:
        below.setdefault(span["parent"], []).append(span)
    ended: int | None = None
    for first in (spans[0], *below.get(root, [])):
        whole = [(0, first)] if first["span"] == root else list(_tree(first, below, 0))
        last = max(span["end"] for _, span in whole)
        after = spoken(timedelta(seconds=(first["start"] - ended) / _NANO)) if ended is not None else ""
        yield Run(_time(first["start"]), after, tuple(_bar(span, depth, first["start"], last) for depth, span in whole))
        ended = max(last, ended or 0)


def _tree(span: Json, below: dict[str, list[Json]], depth: int) -> Iterator[tuple[int, Json]]:
    yield depth, span
    for one in below.get(span["span"], []):
        yield from _tree(one, below, depth + 1)


def _bar(span: Json, depth: int, begun: int, ended: int) -> Bar:
    length = max(ended - begun, 1)
    width = max((span["end"] - span["start"]) * 100 / length, _LEAST)
    left = min((span["start"] - begun) * 100 / length, 100 - width)
    tone = "bad" if span["failed"] else "done" if "day_one_pass.transition" in span["attributes"] else "plain"
    return Bar(_label(span), depth, max(left, 0), width, (span["end"] - span["start"]) / 1_000_000, tone)


def _label(span: Json) -> str:
    said = span["attributes"]
    if transition := said.get("day_one_pass.transition"):
        return f"{transition} → {said['day_one_pass.status']}"
    return str(span["name"])


def spoken(span: timedelta) -> str:
    """Say how long something is, in its two largest units; nothing for less than a second."""
    seconds = max(0, int(span.total_seconds()))
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    return " ".join([f"{count} {unit}" for count, unit in parts if count > 0][:2])


def _start(span: Json) -> int:
    return int(span["start"])


def _time(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / _NANO, UTC)
