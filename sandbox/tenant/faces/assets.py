"""The style sheets, scripts and pictures of the faces: a fixed set of files, read once."""

import functools
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).with_name("assets")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEADERS = {
    "Cache-Control": "no-cache",
    # A picture opened by itself is a document, and can hold scripts.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


@functools.cache
def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _TYPES}


async def serve(request: web.Request) -> web.Response:
    """GET /_faces/{name}."""
    name = request.match_info["name"]
    body = _files().get(name)
    if body is None:
        return web.Response(status=404, text="there is no such file")
    kind = _TYPES[Path(name).suffix]
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=_HEADERS)


async def no_icon(_: web.Request) -> web.Response:
    """GET /favicon.ico: browsers ask by themselves, and it is no request to Graph."""
    return web.Response(status=204)
