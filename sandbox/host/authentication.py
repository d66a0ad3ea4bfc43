"""What App Service authentication ("Easy Auth") does in front of an app, as a pure step from headers to headers.

Sources: "Work with user identities in Azure App Service authentication" for the headers and the claims mapping;
captured principals of real apps for the claim names. Anonymous requests are let through, as configured there.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

import jwt

SESSION_COOKIE = "AppServiceAuthSession"

_NAME_TYPE = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
_ROLE_TYPE = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"
_OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
_LONG_NAMES = {
    "oid": _OBJECT_ID,
    "tid": "http://schemas.microsoft.com/identity/claims/tenantid",
    "scp": "http://schemas.microsoft.com/identity/claims/scope",
    "sub": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier",
    "upn": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "email": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "given_name": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
    "family_name": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
}
_PLATFORMS_OWN = ("x-ms-", "x-original-", "x-appservice-", "x-arr-", "x-site-deployment-id", "x-client-ip")


class InvalidTokenError(Exception):
    """A bearer token was sent that is not this tenant's, not for this app, or expired: App Service answers 401."""


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Turns a token of the sandbox's tenant into the principal headers. Without a key nobody is ever signed in."""

    key_file: Path | None
    audience: str

    def headers(self, incoming: Iterable[tuple[str, str]], peer: str) -> dict[str, str]:
        """Return the headers that reach the app, names in lower case, repeated ones joined by a comma.

        Whatever a client claims in the platform's own headers is dropped; `peer` becomes the last entry of
        X-Forwarded-For, the only one that is not the client's own word.

        Raises:
            InvalidTokenError: see there.
        """
        headers = _without_platform_headers(incoming)
        forwarded = headers.get("x-forwarded-for")
        headers["x-forwarded-for"] = f"{forwarded}, {peer}" if forwarded else peer
        claims = self.claims(headers)
        return headers if claims is None else headers | principal_headers(claims)

    def claims(self, headers: Mapping[str, str]) -> dict[str, Any] | None:
        """Return the claims of whoever sent these headers (lower-case names), or None for an anonymous request.

        A session cookie that no longer holds is an anonymous request; a bearer token is not.

        Raises:
            InvalidTokenError: see there.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.verify(token.strip())
        session = _session(headers.get("cookie", ""))
        if session is None:
            return None
        try:
            return self.verify(session)
        except InvalidTokenError:
            return None

    def verify(self, token: str) -> dict[str, Any]:
        """Return the claims of `token` if the tenant signed it for this app and it is valid now.

        Raises:
            InvalidTokenError: see there.
        """
        if self.key_file is None:
            raise InvalidTokenError("no signing key of a tenant is set")
        try:
            return jwt.decode(
                token,
                self.key_file.read_bytes(),
                algorithms=["HS256"],
                audience=self.audience,
                options={"require": ["exp", "aud", "oid", "tid"]},
            )
        except (jwt.InvalidTokenError, OSError, binascii.Error) as error:
            raise InvalidTokenError(str(error)) from error


def principal_headers(claims: Mapping[str, Any]) -> dict[str, str]:
    """Return the four X-MS-CLIENT-PRINCIPAL headers for a token's claims."""
    principal = {
        "auth_typ": "aad",
        "claims": [{"typ": typ, "val": val} for typ, val in _mapped(claims)],
        "name_typ": _NAME_TYPE,
        "role_typ": _ROLE_TYPE,
    }
    name = claims.get("preferred_username") or claims.get("upn") or claims.get("email")
    headers = {
        "x-ms-client-principal": base64.b64encode(json.dumps(principal).encode()).decode(),
        "x-ms-client-principal-id": str(claims["oid"]),
        "x-ms-client-principal-idp": "aad",
    }
    # An app's token names nobody, and App Service then sends no name.
    return headers | ({"x-ms-client-principal-name": str(name)} if name else {})


def _mapped(claims: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in claims.items():
        for one in value if isinstance(value, list) else [value]:
            yield _LONG_NAMES.get(name, name), one if isinstance(one, str) else json.dumps(one)


def _without_platform_headers(incoming: Iterable[tuple[str, str]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in incoming:
        key = name.lower()
        # Underscores too: some servers fold them into dashes behind the filter.
        if key.replace("_", "-").startswith(_PLATFORMS_OWN):
            continue
        joint = "; " if key == "cookie" else ", "
        headers[key] = f"{headers[key]}{joint}{value}" if key in headers else value
    return headers


def _session(cookie: str) -> str | None:
    try:
        morsel = SimpleCookie(cookie).get(SESSION_COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel is not None else None
