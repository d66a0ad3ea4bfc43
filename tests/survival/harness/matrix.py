"""The fault matrix: each call to Graph that an undisturbed life makes, and what is done to it. Pure.

The calls are read off a recorded life, so that a new call is a new line of the matrix by itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from shared.onboarding.reasons import Reason
from shared.tenant.graph import REPEAT_WITHIN_SECONDS

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NAME = re.compile(r"[^/@]+@[^/?]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to a call, as the tenant's control takes it; `reason` is what the row has to give for it then.

    `repeated`: a read is begun again twice before the step fails.
    """

    name: str
    reason: Reason | None
    control: Mapping[str, Any] = field(hash=False)
    repeated: bool = True

    def __str__(self) -> str:
        return self.name


def _answered(status: int, reason: Reason, **more: Any) -> Mapping[str, Any]:
    return {"reason": reason, "control": {"kind": "status", "status": status, **more}}


LONGER = REPEAT_WITHIN_SECONDS + 1
"""A pause that no read waits out: the step ends, and comes again."""
ATTEMPT = 3
"""Requests that one read is, where it is repeated."""
NO_ANSWER, BUSY = Reason.TENANT_UNAVAILABLE, Reason.TENANT_THROTTLED
REFUSED, FORBIDDEN = Reason.TENANT_REFUSED, Reason.PERMISSION_MISSING
FOR_PEOPLE = frozenset({REFUSED, FORBIDDEN})
"""What only a person can mend."""
FAULTS = (
    Fault("429 with Retry-After", **_answered(429, BUSY, retryAfter=LONGER), repeated=False),
    Fault("429", **_answered(429, BUSY)),
    Fault("500", **_answered(500, NO_ANSWER)),
    Fault("503", **_answered(503, NO_ANSWER)),
    Fault("504", **_answered(504, NO_ANSWER)),
    Fault("reset", NO_ANSWER, {"kind": "reset"}),
    Fault("slow", None, {"kind": "slow", "seconds": 0.3}, repeated=False),
    Fault("no answer", NO_ANSWER, {"kind": "silent", "seconds": 60}),
    Fault("504 after the work", NO_ANSWER, {"kind": "commit-then-status", "status": 504}),
    Fault("no answer after the work", NO_ANSWER, {"kind": "commit-then-timeout", "seconds": 60}),
    Fault("half an answer", NO_ANSWER, {"kind": "malformed"}),
    Fault("token expired", **_answered(401, REFUSED, code="InvalidAuthenticationToken"), repeated=False),
    Fault("permission gone", **_answered(403, FORBIDDEN, code="Authorization_RequestDenied"), repeated=False),
)
REASONS = frozenset(fault.reason for fault in FAULTS if fault.reason is not None)

AT_CHANGES = frozenset(
    {
        "429 with Retry-After",
        "429",
        "503",
        "504",
        "reset",
        "504 after the work",
        "no answer after the work",
        "half an answer",
    }
)
"""What every change meets in the usual run: Graph refuses it, or nobody knows whether it was carried out."""
DONE = frozenset({"504 after the work", "no answer after the work", "half an answer"})
"""What is carried out all the same."""
LOOKED, REGISTERED = "look", "/registeredDevices"
"""The stage, and the call beside another stage, in which a device is looked at."""

NUDGE, REPORT = "/sendActivityNotification", "/getConfigurationPoliciesReportForDevice"
"""What nothing waits for; and what nobody has promised to be there: a refusal of it is taken for silence."""
FOUND_DONE = ("/assign", "/$ref", "/configurationPolicies")
"""Ends of paths to which is posted what the next attempt looks for first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A call that a function makes in a stage: the `ith` of this method and path, in which ids are left out."""

    stage: str
    function: str
    method: str
    path: str
    ith: int
    has_body: bool

    @property
    def changes(self) -> bool:
        """Whether it is no read."""
        return self.method != "GET"

    def __str__(self) -> str:
        return f"{self.stage}: {self.function} {self.method} {self.path} #{self.ith}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault at one call."""

    line: Line
    fault: Fault

    @property
    def is_silent(self) -> bool:
        """Whether it lasts until the worker gives up."""
        return self.fault.control["kind"] in {"silent", "commit-then-timeout"}

    @property
    def fails(self) -> bool:
        """Whether the step has to notice. What comes slowly comes, and no body cannot be cut in half."""
        if self.fault.reason is None or not self.is_waited_for:
            return False
        if self.line.path.endswith(REPORT) and self.fault.reason in FOR_PEOPLE:
            return False
        return self.line.has_body or self.fault.name != "half an answer"

    @property
    def is_waited_for(self) -> bool:
        """Whether the step has to have the answer."""
        return not self.line.path.endswith(NUDGE)

    @property
    def reason(self) -> Reason | None:
        """What the row has to give for it. A look at a device calls it no answer, too, when Graph asks for a pause."""
        looks = self.line.stage == LOOKED or self.line.path.endswith(REGISTERED)
        return NO_ANSWER if looks and self.fault.reason is BUSY else self.fault.reason

    def rule(self, onboarding: str) -> dict[str, Any]:
        """Return the rule for the tenant's control: one attempt of the step fails."""
        path = re.escape(self.line.path).replace(r"\{id\}", _ID.pattern).replace(r"\{name\}", _NAME.pattern)
        return {
            "method": self.line.method,
            "path": f"^{path}($|[?])",
            "trace": f"^{self.line.function}[.]{onboarding}$",
            "after": self.line.ith - 1,
            "times": ATTEMPT if self.fault.repeated and not self.line.changes else 1,
            **self.fault.control,
        }

    @property
    def times_asked(self) -> int:
        """How many requests a change is until it is done: one for each attempt, and no attempt where all is found."""
        is_looked_for = self.line.method == "POST" and self.line.path.endswith(FOUND_DONE)
        found_done = is_looked_for and self.fault.name in DONE
        return 2 if self.fails and not found_done else 1

    def asked(self, requests: Iterable[Mapping[str, Any]], onboarding: str) -> list[Mapping[str, Any]]:
        """Return the recorded requests of one onboarding that are this call, whatever came of them."""
        wanted = (f"{self.line.function}.{onboarding}", self.line.method, self.line.path)
        return [one for one in requests if (one["trace"], one["method"], _plain(one["path"])) == wanted]

    def hit(self, requests: Iterable[Mapping[str, Any]], onboarding: str) -> int:
        """Count the recorded requests of one onboarding that this was done to."""
        return sum(one["fault"] is not None for one in self.asked(requests, onboarding))

    def __str__(self) -> str:
        return f"{self.fault} at {self.line}"


def lines_of(stage: str, requests: Iterable[Mapping[str, Any]], *, of_hints: bool = True) -> list[Line]:
    """Read the lines off the requests of one onboarding's undisturbed stage, in the order in which they came.

    `of_hints`: what hints lead to, or else what doorways and the sweep ask.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    lines = []
    for one in requests:
        function, dot, hint = str(one["trace"] or "").partition(".")
        if not dot or bool(hint) is not of_hints:
            continue
        kind = (function, str(one["method"]), _plain(str(one["path"])))
        seen[kind] += 1
        lines.append(Line(stage, *kind, ith=seen[kind], has_body=one["status"] != HTTPStatus.NO_CONTENT))
    return lines


def dealt(lines: Sequence[Line], faults: Sequence[Fault], turn: int) -> list[list[Cell]]:
    """Deal to each fault one cell of each function's lines; in as many turns as there are lines, all of them.

    Functions are other steps, perhaps of the other life: one hire can meet a fault in each.
    """
    own = _by_function(lines)
    return [[Cell(calls[(number + turn) % len(calls)], fault) for calls in own] for number, fault in enumerate(faults)]


def sampled(lines: Sequence[Line], faults: Sequence[Fault]) -> list[list[Cell]]:
    """Deal every change to each fault of `AT_CHANGES`; to the others, and of what only reads, one call a function."""
    own = _by_function(lines)
    return [
        [Cell(line, fault) for calls in own for line in _few(calls, fault, number)]
        for number, fault in enumerate(faults)
    ]


def _by_function(lines: Sequence[Line]) -> list[list[Line]]:
    functions = sorted({line.function for line in lines})
    return [[line for line in lines if line.function == function] for function in functions]


def _few(calls: Sequence[Line], fault: Fault, number: int) -> Sequence[Line]:
    changes = [line for line in calls if line.changes]
    if changes and fault.name in AT_CHANGES:
        return changes
    others = [line for line in calls if not line.changes] or changes
    return [others[number % len(others)]]


def turns(lines: Sequence[Line]) -> int:
    """Tell how many turns it takes until each cell has been dealt."""
    return max(Counter((line.stage, line.function) for line in lines).values())


def _plain(path: str) -> str:
    return _NAME.sub("{name}", _ID.sub("{id}", unquote(path).partition("?")[0]))
