"""A tenant with its faces, an app that only listens, and a hostile name in the directory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.tenant.app import start
from sandbox.tenant.clock import TenantClock
from sandbox.tenant.faces.app_link import AppLink
from sandbox.tenant.times import instant
from tests.sandbox.tenant.client import AMELIE, NOW, Client

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HOSTILE = "<script>alert(1)</script>\"'&Zoë"


@dataclass(slots=True)
class ListeningApp:
    """An app that writes down what it is asked, and answers with `status`."""

    address: str = ""
    status: int = 202
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        """Take anything."""
        if request.path == "/_host/idle":
            return web.json_response({"busy": 0, "started": 0})
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append((request.path, headers, await request.read()))
        return web.Response(status=self.status, text="<b>no</b>" if self.status >= 400 else "")


@pytest.fixture
async def app() -> AsyncIterator[ListeningApp]:
    """Give an app on a free port."""
    listening = ListeningApp()
    server = web.Application()
    server.router.add_route("*", "/{anything:.*}", listening.handle)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listening.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield listening
    await runner.cleanup()


@pytest.fixture
async def client(tmp_path: Path, app: ListeningApp) -> AsyncIterator[Client]:
    """Give a caller of a freshly seeded tenant whose faces know the app."""
    clock = tmp_path / "clock"
    TenantClock(clock).reset(instant(NOW))
    running = await start(0, tmp_path, clock, "sandbox", AppLink(app.address, "acme", SECRET))
    async with aiohttp.ClientSession() as session:
        yield Client(running.address, session)
    await running.stop()


@pytest.fixture
async def hostile(client: Client) -> Client:
    """Give Amélie and her manager names that would be markup, and Amélie a mail about it."""
    for upn in (AMELIE, "jana.hoffmann@larkspur.example"):
        await client.change("upsert-user", user={"userPrincipalName": upn, "displayName": HOSTILE})
    await send_mail(client, HOSTILE, f"<p>{HOSTILE}</p>")
    return client


async def send_mail(client: Client, subject: str, page: str, to: str = AMELIE) -> str:
    """Have the app send a mail, and return its id."""
    message = {
        "subject": subject,
        "body": {"contentType": "html", "content": page},
        "toRecipients": [{"emailAddress": {"address": to}}],
    }
    reply = await client.graph("POST", "/v1.0/users/day.one@larkspur.example/sendMail", {"message": message})
    assert reply.status == 202
    return str((await client.control("GET", "inbox"))["mails"][-1]["id"])


async def page(client: Client, path: str, **query: str) -> str:
    """Open a face, and return its HTML."""
    reply = await client.send("GET", path, params=query)
    assert reply.status == 200, reply.body
    return bytes(reply.body).decode()


def way(begun: int = 0, onboarding: str = "a" * 25, trace: str = "b" * 32) -> list[dict[str, Any]]:
    """Return the spans of a hire: the event, then a day later a notice with a call to Graph and a commit that failed.

    `begun` in seconds; the event takes 80 milliseconds, the notice a second.
    """

    def span(
        number: int, parent: int | None, name: str, at: float, took: float, *, failed: bool = False, **said: str
    ) -> dict[str, Any]:
        start = int((begun + at) * 1e9)
        return {
            "trace": trace,
            "span": f"{number:016x}",
            "parent": f"{parent:016x}" if parent else None,
            "name": name,
            "start": start,
            "end": start + int(took * 1e9),
            "failed": failed,
            "attributes": {f"day_one_pass.{key}": value for key, value in said.items()},
        }

    planned = {"transition": "event: planned", "status": "planned", "onboarding": onboarding}
    given = {"transition": "notice given", "status": "planned", "onboarding": onboarding}
    return [
        span(4, 2, "TRANSACTION onboardings", 86400.5, 0.25, failed=True, **given),
        span(3, 2, "GET /users/{user}", 86400, 0.5),
        span(2, 1, "process send-invite", 86400, 1),
        span(1, None, "TRANSACTION onboardings", 0, 0.08, **planned),
        {**span(9, None, "POST /api/hr/{source}", 0, 0.1), "trace": "c" * 32},
    ]
