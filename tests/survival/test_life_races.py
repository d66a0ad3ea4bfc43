"""Every step of a life begun by two workers at the same moment, a hundred times: it ends as if one had lived it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from sandbox.people import HireOfCompany, LinkInMail
from sandbox.world import World
from shared.onboarding.statuses import Step
from shared.onboarding.sweeping.hints import FOR_ALL, QUEUE_OF
from tests.survival.harness.audit import breaks
from tests.survival.harness.crowd import Crowd, Row
from tests.survival.harness.orders import Orders
from tests.survival.harness.steady import STEADY, Shelf
from tests.survival.test_races import FAST, PASSES

HIRES, FEW = 120, 24
AT_LEAST = 100
"""Runs of each step that both workers were at, at one time: one of a short step may be over when the other begins."""
FOLLOWS = {Step.REVOKE: Step.TELL, Step.EXPIRE: Step.TELL}
"""Steps that are followed at once by another of the same queue: both workers run that together, too."""
TOGETHER = timedelta(minutes=4)
MOST_SWEEPS = 60
LONG = 300.0
"""Seconds in which a sweep over a hundred hires has come to rest."""
RATE = 80
"""So fast that a hundred passes take less than a minute. A slot that goes by costs a minute more, and nothing else."""
APART = timedelta(minutes=75)
"""From one start to the next, where log and report are watched: so long each of them is looked at for each hire."""
LATE_SIGN_IN = timedelta(hours=4)
EARLIEST = time(6)
THEIRS = 3
"""Of the devices that two hires share, so many were in the group before: nobody takes those out."""
REPORT = "userRegistrationDetails"

type Event = Callable[["Race"], None]


@dataclass(slots=True)
class Race:
    """A crowd each of whose hints both workers follow at once.

    `raced` counts, by step, the hints that both were at, at one time; `failed`, by function, what ended with an error.
    """

    crowd: Crowd
    orders: Orders
    place: Path
    pids: set[int]
    raced: Counter[Step] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def until(self, over: Callable[[dict[str, Any]], Any]) -> None:
        """Go from due time to due time until no row is on its way any more."""
        for number in count():
            if all(over(row) for row in self.crowd.rows()):
                return
            assert number < MOST_SWEEPS, Counter(row["status"] for row in self.crowd.rows())
            self._sweep()

    def up_to(self, instant: datetime) -> None:
        """Go from due time to due time, and on to an instant."""
        while min(_instant(at) for at, _, _ in self._due()) <= instant:
            self._sweep()
        self.crowd.go(instant.isoformat())

    def _sweep(self) -> None:
        due = self._due()
        # All that falls due within minutes is let come together: else each would have a sweep of its own.
        first = min(at for at, _, _ in due)
        self.crowd.go(max(at for at, _, _ in due if _instant(at) < _instant(first) + TOGETHER))
        now = datetime.fromisoformat(self.crowd.world.now())
        begun = self._together(lambda: self.crowd.world.run_timer("sweep", LONG))
        met = [(hint, step) for at, hint, step in due if _instant(at) <= now]
        for hint, step in met:
            runs = begun[_function(step), hint]
            self.raced[step] += runs > 0
            if step in FOLLOWS:
                self.raced[FOLLOWS[step]] += runs > 1

    def hinted(self, steps: Iterable[Step], work: Callable[[], Any]) -> None:
        """Do what has a doorway hint these steps, each of a queue of its own, before any sweep finds them."""
        begun = self._together(lambda: (work(), self.crowd.world.wait_idle(LONG)))
        for step in steps:
            self.raced[step] += sum(function == _function(step) for function, _ in begun)

    def _together(self, work: Callable[[], Any]) -> Counter[tuple[str, str]]:
        """Do what sends hints, each followed by both workers; count, by function and hint, what both were at."""
        place = self.place / str(len(list(self.place.iterdir())))
        place.mkdir()
        self.orders.forget()
        self.orders.give(record=True, race={"place": str(place), "workers": len(self.pids)})
        work()
        self.orders.lift()
        self.failed += self.orders.failed()
        return self.orders.raced(self.pids)

    def _due(self) -> list[tuple[str, str, Step]]:
        """Return when, for whom and what for, of every due time in the table."""
        entries = [row for row in self.crowd.world.storage.rows("onboardings") if row["RowKey"].startswith("d|")]
        return [(*row["RowKey"].split("|")[1:3], Step(row["step"])) for row in entries]


def collected_and_used(race: Race) -> None:
    """Have each pass made by a second attempt, the first unclear; collect all of them, and sign in."""
    crowd = race.crowd
    crowd.announce()
    fault = {"kind": "commit-then-status", "status": 504, "method": "POST", "path": PASSES, "times": HIRES}
    crowd.world.control("POST", "faults", fault)
    race.until(lambda row: row["status"] == "issued" and not row["attempts"])
    assert len(crowd.requests("POST", "/assign")) == 1, "their group was assigned more than once"
    crowd.go(max(row["plan"]["valid_from"] for row in crowd.rows()))
    links = crowd.links()
    for row in crowd.rows():
        _sign_in(crowd, row, _collect(crowd, links[row["id"]]))
    race.until(lambda row: row["forgotten"])


def watched(race: Race) -> None:
    """Let them start one after the other, sign in late, and the report say nothing: each look is for a few of them."""
    crowd = race.crowd
    crowd.world.control("POST", "faults", {"kind": "status", "status": 403, "path": REPORT, "times": 0})
    for number, hire in enumerate(crowd.hires):
        start = datetime.combine(crowd.start, EARLIEST) + number * APART
        crowd.announce([hire], startDate=f"{start:%F}", startTime=f"{start:%R}", timezone="Etc/UTC")
    codes: dict[str, str] = {}
    begins = {row["id"]: _instant(row["plan"]["valid_from"]) for row in crowd.rows()}
    for at, onboarding in sorted(
        (at + late, one) for one, at in begins.items() for late in (timedelta(0), LATE_SIGN_IN)
    ):
        race.up_to(at)
        if onboarding in codes:
            (row,) = [row for row in crowd.rows() if row["id"] == onboarding]
            _sign_in(crowd, row, codes[onboarding])
        else:
            codes[onboarding] = _collect(crowd, crowd.links()[onboarding])
    race.until(lambda row: row["erased"])


def withdrawn(race: Race) -> None:
    """Have all held back for a site that nobody knows, let HR mend it, and withdraw them once the passes are made.

    Two hires share a device, which joins their group for them and leaves it with the second. Of some pairs both are
    withdrawn at once, of the others one after the other; and some devices were in the group before.
    """
    crowd, shelf = race.crowd, Shelf(race.crowd.company, race.crowd.hires[0].group)
    pairs = [crowd.hires[first : first + 2] for first in range(0, len(crowd.hires), 2)]
    others = shelf.members()
    devices = shelf.fill(len(pairs), inside=THEIRS)
    named = [(hire, device) for pair, device in zip(pairs, devices, strict=True) for hire in pair]
    for hire, device in named:
        crowd.announce([hire], site="nowhere", device={"deviceId": device})
    race.until(lambda row: row["hold"]["told_at"] and _instant(row["hold"]["told_at"]) >= _notice(row))
    race.hinted({Step.NOTICE, Step.SCOPE}, lambda: [_mended(crowd, hire, device) for hire, device in named])
    race.until(lambda row: row["status"] == "issued" and row["web"]["status"] == "in-scope")
    assert shelf.members() == {*others, *devices}
    first = [hire for number, pair in enumerate(pairs) for hire in pair[: 1 + (number % 3 == 0)]]
    _withdraw(race, first)
    still = {device for number, device in enumerate(devices) if number < THEIRS or number % 3}
    assert shelf.members() == {*others, *still}
    _withdraw(race, [hire for hire in crowd.hires if hire not in first])
    race.until(lambda row: row["erased"])
    assert shelf.members() == {*others, *devices[:THEIRS]}


def _mended(crowd: Crowd, hire: HireOfCompany, device: str) -> None:
    crowd.announce([hire], kind="hire.updated", device={"deviceId": device})


def _withdraw(race: Race, hires: list[HireOfCompany]) -> None:
    """Withdraw these, to the end of what their rows answer for: it is due as the event comes, or soon after."""
    race.hinted({Step.LEAVE}, lambda: race.crowd.announce(hires, kind="hire.cancelled"))
    race.until(lambda row: row["ended_at"] is None or not row["memberships"])


def moved_and_not_collected(race: Race) -> None:
    """Move every start by a day once the links are out, which cannot be told at once; collect nothing."""
    crowd = race.crowd
    crowd.announce()
    race.until(lambda row: row["status"] == "invited")
    crowd.start += timedelta(days=1)
    fault = {"kind": "status", "status": 503, "method": "POST", "path": "/sendMail", "times": HIRES}
    crowd.world.control("POST", "faults", fault)
    crowd.announce(kind="hire.updated")
    crowd.world.wait_idle(LONG)
    race.until(lambda row: row["erased"])


@dataclass(frozen=True, slots=True)
class Life:
    """What so many hires live, how it ends, and the steps that are raced on it."""

    live: Event
    end: str
    steps: frozenset[Step]
    hires: int = HIRES
    settings: Mapping[str, str] = field(default_factory=dict)


WAY = frozenset({Step.CHECK_DEVICE, Step.NOTICE, Step.SCOPE, Step.INVITE, Step.ISSUE, Step.ERASE})
"""The steps that every life has."""
LIVES = (
    Life(collected_and_used, "used", WAY | {Step.VERIFY, Step.FORGET, Step.FORGET_PEOPLE}),
    Life(watched, "used", FOR_ALL, FEW),
    Life(
        withdrawn,
        "cancelled",
        WAY - {Step.CHECK_DEVICE} | {Step.TELL_HOLD, Step.REVOKE, Step.TELL, Step.LEAVE},
        settings=STEADY,
    ),
    Life(
        moved_and_not_collected,
        "expired",
        WAY | {Step.TELL_MOVE, Step.REVIEW, Step.REMIND, Step.EXPIRE, Step.TELL},
    ),
)


def test_the_lives_together_have_every_step() -> None:
    """No step of a row's life is left out of the races; the claim has its own in `test_races`."""
    assert frozenset().union(*(life.steps for life in LIVES)) == set(Step)


@pytest.mark.torture
@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.live.__name__)
def test_a_life_that_is_lived_twice_at_once_is_lived_once(
    world: World, orders: Orders, tmp_path: Path, say: Callable[[str], None], life: Life
) -> None:
    """Each hint goes to two workers at once, to the end of the row's life: one link, one pass, one end for each."""
    crowd = Crowd(world, life.hires, RATE)
    world.reset(crowd.begins)
    settings = FAST | {"PASS_REQUESTS_PER_10_SECONDS": str(RATE)} | life.settings
    pids = {world.restart_host(0, settings).pid, world.start_host(settings).pid}
    crowd.begin(reset=False)
    race = Race(crowd, orders, tmp_path, pids)
    life.live(race)
    mails = Counter((mail["subject"], mail["html"]) for mail in crowd.company.mails(crowd.hires[0].manager_mail))
    twice = sum(count > 1 for count in mails.values())
    say(f"workers {sorted(pids)}, {life.live.__name__}, raced: {_told(race.raced)}; {twice} mails came twice")
    assert not race.failed
    assert Counter(row["status"] for row in crowd.rows()) == {life.end: life.hires}
    made = Counter(one["path"].split("/")[3] for one in crowd.requests("POST", PASSES) if one["status"] == 201)
    assert made == dict.fromkeys(crowd.ids.values(), 1)
    assert {len(links) for links in crowd.links().values()} == {1}
    assert breaks(world) == {}
    assert not {step for step in life.steps if race.raced[step] < AT_LEAST}


def _collect(crowd: Crowd, links: Sequence[LinkInMail]) -> str:
    """Let the manager open the newest of these links; return the pass."""
    token = crowd.company.token(crowd.hires[0].manager)
    answer = crowd.company.ask(links[-1], "reveal", token, claim=crowd.company.claim())
    assert answer.status == 200, answer.text()
    return str(answer.json()["pass"])


def _sign_in(crowd: Crowd, row: Row, code: str) -> None:
    """Let the hire of this row type the pass."""
    assert crowd.company.sign_in(crowd.hire(row), code)["signedIn"]


def _told(raced: Counter[Step]) -> str:
    return ", ".join(f"{step} {times}" for step, times in raced.items())


def _notice(row: dict[str, Any]) -> datetime:
    return _instant(row["plan"]["notice_at"])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _function(step: Step) -> str:
    return QUEUE_OF[step].replace("-", "_")
