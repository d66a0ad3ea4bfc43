"""One sandbox for the doorway tests of a process, ten times as fast as Graph allows, as if new before each test."""

from collections.abc import Iterator

import pytest

from sandbox.world import World
from tests.doorways.story import NOW, Story

RATE = 50
"""Pass requests in ten seconds: on both sides ten times the real number, so that tests need not wait."""


@pytest.fixture(scope="session")
def brisk_world() -> Iterator[World]:
    """Keep one sandbox for this test process. Timers run only when a test runs them. Use `story` instead."""
    with World.start(zygote=True, timers=False, settings={"PASS_REQUESTS_PER_10_SECONDS": str(RATE)}) as world:
        yield world


@pytest.fixture
def world(brisk_world: World) -> World:
    """Give that sandbox as if new, on a Monday in May 2030."""
    brisk_world.reset(NOW)
    brisk_world.control("POST", "directory", {"op": "set-throttle", "limit": RATE})
    return brisk_world


@pytest.fixture
def story(world: World) -> Story:
    """Give that sandbox with words to tell a story in."""
    return Story(world)
