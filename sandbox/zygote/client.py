"""Starting processes through a zygote: the same call as `sandbox.processes.spawn`, and the same kind of process."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from sandbox.processes import ROOT, StartError
from sandbox.zygote.process import ForkedProcess

PRODUCT = ("functions", "shared")
"""The packages of the product. `function_app`, which makes the app of them, is left to the worker library."""
_LONGEST_ANSWER = 32
_SECONDS_TO_END = 20.0


class Zygote:
    """One zygote. What it forks was interpreted from its start with the `PYTHON…` settings of `environment`."""

    def __init__(self, environment: Mapping[str, str], log: Path, packages: Sequence[str] = ()) -> None:
        """Start it; it imports for a second or so, of the project's own code these packages.

        What it prints goes to `log`, and says why it failed if it did.
        """
        self._log = log
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with log.open("wb") as output, theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sandbox.zygote", *packages],
                cwd=ROOT,
                env=environment,
                stdin=theirs.fileno(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Return its own process id."""
        return self._process.pid

    def spawn(self, command: Sequence[str], environment: Mapping[str, str], output: IO[bytes]) -> ForkedProcess:
        """Start `python -m MODULE …` from the project's root; see `sandbox.processes.spawn`.

        Raises:
            StartError: the zygote has ended.
        """
        stdin, lifeline = os.pipe()
        report, theirs = os.pipe()
        order = json.dumps({"command": command, "environment": dict(environment)}).encode()
        try:
            socket.send_fds(self._orders, [order], [stdin, output.fileno(), theirs])
            pid = int(self._orders.recv(_LONGEST_ANSWER))
        except (OSError, ValueError) as error:
            os.close(lifeline)
            os.close(report)
            raise StartError(f"the zygote has ended; it printed:\n{self._log.read_text()[-4000:]}") from error
        finally:
            os.close(stdin)
            os.close(theirs)
        return ForkedProcess(pid, os.fdopen(lifeline, "wb", 0), os.fdopen(report, "rb", 0))

    def close(self) -> None:
        """Let it end, once all that it forked has ended."""
        self._orders.close()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
