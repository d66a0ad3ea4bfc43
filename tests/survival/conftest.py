"""A world whose workers heed orders: on the wire, a test can end them, or let an answer get lost, where it wants."""

from collections.abc import Iterator

import pytest

from sandbox.world import World
from tests.survival.harness.orders import Orders

FOUR_TIMES = {"PASS_REQUESTS_PER_10_SECONDS": "20", "DIGEST_AT": "never"}
"""The budget four times as fast as Graph's. Faster, a worker that has just begun would miss its first slots: what a
piece of work gets as a head start shrinks alike, and the time to load the SDK does not."""


@pytest.fixture(scope="session")
def survival_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Orders]]:
    """Keep one such world for this test process. Use `world` and `orders` instead."""
    orders = Orders(tmp_path_factory.mktemp("survival"))
    with World.start(zygote=True, timers=False, durable=True, settings=FOUR_TIMES | orders.settings()) as world:
        yield world, orders


@pytest.fixture
def world(survival_world: tuple[World, Orders]) -> World:
    """Give the world; each test begins by `reset` with the instant it wants."""
    return survival_world[0]


@pytest.fixture
def orders(survival_world: tuple[World, Orders]) -> Iterator[Orders]:
    """Give the orders of the world, none in force before and after."""
    orders = survival_world[1]
    orders.lift()
    orders.forget()
    yield orders
    orders.lift()
