"""Sign-in for people, as a browser meets it, and tokens for tests. There are no passwords in this sandbox."""

from typing import Any

from aiohttp import web
from yarl import URL

from sandbox.tenant import seed, tokens
from sandbox.tenant.faces.choice import choose
from sandbox.tenant.state import Json
from sandbox.tenant.tenant import Tenant

_LIFE = 3600
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SignInPage:
    """GET /login: choose a person, and go back with a token in the query."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    async def handle(self, request: web.Request) -> web.Response:
        """Show the choice, or go straight back where `user` names the person already."""
        target = URL(request.query.get("redirect", ""))
        if target.scheme not in {"http", "https"} or target.host not in _LOOPBACK:
            return web.Response(status=400, text="redirect must be an address on this machine")
        upn = request.query.get("user")
        if upn is None:
            return choose(self._tenant, request)
        person = self._tenant.state.user(upn)
        if person is None or not person["accountEnabled"]:
            return web.Response(status=400, text="there is no such account, or it is disabled")
        token = person_token(self._tenant, person, None)
        return web.Response(status=303, headers={"Location": str(target.update_query(token=token))})


def person_token(tenant: Tenant, person: Json, roles: list[str] | None) -> str:
    """Issue a token for a person; `roles` None means the app roles the tenant has assigned."""
    claims = {
        "oid": person["id"],
        "idtyp": "user",
        "name": person["displayName"],
        "preferred_username": person["userPrincipalName"],
        "roles": tenant.state.app_roles.get(person["id"], []) if roles is None else roles,
    }
    return _issue(tenant, claims)


def app_token(tenant: Tenant, name: str, roles: list[str] | None) -> str:
    """Issue a token for a calling application, named freely."""
    oid = seed.stable_id("servicePrincipal", name)
    return _issue(tenant, {"oid": oid, "azp": oid, "idtyp": "app", "name": name, "roles": roles or []})


def graph_token(tenant: Tenant, person: Json, scopes: str) -> str:
    """Issue a token for Graph by which a program acts for a person, with these scopes (parted by spaces)."""
    claims = {
        "aud": tenant.base_url,
        "iss": f"https://sts.windows.net/{seed.TENANT_ID}/",
        "tid": seed.TENANT_ID,
        "oid": person["id"],
        "sub": person["id"],
        "appid": seed.stable_id("app", "command-line"),
        "idtyp": "user",
        "scp": scopes,
        "ver": "1.0",
    }
    return tokens.issue(claims, tenant.key, life=_LIFE)


def _issue(tenant: Tenant, who: dict[str, Any]) -> str:
    claims = {
        "aud": tokens.PEOPLE_AUDIENCE,
        "iss": f"https://login.microsoftonline.com/{seed.TENANT_ID}/v2.0",
        "tid": seed.TENANT_ID,
        "sub": who["oid"],
        "ver": "2.0",
    }
    return tokens.issue(claims | who, tenant.key, life=_LIFE)
