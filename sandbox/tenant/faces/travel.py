"""Moving the clock as time would have passed: halts where the app has something to do, so that it is done by then.

A clock that jumps past the link and the pass of a morning is harmless, but the app, link first and pass after, would
then need its next minute, and whoever pressed the button would have to wait for it.
"""

import asyncio
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

import aiohttp

from sandbox.tenant.clock import TenantClock
from sandbox.tenant.faces.app_link import AppLink
from sandbox.tenant.faces.moments import Start

_LINK_BEFORE = timedelta(minutes=45)
_PASS_BEFORE = timedelta(minutes=40)
# Real seconds. A pass waits up to two for its slot, and looks idle meanwhile.
_LEAST_HALT = 2.5
_MOST_HALT = 10.0
_LOOK_AGAIN = 0.25
_TIMEOUT = aiohttp.ClientTimeout(total=2)


async def travel(clock: TenantClock, to: datetime, starts: Iterable[Start], app: AppLink | None) -> None:
    """Move the clock to an instant, with halts; ClockWouldGoBackError for one that is past."""
    stops = halts(clock.now(), to, starts) if app else []
    if not stops:
        clock.set(to)
    for at in (*stops, to) if stops else ():
        # Time runs on during a halt: the next point of the way may have gone by.
        clock.advance(max(at - clock.now(), timedelta(0)))
        if app and at in stops:
            await _settled(app)


def halts(now: datetime, to: datetime, starts: Iterable[Start]) -> list[datetime]:
    """List the notices, links and passes of `starts` after one instant and up to another, in order."""
    known = {at for s in starts for at in (s.notice, s.morning - _LINK_BEFORE, s.morning - _PASS_BEFORE)}
    return sorted(at for at in known if now < at <= to)


async def _settled(app: AppLink) -> None:
    """Wait until the app has been idle, or for as long as one waits for it."""
    begun = time.monotonic()
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        while (waited := time.monotonic() - begun) < _MOST_HALT:
            await asyncio.sleep(_LOOK_AGAIN)
            if waited >= _LEAST_HALT and await _idle(session, app):
                return


async def _idle(session: aiohttp.ClientSession, app: AppLink) -> bool:
    try:
        async with session.get(f"{app.address}/_host/idle") as answer:
            return bool((await answer.json())["busy"] == 0)
    except (aiohttp.ClientError, TimeoutError):
        return True
