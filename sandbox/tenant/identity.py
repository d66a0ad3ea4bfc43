"""App Service's identity endpoint, protocol 2019-08-01: tokens for the app's own identity."""

import hmac
import json
import time

from aiohttp import web

from sandbox.tenant import seed, tokens
from sandbox.tenant.interference import interfere
from sandbox.tenant.tenant import GRAPH, Tenant

PATH = "/msi/token"
_VERSION = "2019-08-01"
STORAGE = "https://storage.azure.com"
COMMUNICATION = "https://communication.azure.com"
_AZURE = frozenset({STORAGE, COMMUNICATION})
"""Resources whose rights are Azure roles: no role stands in their tokens."""


class IdentityEndpoint:
    """Hands out tokens to whoever knows the identity header, as the platform does."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """GET /msi/token: 401 for a wrong header, 400 for a wrong version, client or resource."""

        async def work() -> web.Response:
            return self._answer(request)

        fault = self._tenant.faults.take(request.method, request.rel_url.raw_path_qs, "")
        refusal = _refused(fault.status if fault else 500, "A fault that a test asked for.")
        return await interfere(request, fault, work, refusal, self._tenant)

    def _answer(self, request: web.Request) -> web.Response:
        shown = request.headers.get("X-IDENTITY-HEADER", "")
        if not hmac.compare_digest(shown.encode(), self._tenant.identity_header.encode()):
            return _refused(401, "Unauthorized: X-IDENTITY-HEADER does not fit")
        if request.query.get("api-version") != _VERSION:
            return _refused(400, f"api-version {_VERSION} is needed")
        if request.query.get("client_id") != seed.APP_CLIENT_ID:
            return _refused(
                400,
                "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
            )
        resource = request.query.get("resource", "")
        if resource.rstrip("/") not in {GRAPH, *_AZURE, self._tenant.base_url}:
            return _refused(400, f"The resource principal named {resource} was not found in the tenant.")
        return self._token(resource)

    def _token(self, resource: str) -> web.Response:
        state, life = self._tenant.state, self._tenant.state.knobs.token_life
        claims = {
            "aud": resource,
            "iss": f"https://sts.windows.net/{seed.TENANT_ID}/",
            "appid": seed.APP_CLIENT_ID,
            "idtyp": "app",
            "oid": seed.APP_OBJECT_ID,
            "sub": seed.APP_OBJECT_ID,
            "tid": seed.TENANT_ID,
            "ver": "1.0",
        }
        if resource.rstrip("/") == STORAGE:
            # Azurite compares the audience to the letter
            claims["aud"] = STORAGE
        roles = {} if resource.rstrip("/") in _AZURE else {"roles": sorted(state.permissions)}
        return web.json_response({
            "access_token": tokens.issue(claims | roles, self._tenant.key, life=life),
            "client_id": seed.APP_CLIENT_ID,
            "expires_on": str(int(time.time()) + life),
            "resource": resource,
            "token_type": "Bearer",
        })  # fmt: skip


def _refused(status: int, message: str) -> web.Response:
    return web.Response(
        status=status, text=json.dumps({"statusCode": status, "message": message}), content_type="application/json"
    )
