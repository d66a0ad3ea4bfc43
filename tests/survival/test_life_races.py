"""Every step of a life begun by two workers at the same moment, a hundred times: it ends as if one had lived it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from sandbox.world import World
from shared.onboarding.model import Step
from shared.onboarding.sweeping.hints import FOR_ALL, QUEUE_OF
from tests.survival.harness.audit import breaks
from tests.survival.harness.crowd import Crowd
from tests.survival.harness.orders import Orders
from tests.survival.test_races import FAST, PASSES

HIRES = 130
AT_LEAST = 100
"""Hints of each step that both workers began at once; the others went to one worker twice, or came too far apart."""
ALL_HINTS = {"label": "queue POST", "more": 1}
TURNS = 2
"""A step may be followed at once by another of the same queue: both workers begin that together, too."""
FOLLOWS = {Step.REVOKE: Step.TELL, Step.EXPIRE: Step.TELL}
TOGETHER = timedelta(minutes=4)
MOST_SWEEPS = 60
LONG = 300.0
"""Seconds in which a sweep over a hundred hires, four hints for each, has come to rest."""
RATE = 40
"""So fast that a hundred take two minutes, and no faster: a slot must not go by while workers wait for each other."""

type Event = Callable[["Race"], None]


@dataclass(slots=True)
class Race:
    """A crowd whose every hint goes to both workers at once. `raced` counts, by step, the hints that both began."""

    crowd: Crowd
    orders: Orders
    place: Path
    pids: set[int]
    raced: Counter[str]

    def until(self, over: Callable[[dict[str, Any]], Any]) -> None:
        """Go from due time to due time until no row is on its way any more."""
        for number in count():
            if all(over(row) for row in self.crowd.rows()):
                return
            assert number < MOST_SWEEPS, Counter(row["status"] for row in self.crowd.rows())
            self._sweep()

    def _sweep(self) -> None:
        due = self._due()
        # All that falls due within minutes is let come together: else each would have a sweep of its own.
        first = min(at for at, _, _ in due)
        self.crowd.go(max(at for at, _, _ in due if _instant(at) < _instant(first) + TOGETHER))
        now = datetime.fromisoformat(self.crowd.world.now())
        begun = self._together(lambda: self.crowd.world.run_timer("sweep", LONG))
        met = [(hint, step) for at, hint, step in due if _instant(at) <= now]
        for_all = {step for hint, step in met if step in FOR_ALL and begun[_function(step), hint]}
        for hint, step in met:
            turns = begun[_function(step), hint]
            self.raced[step] += step in for_all or turns > 0
            if step in FOLLOWS:
                self.raced[FOLLOWS[step]] += turns == TURNS

    def _together(self, work: Callable[[], Any]) -> Counter[tuple[str, str]]:
        """Do what sends hints, each to both workers; count the turns that both began, by function and hint."""
        place = self.place / str(len(list(self.place.iterdir())))
        place.mkdir()
        barrier = {"place": str(place), "workers": len(self.pids), "turns": TURNS}
        self.orders.forget()
        self.orders.give(record=True, copies=ALL_HINTS, barrier=barrier)
        work()
        self.orders.lift()
        return self.orders.begun_together(self.pids)

    def _due(self) -> list[tuple[str, str, Step]]:
        """Return when, for whom and what for, of every due time in the table."""
        entries = [row for row in self.crowd.world.storage.rows("onboardings") if row["RowKey"].startswith("d|")]
        return [(*row["RowKey"].split("|")[1:3], Step(row["step"])) for row in entries]


def collected_and_used(race: Race) -> None:
    """Have each pass made by a second attempt, the first unclear; collect all of them, and sign in."""
    crowd = race.crowd
    fault = {"kind": "commit-then-status", "status": 504, "method": "POST", "path": PASSES, "times": HIRES}
    crowd.world.control("POST", "faults", fault)
    race.until(lambda row: row["status"] == "issued" and not row["attempts"])
    crowd.go(max(row["plan"]["valid_from"] for row in crowd.rows()))
    token = crowd.company.token(crowd.hires[0].manager)
    hires = {row["id"]: crowd.hire(row) for row in crowd.rows()}
    for onboarding, links in crowd.links().items():
        answer = crowd.company.ask(links[-1], "reveal", token, claim=crowd.company.claim())
        assert answer.status == 200, answer.text()
        assert crowd.company.sign_in(hires[onboarding], answer.json()["pass"])["signedIn"]
    race.until(lambda row: row["forgotten"])


def withdrawn(race: Race) -> None:
    """Let HR withdraw every hire once the passes are made."""
    race.until(lambda row: row["status"] == "issued")
    race.crowd.announce(kind="hire.cancelled")
    race.until(lambda row: row["erased"])


def moved_and_not_collected(race: Race) -> None:
    """Move every start by a day once the links are out, which cannot be told at once; collect nothing."""
    crowd = race.crowd
    race.until(lambda row: row["status"] == "invited")
    crowd.start += timedelta(days=1)
    fault = {"kind": "status", "status": 503, "method": "POST", "path": "/sendMail", "times": HIRES}
    crowd.world.control("POST", "faults", fault)
    crowd.announce(kind="hire.updated")
    crowd.world.wait_idle(LONG)
    race.until(lambda row: row["erased"])


WAY = {Step.NOTICE, Step.SCOPE, Step.INVITE, Step.ISSUE}
"""The steps that every life has."""
LIVES: dict[Event, tuple[str, set[Step]]] = {
    collected_and_used: (
        "used",
        {Step.VERIFY, Step.FORGET, Step.CHECK_USE, Step.CHECK_METHODS, Step.ERASE, Step.FORGET_PEOPLE},
    ),
    withdrawn: ("cancelled", {Step.REVOKE, Step.TELL, Step.ERASE}),
    moved_and_not_collected: (
        "expired",
        {Step.TELL_MOVE, Step.REVIEW, Step.REMIND, Step.EXPIRE, Step.TELL, Step.ERASE},
    ),
}
"""How each life ends, and which steps it has besides."""


def test_the_lives_together_have_every_step() -> None:
    """No step of a row's life is left out of the races; the claim has its own in `test_races`."""
    assert WAY.union(*(steps for _, steps in LIVES.values())) == set(Step)


@pytest.mark.torture
@pytest.mark.parametrize("life", LIVES)
def test_a_life_that_is_lived_twice_at_once_is_lived_once(
    world: World, orders: Orders, tmp_path: Path, say: Callable[[str], None], life: Event
) -> None:
    """Each hint goes to two workers at once, to the end of the row's life: one link, one pass, one end for each."""
    crowd = Crowd(world, HIRES, RATE)
    world.reset(crowd.begins)
    settings = FAST | {"PASS_REQUESTS_PER_10_SECONDS": str(RATE)}
    pids = {world.restart_host(0, settings).pid, world.start_host(settings).pid}
    crowd.begin(reset=False)
    crowd.announce()
    race = Race(crowd, orders, tmp_path, pids, Counter())
    life(race)
    mails = Counter((mail["subject"], mail["html"]) for mail in crowd.company.mails(crowd.hires[0].manager_mail))
    twice = sum(count > 1 for count in mails.values())
    say(f"workers {sorted(pids)}, {life.__name__}, begun by both at once: {dict(race.raced)}; {twice} mails came twice")
    end, steps = LIVES[life]
    assert Counter(row["status"] for row in crowd.rows()) == {end: HIRES}
    made = Counter(one["path"].split("/")[3] for one in crowd.requests("POST", PASSES) if one["status"] == 201)
    assert made == dict.fromkeys(crowd.ids.values(), 1)
    assert {len(links) for links in crowd.links().values()} == {1}
    assert breaks(world) == {}
    assert not {step for step in WAY | steps if race.raced[step] < AT_LEAST}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _function(step: Step) -> str:
    return QUEUE_OF[step].replace("-", "_")
