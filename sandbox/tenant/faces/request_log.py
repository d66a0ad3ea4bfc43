"""The log of Graph requests as a page. What is secret was masked when it was recorded."""

import json
from dataclasses import dataclass
from urllib.parse import unquote

from aiohttp import web

from sandbox.tenant.faces.markup import Markup, fill, join
from sandbox.tenant.faces.shell import Face, respond
from sandbox.tenant.recorder import masked
from sandbox.tenant.state import Json
from sandbox.tenant.tenant import Tenant
from sandbox.tenant.times import instant

_FACE = Face("Requests", "requests", path="/requests")
_MOST = 300
_REFUSED = 400
_PAGE = """<h1>Requests to Graph</h1>
<p>What the app asked of the tenant, newest first, in the sandbox’s time (UTC). Codes, keys and tokens were never
written down. <a href="/_sandbox/requests">As data (JSON)</a></p>
<form method="get" action="/requests" role="search"><label for="q">Only those with</label>
<input id="q" name="q" type="search" value="{searched}" placeholder="POST, temporaryAccessPass, 429 …">
<button class="quiet">Show</button></form>
{table}"""
_TABLE = """<p class="quiet">{shown} of {all}</p><table><thead><tr><th>Time<th>Request<th>Answer</tr></thead>
<tbody>{lines}</tbody></table>"""
_LINE = """<tr><td><time>{at}</time></td>
<td><b class="method {method}">{method}</b> <code>{path}</code>{body}</td>
<td><span class="chip {tone}">{status}</span>{fault}</td></tr>"""
_BODY = "<details><summary>Body</summary><pre>{body}</pre></details>"
_FAULT = '<span class="chip bad">fault: {kind}</span>'
_NONE = "<p class='none'>Nothing was asked yet.</p>"


@dataclass(frozen=True, slots=True)
class RequestLog:
    """The handler of the log."""

    tenant: Tenant

    def routes(self) -> list[web.RouteDef]:
        """List it as a route."""
        return [web.get("/requests", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """GET /requests[?q=words]: those that hold every word, newest first."""
        searched = request.query.get("q", "")
        every = self.tenant.recorder.since(0)
        found = [one for one in reversed(every) if _holds(one, searched)]
        table = fill(
            _TABLE, shown=min(len(found), _MOST), all=len(every), lines=join(self._line(one) for one in found[:_MOST])
        )
        main = fill(_PAGE, searched=searched, table=table if found else Markup(_NONE))
        return respond(self.tenant, _FACE, main)

    def _line(self, record: Json) -> Markup:
        status = int(record["status"])
        body = record["body"]
        return fill(
            _LINE,
            at=f"{instant(record['at']):%a %d %b, %H:%M:%S}",
            method=record["method"],
            # Decoded for the eye, and masked once more: what was hidden by its encoding must not come to light.
            path=masked(unquote(record["path"]), frozenset(self.tenant.state.codes)),
            tone="bad" if status >= _REFUSED or not status else "good",
            status=status or "no answer",
            body=fill(_BODY, body=json.dumps(body, indent=1, ensure_ascii=False)) if body is not None else Markup(""),
            fault=fill(_FAULT, kind=record["fault"]) if record["fault"] else Markup(""),
        )


def _holds(record: Json, searched: str) -> bool:
    text = f"{record['method']} {record['path']} {record['status']} {record['fault'] or ''}".casefold()
    return all(word in text for word in searched.casefold().split())
