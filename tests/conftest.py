"""What all tests share: how they are spread over processes, and what is shown when one fails."""

from collections.abc import Generator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from sandbox.world import World

# Here, for whoever imports it first: its assertions are shown with their values.
pytest.register_assert_rewrite("tests.survival.harness.journey")

TOGETHER = ("tests/browser/", "tests/sandbox/host/")
"""Folders whose tests share what takes long to set up: each is left to one process."""
_TAIL = 6000


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Gives tests to processes one by one, but for the folders of `TOGETHER`, which go first.

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
