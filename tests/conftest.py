"""What all tests share: one sandbox for each test process, started when a test first asks for it."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from sandbox.world import World

_TAIL = 6000


@pytest.fixture(scope="session")
def shared_world() -> Iterator[World]:
    """Keep one sandbox for this test process. Timers run only when a test runs them. Use `world` instead."""
    with World.start(zygote=True, timers=False) as world:
        yield world


@pytest.fixture
def world(shared_world: World) -> World:
    """Give a sandbox as if new: nothing stored, the seeded company, real time, one host with the usual settings."""
    shared_world.reset()
    return shared_world


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of what the sandbox's processes printed beside a failed test."""
    report = yield
    if report.failed and call.when in ("setup", "call"):
        arguments: dict[str, Any] = getattr(item, "funcargs", {})
        for world in (value for value in arguments.values() if isinstance(value, World)):
            for name, text in world.logs().items():
                report.sections.append((f"sandbox {name}", text[-_TAIL:]))
    return report
