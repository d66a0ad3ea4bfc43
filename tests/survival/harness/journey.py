"""One hire's way from the event to the sign-in, driven so that workers may die on it; and what must hold at its end.

What acts here is what acts in the world: the HR system, which posts again when it got no answer; the clock and the
sweep; the platform, which starts a worker for one that died; the manager with the newest link mail.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.http import Answer
from sandbox.idle import NotIdleError
from sandbox.people import LINK, Company, HireOfCompany, LinkInMail
from sandbox.world import World
from shared.onboarding.audit.hash_chain import verify
from shared.onboarding.audit.ledger import decode_chain
from shared.onboarding.audit.record import Did
from tests.survival.harness.orders import Orders, Point
from tests.survival.harness.places import places
from tests.survival.harness.recovery import Recovery
from tests.survival.harness.search import Secret, found_in

EARLY, LATE = "2030-06-04T08:00:00Z", "2030-06-05T15:00:00Z"
"""Two instants for the event about a start on Thursday 6 June 2030: a day before the notice, an hour after it."""
START = date(2030, 6, 6)
STEP = "PT1M"
"""From one run of the sweep to the next."""
MOST_STEPS = 8
ONE_BY_ONE = {
    "AzureFunctionsJobHost__extensions__queues__batchSize": "1",
    "AzureFunctionsJobHost__extensions__queues__newBatchThreshold": "0",
}
"""Settings of a host that is done with a message before it takes the next of that queue.

A hint whose answer was lost is sent again, seconds later: on a busy machine its copies meet, and a mail comes twice.
"""
A_SECOND = timedelta(seconds=1)
INVITED = {"invited", "issued"}
"""After ten minutes in which nobody swept, the pass is made with the link."""
CUT_OFF = (OSError, http.client.HTTPException)
"""What a caller sees of a worker that died over his request."""


def go_past(world: World, at: str) -> None:
    """Set the clock a second past an instant, unless it is later already.

    It runs meanwhile, and cannot be set back: what is nearer than a second comes by itself.
    """
    instant = datetime.fromisoformat(at) + A_SECOND
    left = instant - datetime.fromisoformat(world.now())
    if left > A_SECOND:
        world.set_clock(instant.isoformat().replace("+00:00", "Z"))
    else:
        time.sleep(max(left, timedelta(0)).total_seconds())


@dataclass(slots=True)
class Journey:
    """One hire in a world made anew. `died` counts workers, `recovery` keeps how long their work took.

    `by_message`: after a death no sweep runs until the message is seen again that the dead worker held. `settings` of
    the worker, beside the usual. `of_event`: what the HR system says of the hire beside the usual.
    """

    world: World
    orders: Orders
    begins: str = EARLY
    start: date = START
    by_message: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    company: Company = field(init=False)
    hire: HireOfCompany = field(init=False)
    recovery: Recovery = field(init=False)
    died: int = 0
    of_event: dict[str, Any] = field(default_factory=dict)
    pause_of_stage: Callable[[str], None] = lambda _: None
    code: str = field(default="", repr=False)
    steps: set[str] = field(default_factory=set, init=False)

    def begin(self) -> None:
        """Empty the world, set it to the beginning, and let the tenant allow ten times Graph's rate."""
        self.orders.lift()
        self.recovery = Recovery(self.world, self.by_message)
        self.world.reset(self.begins, self.settings)
        self.world.control("POST", "directory", {"op": "set-throttle", "limit": 50})
        self.company = Company(self.world)
        self.hire = self.company.hires()[0]

    def how(self, point: Point) -> str:  # noqa: ARG002 - a worker is killed at each
        """Say what is done at a point to strike, as orders have it."""
        return "kill"

    # The stages, in order

    def collected(self) -> None:
        """Go the whole way: event, notice and scope, link, pass, the claim, the lock screen."""
        self.announced()
        self.stage("notice", self.plan("notice_at"), lambda row: row["noticed_at"] and row["web"]["status"] != PENDING)
        self.stage("invite", self.plan("invite_at"), lambda row: row["status"] in INVITED)
        self.made(self.plan("issue_at"))
        self.go(self.plan("opens"))
        self.pause_of_stage("collect")
        self.code = self.claimed()

    def made(self, at: str | None, again: str = "") -> None:
        """Have the pass made; `again` tells the second time from the first."""
        self.stage(f"issue{again}", at, lambda row: row["status"] == "issued")
        # A death in mid-issue leaves an attempt open: what Graph holds is compared before the window.
        self.stage(f"verify{again}", None, lambda row: row["status"] == "issued" and not row["attempts"])

    def cancelled(self) -> None:
        """Have a pass made for a hire announced late, then withdraw the hire."""
        self.announced()
        self.stage("notice", self.plan("notice_at"), lambda row: row["noticed_at"] and row["web"]["status"] != PENDING)
        self.stage("invite", self.plan("invite_at"), lambda row: row["status"] in INVITED)
        self.stage("issue", self.plan("issue_at"), lambda row: row["status"] == "issued")
        self.withdrawn()

    def withdrawn(self) -> None:
        """Let the HR system withdraw the hire, and the pass be revoked."""
        self.pause_of_stage("cancel")
        event = self.company.event(self.hire, self.start.isoformat(), kind="hire.cancelled")
        self.posted(event, "msg_cancelled")
        self.stage("revoke", None, lambda row: row["due"]["step"] == "erase")

    def announced(self) -> None:
        """Let the HR system announce the hire."""
        self.pause_of_stage("event")
        self.posted(self.company.event(self.hire, self.start.isoformat(), **self.of_event), "msg_created")

    def posted(self, event: dict[str, Any], webhook_id: str) -> Answer:
        """Post one event as often as it takes to get an answer, as HR systems do."""
        for _ in range(3):
            answer = self.insist(lambda: self.company.post(event, webhook_id))
            if answer.status == http.client.ACCEPTED:
                return answer
        raise AssertionError(f"the event was not taken: {answer.status} {answer.text()}")

    def insist(self, ask: Callable[[], Answer], *expected: int) -> Answer:
        """Ask the app something as often as it takes to get an answer, and let what it sets off be done.

        `expected`: the statuses that the answer may have; any, if none is named.
        """
        for _ in range(3):
            self.recovery.taking()
            try:
                answer = ask()
            except CUT_OFF:
                self.revive()
                continue
            self.settle()
            if expected and answer.status == http.client.SERVICE_UNAVAILABLE:
                # What the dead worker held is his for a moment yet: try again in a minute, the answer says.
                self.world.advance(STEP)
                continue
            assert not expected or answer.status in expected, answer.text()
            return answer
        raise AssertionError("no answer, however often it was asked for")

    def stage(self, name: str, at: str | None, reached: Callable[[dict[str, Any]], Any]) -> None:
        """Go to an instant and sweep, minute by minute, until the row is where it should be."""
        self.until(name, at, lambda: reached(self.row()))

    def until(self, name: str, at: str | None, reached: Callable[[], Any], pace: str = STEP) -> None:
        """Go to an instant and sweep, at a pace, until all is where it should be: a chore's is not the usual one."""
        if at is not None:
            self.go(at)
        self.pause_of_stage(name)
        for step in range(MOST_STEPS):
            if step or not reached():
                self._go_on()
            if reached():
                self.recovery.done(was_a_chore=pace != STEP)
                return
            self.world.advance(pace)
        raise AssertionError(f"{name} was not reached in {MOST_STEPS} times {pace}: {self.rows()}")

    def claimed(self) -> str:
        """Collect with the newest link; cut off, ask again with the same claim. Returns the pass."""
        link, claim = self.link(), self.company.claim()
        token = self.company.token(self.hire.manager)
        answer = self.insist(lambda: self.company.ask(link, "reveal", token, claim=claim), http.client.OK)
        return str(answer.json()["pass"])

    # Time, work and death

    def go(self, at: str) -> None:
        """Set the clock a second past an instant, unless it is later already."""
        if datetime.fromisoformat(self.world.now()) <= datetime.fromisoformat(at):
            # Whatever was to be done before then is done.
            self.recovery.done()
        go_past(self.world, at)

    def _go_on(self) -> None:
        if self.recovery.goes_by_message():
            self.recovery.show_again(self.row()["id"])
            self.settle()
        else:
            self.sweep()

    def sweep(self) -> None:
        """Run the sweep and all it leads to; a worker that dies over it is replaced."""
        self.recovery.taking()
        self._work(lambda: self.world.run_timer("sweep"))

    def settle(self) -> None:
        """Wait for whatever still runs; a worker that dies over it is replaced."""
        self._work(self.world.wait_idle)

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (*CUT_OFF, NotIdleError):
            self.revive()
        # A world without a worker is idle, too.
        if not self.world.hosts[0].child.alive():
            self.revive()

    def revive(self) -> None:
        """Start a worker for the one that died; what that one held stays out of sight.

        Raises:
            AssertionError: none died.
        """
        child = self.world.hosts[0].child
        child.process.wait(10)
        assert self.orders.struck, f"the worker died by itself:\n{child.text()[-3000:]}"
        self.recovery.put_aside()
        self.world.restart_host(0)
        self.died += 1
        self.recovery.begin()
        self.world.wait_idle()

    # What stands where

    def rows(self) -> list[dict[str, Any]]:
        """Return all onboardings."""
        stored = self.world.storage.rows("onboardings")
        return [json.loads(row["doc"]) for row in stored if row["RowKey"].startswith("o|")]

    def row(self) -> dict[str, Any]:
        """Return the one onboarding; what is due of it then is kept in `steps`."""
        (row,) = self.rows()
        self.steps |= {due["step"] for due in (row["due"], row["web_due"], row["device_due"]) if due}
        return row

    def plan(self, name: str) -> str:
        """Return an instant of the plan."""
        return str(self.row()["plan"][name])

    def links(self) -> list[LinkInMail]:
        """Return the links of all mails to the manager, oldest first."""
        mails = self.company.mails(self.hire.manager_mail)
        hits = [LINK.search(mail["html"]) for mail in mails]
        return [LinkInMail(hit[0], hit[2], hit[3]) for hit in hits if hit]

    def link(self) -> LinkInMail:
        """Return the link of the newest mail that has one."""
        return self.links()[-1]

    def passes(self) -> list[dict[str, Any]]:
        """Return the passes that the tenant holds."""
        return list(self.company.directory()["passes"])

    def missed_a_slot(self) -> bool:
        """Tell whether an attempt ended without asking for a pass: Graph has refused nothing, so its slot went by."""
        stored = self.world.storage.rows("onboardings")
        return any(one["what"] == Did.NO_PASS_MADE for one in stored if one["RowKey"].startswith("a|"))

    def secrets(self) -> list[Secret]:
        """Return what may stand in clear nowhere: the keys of all links mailed, and the pass if it was collected."""
        keys = [Secret.of_key("link key", link.key) for link in self.links()]
        return [*keys, *([Secret.of_text("pass", self.code)] if self.code else [])]

    # What must hold

    def check_collected(self) -> None:
        """One onboarding, one live pass, one usable link, the newest; the pass signs in; nothing in clear."""
        row = self.row()
        assert (row["status"], row["web"]["status"]) == ("opened", "in-scope")
        (held,) = self.passes()
        assert held["id"] == row["issued"]["id"]
        assert row["attempts"] == []
        self._check_links()
        self._check_one_effect()
        self.check_nothing_in_clear()
        self.go(self.plan("valid_from"))
        assert self.company.sign_in(self.hire, self.code)["signedIn"] is True

    def _check_links(self) -> None:
        token = self.company.token(self.hire.manager)
        *older, newest = self.links()
        for link in older:
            for question in ("state", "reveal"):
                refused = self.company.ask(link, question, token, claim=self.company.claim())
                assert refused.status == http.client.FORBIDDEN, refused.text()
        view = self.company.ask(newest, "state", token)
        assert view.json()["state"] == "opened"
        second = self.company.ask(newest, "reveal", token, claim=self.company.claim())
        assert second.status == http.client.CONFLICT
        assert "pass" not in second.json()

    def _check_one_effect(self) -> None:
        """One row, one record of the event, and an audit record for each version of the row, in an unbroken chain."""
        stored = self.world.storage.rows("onboardings")
        kinds = [entity["RowKey"][0] for entity in stored]
        assert kinds.count("o") == 1
        assert kinds.count("e") == len({"msg_created"})
        row = next(entity for entity in stored if entity["RowKey"][0] == "o")
        records = {int(one["RowKey"].rpartition("|")[2]): one for one in stored if one["RowKey"][0] == "a"}
        assert (len(records), decode_chain(row).length) == (row["version"], row["version"])
        assert list(verify(decode_chain(row), row["version"], records)) == []
        lives = [entity["RowKey"].rpartition("|")[2] for entity in stored if entity["RowKey"][0] == "d"]
        assert (lives.count("pass"), kinds.count("m")) == (1, 1)

    def check_cancelled(self) -> None:
        """No pass is left at the tenant, and no link opens anything."""
        row = self.row()
        assert (row["status"], row["doomed"], row["issued"], row["attempts"]) == ("cancelled", False, None, [])
        assert self.passes() == []
        self.check_links_are_dead()
        events = [entity for entity in self.world.storage.rows("onboardings") if entity["RowKey"][0] == "e"]
        assert sorted(event["outcome"] for event in events) == ["cancelled", "planned"]
        self.check_nothing_in_clear()

    def check_links_are_dead(self) -> None:
        """No link that was mailed shows anything."""
        token = self.company.token(self.hire.manager)
        for link in self.links():
            answer = self.company.ask(link, "reveal", token, claim=self.company.claim())
            assert answer.status in {http.client.FORBIDDEN, http.client.CONFLICT}
            assert "pass" not in answer.json()

    def check_nothing_in_clear(self) -> None:
        """No secret stands in a log, a row or a message."""
        assert found_in(places(self.world), self.secrets()) == []


PENDING = "pending"


def record(journey: Journey, walk: Callable[[Journey], None]) -> list[tuple[str, dict[str, Any]]]:
    """Go a way undisturbed and return every operation on the wire with its stage."""
    found: list[tuple[str, dict[str, Any]]] = []
    stage = ""

    def close() -> None:
        found.extend((stage, op) for op in journey.orders.seen("operation"))

    def begin(name: str) -> None:
        nonlocal stage
        close()
        stage = name
        journey.orders.forget()
        journey.orders.give(record=True)

    journey.begin()
    journey.orders.forget()
    journey.pause_of_stage = begin
    walk(journey)
    close()
    journey.orders.lift()
    return found


class PointMissedError(AssertionError):
    """The work did not come by the point this time, so nobody died there."""

    def __init__(self, point: Point) -> None:
        super().__init__(f"the point was not reached: {point}")
        self.point = point


def struck(journey: Journey, walk: Callable[[Journey], None], points: Iterable[Point]) -> None:
    """Go a way on which the worker is killed, or what else the journey does, at some points, one in a stage at most.

    Raises:
        PointMissedError: see there.
        AssertionError: the way was not gone to its end.
    """
    chosen = {point.stage: point for point in points}
    ahead = dict(chosen)
    waiting: Point | None = None

    def begin(name: str) -> None:
        nonlocal waiting
        if waiting is not None and not journey.orders.struck:
            raise PointMissedError(waiting)
        waiting = ahead.pop(name, None)
        if waiting is None:
            journey.orders.lift()
        else:
            journey.orders.strike(waiting, journey.how(waiting))

    journey.begin()
    journey.pause_of_stage = begin
    walk(journey)
    begin("the end")
    for point in ahead.values():
        raise PointMissedError(point)
    assert journey.died == len(chosen), f"{journey.died} workers died at {len(chosen)} points"
