"""A listener hears of what the app sends in its own process, when it can be taken."""

import asyncio
import time
from typing import Any

import pytest
from azure.storage.queue.aio import QueueClient

from sandbox.host.bells import Bells


@pytest.fixture
async def queue(monkeypatch: pytest.MonkeyPatch) -> QueueClient:
    """Give a queue that takes any message and keeps none."""

    async def taken(*_: Any, **__: Any) -> None:
        """Take it."""

    monkeypatch.setattr(QueueClient, "send_message", taken)
    return QueueClient("https://127.0.0.1/account", "work", credential="key")


async def test_the_bell_of_its_queue_rings_for_a_message(queue: QueueClient) -> None:
    """One message sent: the bell of that queue rings, no other."""
    bells = Bells()
    bells.hear_the_app()
    other = bells.of("other")
    await queue.send_message("hint")
    async with asyncio.timeout(1):
        await bells.of("work").wait()
    assert not other.is_set()


async def test_for_a_delayed_message_it_rings_when_it_comes_into_sight(queue: QueueClient) -> None:
    """A message out of sight for a second is not looked for before."""
    bells, began = Bells(), time.monotonic()
    bells.hear_the_app()
    await queue.send_message("hint", visibility_timeout=1)
    async with asyncio.timeout(3):
        await bells.of("work").wait()
    assert time.monotonic() - began >= 1


async def test_all_are_called_at_the_end() -> None:
    """Every listener is rung for what concerns all."""
    bells = Bells()
    waiting = [bells.of("one"), bells.of("two")]
    bells.ring_all()
    assert all(bell.is_set() for bell in waiting)


@pytest.mark.usefixtures("queue")
async def test_a_call_has_them_look_who_wait_for_bells() -> None:
    """Whoever looks by himself is not called; listeners that hear the app are, for what others sent."""
    deaf, hearing = Bells(), Bells()
    hearing.hear_the_app()
    for bells in (deaf, hearing):
        bells.of("work").clear()
        bells.call()
    assert (deaf.of("work").is_set(), hearing.of("work").is_set()) == (False, True)
