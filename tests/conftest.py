"""What all tests share: how they are spread over processes, what is shown when one fails, and one sandbox.

The sandbox is ten times as fast as Graph allows, and as if new before each test. Folders that need another world have
their own.
"""

import sys
from collections.abc import Callable, Generator, Iterator
from typing import Any

import coverage
import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from sandbox.world import World
from tests.doorways.story import RATE, Story, as_if_new

# Here, for whoever imports it first: its assertions are shown with their values.
pytest.register_assert_rewrite("tests.survival.harness.journey")

# A busy machine is no fault of what is tested.
settings.register_profile("without a deadline", settings.default, deadline=None)
settings.load_profile("without a deadline")

TOGETHER = (
    "tests/browser/", "tests/sandbox/host/", "tests/doorways/test_reasons.py", "tests/sandbox/tenant/test_sdk.py"
)  # fmt: skip
"""Folders and modules whose tests share what takes long to set up: each is left to one process."""
_TAIL = 6000


@pytest.fixture(scope="session")
def brisk_world() -> Iterator[World]:
    """Keep one sandbox for this test process. Timers run only when a test runs them. Use `story` instead.

    The daily digest is off: it would come into the desk's inbox in the midst of any story.
    """
    told = {"PASS_REQUESTS_PER_10_SECONDS": str(RATE), "DIGEST_AT": "never"}
    with World.start(zygote=True, timers=False, settings=told) as world:
        yield world


@pytest.fixture
def world(brisk_world: World) -> World:
    """Give that sandbox as if new, on a Monday in May 2030."""
    return as_if_new(brisk_world).world


@pytest.fixture
def story(world: World) -> Story:
    """Give that sandbox with words to tell a story in."""
    return Story(world)


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Give what prints a line past pytest's capture, also where a test passes and tests run side by side."""

    def line(text: str) -> None:
        with capfd.disabled():
            sys.stderr.write(f"\n{text}\n")
            sys.stderr.flush()

    return line


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Gives tests to processes one by one, but for those of `TOGETHER`, which go first.

    xdist's own groups are marked in the ids of tests, which this version of pytest does not let it change.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Spread the tests in this way where there are several processes."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests, whatever the random order."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Save what was measured while the session lasts: whoever takes ten seconds to leave is ended by xdist."""
    if measured := coverage.Coverage.current():
        measured.save()


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
