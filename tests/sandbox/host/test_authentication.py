"""The host stands where App Service authentication stands in Azure."""

import base64
import json
import time
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest

from sandbox.http import call
from sandbox.world import World

OID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
TID = "http://schemas.microsoft.com/identity/claims/tenantid"


def _token(world: World, **changes: Any) -> str:
    claims = {
        "aud": "api://day-one-pass",
        "oid": "11111111-2222-3333-4444-555555555555",
        "tid": "99999999-2222-3333-4444-555555555555",
        "preferred_username": "mo@example.com",
        "roles": ["Pass.Read", "Pass.Admin"],
        "idtyp": "user",
        "exp": int(time.time()) + 60,
    }
    return jwt.encode(claims | changes, world.signing_key.read_bytes(), "HS256")


def _seen(world: World, headers: dict[str, str]) -> dict[str, str]:
    answer = world.request("GET", "/echo/a", headers=headers)
    assert answer.status == 201
    seen: dict[str, str] = answer.json()["headers"]
    return seen


def _principal(headers: dict[str, str]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(base64.b64decode(headers["x-ms-client-principal"]))
    return content


def test_bearer_token_becomes_the_principal(probe: World) -> None:
    """A token of the tenant becomes the four headers, claims under App Service's names, roles one by one."""
    headers = _seen(probe, {"Authorization": f"Bearer {_token(probe)}"})
    principal = _principal(headers)
    claims = [(claim["typ"], claim["val"]) for claim in principal["claims"]]
    assert principal["auth_typ"] == "aad"
    assert (OID, "11111111-2222-3333-4444-555555555555") in claims
    assert (TID, "99999999-2222-3333-4444-555555555555") in claims
    assert [value for name, value in claims if name == "roles"] == ["Pass.Read", "Pass.Admin"]
    assert ("idtyp", "user") in claims
    assert headers["x-ms-client-principal-id"] == "11111111-2222-3333-4444-555555555555"
    assert headers["x-ms-client-principal-name"] == "mo@example.com"
    assert headers["x-ms-client-principal-idp"] == "aad"


@pytest.mark.parametrize(
    "name", ["X-MS-CLIENT-PRINCIPAL", "x-Ms-ToKeN-aad-id-token", "X-Original-URL", "X_MS_CLIENT_PRINCIPAL"]
)
def test_platform_headers_of_a_client_are_dropped(probe: World, name: str) -> None:
    """What only the platform may say is dropped when a client says it, in whatever case."""
    seen = _seen(probe, {name: "forged", "X-Kept": "yes"})
    assert "forged" not in seen.values()
    assert seen["x-kept"] == "yes"


def test_forged_principal_beside_a_real_token_is_dropped(probe: World) -> None:
    """A signed-in person cannot add to what the platform says of him."""
    forged = base64.b64encode(b'{"auth_typ": "aad", "claims": [{"typ": "roles", "val": "Pass.HandOver"}]}').decode()
    headers = _seen(probe, {"Authorization": f"Bearer {_token(probe)}", "X-MS-CLIENT-PRINCIPAL": forged})
    assert "Pass.HandOver" not in json.dumps(_principal(headers))


def test_peer_is_the_last_forwarded_entry(probe: World) -> None:
    """Only the last entry of X-Forwarded-For is the platform's; what a client wrote stands before it."""
    seen = _seen(probe, {"X-Forwarded-For": "203.0.113.9"})
    first, last = seen["x-forwarded-for"].split(", ")
    assert first == "203.0.113.9"
    assert last.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    "changes",
    [{"exp": 1}, {"aud": "api://another"}, {"oid": None}],
    ids=["expired", "for another app", "of nobody"],
)
def test_bearer_token_that_does_not_hold_is_refused(probe: World, changes: dict[str, Any]) -> None:
    """An expired token, or one for another app, is 401 before the app sees it, also where anybody may come."""
    claims = {"Authorization": f"Bearer {_token(probe, **changes)}"}
    assert probe.request("GET", "/echo/a", headers=claims).status == 401


def test_token_signed_by_another_is_refused(probe: World) -> None:
    """A token with another signature, or none, is 401."""
    foreign = jwt.encode({"aud": "api://day-one-pass", "oid": "x", "tid": "y", "exp": 1 << 40}, "k" * 32, "HS256")
    for token in (foreign, "nonsense"):
        assert probe.request("GET", "/echo/a", headers={"Authorization": f"Bearer {token}"}).status == 401


def test_other_schemes_and_nobody_pass_as_anonymous(probe: World) -> None:
    """Without a token, or with another scheme, the app sees the request without a principal."""
    for headers in ({}, {"Authorization": "Basic dTpw"}, {"Cookie": "AppServiceAuthSession=old"}):
        assert "x-ms-client-principal" not in _seen(probe, headers)


def test_person_signs_in_at_the_tenant_and_out_again(probe: World) -> None:
    """Sign-in goes over the tenant's page into a cookie, which then carries the principal until sign-out."""
    user = probe.control("GET", "directory").json()["hires"][0]["manager"]["upn"]
    begun = call("GET", f"{probe.app}/.auth/login/aad?post_login_redirect_uri=/echo/back")
    state = SimpleCookie(begun.headers["set-cookie"])["AppServiceAuthState"].value
    chosen = call("GET", f"{begun.headers['location']}&user={user}")
    ended = call("GET", chosen.headers["location"], headers={"Cookie": f"AppServiceAuthState={state}"})
    assert (ended.status, ended.headers["location"]) == (302, "/echo/back")
    assert call("GET", chosen.headers["location"]).status == 403, "only the browser that began may end it"
    token = urlsplit(chosen.headers["location"]).query.split("token=")[1].split("&")[0]
    headers = _seen(probe, {"Cookie": f"AppServiceAuthSession={token}"})
    assert headers["x-ms-client-principal-name"] == user
    assert probe.request("GET", "/.auth/me", headers={"Cookie": f"AppServiceAuthSession={token}"}).status == 200
    assert probe.request("GET", "/.auth/me").status == 401
    assert "AppServiceAuthSession=" in probe.request("GET", "/.auth/logout").headers["set-cookie"]


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_sign_in_never_leads_elsewhere(probe: World, target: str) -> None:
    """A target on another host is replaced by this one's root: no open redirect."""
    answer = probe.request("GET", f"/.auth/logout?post_logout_redirect_uri={target}")
    assert answer.headers["location"] == "/"
