"""Entries that lead nowhere are dropped, a day after they were found, and nothing else is."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

import pytest
from azure.data.tables.aio import TableClient

from shared.onboarding import codec
from shared.onboarding.audit.census import Census
from shared.onboarding.people import People
from shared.onboarding.statuses import Life
from shared.onboarding.strays import Strays
from shared.runtime.leases import Cells
from tests.model.storage import Table
from tests.model.wire import Wire
from tests.shared.onboarding.rows import NOW, fresh

ACCOUNT = "10000000-0000-4000-8000-00000000000a"
DEVICE = "10000000-0000-4000-8000-00000000000d"
LIVING, ERASED, NEVER, LEAVING = ("a" * 25, "b" * 25, "c" * 25, "d" * 25)


class Stored:
    """Two tables: one row that lives and one that is erased; and what the entries of people come to."""

    def __init__(self) -> None:
        tables = [cast(TableClient, Table(Wire())) for _ in ("onboardings", "people")]
        self.rows, self.people_table = tables
        self.people = People(Cells(tables[1]))
        self.strays = Strays(Census(self.rows), self.people)

    async def keep(self, onboarding: str, *, erased: bool, leaves: str = "") -> None:
        """Store a row; `leaves`: where it stands that a device has to leave its group."""
        entity = codec.row_entity(fresh(), {Life.WEB_SIGN_IN: leaves})
        await self.rows.create_entity({**entity, "RowKey": codec.row_key(onboarding), "erased": erased})

    async def days(self, *actions: Mapping[str, str]) -> list[tuple[str, ...]]:
        """Name ids for the account, day by day, each before the daily pass; return what stands there after each."""
        await self.keep(LIVING, erased=False)
        await self.keep(ERASED, erased=True)
        seen = []
        for day, action in enumerate(actions):
            for onboarding in action.get("names", "").split():
                await self.people.name_account(ACCOUNT, onboarding)
            if "keeps" in action:
                await self.keep(action["keeps"], erased=False)
            await self.strays.drop(_day(day))
            await self.strays.drop(_day(day))
            seen.append(await self.people.onboardings_of_account(ACCOUNT))
        return seen

    async def of_device(self) -> list[tuple[str, ...]]:
        """Name an erased row for a device, and one that is erased and still has to take it out of a group.

        Return what stands there after each of two days.
        """
        await self.keep(ERASED, erased=True)
        await self.keep(LEAVING, erased=True, leaves="d|2030-06-03T08:00:00Z|x|webSignIn")
        for onboarding in (ERASED, LEAVING):
            await self.people.name_device(DEVICE, onboarding)
        seen = []
        for day in range(2):
            await self.strays.drop(_day(day))
            seen.append(await self.people.onboardings_of_device(DEVICE))
        return seen


def _day(number: int) -> datetime:
    return NOW + timedelta(days=number)


@pytest.mark.parametrize(
    ("actions", "left"),
    [
        ([{"names": LIVING}, {}, {}], [(LIVING,)] * 3),
        ([{"names": ERASED}, {}], [(ERASED,), ()]),
        ([{"names": NEVER}, {}], [(NEVER,), ()]),
        ([{"names": f"{LIVING} {ERASED}"}, {}, {}], [(LIVING, ERASED), (LIVING,), (LIVING,)]),
        ([{"names": NEVER}, {"keeps": NEVER}, {}], [(NEVER,)] * 3),
        ([{"names": ERASED}, {"names": NEVER}, {}], [(ERASED,), (ERASED, NEVER), ()]),
    ],
    ids=["living", "erased", "no row", "one of two", "its row came", "another was named meanwhile"],
)
def test_what_leads_nowhere_goes_on_a_later_day(actions: list[Mapping[str, str]], left: list[tuple[str, ...]]) -> None:
    """Twice on one day is once; an entry that names nobody any more goes as a whole."""
    assert asyncio.run(Stored().days(*actions)) == left


def test_what_others_keep_in_the_table_is_left_alone() -> None:
    """Due times of an HR system's records begin as the entries of devices do."""

    async def left() -> tuple[str, ...]:
        stored, due = Stored(), {"PartitionKey": "records|bob", "RowKey": f"d|{NOW.isoformat()}|7"}
        await stored.people_table.create_entity(due)
        await stored.people.name_device(DEVICE, NEVER)
        for day in range(2):
            await stored.strays.drop(_day(day))
        await stored.people_table.get_entity(due["PartitionKey"], due["RowKey"])
        return await stored.people.onboardings_of_device(DEVICE)

    assert asyncio.run(left()) == ()


def test_a_device_leads_to_a_row_until_that_answers_for_it_no_more() -> None:
    """Killed between the row and the device's entry, a worker leaves one that answers for nothing: it goes, too."""
    assert asyncio.run(Stored().of_device()) == [(ERASED, LEAVING), (LEAVING,)]
