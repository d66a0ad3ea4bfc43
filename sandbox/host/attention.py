"""Whether anybody waits for this host: one that nobody asks for anything may look at its queues seldom.

A run of the tests keeps a dozen worlds, most of them untouched for minutes, and each that looks four times a second
takes a twelfth of a processor.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler

_LATELY = 3.0
# With timers the app has work that nobody asked for; two seconds is what host.json gives it in Azure.
_PAUSE_WITH_TIMERS = 2.0
_PAUSE = 20.0


@dataclass(slots=True)
class Attention:
    """Remembers when this host was last asked for anything over HTTP; that it was started counts too."""

    timers: bool
    _asked: float = field(default_factory=time.monotonic)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note a request and pass it on."""
        self._asked = time.monotonic()
        return await handler(request)

    async def pause(self, bell: asyncio.Event, seconds: float) -> None:
        """Sleep for `seconds`, longer while nobody asks, shorter if the bell rings."""
        longest = time.monotonic() + (_PAUSE_WITH_TIMERS if self.timers else _PAUSE)
        await pause_until(bell, seconds)
        while not (self._lately() or bell.is_set() or time.monotonic() > longest):
            await pause_until(bell, seconds)

    def _lately(self) -> bool:
        return time.monotonic() - self._asked < _LATELY


async def pause_until(event: asyncio.Event, seconds: float) -> None:
    """Sleep for `seconds`, or until the event is set."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
