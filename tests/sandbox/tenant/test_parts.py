"""The small parts by themselves: times, filters, scope, throttle, and the process as a whole."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.tenant import times
from sandbox.tenant.errors import GraphError
from sandbox.tenant.filter_rules import FilterNotUnderstoodError, matches
from sandbox.tenant.graph.query import expansions, parse_filter
from sandbox.tenant.throttle import Limit, Throttle

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
BODY = {
    "name": "O'Hara",
    "age": 7,
    "at": "2030-06-01T12:00:00Z",
    "split": "2030-06-01T12:00:00.5000000Z",
    "on": True,
    "none": None,
    "deep": {"er": "x"},
}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("name eq 'o''hara'", True),
        ("name ne 'O''Hara'", False),
        ("age ge 7 and age lt 8", True),
        ("age gt 7 or on eq true", True),
        ("(age gt 7 or on eq true) and name eq 'x'", False),
        ("at ge 2030-06-01T12:00:00Z", True),
        ("at ge 2030-06-01T12:00:01Z", False),
        ("split ge 2030-06-01T12:00:00Z", True),
        ("split lt 2030-06-01T12:00:00.6Z", True),
        ("split eq 2030-06-01T14:00:00.5+02:00", True),
        ("none ge 2030-06-01T12:00:00Z", False),
        ("name ge 2030-06-01T12:00:00Z", False),
        ("none eq null", True),
        ("deep/er eq 'X'", True),
        ("missing/deeper eq null", True),
        ("name in ('a', 'o''hara')", True),
        ("startsWith(name,'o')", True),
        ("contains(name,'HAR')", True),
        ("age ge 'seven'", False),
    ],
)
def test_a_filter_means_what_odata_means(text: str, fits: bool) -> None:
    """Comparison, membership, functions, and/or with parentheses; strings without case."""
    assert parse_filter(text).test(BODY) is fits


@pytest.mark.parametrize(
    "text",
    [
        "name",
        "name eq",
        "name eq x",
        "name like 'x'",
        "(name eq 'x'",
        "name eq 'x' name",
        "eq 'x'",
        "name eq 'x",
        "!",
        "at ge 2030-06-01T12:00:00",
        "at ge 2030-06-01T99:00:00Z",
    ],
)
def test_a_filter_that_does_not_parse_is_graphs_400(text: str) -> None:
    """Invalid filter clause."""
    with pytest.raises(GraphError, match="Invalid filter clause"):
        parse_filter(text)


def test_a_nested_expand_takes_select_alone() -> None:
    """Two expansions are told apart; other nested options are refused."""
    assert expansions("manager($select=id,mail),settings") == {"manager": ("id", "mail"), "settings": None}
    with pytest.raises(GraphError):
        expansions("manager($filter=x)")


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ('(device.model -eq "surface laptop")', True),
        ('(device.model -ne "Surface Laptop")', False),
        ('(device.model -startsWith "Surface") and (device.deviceTrustType -eq "Azure AD joined")', True),
        ('(device.model -contains "top") and (device.osVersion -startsWith "10.0.19")', False),
        ('(device.model -eq "x") or (device.operatingSystemVersion -ge 10.0.26100)', True),
        ('not (device.model -in ["x", "Surface Laptop"])', False),
        ('(device.model -notIn ["x"]) and not ((device.model -endsWith "x") or (device.osVersion -eq "1"))', True),
    ],
)
def test_an_assignment_filter_reads_the_device(rule: str, fits: bool) -> None:
    """Comparisons joined by and, or, not; names as Intune writes them."""
    device = {"model": "Surface Laptop", "trustType": "AzureAd", "operatingSystemVersion": "10.0.26100.1"}
    assert matches(rule, device) is fits


def test_a_filter_rule_beyond_the_sandbox_is_said_to_be() -> None:
    """Better an error than a wrong verdict."""
    with pytest.raises(FilterNotUnderstoodError):
        matches('(device.model -match "a")', {})


def test_the_throttle_never_lets_more_than_the_limit_into_any_window() -> None:
    """A request every half second for a minute: every window of ten seconds holds five."""
    throttle, passed = Throttle(), []
    for step in range(120):
        now = NOON + timedelta(seconds=step / 2)
        if throttle.admit(now, Limit("app", 5, 10)) is None:
            passed.append(now)
    for first in passed:
        assert sum(first <= other < first + timedelta(seconds=10) for other in passed) <= 5
    assert len(passed) == 30


def test_retry_after_is_enough_and_apps_do_not_share() -> None:
    """After the seconds named there is room; another app has its own five."""
    throttle, a, b = Throttle(), Limit("a", 5, 10), Limit("b", 5, 10)
    assert [throttle.admit(NOON, a) for _ in range(6)] == [None] * 5 + [10]
    assert throttle.admit(NOON, b) is None
    assert throttle.admit(NOON + timedelta(seconds=9.5), a) == 1
    assert throttle.admit(NOON + timedelta(seconds=10), a) is None
    assert throttle.admit(NOON + timedelta(minutes=1), Limit("a", 0, 10)) == 10


def test_what_one_limit_refuses_counts_against_none() -> None:
    """Of two limits the longer wait is told."""
    throttle, narrow, wide = Throttle(), Limit("writes", 1, 20), Limit("all", 2, 10)
    assert [throttle.admit(NOON, narrow, wide) for _ in range(3)] == [None, 20, 20]
    assert [throttle.admit(NOON, wide) for _ in range(2)] == [None, 10]


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT2H", 7200), ("P1DT1M", 86_460), ("P2W", 1_209_600), ("PT0.5S", 0.5), ("PT0S", 0)]
)
def test_durations_are_iso_8601(text: str, seconds: float) -> None:
    """Weeks, days, hours, minutes, seconds."""
    assert times.duration(text) == timedelta(seconds=seconds)


def test_instants_are_written_as_graph_does() -> None:
    """Seven decimals, or none."""
    assert times.graph_time(NOON) == "2030-06-01T12:00:00Z"
    assert times.graph_time(NOON + timedelta(microseconds=5)) == "2030-06-01T12:00:00.0000050Z"


def test_the_process_warns_listens_on_loopback_and_ends_on_sigterm(tmp_path: Path) -> None:
    """One warning, one ready line, exit 0; its clock file is the one it is told."""
    clock = tmp_path / "elsewhere" / "clock"
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.tenant", "--port", "0", "--state-dir", str(tmp_path / "state")],
        env=os.environ | {"SANDBOX_CLOCK_FILE": str(clock)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        address = process.stdout.readline().strip().removeprefix("tenant ready at ")
        assert address.startswith("http://127.0.0.1:")
        port = int(address.rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("POST", "/_sandbox/clock", b'{"advance": "PT1H"}')
        assert connection.getresponse().status == 200
        connection.close()
        assert float(clock.read_text()) == pytest.approx(3600, abs=1)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert errors.startswith("WARNING: this is a sandbox stand-in")
    assert errors.count("\n") == 1


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    """Exit 1 and a sentence, no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        arguments = [sys.executable, "-m", "sandbox.tenant", "--port", port, "--state-dir", str(tmp_path)]
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 1
    assert f"cannot listen on port {port}" in done.stderr
    assert "Traceback" not in done.stderr
