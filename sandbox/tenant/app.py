"""Puts the stand-in together: identity, Graph, messages, sign-in, controls and faces on one loopback address."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from sandbox.tenant import identity, tokens
from sandbox.tenant.clock import TenantClock
from sandbox.tenant.communication import Communication
from sandbox.tenant.controls import Controls
from sandbox.tenant.faces.app_link import AppLink
from sandbox.tenant.faces.guard import refuse_other_sites
from sandbox.tenant.faces.routes import face_routes
from sandbox.tenant.graph.server import GraphServer
from sandbox.tenant.identity import IdentityEndpoint
from sandbox.tenant.signin import SignInPage
from sandbox.tenant.tenant import Tenant

HOST = "127.0.0.1"
_LARGEST_BODY = 4 * 1024 * 1024  # Graph's own limit for a JSON request


def build_app(tenant: Tenant, app_link: AppLink | None = None) -> web.Application:
    """Return the web application of one tenant; `app_link` is the app that its faces post to."""
    app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[refuse_other_sites])
    app.add_routes([
        *Controls(tenant).routes(),
        *face_routes(tenant, app_link),
        web.get(identity.PATH, IdentityEndpoint(tenant).handle),
        *Communication(tenant).routes(),
        web.get("/login", SignInPage(tenant).handle),
        web.route("*", "/{anything:.*}", GraphServer(tenant).handle),
    ])  # fmt: skip
    return app


@dataclass(frozen=True, slots=True)
class RunningTenant:
    """A tenant that listens; `stop` closes it."""

    tenant: Tenant
    runner: web.AppRunner

    @property
    def address(self) -> str:
        """Return the base address, without a slash at the end."""
        return self.tenant.base_url

    async def stop(self) -> None:
        """Close all connections and the socket."""
        await self.runner.cleanup()


async def start(
    port: int, state_dir: Path, clock_file: Path, identity_header: str, app_link: AppLink | None = None
) -> RunningTenant:
    """Listen on loopback (`port` 0 takes a free one); OSError where the port is taken."""
    tenant = Tenant(TenantClock(clock_file), tokens.load_key(state_dir), identity_header)
    runner = web.AppRunner(build_app(tenant, app_link), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    tenant.base_url = f"http://{HOST}:{runner.addresses[0][1]}"
    return RunningTenant(tenant, runner)
