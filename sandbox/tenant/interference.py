"""Carries out faults around a request: before the work, after it, or instead of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from sandbox.tenant.faults import Fault
from sandbox.tenant.tenant import Tenant

SILENT = frozenset({"reset", "silent", "commit-then-timeout", "commit-late"})
"""Kinds that end without an answer."""
_LOOK_AGAIN = 0.02


async def interfere(
    request: web.Request,
    fault: Fault | None,
    work: Callable[[], Awaitable[web.Response]],
    refusal: web.Response,
    tenant: Tenant,
) -> web.StreamResponse:
    """Answer `request` by `work`, disturbed by `fault`; `refusal` is the answer of the kinds with a status."""
    if fault is None:
        return await work()
    match fault.kind:
        case "status":
            return refusal
        case "slow":
            await asyncio.sleep(fault.seconds)
        case "silent":
            await _hold(request, fault.seconds)
        case "commit-late" if await _is_later(tenant, fault.seconds):
            await work()
    if fault.kind in SILENT - {"commit-then-timeout"}:
        return _hang_up(request)
    done = await work()
    if fault.kind == "commit-then-timeout":
        await _hold(request, fault.seconds)
        return _hang_up(request)
    return {"commit-then-status": refusal, "malformed": _halved(done)}.get(fault.kind, done)


async def _is_later(tenant: Tenant, seconds: float) -> bool:
    """Wait until so much of the sandbox's time has passed; False where the tenant was reset meanwhile."""
    state, until = tenant.state, tenant.clock.now() + timedelta(seconds=seconds)
    while tenant.state is state and tenant.clock.now() < until:  # noqa: ASYNC110 - a clock that others set has no event
        await asyncio.sleep(_LOOK_AGAIN)
    return tenant.state is state


async def _hold(request: web.Request, seconds: float) -> None:
    """Say nothing until the client gives up, or `seconds` have passed."""
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(_LOOK_AGAIN)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _halved(answer: web.Response) -> web.Response:
    body = bytes(answer.body) if isinstance(answer.body, bytes | bytearray) else b"{"
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
    return web.Response(status=answer.status, body=body[: max(1, len(body) // 2)], headers=headers)
