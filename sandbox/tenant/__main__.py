"""`python -m sandbox.tenant --port N --state-dir DIR`: run the stand-in until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from sandbox.clock import CLOCK_FILE_SETTING
from sandbox.tenant.app import start
from sandbox.tenant.faces.app_link import AppLink

_WARNING = "WARNING: this is a sandbox stand-in for Microsoft Entra, Graph and Intune: no real tenant, no protection."


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox.tenant", description=_WARNING)
    parser.add_argument("--port", type=int, default=7081, help="0 takes a free port")
    parser.add_argument("--state-dir", type=Path, required=True, help="holds the signing key")
    parser.add_argument("--identity-header", default=os.environ.get("IDENTITY_HEADER", "sandbox"))
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    clock_file = Path(os.environ.get(CLOCK_FILE_SETTING) or arguments.state_dir / "clock")
    stopped = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    print(_WARNING, file=sys.stderr, flush=True)
    running = await start(arguments.port, arguments.state_dir, clock_file, arguments.identity_header, AppLink.of())
    print(f"tenant ready at {running.address}", flush=True)
    await stopped.wait()
    await running.stop()


def main() -> int:
    """Run; 1 where the port is taken."""
    arguments = _arguments()
    try:
        asyncio.run(_serve(arguments))
    except OSError as fault:
        print(f"the tenant cannot listen on port {arguments.port}: {fault.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
