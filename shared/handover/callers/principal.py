"""Who is calling, as App Service authentication says.

`X-MS-CLIENT-PRINCIPAL` is base64 JSON `{auth_typ, claims: [{typ, val}], name_typ, role_typ}`. With authentication off
anyone can send it, so it counts only where the platform itself says that it is on (`WEBSITE_AUTH_ENABLED`, the test
that Microsoft.Identity.Web makes). What is not exactly as it should be is nobody, and nothing of it is logged.

A person is one whose token says `idtyp` = `user`, or a cookie sign-in: ID tokens carry no `idtyp`, and the platform
keeps a session cookie only for people who signed in in a browser. A cookie sign-in is taken for one if the request has
the platform's session cookie and no token of any kind (so the principal cannot come from one), and its claims are not
those of an application token (a client id without a scope). An app is `idtyp` = `app`. Neither: nobody.

A guest of our tenant is one whose token says `acct` = 1, or who signed in elsewhere (`idp`): another organisation
decides who that is.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.handover.wording import clean

_HEADER = "x-ms-client-principal"
_MAX_HEADER = 65_536
_SCHEMAS = "http://schemas.microsoft.com/identity/claims/"
_OBJECT_ID = frozenset({"oid", f"{_SCHEMAS}objectidentifier"})
_TENANT = frozenset({"tid", f"{_SCHEMAS}tenantid"})
_KIND = frozenset({"idtyp"})
_ACCOUNT = frozenset({"acct"})
_SIGNED_IN_AT = frozenset({"idp", f"{_SCHEMAS}identityprovider"})
_SCOPE = frozenset({"scp", f"{_SCHEMAS}scope"})
_CLIENT = frozenset({"appid", "azp", "appidacr", "azpacr"})
# Fixed names, not the header's role_typ: no setting may turn a claim that people choose themselves into roles.
_ROLES = frozenset({"roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"})
_NAMES = (
    frozenset({"preferred_username"}),
    frozenset({"upn", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"}),
    frozenset({"name"}),
)
_SESSION = re.compile(r"(?:^|;)\s*AppServiceAuthSession\d*=[^;\s]")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

type _Claims = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody of our tenant whom the platform has authenticated.

    `object_id` in lower case. `name` is for people who read the audit, never for a decision. `roles` are app roles.
    """

    object_id: str
    is_person: bool
    name: str
    roles: frozenset[str]
    is_guest: bool = False


def names_a_principal(headers: Mapping[str, str]) -> bool:
    """Tell whether a request says who it comes from, rightly or not."""
    return any(name.lower() == _HEADER for name in headers)


def read_principal(headers: Mapping[str, str], *, trusted: bool, tenant_id: str) -> Principal | None:
    """Read the caller from a request's headers (names in any case); None is nobody.

    `trusted`: the platform says that its authentication is on. Not checked: any signature; the platform has done that.
    """
    if not trusted:
        return None
    named = _fold(headers)
    claims = _claims(named.get(_HEADER)) if named is not None else None
    if named is None or claims is None:
        return None
    object_id, tenant = _one(claims, _OBJECT_ID), _one(claims, _TENANT)
    is_person = _is_person(claims, named)
    if object_id is None or not _GUID.fullmatch(object_id) or tenant != tenant_id.lower() or is_person is None:
        return None
    roles = frozenset(value for kind, value in claims if kind in _ROLES)
    return Principal(object_id, is_person, _name(claims), roles, _is_guest(claims, tenant_id))


def _fold(headers: Mapping[str, str]) -> dict[str, str] | None:
    """Lower-case the names; None if two then clash, for one of them is not the platform's."""
    named = {name.lower(): value for name, value in headers.items()}
    return named if len(named) == len(headers) else None


def _claims(header: str | None) -> _Claims | None:
    if header is None or len(header) > _MAX_HEADER:
        return None
    try:
        document = json.loads(base64.b64decode(header, validate=True).decode())
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or document.get("auth_typ") != "aad":
        return None
    claims = document.get("claims")
    if not isinstance(claims, list) or not all(_well_formed(claim) for claim in claims):
        return None
    return tuple((claim["typ"], claim["val"]) for claim in claims)


def _well_formed(claim: Any) -> bool:
    return isinstance(claim, dict) and isinstance(claim.get("typ"), str) and isinstance(claim.get("val"), str)


def _one(claims: _Claims, names: frozenset[str]) -> str | None:
    """Return a claim's value in lower case. It may come under a short and a long name; None if they differ."""
    values = {value.lower() for kind, value in claims if kind in names}
    return values.pop() if len(values) == 1 else None


def _has(claims: _Claims, names: frozenset[str]) -> bool:
    return any(kind in names for kind, _ in claims)


def _is_person(claims: _Claims, named: Mapping[str, str]) -> bool | None:
    if _has(claims, _KIND):
        return {"user": True, "app": False}.get(_one(claims, _KIND) or "")
    has_token = "authorization" in named or "x-zumo-auth" in named
    of_an_app = _has(claims, _CLIENT) and not _has(claims, _SCOPE)
    return True if _SESSION.search(named.get("cookie", "")) and not has_token and not of_an_app else None


def _is_guest(claims: _Claims, tenant_id: str) -> bool:
    home = f"https://sts.windows.net/{tenant_id.lower()}/"
    elsewhere = _has(claims, _SIGNED_IN_AT) and _one(claims, _SIGNED_IN_AT) != home
    return elsewhere or (_has(claims, _ACCOUNT) and _one(claims, _ACCOUNT) != "0")


def _name(claims: _Claims) -> str:
    found = (value for names in _NAMES for kind, value in claims if kind in names)
    return clean(next(found, ""), limit=200)
