"""What a test orders the workers to do on the wire, and what they recorded.

`PYTHONPATH` brings `worker/sitecustomize.py` into a worker, and with it the wrappers of `worker/survival_wire.py`.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

WORKER = Path(__file__).with_name("worker")
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place to strike: the `ith` operation `label` of the `call`-th run of `function` in a stage of the path."""

    stage: str
    function: str
    call: int
    label: str
    ith: int
    when: str

    def __str__(self) -> str:
        return f"{self.stage}: {self.function}#{self.call} {self.when} {self.label}#{self.ith}"


@dataclass(slots=True)
class Orders:
    """The orders file of one world. `settings` is what a worker's environment needs to heed it."""

    directory: Path

    @property
    def file(self) -> Path:
        """The file that workers read before each operation."""
        return self.directory / "survival-orders.json"

    @property
    def record(self) -> Path:
        """The file to which they append what they saw, one JSON object a line."""
        return self.directory / "survival-record.jsonl"

    def settings(self) -> dict[str, str]:
        """Return what makes a worker heed the orders."""
        return {"PYTHONPATH": str(WORKER), "SURVIVAL_ORDERS": str(self.file)}

    def give(self, **orders: Any) -> None:
        """Put orders into force; counters begin anew.

        record=True: note each operation; bodies=True: and each body sent.
        strike={function, call, label, ith, when, how}: kill, abort or raise there, once; or "stop PID" storage, or
        "freeze PID SECONDS" it.
        refuse=label: refuse the writes to storage whose label begins so, however often they are tried.
        hold=seconds: let hints lie in their queues out of sight for so long.
        lose="503"|"reset": let the answer to each storage write get lost once.
        race={function?, place, workers}: whatever one worker takes from a queue, for a function or for each, all of so
        many run at the same moment. `place` is an empty folder.
        walk=[label]: after it, note the repr of every object of the product. keep=file: put the pass made into it.
        leak=True: log the pass that was made.
        mark=True: name each request to Graph, in `client-request-id`, by its function and hint: `function.hint`.
        patience={hint: seconds}: give up on Graph after so long in what a hint leads to.
        """
        recording = {"record": str(self.record)} if orders.pop("record", False) else {}
        text = json.dumps({"id": uuid4().hex, **recording, **orders})
        fresh = self.file.with_suffix(".fresh")
        fresh.write_text(text, encoding="utf-8")
        fresh.rename(self.file)

    def strike(self, point: Point, how: str = "kill", keep: str = "") -> None:
        """Order a strike at `point`. `keep` names a file that first takes the code of the pass made, if it was."""
        chosen = {name: value for name, value in asdict(point).items() if name != "stage"}
        self.file.with_suffix(".struck").unlink(missing_ok=True)
        self.give(strike={**chosen, "how": how}, **({"keep": keep} if keep else {}))

    @property
    def struck(self) -> bool:
        """Whether the strike that was ordered last has come."""
        return self.file.with_suffix(".struck").exists()

    def lift(self) -> None:
        """Take all orders back."""
        self.file.unlink(missing_ok=True)

    def seen(self, kind: str) -> list[dict[str, Any]]:
        """Return what was recorded of a kind: begin, raced, end, operation, lost, body, walk."""
        if not self.record.exists():
            return []
        lines = map(json.loads, self.record.read_text(encoding="utf-8").splitlines())
        return [line for line in lines if line["kind"] == kind]

    def raced(self, pids: set[int]) -> Counter[tuple[str, str]]:
        """Count, by function and hint, the runs of a race that all these workers were at, at one time."""
        begun: defaultdict[tuple[str, str, str], dict[int, float]] = defaultdict(dict)
        ended: defaultdict[str, list[float]] = defaultdict(list)
        for one in self.seen("raced"):
            begun[one["function"], one["hint"], one["run"]][one["pid"]] = one["at"]
        for one in self.seen("end"):
            ended[one["run"]].append(one["at"])
        together = (run for run, by in begun.items() if set(by) == pids and max(by.values()) < min(ended[run[-1]]))
        return Counter((function, hint) for function, hint, _ in together)

    def failed(self) -> Counter[str]:
        """Count, by function, the runs that ended with an error."""
        return Counter(one["function"] for one in self.seen("end") if not one["succeeded"])

    def forget(self) -> None:
        """Empty the record."""
        self.record.unlink(missing_ok=True)


def points_of(stage: str, operations: Iterable[dict[str, Any]]) -> list[Point]:
    """Turn the operations recorded in a stage into places to strike, before and after each."""
    return [
        Point(stage, op["function"], op["call"], op["label"], op["ith"], when)
        for op in operations
        for when in (BEFORE, AFTER)
    ]
