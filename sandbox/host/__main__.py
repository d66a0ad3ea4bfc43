"""Run a function app on this machine: `python -m sandbox.host --app DIR --port N`."""

import argparse
import asyncio
import logging
import os
import resource
import signal
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.clock import CLOCK_FILE_SETTING, SandboxClock
from sandbox.host.app_loader import AppLoadError, Function, Invoker, load_app
from sandbox.host.attention import Attention
from sandbox.host.authentication import Authenticator
from sandbox.host.bells import SELDOM, Bells
from sandbox.host.http_doorway import LONGEST_ANSWER, Doorway
from sandbox.host.ncrontab import ScheduleError
from sandbox.host.queues import USUAL_INVISIBILITY, QueueListener
from sandbox.host.routes import RouteError, build_routes
from sandbox.host.settings import HostFile, HostSettingsError, read_host_file, resolve
from sandbox.host.sign_in import SignIn
from sandbox.host.timers import USUAL_LEASE, Timer, TimerRunner

_LOG = logging.getLogger("sandbox.host")
_SECONDS_TO_DRAIN = 5.0


@dataclass(frozen=True, slots=True)
class _Host:
    """All parts of one running host."""

    options: argparse.Namespace
    listeners: tuple[QueueListener, ...]
    timers: TimerRunner
    doorway: Doorway
    bells: Bells

    async def serve(self) -> None:
        """Serve until SIGTERM or SIGINT; what is running then has a few seconds to end."""
        stop = asyncio.Event()

        def end() -> None:
            stop.set()
            self.bells.ring_all()

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, end)
        runner = web.AppRunner(self.doorway.application(), access_log=None, shutdown_timeout=_SECONDS_TO_DRAIN)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.options.port).start()
        port = runner.addresses[0][1]
        print(f"sandbox host ready at http://127.0.0.1:{port}", flush=True)
        background = [asyncio.create_task(work) for work in self._background(stop)]
        for task in background:
            task.add_done_callback(_report)
        await stop.wait()
        if background:
            await asyncio.wait(background, timeout=_SECONDS_TO_DRAIN)
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await runner.cleanup()

    def _background(self, stop: asyncio.Event) -> Sequence[Coroutine[Any, Any, None]]:
        queues = [listener.listen(stop) for listener in self.listeners]
        timers = [] if self.options.no_timers or not self.timers.timers else [self.timers.watch(stop)]
        return [*queues, *timers]


def main(arguments: Sequence[str] | None = None) -> int:
    """Load the app and serve it. Return 1 with one sentence on standard error where it cannot be loaded."""
    options = _parse(arguments)
    # A core dump would hold whatever the app has in memory.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    print("This is a SANDBOX host on 127.0.0.1. Never use it for real people, and never deploy it.", flush=True)
    try:
        asyncio.run(_run(options))
    except (AppLoadError, HostSettingsError, RouteError, ScheduleError) as error:
        print(f"The app cannot be run: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


async def _run(options: argparse.Namespace) -> None:
    clock_file = os.environ.get(CLOCK_FILE_SETTING)
    clock = SandboxClock(Path(clock_file)) if clock_file else None
    app = options.app.resolve()
    host_file = read_host_file(app, os.environ)
    functions = load_app(app, clock)
    for function in functions:
        print(f"  {function.name}: {_described(function, host_file)}", flush=True)
    await _host(options, host_file, functions, clock or SandboxClock(Path(os.devnull) / "none")).serve()


def _host(
    options: argparse.Namespace, host_file: HostFile, functions: Sequence[Function], clock: SandboxClock
) -> _Host:
    invoker, attention, bells = Invoker(), Attention(timers=not options.no_timers), Bells()
    if host_file.queues.max_polling_interval >= SELDOM:
        bells.hear_the_app()
    listeners = tuple(
        QueueListener(function, invoker, host_file.queues, attention, bells, options.invisibility)
        for function in functions
        if function.kind == "queueTrigger"
    )
    timers = tuple(Timer.of(function) for function in functions if function.kind == "timerTrigger")
    runner = TimerRunner(timers, invoker, clock, options.timer_lease)
    authenticator = Authenticator(options.signing_key, options.audience)
    doorway = Doorway(
        routes=build_routes(functions, host_file.route_prefix),
        invoker=invoker,
        attention=attention,
        authenticator=authenticator,
        sign_in=SignIn(authenticator, options.tenant.rstrip("/")),
        run_now=runner.run_now,
        waiting=lambda: runner.waiting + sum(listener.waiting for listener in listeners),
        look=bells.call,
        answer_limit=options.answer_limit,
    )
    return _Host(options, listeners, runner, doorway, bells)


def _described(function: Function, host_file: HostFile) -> str:
    trigger = function.trigger
    if function.kind == "httpTrigger":
        route = build_routes([function], host_file.route_prefix)[0]
        return f"[{','.join(sorted(route.methods)) or 'all methods'}] /{route.template}"
    return f"{function.kind} {resolve(str(trigger.get('queueName') or trigger.get('schedule')))}"


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _LOG.error("A listener of the host ended: %r", task.exception())


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.host", description=__doc__)
    parser.add_argument("--app", type=Path, default=Path(), help="folder that holds function_app.py")
    parser.add_argument("--port", type=int, default=7071)
    parser.add_argument("--tenant", default="http://127.0.0.1:7081", help="address of the sandbox's tenant")
    parser.add_argument("--signing-key", type=Path, help="key the tenant signs people's tokens with")
    parser.add_argument("--audience", default="", help="audience such a token must have")
    parser.add_argument("--no-timers", action="store_true", help="timers run through /admin/functions only")
    parser.add_argument(
        "--invisibility",
        type=float,
        default=USUAL_INVISIBILITY,
        help="seconds until a dead worker's message is seen again",
    )
    parser.add_argument("--timer-lease", type=float, default=USUAL_LEASE, help="seconds until a dead host's timer is")
    parser.add_argument("--answer-limit", type=float, default=LONGEST_ANSWER, help="seconds an HTTP function has")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
