"""What all tests share: how they are spread over processes, and what is shown when one fails."""

from collections.abc import Generator
from typing import Any

import pytest

from sandbox.world import World

# Here, for whoever imports it first: its assertions are shown with their values.
pytest.register_assert_rewrite("tests.survival.harness.journey")

TOGETHER = ("morning", "probe_world", "walked")
"""Fixtures of a session that take long to set up: all tests that use one run in the same process."""
_TAIL = 6000


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep tests together that share what is dear: marked this early, for xdist asks before other hooks have run."""
    for name in set(TOGETHER) & set(getattr(item, "fixturenames", ())):
        item.add_marker(pytest.mark.xdist_group(name))


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
