"""Keeps other web sites out: a browser on this machine also visits those, and nothing here asks for a password."""

import re
from collections.abc import Awaitable, Callable

from aiohttp import web

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
_READING = {"GET", "HEAD", "OPTIONS"}

type _Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def refuse_other_sites(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuse a request under a foreign host name (DNS rebinding), and one to change things that another site made."""
    if re.sub(r":\d+$", "", request.host).lower() not in _LOOPBACK:
        return web.Response(status=421, text="this sandbox answers on loopback only")
    if request.method not in _READING and _foreign(request):
        return web.Response(status=403, text="another web site may not change this sandbox")
    return await handler(request)


def _foreign(request: web.Request) -> bool:
    made_by = request.headers.get("Sec-Fetch-Site")
    if made_by is not None:
        return made_by not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"http://{request.host}"
