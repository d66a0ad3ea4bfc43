"""The HTTP side of the host: what a Functions app shows to the world, and the platform's own administration."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web
from azure_functions_runtime.bindings.datumdef import Datum

from sandbox.host.app_loader import Function, Invoker, Outcome
from sandbox.host.attention import Attention
from sandbox.host.authentication import Authenticator, InvalidTokenError
from sandbox.host.routes import Route, find_route
from sandbox.host.sign_in import SignIn

_LOG = logging.getLogger("sandbox.host")

# 210 MB is what Functions takes in one request; 230 s what the load balancer waits for an answer.
LARGEST_BODY = 210_000_000
LONGEST_ANSWER = 230.0
_LOOK_AGAIN = 0.01


@dataclass(frozen=True, slots=True)
class Doorway:
    """What the listener needs. `run_now` starts a timer function for the administration endpoint.

    `look` has all queues looked at now.
    """

    routes: tuple[Route, ...]
    invoker: Invoker
    attention: Attention
    authenticator: Authenticator
    sign_in: SignIn
    run_now: Callable[[str], Awaitable[bool]]
    waiting: Callable[[], int]
    look: Callable[[], None]
    answer_limit: float = LONGEST_ANSWER

    def application(self) -> web.Application:
        """Build the listener."""
        application = web.Application(middlewares=[self.attention.middleware], client_max_size=LARGEST_BODY)
        router = application.router
        self.sign_in.add_routes(router)
        router.add_get("/_host/idle", self._idle)
        router.add_post("/_host/look", self._look)
        router.add_get("/admin/host/status", self._status, allow_head=False)
        router.add_post("/admin/functions/{name}", self._run)
        router.add_route("*", r"/{path:[\s\S]*}", self._serve)
        return application

    async def _idle(self, request: web.Request) -> web.Response:
        """Say how much is at work; a caller with `patience` is answered when nothing is, or after so many seconds."""
        loop = asyncio.get_running_loop()
        patient_until = loop.time() + float(request.query.get("patience", 0))
        while self._busy() and loop.time() < patient_until:  # noqa: ASYNC110 - work is counted in several places
            await asyncio.sleep(_LOOK_AGAIN)
        return web.json_response({"busy": self._busy(), "started": self.invoker.started})

    async def _look(self, _: web.Request) -> web.Response:
        """Look at all queues now, for a message that this host was not told of."""
        self.look()
        return web.Response(status=HTTPStatus.ACCEPTED)

    def _busy(self) -> int:
        return self.invoker.busy + self.waiting()

    async def _status(self, _: web.Request) -> web.Response:
        return web.json_response({"state": "Running", "id": "sandbox", "version": "4.0"})

    async def _run(self, request: web.Request) -> web.Response:
        """Run one function now; Azure wants the master key here, a host on loopback wants nothing."""
        known = await self.run_now(request.match_info["name"])
        return web.Response(status=HTTPStatus.ACCEPTED if known else HTTPStatus.NOT_FOUND)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        peer = _peer(request)
        try:
            headers = self.authenticator.headers(request.headers.items(), peer)
        except InvalidTokenError as error:
            _LOG.info("App Service authentication refused a bearer token: %s", error)
            challenge = {"WWW-Authenticate": f'Bearer realm="{request.host}"'}
            return web.Response(status=HTTPStatus.UNAUTHORIZED, headers=challenge)
        found = find_route(self.routes, request.method, request.url.raw_path)
        if found is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        route, params = found
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return await self._invoke(route.function, _request_datum(request, headers, params, body))

    async def _invoke(self, function: Function, datum: Datum) -> web.StreamResponse:
        running = asyncio.ensure_future(self.invoker.invoke(function, datum, {}))
        try:
            # Shielded: the platform gives up waiting, the function runs on.
            outcome = await asyncio.wait_for(asyncio.shield(running), self.answer_limit)
        except TimeoutError:
            _LOG.warning("'%s' gave no answer within %g s", function.name, self.answer_limit)
            return web.Response(status=HTTPStatus.GATEWAY_TIMEOUT)
        return _response(outcome)


def _peer(request: web.Request) -> str:
    name = request.transport.get_extra_info("peername") if request.transport else None
    return f"{name[0]}:{name[1]}" if name else "127.0.0.1:0"


def _request_datum(request: web.Request, headers: Mapping[str, str], params: Mapping[str, str], body: bytes) -> Datum:
    query: dict[str, str] = {}
    for name, text in request.query.items():
        query[name] = f"{query[name]},{text}" if name in query else text
    value: dict[str, Any] = {
        "method": Datum(request.method, "string"),
        "url": Datum(str(request.url), "string"),
        "headers": _texts(headers),
        "params": _texts(params),
        "query": _texts(query),
        "body": Datum(body, "bytes"),
    }
    return Datum(value, "http")


def _texts(values: Mapping[str, str]) -> dict[str, Datum]:
    return {name: Datum(value, "string") for name, value in values.items()}


def _response(outcome: Outcome) -> web.Response:
    if not outcome.succeeded:
        return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
    datum = outcome.value
    if datum is None or datum.value is None:
        return web.Response(status=HTTPStatus.NO_CONTENT)
    if datum.type != "http":
        return web.Response(text=str(datum.value))
    value = datum.value
    response = web.Response(
        status=int(value["status_code"].value),
        body=value["body"].value,
        headers={name: header.value for name, header in value["headers"].items()},
    )
    for cookie in value.get("cookies") or ():
        for morsel in cookie.values():
            response.headers.add("Set-Cookie", morsel.OutputString())
    return response
