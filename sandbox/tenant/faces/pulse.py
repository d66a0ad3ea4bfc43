"""What open pages ask every few seconds: has the clock moved, is there anything new?"""

from dataclasses import dataclass

from aiohttp import web

from sandbox.tenant.tenant import Tenant
from sandbox.tenant.times import graph_time


@dataclass(frozen=True, slots=True)
class Pulse:
    """The handler of the pulse."""

    tenant: Tenant

    async def show(self, _: web.Request) -> web.Response:
        """GET /_faces/pulse → {"now", "mark"}: `mark` changes whenever a page may show something new."""
        state = self.tenant.state
        requests = self.tenant.recorder.since(0)
        mark = (id(state), len(state.mails), len(state.passes), len(state.sign_ins), len(state.sessions))
        told = len(self.tenant.told.spans)
        seen = [str(part) for part in (*mark, told, requests[-1]["n"] if requests else 0)]
        return web.json_response({"now": graph_time(self.tenant.clock.now()), "mark": "-".join(seen)})
