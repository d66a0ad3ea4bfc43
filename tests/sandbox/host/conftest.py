"""One world with the probe app for the tests of the host, timers on, emptied before each test."""

from collections.abc import Iterator

import pytest

from sandbox.world import World
from tests.sandbox.host.probe import Record, probe_options


@pytest.fixture(scope="session")
def probe_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Record]]:
    """Keep one world with the probe app for this test process. Use `probe` and `record` instead."""
    path = tmp_path_factory.mktemp("probe") / "record"
    with World.start(zygote=True, **probe_options(path, invisibility=2, timer_lease=3)) as world:
        yield world, Record(path)


@pytest.fixture
def probe(probe_world: tuple[World, Record]) -> World:
    """Give the probe's world, emptied, at a quarter past the hour: its timer is hourly."""
    world, record = probe_world
    world.reset(now="2030-06-03T10:15:00Z")
    record.clear()
    return world


@pytest.fixture
def record(probe_world: tuple[World, Record]) -> Record:
    """Give what the probe app wrote in this test."""
    return probe_world[1]
