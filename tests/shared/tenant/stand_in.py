"""A Graph that answers as told and remembers what it was asked, over real HTTP on loopback."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web
from azure.core.credentials import AccessToken

TOKEN = "eyJhbGciOiJub25lIn0.dG9rZW4tdGhhdC1tdXN0LW5vdC1sZWFr.c2lnbmF0dXJl"
USER = "11111111-1111-4111-8111-111111111111"
GROUP = "22222222-2222-4222-8222-222222222222"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    raw: str
    headers: dict[str, str]
    body: str

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """What the stand-in does with a request. `cut`: half the body, then the connection ends."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""

    def text(self) -> str:
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


class FakeGraph:
    """Answers by method and path; the last answer of a list is given for ever."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.reached = asyncio.Event()
        self.url = ""
        self._answers: list[tuple[str, re.Pattern[str], list[Answer]]] = []

    def on(self, method: str, path: str, *answers: Answer) -> None:
        """Answer `method` on the percent-decoded path with each of `answers` in turn."""
        self._answers.insert(0, (method, re.compile(path), list(answers)))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        self.asked.append(
            Asked(
                request.method,
                request.path,
                dict(request.query),
                request.raw_path,
                {name.lower(): value for name, value in request.headers.items()},
                body,
            )
        )
        self.reached.set()
        return await self._give(request, self._next(request))

    def _next(self, request: web.Request) -> Answer:
        for method, path, answers in self._answers:
            if method == request.method and path.fullmatch(request.path):
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return refusal(404, "Request_ResourceNotFound", "Resource does not exist.")

    async def _give(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        if answer.fault == "reset":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if answer.fault == "silence":
            await asyncio.sleep(30)
        if answer.fault == "cut":
            response = web.StreamResponse(headers={"Content-Type": "application/json"})
            response.content_length = len(answer.text())
            await response.prepare(request)
            await response.write(answer.text().encode()[: len(answer.text()) // 2])
            assert request.transport is not None
            request.transport.close()
            return response
        if answer.body is None:
            return web.Response(status=answer.status, headers=answer.headers)
        headers = {"Content-Type": "application/json", **answer.headers}
        return web.Response(status=answer.status, headers=headers, text=answer.text())


def refusal(status: int, code: str, message: str, **headers: str) -> Answer:
    """Graph's error body, with the same words once more under `innerError`."""
    inner = {"date": "2030-06-03T06:30:00", "request-id": "r", "client-request-id": "c", "message": message}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"error": {"code": code, "message": message, "innerError": inner}}, named)


class StubCredential:
    """Gives a token, or raises `error`."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.scopes: list[tuple[str, ...]] = []

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.scopes.append(scopes)
        if self.error is not None:
            raise self.error
        return AccessToken(TOKEN, 4102444800)

    async def close(self) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...
