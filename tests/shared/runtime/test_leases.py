"""Leases in a table: one holder at a time, for a bounded while, whatever the table answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.core.exceptions import ResourceExistsError

from shared.runtime.errors import StorageUnavailableError
from shared.runtime.leases import Cells, Leases, LeaseTakenError
from tests.model.storage import Table
from tests.model.wire import Trouble, Wire

LENGTH = timedelta(minutes=2)


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is set."""

    instant: datetime = datetime(2030, 6, 3, tzinfo=UTC)

    def now(self) -> datetime:
        """Return what it shows."""
        return self.instant


class GivenBackMeanwhile(Table):
    """A table in which another holds the lease when it is asked for, and has given it back by the next request."""

    refused = False

    async def create_entity(self, entity: Mapping[str, Any]) -> Mapping[str, Any]:
        """Refuse the first row."""
        if not self.refused:
            self.refused = True
            raise ResourceExistsError("there already")
        return await super().create_entity(entity)


@dataclass(slots=True)
class World:
    """A table of leases, and a clock."""

    table: Table = field(default_factory=lambda: Table(Wire()))
    clock: Clock = field(default_factory=Clock)

    def leases(self) -> Leases:
        """Return leases as a worker has them."""
        return Leases(Cells(self.table), self.clock)  # type: ignore[arg-type] # as the product uses tables


async def test_a_free_lease_is_taken_and_leaves_nothing() -> None:
    """It stands while it is held, until it would run out, and is gone afterwards."""
    world = World()
    async with world.leases().held("user", "a", LENGTH) as until:
        assert until == world.clock.now() + LENGTH
        assert list(world.table.rows) == [("user", "a")]
    assert world.table.rows == {}


async def test_a_held_lease_is_refused_and_says_until_when() -> None:
    """Whoever comes second hears how long the first may keep it."""
    world = World()
    async with world.leases().held("user", "a", LENGTH) as until:
        with pytest.raises(LeaseTakenError) as taken:
            async with world.leases().held("user", "a", LENGTH):
                pass
        assert taken.value.until == until


async def test_a_lease_that_has_run_out_is_anybodys_and_its_old_holder_takes_nothing_back() -> None:
    """What the old holder wrote has another etag: his giving back leaves the new one's lease."""
    world = World()
    async with world.leases().held("user", "a", LENGTH):
        world.clock.instant += LENGTH
        second = world.leases().held("user", "a", LENGTH)
        await second.__aenter__()
    assert list(world.table.rows) == [("user", "a")]
    await second.__aexit__(None, None, None)
    assert world.table.rows == {}


async def test_a_lease_that_is_given_back_between_refusal_and_look_is_taken() -> None:
    """Two workers at one lease: the second is refused, looks, finds nothing, and that is no failure of storage."""
    world = World(GivenBackMeanwhile(Wire()))
    async with world.leases().held("user", "a", LENGTH):
        assert list(world.table.rows) == [("user", "a")]


@pytest.mark.parametrize("trouble", [Trouble.LOST, Trouble.REFUSED])
async def test_a_lease_whose_answer_is_lost_is_held_and_one_refused_is_not(trouble: Trouble) -> None:
    """Carried out and answered 503, the lease is there by its writer's id; not carried out, storage is down."""
    world = World(Table(Wire(troubles=[trouble])))
    if trouble is Trouble.LOST:
        async with world.leases().held("user", "a", LENGTH):
            assert list(world.table.rows) == [("user", "a")]
    else:
        with pytest.raises(StorageUnavailableError):
            await world.leases().held("user", "a", LENGTH).__aenter__()
    assert world.table.rows == {}
