"""Carries out faults around a request: before the work, after it, or instead of it."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.tenant.faults import Fault


async def interfere(
    request: web.Request, fault: Fault | None, work: Callable[[], Awaitable[web.Response]], refusal: web.Response
) -> web.StreamResponse:
    """Answer `request` by `work`, disturbed by `fault`; `refusal` is the answer of the kinds with a status."""
    if fault is None:
        return await work()
    if fault.kind == "reset":
        return _hang_up(request)
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "status":
        return refusal
    done = await work()
    if fault.kind == "commit-then-timeout":
        await _hold(request, fault.seconds)
        return _hang_up(request)
    return {"commit-then-status": refusal, "malformed": _halved(done)}.get(fault.kind, done)


async def _hold(request: web.Request, seconds: float) -> None:
    """Say nothing until the client gives up, or `seconds` have passed."""
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(0.02)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _halved(answer: web.Response) -> web.Response:
    body = bytes(answer.body) if isinstance(answer.body, bytes | bytearray) else b"{"
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
    return web.Response(status=answer.status, body=body[: max(1, len(body) // 2)], headers=headers)
