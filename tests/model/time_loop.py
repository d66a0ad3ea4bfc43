"""An event loop in which time passes only by being waited for: an hour of sleep takes no time at all."""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from datetime import datetime, timedelta

MOMENT = 1e-6
"""In seconds: what is due within it is due now."""


class _Hurry(selectors.SelectSelector):
    """Never waits; tells how long it was to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waited = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Let the time go by that the loop would have slept; nothing ever comes from outside."""
        if timeout:
            self.waited += timeout
        return []


class TimeLoop(asyncio.SelectorEventLoop):
    """The loop, and the `Clock` of everything that runs in it."""

    def __init__(self, begins: datetime) -> None:
        self._hurry = _Hurry()
        self._begins = begins
        super().__init__(self._hurry)
        # After a year a float cannot tell shorter moments apart: a timer would never be reached.
        self._clock_resolution = MOMENT

    def time(self) -> float:
        """Return the seconds gone by since the beginning."""
        return self._hurry.waited

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        return self._begins + timedelta(seconds=self._hurry.waited)

    def skip_to(self, instant: datetime) -> None:
        """Let it be an instant; one gone by is no reason to turn back the clock."""
        self._hurry.waited = max(self._hurry.waited, (instant - self._begins).total_seconds())

    def run_in_executor[*Args, T](  # type: ignore[override]
        self, _: Executor | None, func: Callable[[*Args], T], *args: *Args
    ) -> asyncio.Future[T]:
        """Do here and now what the app gives to a thread: no time goes by over it."""
        done = self.create_future()
        done.set_result(func(*args))
        return done

    def call_exception_handler(self, context: Mapping[str, object]) -> None:
        """Say nothing of tasks that died with their worker."""
