"""The frame of every face: banner, way from face to face, the sandbox's time, and the headers that hold it shut."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from sandbox.tenant.faces.markup import Markup, fill, join
from sandbox.tenant.tenant import Tenant
from sandbox.tenant.times import graph_time

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
# Not no-referrer: browsers would then send forms with the origin "null", which is refused.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
FACES = (
    ("/", "World"),
    ("/inbox", "Inbox"),
    ("/lock-screen", "Lock screen"),
    ("/requests", "Requests"),
    ("/traces", "Traces"),
)
_PAGE = """<!doctype html>
<html lang="en" data-now="{now}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} – sandbox</title>
<link rel="icon" href="/_faces/icon.svg">
<link rel="stylesheet" href="/_faces/base.css">
<link rel="stylesheet" href="/_faces/{sheet}.css">
{scripts}</head>
<body class="{sheet}">
<aside class="hazard" aria-label="Warning"><b>Sandbox.</b>
<span>An invented company on this machine.</span> Nothing here is real.</aside>
{navigation}
<main id="main">
{main}
</main>
</body>
</html>
"""
_SCRIPT = '<script type="module" src="/_faces/{name}.js"></script>\n'
_NAVIGATION = """<header class="bar"><nav aria-label="Faces of the sandbox">{links}</nav>
<p class="now"><span class="quiet">Sandbox time</span> <time data-clock data-zone="UTC">{now} UTC</time></p></header>"""


@dataclass(frozen=True, slots=True)
class Face:
    """What differs between the frames: the title, the name of the own style sheet, the scripts, the way on."""

    title: str
    sheet: str
    scripts: tuple[str, ...] = ("live",)
    path: str | None = None


def respond(tenant: Tenant, face: Face, main: Markup, status: int = 200) -> web.Response:
    """Answer with a face."""
    now = tenant.clock.now()
    page = fill(
        _PAGE,
        now=graph_time(now),
        title=face.title,
        sheet=face.sheet,
        main=main,
        scripts=join(fill(_SCRIPT, name=name) for name in face.scripts),
        navigation=_navigation(face.path, now) if face.path else Markup(""),
    )
    return web.Response(status=status, text=page, content_type="text/html", charset="utf-8", headers=_HEADERS)


def see_other(path: str) -> web.Response:
    """Send the browser on after a form, so that loading again does nothing again. `path` is one of ours."""
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={**_HEADERS, "Location": path})


def _navigation(here: str, now: datetime) -> Markup:
    links = join(
        fill(
            '<a href="{path}"{here}>{name}</a>',
            path=path,
            name=name,
            here=Markup(' aria-current="page"') if path == here else Markup(""),
        )
        for path, name in FACES
    )
    return fill(_NAVIGATION, links=links, now=f"{now:%a %d %b %Y, %H:%M}")
