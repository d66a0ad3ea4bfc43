"""Keep a whole sandbox running for a browser: `python -m sandbox up`."""

import argparse
import os
import signal
import sys
from collections.abc import Mapping, Sequence

from sandbox.azurite import StorageMissingError
from sandbox.ports import NoFreePortError
from sandbox.processes import StartError
from sandbox.up import summary
from sandbox.world import World

_PORTS = {
    "app": ("APP_PORT", 7071),
    "tenant": ("TENANT_PORT", 7081),
    "blob": ("AZURITE_BLOB_PORT", 10000),
    "queue": ("AZURITE_QUEUE_PORT", 10001),
    "table": ("AZURITE_TABLE_PORT", 10002),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Start a world, print its addresses, and wait for Ctrl-C or SIGTERM. Return 1 if it does not come up."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("command", choices=["up"])
    parser.parse_args(arguments)
    stopping = signal.SIGINT, signal.SIGTERM
    try:
        with World.start(ports=_ports(os.environ), faces=True) as world:
            # Blocked only now: the children must not inherit it.
            signal.pthread_sigmask(signal.SIG_BLOCK, stopping)
            print(summary(world), flush=True)
            signal.sigwait(stopping)
            print("\nEnding …", flush=True)
    except (NoFreePortError, StartError, StorageMissingError, ValueError) as error:
        print(f"The sandbox did not come up: {error}", file=sys.stderr)
        return 1
    return 0


def _ports(environment: Mapping[str, str]) -> dict[str, int]:
    return {name: int(environment.get(setting, usual)) for name, (setting, usual) in _PORTS.items()}


if __name__ == "__main__":
    sys.exit(main())
