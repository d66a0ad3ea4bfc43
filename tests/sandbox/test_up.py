"""`python -m sandbox up` keeps a world for a browser until it is interrupted."""

import os
import signal
import subprocess
import sys

import pytest

from sandbox.http import call
from sandbox.ports import PortReservation
from sandbox.processes import ROOT

_NAMES = ("APP_PORT", "TENANT_PORT", "AZURITE_BLOB_PORT", "AZURITE_QUEUE_PORT", "AZURITE_TABLE_PORT")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_prints_addresses_and_ends_when_interrupted(number: signal.Signals) -> None:
    """It listens on the ports it was told, prints them, and ends with 0 on Ctrl-C as on SIGTERM."""
    ports = PortReservation()
    wanted = {name: str(ports.take()) for name in _NAMES}
    ports.release()
    command = [sys.executable, "-m", "sandbox", "up"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **wanted}, stdout=subprocess.PIPE, text=True) as up:
        assert up.stdout is not None
        printed = ""
        for line in up.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        assert call("GET", f"http://127.0.0.1:{wanted['APP_PORT']}/admin/host/status").status == 200
        # The start page knows the app it posts to.
        assert "Post event" in call("GET", f"http://127.0.0.1:{wanted['TENANT_PORT']}/").text()
        up.send_signal(number)
        up.stdout.read()
        assert up.wait(20) == 0
    assert all(wanted[name] in printed for name in _NAMES if "BLOB" not in name)


def test_taken_port_is_told_in_one_sentence() -> None:
    """A port in use ends it with 1 and a sentence, not a traceback."""
    ports = PortReservation()
    taken = ports.take()
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", "up"],
        cwd=ROOT,
        env={**os.environ, "APP_PORT": str(taken)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    ports.release()
    assert done.returncode == 1
    assert str(taken) in done.stderr
    assert "Traceback" not in done.stderr
