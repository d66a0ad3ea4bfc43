"""Play every kind of HR system against the whole app, with retries, duplicates and disorder, and print what came of it.

Each kind posts a hire three times, what is none of ours, and what is misshapen; then it calls the hire off and repeats
the first word once more. Vectors are those of the conformance tests, records come from stand-ins of the vendors' APIs.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.hr.server import RecordApi
from sandbox.hr.shapes import CREDENTIALS, Person
from sandbox.world import World
from tests.shared.sources.conformance import NUMBER, START, Sender
from tests.shared.sources.senders import NOW
from tests.shared.sources.test_conformance import SENDERS

# Entra's own users are the tenant's, and none of them is the hire of the vectors.
PLAYED = tuple(sender for sender in SENDERS if sender.names is None or sender.kind in CREDENTIALS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one kind: deliveries, those acknowledged as the vendor wants it, and how the hire then stood."""

    kind: str
    delivered: int
    acknowledged: int
    planned: bool
    called_off: bool

    @property
    def good(self) -> bool:
        """Whether all is as it should be."""
        return self.delivered == self.acknowledged and self.planned and self.called_off


def main() -> int:
    """Play all of them; return 0 if every hire was planned and called off, and every delivery answered as wanted."""
    with ExitStack() as stack:
        apis = {kind: stack.enter_context(RecordApi(kind)) for kind in CREDENTIALS}
        world = stack.enter_context(World.start(timers=False, settings=_settings(apis)))
        world.reset(NOW.isoformat().replace("+00:00", "Z"))
        print(f"{'kind':<12} {'delivered':>9} {'acknowledged':>12} {'planned':>8} {'called off':>11}")
        outcomes = [_played(world, sender, apis.get(sender.kind)) for sender in PLAYED]
    return 0 if all(outcome.good for outcome in outcomes) else 1


def _settings(apis: dict[str, RecordApi]) -> dict[str, str]:
    sources: dict[str, Any] = {}
    held: dict[str, str] = {}
    for sender in PLAYED:
        kind = sender.kind
        held[f"SIM_{kind}"] = sender.secret
        sources[kind] = {"kind": kind, "secrets": {"a": f"SIM_{kind}"}, "options": dict(sender.options)}
        if sender.names is not None:
            names = {name: f"SIM_{kind}_{name}" for name in CREDENTIALS[kind]}
            held |= {names[name]: text for name, text in CREDENTIALS[kind].items()}
            sources[kind]["api"] = {"baseUrl": apis[kind].address, "credentials": names}
    return {"HR_SOURCES": json.dumps(sources), **held}


def _played(world: World, sender: Sender, api: RecordApi | None) -> Outcome:
    if api is not None and sender.names is not None:
        api.people[sender.names] = Person(NUMBER, "Ada", "King", START)
    first = datetime.fromisoformat(world.now())
    answers = [*_answers(world, sender, first, hired=True)]
    _read_records(world)
    planned = _stands(world, sender.kind) == [("planned", START)]
    if api is not None:
        api.people.clear()
    answers += _answers(world, sender, first, hired=False)
    _read_records(world)
    called_off = [status for status, _ in _stands(world, sender.kind)] == ["cancelled"]
    outcome = Outcome(sender.kind, len(answers), sum(answers), planned, called_off)
    print(
        f"{outcome.kind:<12} {outcome.delivered:>9} {outcome.acknowledged:>12}"
        f" {_word(planned):>8} {_word(called_off):>11}",
        flush=True,
    )
    return outcome


def _answers(world: World, sender: Sender, first: datetime, *, hired: bool) -> Iterator[bool]:
    """Post, and tell of each delivery whether it was answered as the vendor wants it.

    A repeated hire is signed as it was at first: that is what makes it the older word.
    """
    if hired:
        bodies = [*[sender.hire] * 3, sender.unknown, *sender.pings, sender.misshapen]
    else:
        # Without a time of its own the last to arrive counts, so nothing may come after the withdrawal.
        late = [sender.hire] if sender.has_time and sender.names is None else []
        bodies = [sender.cancelled, *late, sender.cancelled]
    for body in bodies:
        at = first if body is sender.hire else datetime.fromisoformat(world.now())
        headers = sender.sign(sender.secret, body, at)
        answer = world.request("POST", f"/api/hr/{sender.kind}", body=body, headers=headers)
        yield answer.status == (sender.faulty if body is sender.misshapen else sender.taken)


def _read_records(world: World) -> None:
    world.advance("PT1M")
    world.run_timer("sweep")


def _stands(world: World, source: str) -> list[tuple[str, str]]:
    """Return status and day of each onboarding of a source, as they are stored."""
    docs = (json.loads(row["doc"]) for row in world.storage.rows("onboardings") if row["RowKey"].startswith("o|"))
    return [(str(doc["status"]), str(doc["hire"]["start_date"])) for doc in docs if doc["source"] == source]


def _word(good: bool) -> str:
    return "yes" if good else "NO"


if __name__ == "__main__":
    sys.exit(main())
