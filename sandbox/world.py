"""A whole world on this machine: storage, a tenant, and one or more hosts that run the app.

`World.start()` brings it up, leaving the `with` block takes all of it down again, processes, ports and files. What a
person or a test asks of it goes through the doorways of its processes, not through their memory.
"""

import secrets
import shutil
import sys
import tempfile
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

from sandbox.azurite import StoragePorts, start_azurite, storage_answers
from sandbox.certificates import Certificates, make_certificates
from sandbox.hosts import Host, HostCommand, Hosts
from sandbox.http import Answer, answers, call
from sandbox.idle import await_idle, is_idle
from sandbox.options import Options
from sandbox.ports import PortReservation
from sandbox.processes import ROOT, Child, Family, clean_environment, end_janitor, spawn, start_janitor
from sandbox.settings import HR_SOURCE, Addresses, Secrets, sandbox_settings
from sandbox.storage import Storage
from sandbox.telemetry import telemetry_settings
from sandbox.tenant.faces.app_link import APP_SETTING, SECRET_SETTING, SOURCE_SETTING
from sandbox.zygote.client import PRODUCT, Zygote

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_MODULE = (sys.executable, "-m", "sandbox.parent")
# Azure's listener looks at a cold queue every two seconds; a sandbox for people need not wait for it, and hears of most
# messages anyway. And a message that failed comes back after a second instead of half a minute.
_QUEUES = "AzureFunctionsJobHost__extensions__queues__"
_BRISK = {f"{_QUEUES}maxPollingInterval": "00:00:01", f"{_QUEUES}visibilityTimeout": "00:00:01"}
# Without timers somebody says when there is work, and waits for its end: hosts are told to look then.
_ON_CALL = {f"{_QUEUES}maxPollingInterval": "00:00:10"}


class World:
    """One running sandbox. Not for use from several threads at once."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.directory = Path(tempfile.mkdtemp(prefix="day-one-pass-"))
        self._janitor = start_janitor(self.directory)
        self._family = Family(self.directory)
        self._ports = PortReservation()
        self.vault = Secrets.drawn()
        self.storage_ports = StoragePorts(*(self._port(name) for name in ("blob", "queue", "table")))
        self._app_port = self._port("app")
        self._tenant_port = self._port("tenant")
        self._identity_header = secrets.token_hex(16)
        self.certificates: Certificates = make_certificates(self.directory)
        self.storage = Storage(self.storage_ports, self.certificates.authority, options.tables, options.queues)
        self._hosts = Hosts(self._family, HostCommand(options, self.tenant, self.signing_key), spawn)
        self._zygote: Zygote | None = None
        self._azurite: Child

    @classmethod
    def start(cls, **options: Any) -> Self:
        """Start a world and wait until all of it answers. The arguments are those of `Options`.

        Raises:
            StartError: a process did not come up.
            StorageMissingError: Azurite or Node.js is not installed.
            NoFreePortError: a port that was asked for is taken.
        """
        world = cls(Options(**options))
        try:
            world._come_up()
        except BaseException:
            world.stop()
            raise
        return world

    @property
    def app(self) -> str:
        """Return the base address of the first host."""
        return f"http://127.0.0.1:{self._app_port}"

    @property
    def tenant(self) -> str:
        """Return the base address of the tenant."""
        return f"http://127.0.0.1:{self._tenant_port}"

    @property
    def clock_file(self) -> Path:
        """Return the file that holds how far ahead of real time the sandbox is."""
        return self.directory / "tenant" / "clock"

    @property
    def signing_key(self) -> Path:
        """Return the file with the key that the tenant signs people's tokens with."""
        return self.directory / "tenant" / "signing.key"

    def settings(self) -> dict[str, str]:
        """Return the app's settings in this world."""
        addresses = Addresses(
            app=self.app,
            tenant=self.tenant,
            storage=self.storage_ports,
            authority=self.certificates.authority,
            clock_file=self.clock_file,
            identity_header=self._identity_header,
        )
        told = telemetry_settings(self.tenant) if self.options.telemetry or self.options.faces else {}
        queues = _BRISK if self.options.timers else _BRISK | _ON_CALL
        return sandbox_settings(addresses, self.vault) | queues | dict(told) | dict(self.options.settings)

    # Hosts

    @property
    def hosts(self) -> list[Host]:
        """Return all hosts, those that were killed or stopped too, in the order of their first start."""
        return self._hosts.all

    def start_host(self, extra_settings: Mapping[str, str] | None = None, port: int | None = None) -> Host:
        """Start one more host on the same storage and wait until it answers.

        Raises:
            StartError: it did not come up, for example because the app cannot be imported.
        """
        host = self._hosts.launch(port or self._ports.take(), {**self.settings(), **(extra_settings or {})})
        host.await_ready()
        return host

    def kill_host(self, index: int = 0) -> None:
        """End a host with SIGKILL, in the midst of whatever it does; it stays listed and can be restarted."""
        self.hosts[index].child.kill()

    def stop_host(self, index: int = 0) -> None:
        """End a host in order; what is running gets a few seconds."""
        self.hosts[index].child.end()

    def restart_host(self, index: int = 0, extra_settings: Mapping[str, str] | None = None) -> Host:
        """End a host in order if it runs, and start it again on the same port, settings kept but for the extra."""
        return self._hosts.restart(index, {**self.hosts[index].settings, **(extra_settings or {})})

    # Storage

    @property
    def storage_pid(self) -> int:
        """Return the process id of storage."""
        return self._azurite.process.pid

    def start_storage(self) -> None:
        """Start storage once a signal has ended it, and wait until it answers. A durable world has lost nothing."""
        self._azurite.process.wait(_STOP_SECONDS)
        self._azurite = self._start_azurite()
        self._await_storage()

    # Time and work

    def now(self) -> str:
        """Return the sandbox's present instant in ISO 8601, UTC."""
        return str(self.control("GET", "clock").json()["now"])

    def advance(self, duration: str) -> None:
        """Move the clock on by an ISO 8601 duration such as `PT2H`."""
        self.control("POST", "clock", {"advance": duration})

    def set_clock(self, instant: str) -> None:
        """Set the clock to a later instant such as `2030-06-03T05:00:00Z`."""
        self.control("POST", "clock", {"set": instant})

    def control(self, method: str, name: str, body: Any = None) -> Answer:
        """Use a control of the tenant under `/_sandbox/`.

        Raises:
            RuntimeError: it refused.
        """
        answer = call(method, f"{self.tenant}/_sandbox/{name}", json_body=body)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"the tenant's control {name} answered {answer.status}: {answer.text()}")
        return answer

    def request(self, method: str, path: str, **more: Any) -> Answer:
        """Send one request to the app on the first host; arguments as of `sandbox.http.call`."""
        return call(method, f"{self.app}{path}", **more)

    def of_the_page(self) -> dict[str, str]:
        """Return the headers by which a browser says that the app's own page asks."""
        return {"Origin": self.app, "Sec-Fetch-Site": "same-origin"}

    def run_timer(self, name: str, seconds: float = 60.0) -> None:
        """Run a timer function now on the first running host and wait until the world is idle.

        Raises:
            LookupError: the app has no timer of that name.
            NotIdleError: work was left after `seconds`.
        """
        answer = call("POST", f"{self._hosts.running()[0].address}/admin/functions/{name}", json_body={"input": ""})
        if answer.status != HTTPStatus.ACCEPTED:
            raise LookupError(f"the app has no timer function named {name}")
        self.wait_idle(seconds)

    def wait_idle(self, seconds: float = 60.0) -> None:
        """Wait until no message is left, delayed ones included, and no host runs or is about to run anything.

        Raises:
            NotIdleError: see there; at once if messages are left and no host runs.
        """
        await_idle(self._hosts, self.storage, seconds)

    def clear_storage(self) -> None:
        """Empty all tables and queues, once no host is at work."""
        if not is_idle(self._hosts, self.storage):
            self.storage.drop_work()
            self.wait_idle()
        self.storage.clear()

    def reset(self, now: str | None = None, extra_settings: Mapping[str, str] | None = None) -> None:
        """Bring all back to the beginning: nothing stored, the seeded company, no faults, the usual hosts.

        `now` is the instant to begin at; without it real time. The hosts' settings are the usual but for the extra.
        """
        beginning = {"now": now} if now else {}
        self._hosts.bring_back(self.options.hosts, {**self.settings(), **(extra_settings or {})})
        # Twice: faults must not hold up what is still at work, and that work must not mark the new beginning.
        self.control("POST", "reset", beginning)
        self.clear_storage()
        self.control("POST", "reset", beginning)

    def logs(self) -> dict[str, str]:
        """Return all that each process ever printed, ended ones included, by process."""
        return self._family.logs()

    # Coming and going

    def stop(self) -> None:
        """End all processes, give the ports back and remove all files. May be called twice."""
        self._family.end()
        if self._zygote is not None:
            self._zygote.close()
        self.storage.close()
        self._ports.release()
        shutil.rmtree(self.directory, ignore_errors=True)
        end_janitor(self._janitor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _come_up(self) -> None:
        self._azurite = self._start_azurite()
        tenant = self._start_tenant()
        if self.options.zygote and sys.platform == "linux":
            environment = {**clean_environment(), **self.settings()}
            # Another app may be a copy of the product that differs from it.
            packages = PRODUCT if self.options.app == ROOT else ()
            self._zygote = Zygote(environment, self._family.log("zygote"), packages)
            self._hosts.spawn = self._zygote.spawn
        for port in (self._app_port, *(self._ports.take() for _ in range(self.options.hosts - 1))):
            self._hosts.launch(port, self.settings())
        self._await_storage()
        self.storage.create()
        tenant.await_ready(lambda: answers(f"{self.tenant}/_sandbox/clock"), _START_SECONDS)
        for host in self.hosts:
            host.await_ready()

    def _start_azurite(self) -> Child:
        folder = self.directory / "storage" if self.options.durable else None
        return start_azurite(
            self._family, self.storage_ports, self.certificates, access_log=self.options.access_log, folder=folder
        )

    def _await_storage(self) -> None:
        self._azurite.await_ready(lambda: storage_answers(self.storage_ports, self.certificates), _START_SECONDS)

    def _start_tenant(self) -> Child:
        self.clock_file.parent.mkdir(mode=0o700)
        command = [*_MODULE, self.options.tenant_module, "--port", str(self._tenant_port)]
        command += ["--state-dir", str(self.clock_file.parent)]
        names = ("IDENTITY_HEADER", "SANDBOX_CLOCK_FILE")
        settings = {name: self.settings()[name] for name in names}
        if self.options.faces:
            settings |= {APP_SETTING: self.app, SOURCE_SETTING: HR_SOURCE, SECRET_SETTING: self.vault.hr}
        return self._family.start("tenant", command, settings)

    def _port(self, name: str) -> int:
        return self._ports.take(self.options.ports.get(name))
