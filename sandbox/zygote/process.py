"""A process that is nobody's child here, as if it were."""

import contextlib
import os
import select
import signal
import subprocess
from typing import IO


class ForkedProcess:
    """What `subprocess.Popen` is for a child, for a process that the zygote forked."""

    def __init__(self, pid: int, stdin: IO[bytes], report: IO[bytes]) -> None:
        """Take its process id, the other end of its standard input, and where the zygote says how it ended."""
        self.pid = pid
        self.stdin = stdin
        self.returncode: int | None = None
        self._report = report

    def poll(self) -> int | None:
        """Return how it ended, as `Popen.returncode` says it; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: it still runs after `timeout` seconds.
        """
        if self.returncode is None:
            if not select.select([self._report], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            with self._report as report:
                # Nothing is said where the zygote itself was killed, and then nobody knows.
                self.returncode = int(report.read() or -signal.SIGKILL)
        return self.returncode

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
