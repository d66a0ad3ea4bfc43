"""A crowd whose hires each meet a fault of their own, stage by stage; and what must hold of all of them then.

The last hire of the crowd meets none: the others have to end as it does.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sandbox.people import HireOfCompany
from shared.onboarding.schedule.device import LOOK_AGAIN
from tests.survival.harness.audit import breaks
from tests.survival.harness.crowd import Crowd, Row
from tests.survival.harness.journey import MOST_STEPS, STEP
from tests.survival.harness.matrix import AT_CHANGES, FOR_PEOPLE, LOOKED, NO_ANSWER, REASONS, Cell, Line, lines_of
from tests.survival.harness.orders import Orders
from tests.survival.harness.places import places
from tests.survival.harness.search import Secret, found_in

ADMIN = "mei.tanaka@larkspur.example"
A_MINUTE = timedelta(minutes=1)
TURN, MOST_TURNS = "PT121S", 16
"""Until each has met its fault: those who write assignments go one after the other, two minutes apart."""


def _said(row: Row) -> list[str]:
    """Return when a row says that it is tried again."""
    return [at for at in (row["retry_at"], row["web"]["retry_at"]) if at]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the way. `at`: an instant of the plan; `pressed`: somebody puts back to work what waits longer.

    `again`: when what failed is tried again.
    """

    name: str
    at: Callable[[Row], str]
    reached: Callable[[Row], Any]
    pressed: bool = False
    again: Callable[[Row], list[str]] = _said


def _look_at(row: Row) -> str:
    return (datetime.fromisoformat(row["plan"]["notice_at"]) - LOOK_AGAIN).isoformat()


LOOK = Stage(
    LOOKED,
    _look_at,
    lambda row: row["device"]["at"] > _look_at(row) and row["device"]["verdict"]["reason"] != NO_ANSWER,
    again=lambda row: [row["device_due"]["at"]],
)
"""The look at the device on the day of the notice, some hours before it."""
NOTICE = Stage(
    "notice",
    lambda row: str(row["plan"]["notice_at"]),
    lambda row: row["noticed_at"] and row["web"]["status"] == "in-scope",
)
INVITE = Stage(
    "invite", lambda row: str(row["plan"]["invite_at"]), lambda row: row["status"] == "invited", pressed=True
)
ISSUE = Stage(
    "issue",
    lambda row: str(row["plan"]["issue_at"]),
    lambda row: row["status"] == "issued" and not row["attempts"],
    pressed=True,
)
REVIEW = Stage(
    "review", lambda row: str(row["due"]["at"]), lambda row: row["reviewed_at"] and row["web"]["status"] == "in-scope"
)
REMIND = Stage("remind", lambda row: str(row["due"]["at"]), lambda row: "not-opened" in row["told"])
WITHDRAW = Stage("withdraw", lambda row: str(row["created"]), lambda row: row["due"]["step"] == "erase")
LEAVE = Stage("leave", lambda row: str(row["created"]), lambda row: not row["memberships"])


@dataclass(slots=True)
class Disturbed:
    """Drives a crowd, plants the cells, and counts those that were met.

    `patience`: seconds after which a worker gives up on a Graph that is silent, where that is sooner than its own.
    """

    crowd: Crowd
    orders: Orders
    patience: float | None = None
    met: Counter[tuple[Line, str]] = field(default_factory=Counter)
    codes: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def control(self) -> HireOfCompany:
        """Whoever meets no fault."""
        return self.crowd.hires[-1]

    def recorded(self, stage: Stage, begin: Callable[[], object] = lambda: None) -> list[Line]:
        """Go through a stage undisturbed and return the calls that the crowd's only hire made.

        `begin` does what the stage begins with, where that is no instant.
        """
        self.crowd.world.control("DELETE", "requests")
        begin()
        self.undisturbed(stage)
        return lines_of(stage.name, self.requests())

    def undisturbed(self, stage: Stage) -> None:
        """Go through a stage."""
        self.crowd.bring(stage.reached, max(map(stage.at, self.crowd.rows())))

    def disturbed(self, stage: Stage, cells: Sequence[list[Cell]], begin: Callable[[], object] = lambda: None) -> None:
        """Go through a stage in which each hire meets the faults dealt to it; then let them end, and all be reached.

        `begin` does what the stage begins with, where that is no instant.
        """
        victims = dict(zip(self.ids(), cells, strict=False))
        self.crowd.world.control("DELETE", "requests")
        before = {row["id"]: row["version"] for row in self.crowd.rows()}
        silent = [one for one, dealt in victims.items() if any(cell.is_silent for cell in dealt)]
        self.orders.give(mark=True, patience=dict.fromkeys(silent, self.patience) if self.patience else {})
        for onboarding, dealt in victims.items():
            for cell in dealt:
                self.crowd.world.control("POST", "faults", cell.rule(onboarding))
        self.crowd.go(max(map(stage.at, self.crowd.rows())))
        begin()
        self._meet(victims)
        self._check_reasons(victims, before)
        self.crowd.world.control("DELETE", "faults")
        self._recover(stage)
        self._check_asked_once(victims)
        self.met.update((cell.line, cell.fault.name) for dealt in victims.values() for cell in dealt)

    def ids(self) -> list[str]:
        """Return the onboardings, in the order of the hires."""
        return [row["id"] for row in self.crowd.rows()]

    def requests(self) -> list[dict[str, Any]]:
        """Return what Graph was asked since the last stage began."""
        return list(self.crowd.world.control("GET", "requests").json()["requests"])

    def _meet(self, victims: Mapping[str, list[Cell]]) -> None:
        """Sweep, minute by minute, until each has met its faults."""
        for _ in range(MOST_TURNS):
            self.crowd.world.run_timer("sweep", 120)
            requests = self.requests()
            missed = [cell for one, dealt in victims.items() for cell in dealt if not cell.hit(requests, one)]
            if not missed:
                return
            self.crowd.world.advance(TURN)
        raise AssertionError(f"never met: {', '.join(map(str, missed))}")

    def _check_reasons(self, victims: Mapping[str, list[Cell]], before: Mapping[str, int]) -> None:
        """Each step that failed has said why; what only a person can mend was not tried over and over."""
        whys = self._whys(before)
        for onboarding, dealt in victims.items():
            for cell in dealt:
                if cell.fails:
                    assert whys[onboarding][cell.reason], f"{cell}: {whys[onboarding]} {self._row(onboarding)}"
                if not cell.is_waited_for:
                    assert REASONS.isdisjoint(whys[onboarding]), f"{cell} holds something up: {whys[onboarding]}"
            for reason in FOR_PEOPLE & {cell.fault.reason for cell in dealt}:
                assert whys[onboarding][reason] <= len(dealt), f"{dealt[0]} is tried on and on"

    def _check_asked_once(self, victims: Mapping[str, list[Cell]]) -> None:
        """Each change was one request an attempt, and one attempt more than failed, no sooner than a minute later."""
        requests = self.requests()
        for onboarding, dealt in victims.items():
            for cell in dealt:
                if cell.line.changes and cell.fault.name in AT_CHANGES:
                    asked = [datetime.fromisoformat(one["at"]) for one in cell.asked(requests, onboarding)]
                    assert len(asked) == cell.times_asked, f"{cell}: {asked}"
                    assert all(again - once > A_MINUTE for once, again in pairwise(asked)), f"{cell}: {asked}"

    def _whys(self, before: Mapping[str, int]) -> dict[str, Counter[str]]:
        """Count the reasons in the audits of each onboarding since its version then."""
        found: dict[str, Counter[str]] = {onboarding: Counter() for onboarding in before}
        for entity in self.crowd.world.storage.rows("onboardings"):
            kind, _, rest = str(entity["RowKey"]).partition("|")
            if kind == "a" and int(rest.split("|")[1]) > before[rest.split("|")[0]]:
                found[rest.split("|")[0]][entity["why"]] += 1
        return found

    def _recover(self, stage: Stage) -> None:
        """Let the work go on by itself; or have what would wait for half an hour put back to work, if time is short."""
        for _ in range(MOST_STEPS * 2):
            late = [row for row in self.crowd.rows() if not stage.reached(row)]
            if not late:
                return
            if stage.pressed:
                self._press(late)
            else:
                self._wait_for(stage, late)
            self.crowd.world.run_timer("sweep", 120)
        raise AssertionError(f"{stage.name} was not reached: {late[0]}")

    def _press(self, late: Iterable[Row]) -> None:
        headers = {"Authorization": f"Bearer {self.crowd.company.token(ADMIN, 'Pass.Admin')}"}
        for row in late:
            if row["reason"] in FOR_PEOPLE:
                path = f"/api/passes/{row['id']}/retry"
                answer = self.crowd.world.request("POST", path, json_body={}, headers=headers)
                assert answer.status == 202, answer.text()
        self.crowd.world.advance(STEP)

    def _wait_for(self, stage: Stage, late: Iterable[Row]) -> None:
        """Let it be when the first of those says that it will be tried again."""
        said = [at for row in late for at in stage.again(row)]
        soon = datetime.fromisoformat(self.crowd.world.now()) + timedelta(seconds=61)
        waited = [at for at in said if datetime.fromisoformat(at) > soon]
        self.crowd.world.advance(STEP)
        if waited and len(waited) == len(said):
            self.crowd.go(min(waited))

    def _row(self, onboarding: str) -> Row:
        return next(row for row in self.crowd.rows() if row["id"] == onboarding)

    def collect(self) -> None:
        """All collect: the newest link of each opens, no older one does, and what it shows is what Graph holds."""
        self.crowd.go(max(row["plan"]["valid_from"] for row in self.crowd.rows()))
        token = self.crowd.company.token(self.control.manager)
        rows, links = self.crowd.rows(), self.crowd.links()
        assert self.crowd.passes() == {row["subject"]["id"]: row["issued"]["id"] for row in rows}
        assert {tuple(row["attempts"]) for row in rows} == {()}
        for row in rows:
            *older, newest = links[row["id"]]
            assert {self.crowd.company.ask(link, "state", token).status for link in older} <= {403}
            shown = self.crowd.company.ask(newest, "reveal", token, claim=self.crowd.company.claim())
            assert shown.status == 200, shown.text()
            self.codes[row["id"]] = shown.json()["pass"]
            assert self.crowd.company.sign_in(self.crowd.hire(row), self.codes[row["id"]])["signedIn"] is True

    def check(self) -> None:
        """All stand where the undisturbed one does, every audit holds, and nothing stands in clear."""
        *others, control = self.crowd.rows()
        for row in others:
            assert _end(row) == _end(control), row
        assert breaks(self.crowd.world) == {}
        keys = [Secret.of_key("link key", link.key) for links in self.crowd.links().values() for link in links]
        codes = [Secret.of_text("pass", code) for code in self.codes.values()]
        assert found_in(places(self.crowd.world), [*keys, *codes]) == []


def _end(row: Row) -> str:
    """Say where a row stands: both lives, what is due, what people were told that is no news of the disturbance."""
    told = sorted({*row["told"]} - FOR_PEOPLE)
    return json.dumps([row["status"], row["reason"], row["web"]["status"], row["due"]["step"], row["attempts"], told])
