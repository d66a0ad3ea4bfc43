"""A world comes up, can be changed while it runs, and leaves nothing behind however it ends."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.idle import NotIdleError
from sandbox.ports import NoFreePortError, PortReservation
from sandbox.processes import ROOT, StartError
from sandbox.world import World
from tests.sandbox.host.probe import Record, await_true, probe_options

_SCRIPT = """
import json, signal, sys, time
from pathlib import Path
from sandbox.world import World
from tests.sandbox.host.probe import probe_options
# Whoever was started in the background of a shell has inherited that Ctrl-C is nothing to it.
signal.signal(signal.SIGINT, signal.default_int_handler)
zygote = sys.argv[3] == "forked"
with World.start(zygote=zygote, **probe_options(Path(sys.argv[1]))) as world:
    pids = [child.process.pid for child in world._family.children] + [world._janitor.pid]
    pids += [world._zygote.pid] if zygote else []
    print(json.dumps({"pids": pids, "directory": str(world.directory), "app": world.app}), flush=True)
    if sys.argv[2] == "fail":
        raise RuntimeError("in the middle")
    if sys.argv[2] == "wait":
        time.sleep(600)
"""


def _running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("ending", "hosts"),
    [
        ("normal", "forked"),
        ("fail", "fresh"),
        ("interrupt", "fresh"),
        ("terminate", "fresh"),
        ("kill", "fresh"),
        ("kill", "forked"),
    ],
)
def test_nothing_is_left_behind(tmp_path: Path, ending: str, hosts: str) -> None:
    """After a normal end, an error, Ctrl-C, SIGTERM or SIGKILL no process, port or file of a world remains."""
    what = {"normal": "leave", "fail": "fail"}.get(ending, "wait")
    command = [sys.executable, "-c", _SCRIPT, str(tmp_path / "record"), what, hosts]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        facts = json.loads(parent.stdout.readline())
        sent = {"interrupt": signal.SIGINT, "terminate": signal.SIGTERM, "kill": signal.SIGKILL}.get(ending)
        if sent is not None:
            parent.send_signal(sent)
        try:
            parent.wait(20)
        finally:
            parent.kill()
    await_true(lambda: not any(_running(pid) for pid in facts["pids"]))
    await_true(lambda: not Path(facts["directory"]).exists())
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", int(facts["app"].rpartition(":")[2])))


def test_directory_is_private(probe: World) -> None:
    """Keys and logs of a world are readable by its owner only."""
    assert probe.directory.stat().st_mode & 0o777 == 0o700


def test_restart_keeps_address_and_settings(probe: World) -> None:
    """A restarted host is another process behind the same address, with the settings that were added."""
    before = probe.hosts[0].pid
    fresh = probe.restart_host(extra_settings={"PROBE_EXTRA": "1"})
    assert fresh.pid != before
    assert fresh.settings["PROBE_EXTRA"] == "1"
    assert probe.request("GET", "/echo/fixed").status == 200


def test_reset_brings_back_the_usual_hosts(probe: World) -> None:
    """A reset ends added hosts, revives killed ones and drops settings that a test had added."""
    added = probe.start_host()
    probe.restart_host(extra_settings={"PROBE_EXTRA": "1"})
    probe.kill_host()
    probe.reset()
    assert len(probe.hosts) == 1
    assert "PROBE_EXTRA" not in probe.hosts[0].settings
    assert not _running(added.pid)
    assert probe.request("GET", "/echo/fixed").status == 200


def test_reset_empties_storage(probe: World) -> None:
    """Rows of many partitions and messages of all queues are gone after a reset."""
    table = probe.storage.table("probe")
    for n in range(5):
        table.upsert_entity({"PartitionKey": str(n % 2), "RowKey": f"o|{n}'"})
    probe.storage.queue("probe-work-poison").send_message("left")
    probe.reset()
    assert probe.storage.rows("probe") == []
    assert probe.storage.count("probe-work-poison") == 0


def test_waiting_for_idle_counts_delayed_messages(probe: World, record: Record) -> None:
    """A message that is not yet visible is work to come: the world is idle only after it was done."""
    probe.storage.queue("probe-work").send_message('{"later": 1}', visibility_timeout=2)
    with pytest.raises(NotIdleError):
        probe.wait_idle(0.5)
    probe.wait_idle()
    assert len(record.entries("worked")) == 1


def test_two_worlds_stand_side_by_side(probe: World, tmp_path: Path) -> None:
    """Two worlds on one machine share neither ports nor storage."""
    with World.start(**probe_options(tmp_path / "record")) as other:
        other.storage.table("probe").upsert_entity({"PartitionKey": "p", "RowKey": "r"})
        assert other.app != probe.app
        assert probe.storage.rows("probe") == []


def test_app_that_cannot_be_imported_is_told(tmp_path: Path) -> None:
    """An app that fails at import ends the start with what the host printed, not with an empty app."""
    (tmp_path / "function_app.py").write_text("import nowhere_to_be_found\n", encoding="utf-8")
    (tmp_path / "host.json").write_text("{}", encoding="utf-8")
    with pytest.raises(StartError, match="nowhere_to_be_found"):
        World.start(app=tmp_path)


def test_taken_port_is_told() -> None:
    """A port that was asked for and is taken is named in the error."""
    ports = PortReservation()
    port = ports.take()
    with pytest.raises(NoFreePortError, match=str(port)):
        PortReservation().take(port)
    ports.release()
