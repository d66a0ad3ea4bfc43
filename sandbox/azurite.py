"""Azurite, Microsoft's storage emulator, with identity instead of keys and TLS instead of plain http."""

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from sandbox.certificates import Certificates
from sandbox.processes import ROOT, Child, Family

_PROGRAM = ROOT / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
_BEFORE = tuple(str(ROOT / "sandbox" / name) for name in ("exit-with-parent.cjs", "without-telemetry.cjs"))
# Azurite drops an idle connection after 5 s by default, the SDKs keep one longer, and a request that meets the end
# of its connection is a lost answer that Azure would not have given.
_KEEP_ALIVE_SECONDS = "300"
# Megabytes for what is new. Node.js gives 16, and then copies half of what each request makes before it is done with.
_YOUNG = "--max-semi-space-size=64"


class StorageMissingError(Exception):
    """Azurite or Node.js is not installed; the text says what to run."""


@dataclass(frozen=True, slots=True)
class StoragePorts:
    """The ports of the three services."""

    blob: int
    queue: int
    table: int

    def address(self, service: str) -> str:
        """Return the address of `service` ("blob", "queue" or "table") with its only account."""
        return f"https://127.0.0.1:{getattr(self, service)}/devstoreaccount1"


def start_azurite(
    family: Family,
    ports: StoragePorts,
    certificates: Certificates,
    *,
    access_log: bool = False,
    folder: Path | None = None,
) -> Child:
    """Start Azurite; it is not ready yet. `access_log`: it prints a line per request.

    `folder` is where it keeps everything, and finds it again when it is started anew; without one all is in memory.

    Raises:
        StorageMissingError: it is not installed.
    """
    if not _PROGRAM.exists():
        raise StorageMissingError("Azurite is missing: run `npm ci` in the project's folder, or any make target")
    command = ["node", _YOUNG, *(f"--require={script}" for script in _BEFORE), str(_PROGRAM)]
    for service in ("blob", "queue", "table"):
        command += [f"--{service}Host", "127.0.0.1", f"--{service}Port", str(getattr(ports, service))]
        command += [f"--{service}KeepAliveTimeout", _KEEP_ALIVE_SECONDS]
    command += ["--oauth", "basic", "--cert", str(certificates.server), "--key", str(certificates.server_key)]
    command += ["--skipApiVersionCheck", "--disableTelemetry"]
    command += ["--location", str(folder)] if folder else ["--inMemoryPersistence"]
    command += [] if access_log else ["--silent"]
    try:
        return family.start("azurite", command, {})
    except FileNotFoundError as error:
        raise StorageMissingError("Node.js is missing: install Node.js 20 or later") from error


def storage_answers(ports: StoragePorts, certificates: Certificates) -> bool:
    """Return whether queue and table service take TLS connections."""
    context = ssl.create_default_context(cafile=str(certificates.authority))
    try:
        for port in (ports.queue, ports.table):
            with (
                socket.create_connection(("127.0.0.1", port), timeout=2) as plain,
                context.wrap_socket(plain, server_hostname="127.0.0.1"),
            ):
                pass
    except OSError:
        return False
    return True
