"""Timer functions follow the sandbox's clock, once for all hosts."""

import pytest

from sandbox.world import World
from tests.sandbox.host.probe import Record, await_true


def test_jump_over_several_hours_fires_once_and_past_due(probe: World, record: Record) -> None:
    """A clock that jumps over three hourly occurrences leads to one run, marked past due."""
    probe.wait_idle()
    probe.advance("PT3H")
    probe.wait_idle()
    assert [entry["past_due"] for entry in record.entries("tick")] == [True]


def test_occurrence_in_time_is_not_past_due(probe: World, record: Record) -> None:
    """An occurrence that the clock walks into is run as on time."""
    probe.wait_idle()
    probe.set_clock("2030-06-03T10:59:59.500Z")
    probe.wait_idle()
    await_true(lambda: record.entries("tick"))
    assert [entry["past_due"] for entry in record.entries("tick")] == [False]


def test_two_hosts_run_a_timer_once(probe: World, record: Record) -> None:
    """Of several hosts on one storage exactly one runs each occurrence."""
    probe.start_host()
    for _ in range(4):
        probe.wait_idle()
        probe.advance("PT1H")
    probe.wait_idle()
    assert len(record.entries("tick")) == 4


def test_timer_of_a_dead_host_is_taken_over(probe: World, record: Record) -> None:
    """A host killed in mid-run holds the timer only until its lease ends; then another host runs it."""
    dying = probe.restart_host(extra_settings={"PROBE_TICK_SECONDS": "60"})
    probe.advance("PT1H")
    await_true(lambda: record.entries("tick"))
    heir = probe.start_host()
    probe.kill_host()
    probe.wait_idle()
    assert [entry["pid"] for entry in record.entries("tick")] == [dying.pid, heir.pid]


def test_administration_runs_a_timer_now(probe: World, record: Record) -> None:
    """POST /admin/functions/{name} runs a timer outside its schedule; an unknown name is an error."""
    probe.run_timer("tick")
    assert len(record.entries("tick")) == 1
    with pytest.raises(LookupError):
        probe.run_timer("nobody")


def test_clock_set_back_brings_the_schedule_back(probe: World, record: Record) -> None:
    """After a reset to an earlier instant, the next occurrence is counted from there."""
    probe.advance("PT48H")
    probe.wait_idle()
    record.clear()
    probe.control("POST", "reset", {"now": "2030-06-01T10:15:00Z"})
    probe.wait_idle()
    probe.advance("PT1H")
    probe.wait_idle()
    assert len(record.entries("tick")) == 1
