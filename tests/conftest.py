"""What all tests share: how they are spread over processes, and what is shown when one fails."""

from collections.abc import Generator
from typing import Any

import pytest

from sandbox.world import World

TOGETHER = ("morning", "probe_world")
"""Fixtures of a session that take long to set up: all tests that use one run in the same process."""
_TAIL = 6000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests together that share what is dear, and begin with the long ones, whatever the random order."""
    for item in items:
        for name in set(TOGETHER) & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(name))
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
