"""Chores: one instance when due, soon again after a fault, the desk told once, and nothing asked for is lost."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.onboarding.chores import Chores, Rhythm, Turn
from shared.onboarding.records.told import Told
from shared.onboarding.steps.waiting import Brakes
from shared.runtime.errors import StorageUnavailableError
from shared.runtime.leases import Cells
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantUnavailableError
from shared.tenant.ports.mail import Mail
from tests.model.storage import Table
from tests.model.wire import Trouble, Wire

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RHYTHM = Rhythm("chores", every=60 * MINUTE, again=5 * MINUTE, told_after=3)
MAIL = Mail("desk@larkspur.example", "a fault", "lasts", "lasts", "chores")
HEATHER = "heather"


@dataclass
class Stage:
    """A table, a desk that may not be reached, and a clock."""

    at: datetime = NOW
    mails: list[Mail] = field(default_factory=list)
    reached: bool = True
    wire: Wire = field(default_factory=Wire)

    def __post_init__(self) -> None:
        """Build the chores on them."""
        self.cells = Cells(Table(self.wire))  # type: ignore[arg-type] # as the product uses tables
        told = Told(self, Brakes(paused=False, mode=Mode.LIVE), MAIL.to)  # type: ignore[arg-type]
        self.chores = Chores(RHYTHM, self.cells, told, self)

    def now(self) -> datetime:
        """Tell the time."""
        return self.at

    async def send(self, mail: Mail) -> None:
        """Take a mail to the desk."""
        if not self.reached:
            raise TenantUnavailableError("no answer")
        self.mails.append(mail)

    async def turn(self, after: timedelta = timedelta(0)) -> Turn | None:
        """Let time go by, and ask for the turn."""
        self.at += after
        return await self.chores.turn(HEATHER)

    async def due(self, after: timedelta = timedelta(0)) -> Turn:
        """Take the turn, which must be there, and not a second sooner."""
        if after:
            assert await self.turn(after - timedelta(seconds=1)) is None
        found = await self.turn(timedelta(seconds=1) if after else after)
        assert found is not None
        return found


@pytest.fixture
def stage() -> Stage:
    """Give an empty table."""
    return Stage()


async def test_one_instance_has_the_turn_and_it_is_due_again_by_what_came_of_it(stage: Stage) -> None:
    """After a rest where all is well, and soon after a fault or where the instance was cut off."""
    taken = await asyncio.gather(*(stage.turn() for _ in range(3)))
    (turn,) = (one for one in taken if one is not None)
    await stage.chores.done(turn)
    turn = await stage.due(RHYTHM.every)
    await stage.chores.failed(turn, "down", MAIL)
    turn = await stage.due(RHYTHM.again)
    assert turn.failures == 1
    turn = await stage.due(RHYTHM.again)
    assert turn.failures == 1, "cut off is not in vain"
    await stage.chores.done(turn)
    assert (await stage.due(RHYTHM.every)).failures == 0


async def test_what_a_chore_keeps_it_finds_the_next_time(stage: Stage) -> None:
    """Whether it went well or not, and by whatever it was asked for meanwhile."""
    await stage.chores.failed(replace(await stage.due(), kept={"link": "1"}), "down", MAIL)
    turn = await stage.due(RHYTHM.again)
    await stage.chores.soon(HEATHER, "moved")
    await stage.chores.done(replace(turn, kept={**turn.kept, "id": "7"}))
    turn = await stage.due()
    assert (turn.asked, turn.kept) == ({"moved"}, {"link": "1", "id": "7"})


@pytest.mark.parametrize(
    ("reasons", "mails"),
    [
        (["a", "a", "a", "a"], 1),
        (["a", "a", "b", "a", "b"], 2),
        (["a", "a", "", "a", "a"], 0),
        (["a", "a", "a", "", "a", "a", "a"], 2),
    ],
)
async def test_the_desk_hears_once_of_each_reason_that_lasts(stage: Stage, reasons: list[str], mails: int) -> None:
    """And anew once all was well in between; `""` stands for that."""
    for reason in reasons:
        turn = await stage.turn(RHYTHM.every)
        assert turn is not None
        await (stage.chores.failed(turn, reason, MAIL) if reason else stage.chores.done(turn))
    assert len(stage.mails) == mails


async def test_what_the_desk_could_not_be_told_it_hears_the_next_time(stage: Stage) -> None:
    """A mail that was not taken was not heard."""
    for tries, reached in enumerate((True, True, False, False, True, True)):
        stage.reached = reached
        await stage.chores.failed(await stage.due(RHYTHM.again if tries else timedelta(0)), "down", MAIL)
        assert len(stage.mails) == (tries >= 4)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"failures": 2}, Turn(HEATHER, NOW, failures=2)),
        ({"id": "s-1", "asked": "missed"}, Turn(HEATHER, NOW, asked=frozenset({"missed"}), kept={"id": "s-1"})),
        ({"failures": 4, "asked": "", "told": "a b"}, Turn(HEATHER, NOW, failures=4, told=frozenset({"a", "b"}))),
    ],
    ids=range(3),
)
async def test_a_row_of_an_older_version_is_read(stage: Stage, row: dict[str, Any], expected: Turn) -> None:
    """Each chore once had a row of its own making."""
    await stage.cells.put(RHYTHM.kind, HEATHER, {"next": NOW.isoformat(), **row})
    assert replace(await stage.due(), etag="") == expected


async def test_storage_that_does_not_answer_is_said(stage: Stage) -> None:
    """Whoever asked for a look has to ask again."""
    stage.wire.troubles = [Trouble.REFUSED]
    with pytest.raises(StorageUnavailableError):
        await stage.chores.soon(HEATHER)


ACTS = st.lists(
    st.sampled_from(
        [("ask", "x"), ("ask", "y"), ("begin", 0), ("wait", 5), ("wait", 60), ("done", 0), ("done", 1), ("failed", 0)]
    ),
    min_size=4,
    max_size=12,
)


@settings(max_examples=80, deadline=None)
@given(ACTS)
def test_whatever_is_asked_for_a_turn_that_begins_after_it_hears_of_it(acts: list[tuple[str, Any]]) -> None:
    """However turns overlap, are cut off, overtaken or end late: until one that began after it has ended well."""
    asyncio.run(_play(acts))


async def _play(acts: list[tuple[str, Any]]) -> None:
    stage = Stage()
    under_way: list[tuple[Turn, int]] = []
    open_since: dict[str, int] = {}
    for moment, (act, what) in enumerate(acts):
        match act:
            case "ask":
                await stage.chores.soon(HEATHER, what)
                open_since[what] = moment
            case "begin":
                if (turn := await stage.turn()) is not None:
                    assert open_since.keys() <= turn.asked
                    under_way.append((turn, moment))
            case "wait":
                stage.at += what * MINUTE
            case _ if what < len(under_way):
                turn, began = under_way.pop(what)
                if act == "failed":
                    await stage.chores.failed(turn, "down", MAIL)
                else:
                    await stage.chores.done(turn)
                    open_since = {word: asked for word, asked in open_since.items() if asked > began}
    turn = await stage.turn(RHYTHM.again if open_since else RHYTHM.every)
    assert turn is not None
    assert open_since.keys() <= turn.asked
