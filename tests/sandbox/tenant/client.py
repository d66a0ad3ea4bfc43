"""How the tests speak to a tenant: raw HTTP, as any program would."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from sandbox.tenant import seed

FIXTURES = Path(__file__).parents[2] / "fixtures" / "graph"
GRAPH = "https://graph.microsoft.com"
NOW = "2030-06-01T09:00:00Z"
AMELIE = "amelie.brandt@larkspur.example"
JANA = "jana.hoffmann@larkspur.example"
SENDER = f"day.one@{seed.DOMAIN}"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, read to its end. `body` is None where it is empty."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        """Return the error's code."""
        return str(self.body["error"]["code"])

    @property
    def message(self) -> str:
        """Return the error's message."""
        return str(self.body["error"]["message"])


@dataclass(slots=True)
class Client:
    """A caller with a session, and a Graph token fetched at the first need."""

    address: str
    session: aiohttp.ClientSession
    tokens: dict[str, str] = field(default_factory=dict)

    async def send(self, method: str, path: str, **options: Any) -> Reply:
        """Send anything anywhere, without a token."""
        async with self.session.request(method, f"{self.address}{path}", **options) as answer:
            raw = await answer.read()
            is_json = "json" in answer.headers.get("Content-Type", "")
            return Reply(answer.status, json.loads(raw) if raw and is_json else raw or None, answer.headers)

    async def token(self, resource: str = GRAPH) -> str:
        """Fetch an access token from the identity endpoint as the app's identity would."""
        if resource not in self.tokens:
            query = {"api-version": "2019-08-01", "resource": resource, "client_id": seed.APP_CLIENT_ID}
            reply = await self.send("GET", "/msi/token", params=query, headers={"X-IDENTITY-HEADER": "sandbox"})
            self.tokens[resource] = reply.body["access_token"]
        return self.tokens[resource]

    async def graph(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, **query: str
    ) -> Reply:
        """Call Graph with a token; keywords are query options without their `$`."""
        headers = {"Authorization": f"Bearer {await self.token()}", **(headers or {})}
        if query.pop("eventual", None):
            headers["ConsistencyLevel"] = "eventual"
        params = {f"${name}": value for name, value in query.items()}
        return await self.send(method, path, params=params, headers=headers, **({"json": body} if body else {}))

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """Use a control that must work, and return what it shows."""
        reply = await self.send(method, f"/_sandbox/{path}", json=body)
        assert reply.status < 300, reply.body
        return reply.body

    async def change(self, op: str, **fields: Any) -> Any:
        """Change the directory."""
        return await self.control("POST", "directory", {"op": op, **fields})

    async def advance(self, duration: str) -> None:
        """Move the clock forward."""
        await self.control("POST", "clock", {"advance": duration})

    async def make_pass(self, upn: str = AMELIE, **body: Any) -> Reply:
        """Create a pass."""
        return await self.graph("POST", passes(upn), {"isUsableOnce": False} | body)

    async def lock_screen(self, upn: str, code: str, device: str) -> str:
        """Try to sign in at a device: "in", or the reason."""
        verdict = await self.control("POST", "sign-in", {"user": upn, "pass": code, "device": device})
        return "in" if verdict["signedIn"] else str(verdict["reason"])


def passes(upn: str) -> str:
    """Return the path of somebody's passes."""
    return f"/v1.0/users/{quote(upn)}/authentication/temporaryAccessPassMethods"


def device_of(key: str) -> str:
    """Return the deviceId of a seeded person's device."""
    return seed.stable_id("device", key)


def fixture(name: str) -> Any:
    """Read a body written by hand."""
    return json.loads((FIXTURES / f"{name}.json").read_text())
