"""Inside a worker under test: what one worker takes from a queue, all others run beside it, begun at the same moment.

Copies of a hint would not do: as often as not one worker takes both. So whoever takes a message opens a run, a folder
of its own, and each worker that comes to it leaves its process id there. `place/function/hint.pid-number/pid`.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from typing import Any

_PATIENCE = 5.0
"""Seconds that a worker waits for the others; they are busy, or have died."""
_HEAD_START = 0.02
"""Seconds from the coming of the last worker until all begin: so much for hearing of it."""
_OFTEN, _SELDOM = 0.004, 0.25
_joined: ContextVar[Path | None] = ContextVar("survival_run", default=None)
_numbers = count(1)


async def begin_together(race: dict[str, Any], function: str, hint: str) -> str:
    """Wait until as many workers as the race has are there, and for the moment to begin; return the name of the run."""
    run = _joined.get() or Path(race["place"], function, f"{hint}.{os.getpid()}-{next(_numbers)}")
    run.mkdir(parents=True, exist_ok=True)
    (run / str(os.getpid())).touch()
    give_up = time.monotonic() + _PATIENCE
    # Polling: the other process knows no event of this one.
    while len(list(run.iterdir())) < race["workers"] and time.monotonic() < give_up:  # noqa: ASYNC110
        await asyncio.sleep(_OFTEN)
    last = max(one.stat().st_mtime for one in run.iterdir())
    await asyncio.sleep(max(0.0, last + _HEAD_START - time.time()))
    return run.name


async def join(listener: Any, race_in_force: Callable[[], dict[str, Any] | None]) -> None:
    """Run what the other workers take from the queue of a listener, whenever there is a race."""
    known: set[Path] = set()
    runs: set[asyncio.Task[None]] = set()
    while True:
        race = race_in_force()
        for run in _others(Path(race["place"], listener.function.name), known) if race else ():
            task = asyncio.create_task(_join(listener, run))
            runs.add(task)
            task.add_done_callback(runs.discard)
        await asyncio.sleep(_OFTEN if race else _SELDOM)


def _others(place: Path, known: set[Path]) -> Iterator[Path]:
    """Yield the runs that this worker has not come to yet."""
    for run in set(place.iterdir()) - known if place.exists() else ():
        known.add(run)
        if not (run / str(os.getpid())).exists():
            yield run


async def _join(listener: Any, run: Path) -> None:
    from azure_functions_runtime.bindings.datumdef import Datum  # noqa: PLC0415 - only in a worker under test

    _joined.set(run)
    await listener.invoker.invoke(listener.function, Datum(run.name.partition(".")[0], "string"), {})
