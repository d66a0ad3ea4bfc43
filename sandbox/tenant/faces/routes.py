"""All faces of one tenant as routes."""

from aiohttp import web

from sandbox.tenant.faces import assets
from sandbox.tenant.faces.app_link import AppLink
from sandbox.tenant.faces.inbox import Inbox
from sandbox.tenant.faces.index import Index
from sandbox.tenant.faces.lock import LockScreen
from sandbox.tenant.faces.pulse import Pulse
from sandbox.tenant.faces.request_log import RequestLog
from sandbox.tenant.faces.traces import Traces
from sandbox.tenant.tenant import Tenant


def face_routes(tenant: Tenant, app: AppLink | None) -> list[web.RouteDef]:
    """List the routes; `app` None where the tenant runs alone."""
    return [
        *Index(tenant, app).routes(),
        *Inbox(tenant).routes(),
        *LockScreen(tenant).routes(),
        *RequestLog(tenant).routes(),
        *Traces(tenant).routes(),
        web.get("/_faces/pulse", Pulse(tenant).show),
        web.get("/_faces/{name}", assets.serve),
        web.get("/favicon.ico", assets.no_icon),
    ]
