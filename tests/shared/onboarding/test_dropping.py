"""Tables that are left in a container: taken once and in order, judged as posted ones, and never looked at for ever."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.onboarding.chores import Chores
from shared.onboarding.deliveries.model import KeptDelivery, request_of, written
from shared.onboarding.events.arrivals import Arrivals
from shared.onboarding.events.dropping import RESULTS_KEPT, RHYTHM, Dropping
from shared.onboarding.events.hr_door import Effects, HrDoor
from shared.onboarding.records.told import Told
from shared.onboarding.steps.waiting import Brakes
from shared.runtime.errors import StorageUnavailableError
from shared.runtime.leases import Cells
from shared.runtime.mode import Mode
from shared.sources.delivery import Delivery
from shared.sources.errors import EventShapeError, SignatureRejectedError
from shared.sources.intake import MAX_BODY_BYTES
from shared.sources.kind import Source
from shared.tenant.errors import TenantUnavailableError
from shared.tenant.ports.mail import Mail
from tests.model.storage import Table
from tests.model.wire import Wire
from tests.shared.sources.kinds.csv import SENDER, row, table

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
GOOD, BAD = row(), row("10043", name="=HYPERLINK(0)")


def source(container: str | None = "hires") -> Source[Any]:
    """Return a source for which tables may be left there."""
    return replace(replace(SENDER, options={**SENDER.options, "container": container}).source(), name="sheet")


@dataclass(frozen=True)
class File:
    """A file in the container."""

    name: str
    etag: str
    at: datetime
    raw: bytes

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.raw)


@dataclass
class Stage:
    """A container in memory, a door that notes what it heard, a desk, and a clock. `down`: what does not answer."""

    at: datetime = NOW
    lies: dict[str, File] = field(default_factory=dict)
    heard: list[tuple[str, str]] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    kept: list[KeptDelivery] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    writes: int = 0
    cells: Cells = field(default_factory=lambda: Cells(Table(Wire())))  # type: ignore[arg-type]

    def now(self) -> datetime:
        """Tell the time."""
        return self.at

    def leaves(self, name: str, *rows: str, raw: bytes | None = None) -> None:
        """Leave a file there, as HR does."""
        self.writes += 1
        self.lies[name] = File(name, str(self.writes), self.at, table(*rows) if raw is None else raw)

    def says(self, name: str) -> Any:
        """Return the verdict on a file."""
        return json.loads(self.lies[f"{name}.result.json"].raw)

    async def files(self) -> tuple[File, ...]:
        """List all."""
        self._answer("list")
        return tuple(self.lies.values())

    async def read(self, file: File) -> bytes | None:
        """Read one."""
        return file.raw if self.lies.get(file.name) == file else None

    async def write(self, name: str, text: str) -> None:
        """Write one."""
        self._answer("write")
        self.leaves(name, raw=text.encode())

    async def remove(self, file: File) -> None:
        """Delete one."""
        if self.lies.get(file.name) == file:
            del self.lies[file.name]

    async def take(self, delivery: Delivery) -> str:
        """Note an event."""
        self.heard.append((delivery.event_id, delivery.event.hire.external_id))
        self.moments.append(delivery.event.occurred_at)
        return "planned"

    async def note(self, *_about_nobody: str) -> None:
        """Note what is about no hire."""

    async def keep(self, delivery: KeptDelivery) -> None:
        """Keep a delivery, sealed or not; the same one again takes its own place."""
        self.kept = [one for one in self.kept if one.id != delivery.id] + [delivery]

    def door(self, container: str | None = "hires") -> HrDoor:
        """Return the door behind which events have their effect."""
        effects = Effects(self, self, self, self)  # type: ignore[arg-type] # tables mention nobody, and attend to nothing
        return HrDoor({"sheet": source(container)}, effects, self)

    async def send(self, mail: Mail) -> None:
        """Take a mail to the desk."""
        if "mail" in self.down:
            raise TenantUnavailableError("no answer")
        self.mails.append(mail)

    async def sweeps(self, **later: float) -> None:
        """Let time go by, and look."""
        self.at += timedelta(**later)
        told = Told(self, Brakes(paused=False, mode=Mode.LIVE), "desk@larkspur.example")  # type: ignore[arg-type]
        chores = Chores(RHYTHM, self.cells, told, self)
        await Dropping(
            {"sheet": source()}, {"sheet": self}, self.door(), Arrivals(self.cells), chores, told
        ).run_if_due()

    def _answer(self, what: str) -> None:
        if what in self.down:
            raise StorageUnavailableError(f"no answer to {what}")


@pytest.fixture
def stage() -> Stage:
    """Give an empty container."""
    return Stage()


async def test_what_lies_there_is_taken_once_oldest_first_and_its_verdict_lies_beside_it(stage: Stage) -> None:
    """By one of several instances; the same table left again is another statement, and a verdict goes in time."""
    stage.leaves("b.csv", GOOD)
    stage.at += timedelta(seconds=1)
    stage.leaves("a.csv", row("10044"))
    await asyncio.gather(*(stage.sweeps() for _ in range(3)))
    assert [number for _, number in stage.heard] == ["10042", "10044"]
    assert sorted(stage.lies) == ["a.csv.result.json", "b.csv.result.json"]
    assert stage.says("b.csv") == {"outcome": "taken", "rows": [{"row": 2, "outcome": "planned"}]}
    await stage.sweeps(minutes=1)
    assert len(stage.heard) == 2
    stage.leaves("b.csv", GOOD)
    await stage.sweeps(minutes=1)
    assert stage.heard[2][0] != stage.heard[0][0]
    assert stage.mails == []
    await stage.sweeps(seconds=RESULTS_KEPT.total_seconds())
    assert sorted(stage.lies) == ["b.csv.result.json"]


async def test_its_folder_says_how_a_table_is_taken(stage: Stage) -> None:
    """A dry run tells what is wrong and has no effect; in part, whole; anywhere else it is left alone."""
    for place in ("dry-run/a.csv", "partial/a.csv", "a.csv", "archive/a.csv", "dry-run/deep/a.csv"):
        stage.leaves(place, GOOD, BAD)
    await stage.sweeps()
    assert {name for name in stage.lies if not name.endswith(".json")} == {"archive/a.csv", "dry-run/deep/a.csv"}
    assert [number for _, number in stage.heard] == ["10042"], "of the one in part"
    tried = stage.says("dry-run/a.csv")
    assert (tried["outcome"], tried["rows"], len(tried["errors"])) == ("tried", 2, 1)
    assert [one["outcome"] for one in stage.says("partial/a.csv")["rows"]] == ["planned", "misshapen"]
    assert (stage.says("a.csv")["outcome"], stage.says("a.csv")["errors"]) == ("refused", tried["errors"])
    assert len(stage.mails) == 2, "whoever tries looks for himself"


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("hires.xlsx", b"PK", "must end in .csv"),
        ("a.csv", b"No.,Name\n1,Zo\xeb", "not utf-8"),
        ("a.csv", b"", "no CSV"),
        ("a.csv", b"x" * (MAX_BODY_BYTES + 1), "larger than 256 KiB"),
        ("a.csv", table(*(row(str(number)) for number in range(201))), "more than 200 rows"),
        ("a.csv", table(GOOD, BAD), "/rows/3/displayName looks like a formula"),
    ],
    ids=range(6),
)
async def test_a_bad_file_is_told_once_and_gone(stage: Stage, name: str, raw: bytes, said: str) -> None:
    """Nothing of it has an effect, and neither mail nor verdict holds what stood in it."""
    stage.leaves(name, raw=raw)
    for _ in range(3):
        await stage.sweeps(minutes=1)
    ((mail),) = stage.mails
    verdict = stage.lies[f"{name}.result.json"].raw.decode()
    assert (stage.heard, list(stage.lies)) == ([], [f"{name}.result.json"])
    assert said.rpartition("/")[2] in f"{stage.says(name)}".replace("', 'problem': '", " ")
    assert "HYPERLINK" not in f"{verdict}{mail.text}"


async def test_a_bad_file_stays_until_the_desk_can_be_told(stage: Stage) -> None:
    """Else nobody would know that hires are missing."""
    stage.leaves("a.csv", BAD)
    stage.down = {"mail"}
    await stage.sweeps()
    assert "a.csv" in stage.lies
    stage.down = set()
    await stage.sweeps(minutes=1)
    assert "a.csv" not in stage.lies
    assert len(stage.mails) == 1


async def test_cut_off_before_its_verdict_a_table_is_taken_again_under_the_same_names(stage: Stage) -> None:
    """So the door knows its events; one that was overwritten meanwhile is another table, and stays."""
    stage.leaves("a.csv", GOOD)
    stage.down = {"write"}
    await stage.sweeps()
    await stage.sweeps(seconds=RHYTHM.again.total_seconds() - 1)
    stage.down = set()
    await stage.sweeps(seconds=1)
    first, second = stage.heard
    assert first == second
    assert "a.csv" not in stage.lies
    take = stage.take

    async def overwritten(delivery: Delivery) -> str:
        stage.leaves("a.csv", row("10099"))
        stage.take = take  # type: ignore[method-assign]
        return await take(delivery)

    stage.leaves("a.csv", row("10098"))
    stage.take = overwritten  # type: ignore[method-assign]
    await stage.sweeps(minutes=1)
    await stage.sweeps(minutes=1)
    assert [number for _, number in stage.heard[2:]] == ["10098", "10099"]


async def test_a_container_that_cannot_be_read_is_told_once_when_it_lasts(stage: Stage) -> None:
    """And looked through as soon as it can be."""
    stage.leaves("a.csv", GOOD)
    stage.down = {"list"}
    for tries in range(1, RHYTHM.told_after + 3):
        await stage.sweeps(seconds=RHYTHM.again.total_seconds())
        assert len(stage.mails) == (tries >= RHYTHM.told_after)
    stage.down = set()
    await stage.sweeps(seconds=RHYTHM.again.total_seconds())
    assert len(stage.heard) == 1


async def test_a_table_that_was_left_is_kept_and_runs_again_as_it_was_wished(stage: Stage) -> None:
    """Under the same names; what was only tried is not kept, so that nothing makes it real, nor what was posted a drop.

    No more where nothing may be left for the source.
    """
    for place in ("dry-run/a.csv", "partial/b.csv", "c.csv"):
        stage.leaves(place, row(place), BAD)
    stage.leaves("d.csv", GOOD)
    for _ in range(2):
        await stage.sweeps(minutes=1)
    kept = {one.became: request_of(written(one.request)) for one in stage.kept}
    wrong = "/rows/3/displayName looks like a formula: write it as text"
    whole, refused, partial = ("planned",), (f"refused: {wrong}",), ("planned", f"misshapen: {wrong}")
    assert kept.keys() == {whole, refused, partial}
    first, stage.heard = stage.heard, []
    for became in (partial, whole):
        assert await stage.door().again("sheet", kept[became]) == became
    assert sorted(stage.heard) == sorted(first)
    with pytest.raises(EventShapeError):
        await stage.door().again("sheet", kept[refused])
    for door, request in (
        (stage.door(container=None), kept[whole]),
        (stage.door(), replace(kept[whole], method="POST")),
    ):
        with pytest.raises(SignatureRejectedError):
            await door.again("sheet", request)


async def test_of_tables_that_came_in_one_second_the_one_taken_later_is_the_newer_word(stage: Stage) -> None:
    """Though storage tells it to the second; one that came later stands for its own moment."""
    undated = row(at="")
    stage.leaves("b.csv", undated)
    stage.leaves("a.csv", undated)
    await stage.sweeps()
    stage.leaves("a.csv", undated)
    await stage.sweeps()
    assert stage.moments == [NOW + timedelta(microseconds=number) for number in range(3)]
    stage.at += timedelta(seconds=1)
    stage.leaves("a.csv", undated)
    await stage.sweeps(minutes=1)
    assert stage.moments[3] == NOW + timedelta(seconds=1)


async def test_a_table_that_was_not_noted_stands_for_the_same_moment_again(stage: Stage) -> None:
    """So an instance that was cut off before changes no order; and an older one that comes back is no newer word."""
    arrivals = Arrivals(stage.cells)
    assert await arrivals.order("sheet", NOW) == NOW
    await arrivals.note("sheet", NOW)
    for _ in range(2):
        assert await arrivals.order("sheet", NOW) == NOW + timedelta(microseconds=1)
    assert await arrivals.order("other", NOW) == NOW
    assert await arrivals.order("sheet", NOW - timedelta(seconds=1)) == NOW - timedelta(seconds=1)
