"""What is said of an onboarding can be found by its id."""

import logging

import pytest

from shared.runtime.telemetry.logs import OURS, guard_logs


@pytest.mark.parametrize("times", [1, 2])
def test_what_is_said_of_an_onboarding_ends_with_its_id(caplog: pytest.LogCaptureFixture, times: int) -> None:
    """The id stands in the text once, however often the app was loaded; what is of none, or amiss, is left as it is."""
    for _ in range(times):
        guard_logs()
    with caplog.at_level(logging.INFO, OURS.name):
        OURS.info("waits: %s", "100 %", extra={"onboarding": "7abc"})
        OURS.info("swept")
        OURS.info("%d of %s", "many")
    assert caplog.messages == ["waits: 100 % [7abc]", "swept", "%d of %s"]
