"""Play every kind of HR system against the whole app, with retries, duplicates and disorder, and print what came of it.

Each kind posts a hire three times, what is none of ours, and what is misshapen; then it calls the hire off and repeats
the first word once more. In a world made anew it announces the hire again, and this time the manager collects the pass.
Vectors are those of the conformance tests, records come from stand-ins of the vendors' APIs.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sandbox.hr.server import RecordApi
from sandbox.hr.shapes import CREDENTIALS, Person
from sandbox.world import World
from tests.doorways.story import as_if_new
from tests.shared.sources.conformance import NUMBER, START, Sender
from tests.shared.sources.senders import NOW
from tests.shared.sources.test_conformance import SENDERS

BEGINS = NOW.isoformat().replace("+00:00", "Z")
UPN = "ada.king@larkspur.example"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one kind: deliveries, those acknowledged as the vendor wants it, and how the hire then stood.

    `collected`: whether the manager held the pass of the hire announced anew.
    """

    kind: str
    delivered: int
    acknowledged: int
    planned: bool
    called_off: bool
    collected: bool

    @property
    def good(self) -> bool:
        """Whether all is as it should be."""
        return self.delivered == self.acknowledged and self.planned and self.called_off and self.collected


def main() -> int:
    """Play all of them; return 0 if all went as it should, and every delivery was answered as its vendor wants it."""
    with ExitStack() as stack:
        apis = {kind: stack.enter_context(RecordApi(kind)) for kind in CREDENTIALS}
        world = stack.enter_context(World.start(timers=False, settings=_settings(apis)))
        print(f"{'kind':<12} {'delivered':>9} {'acknowledged':>12} {'planned':>8} {'called off':>11} {'collected':>10}")
        outcomes = [_played(world, sender, _place(world, sender, apis)) for sender in SENDERS]
    return 0 if all(outcome.good for outcome in outcomes) else 1


def _settings(apis: dict[str, RecordApi]) -> dict[str, str]:
    sources: dict[str, Any] = {}
    held: dict[str, str] = {}
    for sender in SENDERS:
        kind = sender.kind
        held[f"SIM_{kind}"] = sender.secret
        sources[kind] = {"kind": kind, "secrets": {"a": f"SIM_{kind}"}, "options": dict(sender.options)}
        if sender.names is not None and sender.kind in CREDENTIALS:
            names = {name: f"SIM_{kind}_{name}" for name in CREDENTIALS[kind]}
            held |= {names[name]: text for name, text in CREDENTIALS[kind].items()}
            sources[kind]["api"] = {"baseUrl": apis[kind].address, "credentials": names}
    return {"HR_SOURCES": json.dumps(sources), **held}


class Place(Protocol):
    """Where the record of the hire stands."""

    def appear(self) -> None:
        """Have the hire stand there."""
        ...

    def go(self) -> None:
        """Have the hire gone."""
        ...


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Events tell all there is to tell."""

    def appear(self) -> None:
        """Do nothing."""

    def go(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class AtVendor:
    """In the stand-in of the vendor's API."""

    api: RecordApi
    record: str

    def appear(self) -> None:
        """Enter the hire. Whoever is new signs in anew, too, by the first refresh token."""
        self.api.sessions = 0
        self.api.people[self.record] = Person(NUMBER, "Ada", "King", START)

    def go(self) -> None:
        """Take the hire out."""
        self.api.people.clear()


@dataclass(frozen=True, slots=True)
class InEntra:
    """Among the tenant's own users."""

    world: World
    user: str

    def appear(self) -> None:
        """Create the account, with the day."""
        names = {"id": self.user, "userPrincipalName": UPN, "displayName": "Ada King", "employeeId": NUMBER}
        day = f"{START}T00:00:00Z"
        self._change(op="upsert-user", user={**names, "employeeHireDate": day}, visible=True)

    def go(self) -> None:
        """Delete the account."""
        self._change(op="delete-user", user=UPN)

    def _change(self, **operation: object) -> None:
        self.world.control("POST", "directory", operation)


def _place(world: World, sender: Sender, apis: dict[str, RecordApi]) -> Place:
    if sender.names is None:
        return Nowhere()
    return AtVendor(apis[sender.kind], sender.names) if sender.kind in apis else InEntra(world, sender.names)


def _played(world: World, sender: Sender, place: Place) -> Outcome:
    as_if_new(world, BEGINS)
    place.appear()
    first = datetime.fromisoformat(world.now())
    answers = [*_answers(world, sender, first, hired=True)]
    _read_records(world)
    planned = _stands(world, sender.kind) == [("planned", START)]
    place.go()
    answers += _answers(world, sender, first, hired=False)
    _read_records(world)
    called_off = [status for status, _ in _stands(world, sender.kind)] == ["cancelled"]
    collected = _collected(world, sender, place)
    outcome = Outcome(sender.kind, len(answers), sum(answers), planned, called_off, collected)
    print(
        f"{outcome.kind:<12} {outcome.delivered:>9} {outcome.acknowledged:>12}"
        f" {_word(planned):>8} {_word(called_off):>11} {_word(collected):>10}",
        flush=True,
    )
    return outcome


def _collected(world: World, sender: Sender, place: Place) -> bool:
    """Announce the hire in a world made anew, and tell whether the manager came to hold the pass.

    Entra holds the employee number that the vendor's record says, which at some is the record's own id.
    """
    story = as_if_new(world, BEGINS)
    place.appear()
    headers = sender.sign(sender.secret, sender.hire, story.now())
    world.request("POST", f"/api/hr/{sender.kind}", body=sender.hire, headers=headers)
    _read_records(world)
    number = str(json.loads(story.rows()[0]["doc"])["hire"]["external_id"])
    hire = replace(story.hire(), upn=UPN, employee_id=number, name="Ada King")
    account = {"userPrincipalName": UPN, "displayName": hire.name, "employeeId": number, "userType": "Member"}
    story.change("upsert-user", visible=True, user={**account, "manager": hire.manager})
    code = story.case(hire).collected()
    place.go()
    return bool(code)


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
