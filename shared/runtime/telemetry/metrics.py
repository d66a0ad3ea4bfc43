"""The numbers of this product, by names that alerts and workbooks rely on. `docs/telemetry.md` is this list for people.

Pure: what is counted is decided where it happens, and written by whoever listens at the port.
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.runtime.telemetry import vocabulary as says


class Kind(StrEnum):
    """How a number behaves."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number: its name, unit (UCUM), the attributes it is told apart by, and what it says."""

    name: str
    kind: Kind
    unit: str
    attributes: tuple[str, ...]
    what: str


PASSES = Metric(
    "day_one_pass.passes", Kind.COUNTER, "{pass}", (says.STATUS,), "passes that came to this status: the outcomes"
)
LATENESS = Metric(
    "day_one_pass.lateness",
    Kind.HISTOGRAM,
    "s",
    (says.STEP,),
    "how much later than planned notice, invite and issue were done",
)
WAITS = Metric(
    "day_one_pass.waits",
    Kind.COUNTER,
    "{look}",
    (says.REASON, says.LIFE, says.WITHIN_DAY),
    "looks that found a hire waiting, and why; within_day: the start is less than 24 hours away",
)
SLOTS = Metric(
    "day_one_pass.budget.slots",
    Kind.COUNTER,
    "{request}",
    (says.USE,),
    "requests taken of the budget for Graph, and those given up",
)
REFUSALS = Metric(
    "day_one_pass.refusals",
    Kind.COUNTER,
    "{request}",
    (says.REFUSAL,),
    "what was turned away at the hand-over page and the API for what it claimed to be",
)
PROBLEMS = Metric(
    "day_one_pass.problems",
    Kind.COUNTER,
    "{request}",
    (says.PROBLEM,),
    "requests answered with a problem, by its kind",
)
SWEEP_AGE = Metric(
    "day_one_pass.sweep.age", Kind.GAUGE, "s", (), "how long ago the sweep last began, when somebody looked"
)
POISONED = Metric("day_one_pass.poisoned", Kind.COUNTER, "{message}", (), "hints found in the poison queues")

METRICS = (PASSES, LATENESS, WAITS, SLOTS, REFUSALS, PROBLEMS, SWEEP_AGE, POISONED)
