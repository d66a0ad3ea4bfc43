"""The trace of each hire as a page: from the event of HR to the sign-in, run by run."""

from dataclasses import dataclass

from aiohttp import web

from sandbox.tenant.faces.markup import Markup, fill, join
from sandbox.tenant.faces.shell import Face, respond
from sandbox.tenant.faces.waterfall import Bar, Run, Trace, traces
from sandbox.tenant.tenant import Tenant

_FACE = Face("Traces", "traces", path="/traces")
_MOST = 12
_PAGE = """<h1>Traces</h1>
<p>What the app told of each hire, from the event to the sign-in, in the sandbox’s time (UTC). Telemetry names nobody:
a hire is an id. <a href="/_sandbox/telemetry">As data (JSON)</a></p>
{body}"""
_NONE = "<p class='none'>Nothing was told yet. Post an event on the start page.</p>"
_BODY = """<nav class="hires" aria-label="Hires"><ul>{choices}</ul></nav>
<section aria-label="Trace"><h2>Onboarding <code>{onboarding}</code></h2>
<p class="quiet">Trace <code>{trace}</code></p><ol class="runs">{runs}</ol></section>"""
_CHOICE = """<li><a href="/traces?trace={trace}"{here}><b>{onboarding}…</b>
<small><time>{begun}</time></small> <span class="chip">{status}</span></a></li>"""
_RUN = """{gap}<li class="run"><p class="at"><time>{at}</time></p><ul>{bars}</ul></li>"""
_GAP = '<li class="gap">{after} later</li>'
_BAR = """<li class="line"><span class="label depth{depth} {tone}">{label}</span>
<svg class="{tone}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
<rect x="{left:.2f}" width="{width:.2f}" height="8"/></svg><span class="took">{took:.0f} ms</span></li>"""
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Traces:
    """The handler of the page."""

    tenant: Tenant

    def routes(self) -> list[web.RouteDef]:
        """List it as a route."""
        return [web.get("/traces", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """GET /traces[?trace=id]: the newest hires, and the way of the chosen one."""
        found = traces(self.tenant.told.spans)[:_MOST]
        chosen = next((one for one in found if one.id == request.query.get("trace")), found[0] if found else None)
        body = _body(found, chosen) if chosen is not None else Markup(_NONE)
        return respond(self.tenant, _FACE, fill(_PAGE, body=body))


def _body(found: list[Trace], chosen: Trace) -> Markup:
    return fill(
        _BODY,
        choices=join(_choice(one, chosen) for one in found),
        onboarding=chosen.onboarding,
        trace=chosen.id,
        runs=join(_run(run) for run in chosen.runs),
    )


def _choice(one: Trace, chosen: Trace) -> Markup:
    here = Markup(' aria-current="page"') if one is chosen else Markup("")
    return fill(
        _CHOICE,
        trace=one.id,
        here=here,
        onboarding=one.onboarding[:8],
        begun=f"{one.begun:%a %d %b %H:%M}",
        status=one.status,
    )


def _run(run: Run) -> Markup:
    gap = fill(_GAP, after=run.after) if run.after else Markup("")
    return fill(_RUN, gap=gap, at=f"{run.at:%a %d %b, %H:%M:%S}", bars=join(_bar(bar) for bar in run.bars))


def _bar(bar: Bar) -> Markup:
    return fill(
        _BAR,
        depth=min(bar.depth, _DEEPEST),
        tone=bar.tone,
        label=bar.label,
        left=bar.left,
        width=bar.width,
        took=bar.milliseconds,
    )
