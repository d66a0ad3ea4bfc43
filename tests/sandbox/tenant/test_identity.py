"""Who may call: the identity endpoint, tokens, permissions, and people who sign in."""

import base64
import json
from typing import Any

import pytest
from azure.identity.aio import ManagedIdentityCredential

from sandbox.tenant import seed, tokens
from sandbox.tenant.graph.routes import ROUTES
from tests.sandbox.tenant.client import AMELIE, GRAPH, JANA, Client

QUERY = {"api-version": "2019-08-01", "resource": GRAPH, "client_id": seed.APP_CLIENT_ID}
HEADER = {"X-IDENTITY-HEADER": "sandbox"}
STORAGE = "https://storage.azure.com"


def _claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


@pytest.mark.parametrize(
    ("change", "header", "status"),
    [
        ({}, "wrong", 401),
        ({}, "", 401),
        ({"api-version": "2017-09-01"}, "sandbox", 400),
        ({"client_id": seed.TENANT_ID}, "sandbox", 400),
        ({"resource": "https://vault.azure.net"}, "sandbox", 400),
    ],
)
async def test_the_endpoint_refuses_what_app_service_refuses(
    client: Client, change: dict[str, str], header: str, status: int
) -> None:
    """Wrong header 401; wrong protocol, client or resource 400."""
    reply = await client.send("GET", "/msi/token", params=QUERY | change, headers={"X-IDENTITY-HEADER": header})
    assert reply.status == status


async def test_the_production_credential_class_gets_a_token(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """ManagedIdentityCredential speaks to it as to App Service."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{client.address}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "sandbox")
    async with ManagedIdentityCredential(client_id=seed.APP_CLIENT_ID) as credential:
        graph = await credential.get_token(f"{client.address}/.default")
        storage = await credential.get_token(f"{STORAGE}/.default")
    assert set(_claims(graph.token)["roles"]) == seed.PERMISSIONS - seed.EXCHANGE
    assert _claims(graph.token)["aud"] == client.address
    issuer = f"https://sts.windows.net/{seed.TENANT_ID}/"
    assert {name: _claims(storage.token)[name] for name in ("aud", "iss")} == {"aud": STORAGE, "iss": issuer}
    assert "roles" not in _claims(storage.token)


async def test_a_storage_token_can_be_refused(client: Client) -> None:
    """By a fault on the endpoint, while Graph's tokens still come."""
    rule = {"path": "/msi/token.*storage", "kind": "status", "status": 403, "times": 0}
    await client.control("POST", "faults", rule)
    refused = await client.send("GET", "/msi/token", params=QUERY | {"resource": STORAGE}, headers=HEADER)
    assert refused.status == 403
    assert (await client.send("GET", "/msi/token", params=QUERY, headers=HEADER)).status == 200


@pytest.mark.parametrize("authorization", [None, "Bearer ", "Basic eA==", "Bearer x.y.z", "Bearer abc"])
async def test_graph_wants_a_token(client: Client, authorization: str | None) -> None:
    """Without one, or with rubbish: 401 InvalidAuthenticationToken."""
    headers = {"Authorization": authorization} if authorization else {}
    reply = await client.send("GET", f"/v1.0/users/{AMELIE}", headers=headers)
    assert (reply.status, reply.code) == (401, "InvalidAuthenticationToken")
    assert "WWW-Authenticate" in reply.headers


async def test_a_token_for_another_audience_or_an_expired_one_is_refused(client: Client) -> None:
    """A storage token, a person's token, and one whose life is over."""
    storage = await client.token(STORAGE)
    person = (await client.control("POST", "token", {"user": JANA}))["token"]
    await client.change("set-token-life", seconds=0)
    client.tokens.clear()
    for token in (storage, person, await client.token()):
        reply = await client.send("GET", "/v1.0/users", headers={"Authorization": f"Bearer {token}"})
        assert reply.status == 401, reply.body


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.template}")
async def test_every_call_needs_a_permission(client: Client, route: Any) -> None:
    """With all but the needed permissions: 403. With one of them: anything but 401 and 403."""
    version = "v1.0" if "v1.0" in route.versions else "beta"
    values = {
        "user": seed.stable_id("user", "day-one"),
        "group": seed.stable_id("group", "devices-berlin"),
        "appId": "x",
    }
    path = route.template.format(id="x", domain="x", **values, deviceId="'x'")
    everything = frozenset().union(*(known.permissions for known in ROUTES))
    needed = route.permissions | route.also
    await client.change("set-permissions", permissions=sorted(everything - needed))
    refused = await client.graph(route.method, f"/{version}/{path}", {"x": 1})
    assert refused.status == 403, refused.body
    await client.change("set-permissions", permissions=[min(route.permissions), *sorted(route.also)[:1]])
    client.tokens.clear()
    assert (await client.graph(route.method, f"/{version}/{path}", {"x": 1})).status not in {401, 403}


async def test_a_person_may_what_scopes_and_roles_both_allow(client: Client) -> None:
    """The Azure CLI's scopes reach the directory and no policy; others as far as the person's own roles go."""
    domains, policies = "/v1.0/domains", "/v1.0/identity/conditionalAccess/policies"

    async def status(path: str, scopes: str) -> int:
        token = (await client.control("POST", "token", {"user": JANA, "scopes": scopes}))["token"]
        return (await client.send("GET", path, headers={"Authorization": f"Bearer {token}"})).status

    assert await status(policies, "Policy.Read.All") == 403
    await client.change("assign-role", principal=JANA, role="Global Reader")
    assert await status(policies, "Policy.Read.All") == 200
    assert [await status(path, "Directory.AccessAsUser.All") for path in (domains, policies)] == [200, 403]


async def test_a_permission_granted_later_comes_with_the_next_token(client: Client) -> None:
    """As in Azure, where a token carries what was granted when it was made; what is revoked counts at once."""
    path, name = f"/v1.0/users/{AMELIE}", "User.Read.All"
    await client.change("revoke-permission", permission=name)
    assert (await client.graph("GET", path)).status == 403
    client.tokens.clear()
    await client.token()
    await client.change("grant-permission", permission=name)
    assert (await client.graph("GET", path)).status == 403
    client.tokens.clear()
    assert (await client.graph("GET", path)).status == 200


async def test_a_person_signs_in_by_a_page_or_straight_away(client: Client) -> None:
    """The choice leads back with a token in the query; other parameters stay."""
    back = "http://127.0.0.1:1/.auth/login/aad/callback?state=a%26b"
    page = await client.send("GET", "/login", params={"redirect": back})
    assert "Jana Hoffmann" in page.body.decode()
    straight = await client.send("GET", "/login", params={"redirect": back, "user": JANA}, allow_redirects=False)
    assert straight.status == 303
    target, _, token = straight.headers["Location"].partition("&token=")
    assert target == back
    claims = _claims(token)
    assert (claims["preferred_username"], claims["idtyp"], claims["aud"]) == (JANA, "user", tokens.PEOPLE_AUDIENCE)


@pytest.mark.parametrize("redirect", ["https://evil.example/x", "", "javascript:alert(1)", "//evil.example"])
async def test_a_sign_in_leads_back_to_this_machine_only(client: Client, redirect: str) -> None:
    """No open redirect, not even in a sandbox."""
    assert (await client.send("GET", "/login", params={"redirect": redirect, "user": JANA})).status == 400


async def test_a_token_for_tests_carries_the_roles_asked_for(client: Client) -> None:
    """A person's seeded app roles, others on request, and applications with idtyp app."""
    desk = "olu.bakare@larkspur.example"
    seeded = _claims((await client.control("POST", "token", {"user": desk}))["token"])
    asked = _claims((await client.control("POST", "token", {"user": desk, "roles": ["Pass.Admin"]}))["token"])
    robot = _claims((await client.control("POST", "token", {"user": "robot", "app": True, "roles": ["X"]}))["token"])
    assert set(seeded["roles"]) == {"Pass.Request", "Pass.Read", "Pass.HandOver"}
    assert asked["roles"] == ["Pass.Admin"]
    assert (robot["idtyp"], robot["roles"], "preferred_username" in robot) == ("app", ["X"], False)


def test_a_token_is_ours_unchanged_and_alive() -> None:
    """Another key, a changed claim, another audience, another algorithm or an old one: all refused."""
    key = b"k" * tokens.KEY_BYTES
    good = tokens.issue({"aud": "a", "roles": []}, key, life=60)
    assert tokens.verify(good, key, audience="a")["roles"] == []
    head, _, mac = good.split(".")
    other = tokens.issue({"aud": "a", "roles": ["Pass.Admin"]}, key, life=60).split(".")[1]
    bad = [f"{head}.{other}.{mac}", "", "a.b", good[:-2], tokens.issue({"aud": "a"}, key, life=-1)]
    for token in bad:
        with pytest.raises(tokens.TokenError):
            tokens.verify(token, key, audience="a")
    with pytest.raises(tokens.TokenError):
        tokens.verify(good, b"x" * tokens.KEY_BYTES, audience="a")
    with pytest.raises(tokens.TokenError):
        tokens.verify(good, key, audience="b")
