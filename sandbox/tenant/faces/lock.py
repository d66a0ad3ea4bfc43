"""The lock screen of a device, in a browser: the frame, and the three questions its script asks."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from sandbox.tenant import lockscreen, seed
from sandbox.tenant.faces import lock_parts as parts
from sandbox.tenant.faces.company import ODD, locale_of, owner_of, zone_of
from sandbox.tenant.faces.markup import Markup, fill, join
from sandbox.tenant.faces.moments import city
from sandbox.tenant.faces.shell import Face, respond
from sandbox.tenant.faces.wording import REFUSALS
from sandbox.tenant.state import Json
from sandbox.tenant.tenant import Tenant
from sandbox.tenant.times import graph_time

_PAGE = Path(__file__).with_name("pages") / "lock.html"
_FACE = Face("Lock screen", "lock", ("lock",))
_KEYS = {seed.stable_id("deviceObject", person.key): person.key for person in seed.PEOPLE}


@dataclass(frozen=True, slots=True)
class LockScreen:
    """The handlers of the lock screen."""

    tenant: Tenant

    def routes(self) -> list[web.RouteDef]:
        """List them as routes."""
        return [
            web.get("/lock-screen", self.show),
            web.get("/_faces/devices/{id}", self.device),
            web.post("/_faces/devices/{id}/sign-in", self.sign_in),
            web.post("/_faces/devices/{id}/restart", self.restart),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """GET /lock-screen[?device=deviceId]; without one, the first hire's."""
        state = self.tenant.state
        first = next(iter(self._by_site().values()))[0]
        device = state.device(request.query.get("device", "")) or first
        main = fill(
            _PAGE.read_text(encoding="utf-8"),
            device=device["deviceId"],
            devices=self._devices(device),
            **parts.ICONS,
        )
        return respond(self.tenant, _FACE, main)

    async def device(self, request: web.Request) -> web.Response:
        """GET: what the lock screen of a device shows now."""
        found = self.tenant.state.device(request.match_info["id"])
        return web.json_response(self._shown(found)) if found else _no_such_device()

    async def sign_in(self, request: web.Request) -> web.Response:
        """POST {"user", "pass"}: the verdict, and what a person reads of it."""
        found = self.tenant.state.device(request.match_info["id"])
        if found is None:
            return _no_such_device()
        try:
            body = await request.json()
            user, code = str(body["user"]).strip(), str(body["pass"]).strip()
        except (json.JSONDecodeError, KeyError, TypeError):
            return web.json_response({"error": 'send {"user", "pass"}'}, status=HTTPStatus.BAD_REQUEST)
        now = self.tenant.clock.now()
        verdict = lockscreen.sign_in(self.tenant.state, user, code, found["deviceId"], now)
        if verdict.reason is None:
            return web.json_response({"signedIn": True} | self._shown(found))
        said = REFUSALS[verdict.reason]
        why = {"reason": verdict.reason, "detail": verdict.detail, "words": said.words, "step": said.step}
        return web.json_response({"signedIn": False} | why)

    async def restart(self, request: web.Request) -> web.Response:
        """POST: restart the device; whoever is signed in there is out."""
        found = self.tenant.state.device(request.match_info["id"])
        if found is None:
            return _no_such_device()
        lockscreen.reboot(self.tenant.state, found["id"])
        return web.json_response(self._shown(found))

    def _shown(self, device: Json) -> Json:
        state, now = self.tenant.state, self.tenant.clock.now()
        missing = lockscreen.why_no_globe(state, device)
        owner = owner_of(state, device)
        here = lockscreen.session(state, device["id"], now)
        person = state.users.get(here.user_id) if here else None
        return {
            "name": device["displayName"],
            "owner": owner and owner["displayName"],
            "zone": zone_of(owner),
            "locale": locale_of(owner),
            "globe": missing is None,
            "missing": missing and {"reason": missing.reason, "detail": missing.detail},
            "online": device["id"] not in state.offline,
            "session": person and {"name": person["displayName"], "user": person["userPrincipalName"]},
            "now": graph_time(now),
        }

    def _by_site(self) -> dict[str, list[Json]]:
        """List the devices by the city of their owners, the odd ones after all others."""
        order = {seed.stable_id("deviceObject", person.key): n for n, person in enumerate(seed.PEOPLE)}
        clean = {seed.stable_id("deviceObject", person.key) for person in seed.PEOPLE if person.clean}
        devices = sorted(
            self.tenant.state.devices.values(), key=lambda d: (d["id"] not in clean, order.get(d["id"], len(order)))
        )
        found: dict[str, list[Json]] = {}
        for device in devices:
            place = city(zone_of(owner_of(self.tenant.state, device))) if device["id"] in clean else "Others"
            found.setdefault(place, []).append(device)
        return found

    def _devices(self, chosen: Json) -> Markup:
        return join(
            fill(parts.PLACE, place=place, devices=join(self._option(device, chosen) for device in devices))
            for place, devices in self._by_site().items()
        )

    def _option(self, device: Json, chosen: Json) -> Markup:
        owner = owner_of(self.tenant.state, device)
        odd = ODD.get(_KEYS.get(device["id"], ""))
        name = f"{owner['displayName']} – {device['displayName']}" if owner else str(device["displayName"])
        return fill(
            parts.OPTION,
            id=device["deviceId"],
            chosen=Markup(" selected") if device is chosen else Markup(""),
            words=f"{name} ({odd})" if odd else name,
        )


def _no_such_device() -> web.Response:
    return web.json_response({"error": "there is no such device"}, status=HTTPStatus.NOT_FOUND)
