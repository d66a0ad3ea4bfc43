"""The daily comparison: once a day by one instance, tried again after a fault, and told when that lasts."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.onboarding.chores import Chores
from shared.onboarding.records.reading import Ways
from shared.onboarding.records.reconciling import RHYTHM, Reconciling
from shared.onboarding.records.store import RecordStore
from shared.onboarding.records.told import Told
from shared.onboarding.steps.waiting import Brakes
from shared.runtime.leases import Cells
from shared.runtime.mode import Mode
from shared.sources.configured import HrSource, make_source
from shared.sources.records import AccessRefusedError, Call, WantedApi
from shared.tenant.ports.mail import Mail
from tests.model.storage import Table
from tests.model.wire import Wire
from tests.shared.sources.kinds import graph

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
BOB = make_source(
    "bob",
    HrSource(
        kind="hibob", secrets={"a": "S"}, api=WantedApi(credentials={"serviceUserId": "U", "serviceUserToken": "T"})
    ),
    {"S": "long enough for a secret", "U": "u", "T": "t"},
)


@dataclass
class Stage:
    """Storage in memory, an HR system that lists these people, an inbox, and a clock.

    `fault`: no list. `meanwhile`: what happens while the list is read.
    """

    people: list[dict[str, Any]] = field(default_factory=list)
    fault: Exception | None = None
    meanwhile: Callable[[], Awaitable[None]] | None = None
    asked: int = 0
    mails: list[Mail] = field(default_factory=list)
    at: datetime = NOW
    people_table: Table = field(default_factory=lambda: Table(Wire()))
    cells: Cells = field(default_factory=lambda: Cells(Table(Wire())))  # type: ignore[arg-type]

    def now(self) -> datetime:
        """Tell the time."""
        return self.at

    async def signed_in(self, source: Any, _http: Any) -> Any:
        """Need no session."""
        return source

    async def send(self, thing: Call | Mail) -> dict[str, Any]:
        """Answer a request for the list, or take a mail."""
        if isinstance(thing, Mail):
            self.mails.append(thing)
            return {}
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        return {"employees": self.people}

    async def send_for_list(self, _call: Call) -> list[Any]:
        """Answer a request for the list of the tenant's users."""
        self.asked += 1
        if self.meanwhile is not None:
            await self.meanwhile()
        return self.people

    def instance(self) -> Reconciling:
        """Return one instance of the app's part."""
        records = RecordStore(self.people_table)  # type: ignore[arg-type]
        told = Told(self, Brakes(paused=False, mode=Mode.LIVE), "desk@larkspur.example")  # type: ignore[arg-type]
        chores = Chores(RHYTHM, self.cells, told, self)
        return Reconciling({"bob": BOB}, records, chores, Ways(self, self, self), told, self)

    async def named(self) -> list[str]:
        """Return the records that are to be read."""
        records = RecordStore(self.people_table)  # type: ignore[arg-type]
        return sorted(one.record for one in await records.due("bob", self.at, 99))


@pytest.fixture
def stage() -> Stage:
    """Give a stage with one who has long been here, and one who is to come."""
    return Stage([_listed("1", "2020-01-06"), _listed("7", "2026-12-07")])


def _listed(record: str, day: str) -> dict[str, Any]:
    return {"id": record, "work": {"startDate": day}}


async def test_each_day_one_instance_compares_and_says_what_differed(stage: Stage) -> None:
    """Whoever was lost is named; a second instance, and a second look, do nothing until tomorrow."""
    await asyncio.gather(*(stage.instance().run_if_due() for _ in range(3)))
    await stage.instance().run_if_due()
    assert (stage.asked, await stage.named()) == (1, ["7"])
    ((mail),) = stage.mails
    assert mail.subject == "bob: 1 records differ from what is known"
    assert "7 (2026-12-07)" in mail.text
    stage.at += RHYTHM.every
    await stage.instance().run_if_due()
    assert stage.asked == 2
    assert len(stage.mails) == 1, "nothing new"


@pytest.mark.parametrize("fault", [None, AccessRefusedError("answered 401")])
async def test_no_list_concludes_nothing_is_tried_again_and_told_once_when_it_lasts(
    stage: Stage, fault: Exception | None
) -> None:
    """An empty list is a fault like any other; mended, the next one is told anew."""
    stage.people, people, stage.fault = [], stage.people, fault
    for tries in range(1, RHYTHM.told_after + 3):
        await stage.instance().run_if_due()
        assert (stage.asked, await stage.named()) == (tries, [])
        assert len(stage.mails) == (tries >= RHYTHM.told_after)
        stage.at += RHYTHM.again - timedelta(seconds=1)
        await stage.instance().run_if_due()
        assert stage.asked == tries, "not before half an hour is over"
        stage.at += timedelta(seconds=1)
    stage.people, stage.fault = people, None
    await stage.instance().run_if_due()
    assert await stage.named() == ["7"]


async def test_the_users_of_entra_are_compared_each_day_and_when_it_cannot_tell_who_changed(stage: Stage) -> None:
    """Whoever starts is listed, so nobody to come is an answer; one asked for during a comparison is not lost."""
    part = replace(stage.instance(), sources={"bob": replace(graph.SENDER.source(), name="bob")})
    stage.people = []
    await part.run_if_due()
    assert (stage.asked, await stage.named()) == (1, [])
    stage.people = [{"id": "7", "employeeHireDate": "2026-12-07T00:00:00Z"}]
    await part.run_if_due()
    assert stage.asked == 1, "not before tomorrow"
    await part.soon("bob")
    stage.meanwhile = lambda: part.soon("bob")
    await part.run_if_due()
    assert (stage.asked, await stage.named()) == (2, ["7"])
    stage.meanwhile = None
    for asked in (3, 3):
        await part.run_if_due()
        assert stage.asked == asked
