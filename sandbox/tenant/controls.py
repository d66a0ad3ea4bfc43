"""Controls of the sandbox under /_sandbox/: JSON in, JSON out, no authentication, loopback only."""

import json
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.tenant import lockscreen, operations, report, signin
from sandbox.tenant.clock import ClockWouldGoBackError
from sandbox.tenant.state import Json
from sandbox.tenant.tenant import Tenant
from sandbox.tenant.times import duration, graph_time, instant

type Control = Callable[[web.Request], Awaitable[web.Response]]


class Controls:
    """The handlers; each reads what it needs, does one thing and shows the outcome."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def routes(self) -> list[web.RouteDef]:
        """List the controls as routes."""
        table: tuple[tuple[str, str, Control], ...] = (
            ("GET", "clock", self.clock), ("POST", "clock", self.move_clock),
            ("GET", "requests", self.requests), ("DELETE", "requests", self.forget_requests),
            ("GET", "telemetry", self.telemetry), ("POST", "telemetry", self.hear),
            ("GET", "faults", self.faults), ("POST", "faults", self.add_fault), ("DELETE", "faults", self.clear_faults),
            ("GET", "inbox", self.inbox), ("DELETE", "inbox", self.clear_inbox),
            ("POST", "token", self.token), ("POST", "sign-in", self.sign_in),
            ("GET", "devices/{id}", self.device), ("POST", "devices/{id}/reboot", self.reboot),
            ("GET", "directory", self.directory), ("POST", "directory", self.change), ("POST", "reset", self.reset),
        )  # fmt: skip
        return [web.route(method, f"/_sandbox/{path}", _guarded(control)) for method, path, control in table]

    async def clock(self, _: web.Request) -> web.Response:
        """GET clock → {"now"}."""
        return web.json_response({"now": graph_time(self._tenant.clock.now())})

    async def move_clock(self, request: web.Request) -> web.Response:
        """POST clock {"advance": "PT2H"} or {"set": "…Z"}; 409 for a step back."""
        body = await _body(request, "advance", "set")
        if len(body) != 1:
            raise ValueError('send {"advance": "PT2H"} or {"set": "2030-06-03T06:00:00Z"}')
        try:
            if "advance" in body:
                self._tenant.clock.advance(duration(str(body["advance"])))
            else:
                self._tenant.clock.set(instant(str(body["set"])))
        except ClockWouldGoBackError:
            return _refused(409, "the clock runs forward only; reset may set it back")
        return await self.clock(request)

    async def requests(self, request: web.Request) -> web.Response:
        """GET requests[?since=n]."""
        return web.json_response({"requests": self._tenant.recorder.since(int(request.query.get("since", "0")))})

    async def forget_requests(self, _: web.Request) -> web.Response:
        """DELETE requests."""
        self._tenant.recorder.clear()
        return web.json_response({})

    async def telemetry(self, _: web.Request) -> web.Response:
        """GET telemetry → {"spans", "metrics", "logs"}: what the app told of its work."""
        return web.json_response(self._tenant.told.as_json())

    async def hear(self, request: web.Request) -> web.Response:
        """POST telemetry: some of each, as the sandbox's host exports it."""
        self._tenant.told.add(await _body(request))
        return web.json_response({})

    async def faults(self, _: web.Request) -> web.Response:
        """GET faults: the rules still in force."""
        return web.json_response({"faults": self._tenant.faults.list()})

    async def add_fault(self, request: web.Request) -> web.Response:
        """POST faults: one rule."""
        try:
            rule = self._tenant.faults.add(await _body(request))
        except re.PatternError as fault:
            raise ValueError(f"path is no regular expression: {fault}") from fault
        return web.json_response(rule.as_json(), status=201)

    async def clear_faults(self, _: web.Request) -> web.Response:
        """DELETE faults."""
        self._tenant.faults.clear()
        return web.json_response({})

    async def inbox(self, request: web.Request) -> web.Response:
        """GET inbox[?to=address]: mails and texts accepted, oldest first; `to` is a mail address or a number."""
        to = request.query.get("to", "").lower()
        mails = [mail.as_json() for mail in self._tenant.state.mails if not to or to in mail.to]
        return web.json_response({"mails": mails})

    async def clear_inbox(self, _: web.Request) -> web.Response:
        """DELETE inbox."""
        self._tenant.state.mails.clear()
        return web.json_response({})

    async def token(self, request: web.Request) -> web.Response:
        """POST token {"user", "roles"?, "app"?, "scopes"?} → {"token"}: what a sign-in would give, for tests.

        With `scopes` it is a token for Graph by which a program acts for the person; else one for the app.
        """
        body = await _body(request, "user", "roles", "app", "scopes")
        name, roles = str(body.get("user", "")), body.get("roles")
        if body.get("app"):
            return web.json_response({"token": signin.app_token(self._tenant, name, roles)})
        person = self._tenant.state.user(name)
        if person is None:
            return _refused(404, f"there is no user {name!r}")
        if "scopes" in body:
            return web.json_response({"token": signin.graph_token(self._tenant, person, str(body["scopes"]))})
        return web.json_response({"token": signin.person_token(self._tenant, person, roles)})

    async def sign_in(self, request: web.Request) -> web.Response:
        """POST sign-in {"user", "pass", "device"}: the lock screen's verdict."""
        body = await _body(request, "user", "pass", "device")
        user, code, device = (str(body.get(name, "")) for name in ("user", "pass", "device"))
        now = self._tenant.clock.now()
        verdict = lockscreen.sign_in(self._tenant.state, user, code, device, now)
        if verdict.reason:
            return web.json_response({"signedIn": False, "reason": verdict.reason, "detail": verdict.detail})
        return web.json_response({"signedIn": True, "user": user, "device": device, "at": graph_time(now)})

    async def device(self, request: web.Request) -> web.Response:
        """GET devices/{id}: who is signed in there now, how often it was restarted, what it offers first."""
        found = self._tenant.state.device(request.match_info["id"])
        if found is None:
            return _refused(404, "there is no such device")
        here = lockscreen.session(self._tenant.state, found["id"], self._tenant.clock.now())
        person = self._tenant.state.users.get(here.user_id) if here else None
        return web.json_response({
            "id": found["id"],
            "deviceId": found["deviceId"],
            "reboots": self._tenant.state.reboots.get(found["id"], 0),
            "defaultProvider": lockscreen.default_provider(self._tenant.state, found),
            "session": here and person and {"user": person["userPrincipalName"], "at": graph_time(here.at)},
        })  # fmt: skip

    async def reboot(self, request: web.Request) -> web.Response:
        """POST devices/{id}/reboot: back to the lock screen."""
        found = self._tenant.state.device(request.match_info["id"])
        if found is None:
            return _refused(404, "there is no such device")
        return web.json_response({"reboots": lockscreen.reboot(self._tenant.state, found["id"])})

    async def directory(self, _: web.Request) -> web.Response:
        """GET directory."""
        return web.json_response(report.directory(self._tenant))

    async def change(self, request: web.Request) -> web.Response:
        """POST directory: one operation, or {"ops": […]} in order up to the first that fails."""
        body = await _body(request)
        many = body.get("ops")
        done = [
            operations.apply(self._tenant.state, self._tenant.clock.now(), operation)
            for operation in (many if isinstance(many, list) else [body])
        ]
        return web.json_response({"results": done} if isinstance(many, list) else done[0])

    async def reset(self, request: web.Request) -> web.Response:
        """POST reset {"now"?, "seed"?}: everything back to the seed."""
        body = await _body(request, "now", "seed")
        now = instant(str(body["now"])) if body.get("now") else None
        self._tenant.reset(now, int(body.get("seed", 1)))
        return await self.clock(request)


async def _body(request: web.Request, *known: str) -> Json:
    text = await request.text()
    body = json.loads(text) if text else {}
    if not isinstance(body, dict):
        raise ValueError("a JSON object is needed")  # noqa: TRY004  # one kind of fault for whoever asks
    if known and (unknown := set(body) - set(known)):
        raise ValueError(f"unknown fields {sorted(unknown)}; known are {', '.join(known)}")
    return body


def _guarded(control: Control) -> Control:
    async def answer(request: web.Request) -> web.Response:
        try:
            return await control(request)
        except (ValueError, operations.OperationError) as fault:
            return _refused(400, str(fault))

    return answer


def _refused(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)
