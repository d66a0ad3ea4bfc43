"""Takes Graph requests off the wire: record, disturb, authenticate, throttle, authorise, then the handler."""

import json
import uuid
from collections.abc import Mapping

from aiohttp import web

from sandbox.tenant import errors, tokens
from sandbox.tenant.errors import GraphError
from sandbox.tenant.graph import callers, query, routes
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.graph.limits import limits_of
from sandbox.tenant.interference import SILENT, interfere
from sandbox.tenant.recorder import Record
from sandbox.tenant.state import Json
from sandbox.tenant.tenant import Tenant

_CONTENT_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
_SERVER_FAULT = 500


class GraphServer:
    """The handler of everything that is neither a control nor a sign-in."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request to /v1.0 or /beta."""
        raw = await request.read()
        tenant = self._tenant
        path = request.rel_url.raw_path_qs
        record = tenant.recorder.start(tenant.clock.now(), request.method, path, raw, tenant.state.codes)
        record.trace = request.headers.get("client-request-id")
        trace = record.trace or str(uuid.uuid4())
        fault = tenant.faults.take(request.method, path, trace)

        async def work() -> web.Response:
            return self._respond(self._answer(request, raw, record, trace), trace)

        refusal = web.Response(status=_SERVER_FAULT)
        if fault:
            record.fault = fault.kind
            headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
            error = GraphError(fault.status, fault.code, "A fault that a test asked for.", headers=headers)
            refusal = self._respond(self._refused(error, trace), trace)
        answer = await interfere(request, fault, work, refusal, tenant)
        record.status = 0 if fault is not None and fault.kind in SILENT else answer.status
        return answer

    def _answer(self, request: web.Request, raw: bytes, record: Record, trace: str) -> Answer:
        try:
            return self._served(request, raw, record)
        except GraphError as refusal:
            return self._refused(refusal, trace)

    def _refused(self, refusal: GraphError, trace: str) -> Answer:
        return Answer(refusal.status, refusal.body(self._tenant.clock.now(), trace), refusal.headers)

    def _served(self, request: web.Request, raw: bytes, record: Record) -> Answer:
        tenant, now = self._tenant, self._tenant.clock.now()
        claims = self._claims(request.headers)
        record.app = claims.get("appid")
        version, _, path = request.rel_url.raw_path.lstrip("/").partition("/")
        match = routes.match(request.method, version, path)
        route = match.route
        wait = tenant.throttle.admit(now, *limits_of(route, str(record.app), tenant.state.knobs))
        if wait is not None:
            raise errors.throttled(wait)
        held = callers.held(claims, tenant.state)
        for needed in filter(None, (route.permissions, route.also)):
            if not held & needed:
                raise errors.forbidden(route.family, needed)
        options = dict(request.rel_url.query)
        if unknown := set(options) - query.OPTIONS:
            raise errors.bad_request(f"The query parameter '{min(unknown)}' is not supported.")
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(tenant.state, now, tenant.base_url, version, path, match.parameters, options, headers, raw)
        return route.handler(call)

    def _claims(self, headers: Mapping[str, str]) -> Json:
        kind, _, token = headers.get("Authorization", "").partition(" ")
        if kind.casefold() != "bearer" or not token:
            raise errors.unauthenticated("Access token is empty.")
        try:
            return tokens.verify(token, self._tenant.key, audience=self._tenant.audiences)
        except tokens.TokenError as fault:
            raise errors.unauthenticated(f"Access token validation failure. {fault}") from fault

    def _respond(self, answer: Answer, trace: str) -> web.Response:
        headers = {"request-id": str(uuid.uuid4()), "client-request-id": trace, **answer.headers}
        if answer.body is None:
            return web.Response(status=answer.status, headers=headers)
        body = json.dumps(answer.body, ensure_ascii=False).encode()
        return web.Response(status=answer.status, body=body, headers=headers | {"Content-Type": _CONTENT_TYPE})
