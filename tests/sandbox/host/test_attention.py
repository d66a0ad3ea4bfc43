"""A host looks at its queues often while somebody asks it for something, and seldom while nobody does."""

import asyncio
import time

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from sandbox.host.attention import Attention

_LONG_AGO = 60.0


def _left_alone(*, timers: bool = False) -> Attention:
    return Attention(timers=timers, _asked=time.monotonic() - _LONG_AGO)


async def _answer(_: web.Request) -> web.Response:
    return web.Response()


async def test_a_host_just_asked_pauses_as_long_as_it_wants() -> None:
    """What was started or asked a moment ago pauses no longer than its listener says."""
    async with asyncio.timeout(1):
        await Attention(timers=False).pause(asyncio.Event(), 0.01)


async def test_a_host_left_alone_rests_until_somebody_asks() -> None:
    """Nobody asked for a minute: the pause goes on, and a request ends it at once."""
    attention = _left_alone()
    resting = asyncio.create_task(attention.pause(asyncio.Event(), 0.01))
    await asyncio.sleep(0.1)
    assert not resting.done()
    await attention.middleware(make_mocked_request("GET", "/"), _answer)
    async with asyncio.timeout(1):
        await resting


async def test_a_host_left_alone_hears_the_bell() -> None:
    """A bell is heard in a long pause too."""
    bell = asyncio.Event()
    resting = asyncio.create_task(_left_alone().pause(bell, 0.01))
    await asyncio.sleep(0)
    bell.set()
    async with asyncio.timeout(1):
        await resting
