"""The hosts of one world: started, ended, killed and started anew, and asked whether they are at work."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from subprocess import TimeoutExpired

from sandbox.http import answers, call
from sandbox.options import Options
from sandbox.processes import Child, Family, Spawn
from sandbox.settings import AUDIENCE

_START_SECONDS = 60.0
_SECONDS_TO_END = 1.0


@dataclass(slots=True)
class Host:
    """One host process. `settings` are what its environment was made of."""

    port: int
    settings: Mapping[str, str]
    child: Child

    @property
    def address(self) -> str:
        """Return its base address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Return the process id of the worker."""
        return self.child.process.pid

    def await_ready(self) -> None:
        """Wait until it answers.

        Raises:
            StartError: it did not come up, for example because the app cannot be imported.
        """
        self.child.await_ready(lambda: answers(f"{self.address}/admin/host/status"), _START_SECONDS)


@dataclass(frozen=True, slots=True)
class HostCommand:
    """What every host of a world is started with; all but the port is the same for all."""

    options: Options
    tenant: str
    signing_key: Path

    def on(self, port: int) -> list[str]:
        """Return the command of a host on that port."""
        options = self.options
        command = [str(options.python), "-m", "sandbox.parent", "sandbox.host", "--app", str(options.app)]
        command += ["--port", str(port), "--tenant", self.tenant]
        command += ["--signing-key", str(self.signing_key), "--audience", AUDIENCE]
        command += ["--invisibility", str(options.invisibility), "--timer-lease", str(options.timer_lease)]
        return [*command, *([] if options.timers else ["--no-timers"]), *options.host_arguments]


@dataclass(slots=True)
class Hosts:
    """All of them, in the order in which they were first started."""

    family: Family
    command: HostCommand
    spawn: Spawn
    all: list[Host] = field(default_factory=list)

    def launch(self, port: int, settings: Mapping[str, str], index: int | None = None) -> Host:
        """Start a host, a further one or that at `index` anew; it does not answer yet."""
        host = Host(port, settings, self.family.start("host", self.command.on(port), settings, self.spawn))
        if index is None:
            self.all.append(host)
        else:
            self.all[index] = host
        return host

    def restart(self, index: int, settings: Mapping[str, str]) -> Host:
        """End a host in order if it runs, start it on the same port with these settings, and wait until it answers."""
        old = self.all[index]
        old.child.end()
        fresh = self.launch(old.port, settings, index)
        fresh.await_ready()
        return fresh

    def bring_back(self, count: int, settings: Mapping[str, str]) -> None:
        """End hosts beyond `count`, and start those anew that ended or have other settings than these."""
        while len(self.all) > count:
            self.all.pop().child.end()
        for index, host in enumerate(self.all):
            if not host.child.alive() or host.settings != settings:
                self.restart(index, settings)

    def running(self) -> list[Host]:
        """Return those that run."""
        return [host for host in self.all if host.child.alive()]

    def work(self, patience: float = 0.0) -> tuple[int, int]:
        """Return how many functions run or are about to run, and how many were ever begun by those that run.

        Each host may wait up to `patience` seconds for its work to end, which is cheaper than to be asked again.
        """
        states = [state for host in self.running() if (state := _state(host, patience)) is not None]
        return sum(state["busy"] for state in states), sum(state["started"] for state in states)

    def look(self) -> None:
        """Have those that run look at their queues now."""
        for host in self.running():
            # One that has just ended looks at nothing, and its fellows are asked all the same.
            with suppress(OSError, HTTPException):
                call("POST", f"{host.address}/_host/look")


def _state(host: Host, patience: float) -> dict[str, int] | None:
    """Ask a host how much is at work; None where it ended meanwhile."""
    try:
        return dict(call("GET", f"{host.address}/_host/idle?patience={patience}").json())
    except (OSError, HTTPException):
        # What is cut off may be so a moment before the end is to be seen.
        with suppress(TimeoutExpired):
            host.child.process.wait(_SECONDS_TO_END)
        if host.child.alive():
            raise
        return None
