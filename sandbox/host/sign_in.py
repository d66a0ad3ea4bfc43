"""The pages under /.auth/ that App Service authentication serves: sign-in, its way back, sign-out, who am I."""

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from sandbox.host.authentication import SESSION_COOKIE, Authenticator, InvalidTokenError, principal_headers

_STATE_COOKIE = "AppServiceAuthState"
_CALLBACK = "/.auth/login/aad/callback"
_MINUTES_TO_SIGN_IN = 15


@dataclass(frozen=True, slots=True)
class SignIn:
    """Sends people to the tenant's sign-in page and keeps what it says of them in a cookie."""

    authenticator: Authenticator
    tenant: str

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the four pages."""
        router.add_get("/.auth/login/aad", self._login)
        router.add_get(_CALLBACK, self._callback)
        router.add_get("/.auth/logout", self._logout)
        router.add_get("/.auth/me", self._me)

    async def _login(self, request: web.Request) -> web.Response:
        nonce = secrets.token_urlsafe(16)
        target = _own_path(request, request.query.get("post_login_redirect_uri", "/"))
        back = f"{request.scheme}://{request.host}{_CALLBACK}?{urlencode({'state': nonce, 'to': target})}"
        response = _go(f"{self.tenant}/login?{urlencode({'redirect': back})}")
        response.set_cookie(
            _STATE_COOKIE, nonce, max_age=_MINUTES_TO_SIGN_IN * 60, httponly=True, samesite="Lax", path=_CALLBACK
        )
        return response

    async def _callback(self, request: web.Request) -> web.Response:
        nonce = request.cookies.get(_STATE_COOKIE, "")
        if not nonce or not secrets.compare_digest(nonce.encode(), request.query.get("state", "").encode()):
            return web.Response(status=HTTPStatus.FORBIDDEN, text="This sign-in was not begun in this browser.\n")
        token = request.query.get("token", "")
        try:
            self.authenticator.verify(token)
        except InvalidTokenError:
            return web.Response(status=HTTPStatus.UNAUTHORIZED, text="The tenant's answer does not hold.\n")
        response = _go(_own_path(request, request.query.get("to", "/")))
        # App Service sets SameSite=None and Secure; a browser keeps neither over the sandbox's plain http.
        response.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="Lax", path="/")
        response.del_cookie(_STATE_COOKIE, path=_CALLBACK)
        return response

    async def _logout(self, request: web.Request) -> web.Response:
        response = _go(_own_path(request, request.query.get("post_logout_redirect_uri", "/")))
        response.del_cookie(SESSION_COOKIE, path="/")
        return response

    async def _me(self, request: web.Request) -> web.Response:
        try:
            claims = self.authenticator.claims({name.lower(): value for name, value in request.headers.items()})
        except InvalidTokenError:
            claims = None
        if claims is None:
            return web.json_response([] if SESSION_COOKIE in request.cookies else {}, status=HTTPStatus.UNAUTHORIZED)
        headers = principal_headers(claims)
        names = [{"typ": name, "val": str(value)} for name, value in claims.items()]
        user = headers.get("x-ms-client-principal-name", headers["x-ms-client-principal-id"])
        return web.json_response([{"provider_name": "aad", "user_id": user, "user_claims": names}])


def _go(location: str) -> web.Response:
    return web.Response(status=HTTPStatus.FOUND, headers={"Location": location})


def _own_path(request: web.Request, target: str) -> str:
    """Return the path and query of `target` if it is on this host, else `/`: no open redirect."""
    parts = urlsplit(target)
    own = not parts.netloc and not parts.scheme
    if not own and (parts.scheme, parts.netloc) != (request.scheme, request.host):
        return "/"
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
