"""Who is calling: only what the platform vouches for, and only exactly as it should be."""

import base64
import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.handover.callers.principal import Principal, read_principal

TENANT = "aaaaaaaa-0000-4000-8000-000000000001"
OTHER_TENANT = "bbbbbbbb-0000-4000-8000-000000000002"
OBJECT = "cccccccc-0000-4000-8000-000000000003"
LONG_OBJECT = "http://schemas.microsoft.com/identity/claims/objectidentifier"
LONG_TENANT = "http://schemas.microsoft.com/identity/claims/tenantid"
LONG_ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"
COOKIE = {"Cookie": "a=b; AppServiceAuthSession=abc123"}
PERSON = [("oid", OBJECT), ("tid", TENANT), ("idtyp", "user"), ("preferred_username", "mia@contoso.example")]
SIGNED_IN = [(LONG_OBJECT, OBJECT), (LONG_TENANT, TENANT), ("name", "Mia Manager"), ("nonce", "n"), ("c_hash", "h")]


def _header(pairs: list[tuple[str, str]], **more: Any) -> dict[str, str]:
    listed = [{"typ": kind, "val": value} for kind, value in pairs]
    document = {"auth_typ": "aad", "claims": listed, "name_typ": "name", "role_typ": LONG_ROLE, **more}
    return _raw(json.dumps(document).encode())


def _raw(content: bytes) -> dict[str, str]:
    return {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(content).decode()}


def _read(headers: dict[str, str], *, trusted: bool = True) -> Principal | None:
    return read_principal(headers, trusted=trusted, tenant_id=TENANT)


def _without(claims: list[tuple[str, str]], *names: str) -> list[tuple[str, str]]:
    return [(kind, value) for kind, value in claims if kind not in names]


def test_a_person_with_a_token_is_read() -> None:
    """Object id, name and roles of a person of our tenant."""
    claims = [*PERSON, ("roles", "Pass.Read"), ("roles", "Pass.Request")]
    expected = Principal(OBJECT, True, "mia@contoso.example", frozenset({"Pass.Read", "Pass.Request"}))
    assert _read(_header(claims)) == expected


@pytest.mark.parametrize(
    ("claims", "is_guest"),
    [
        ([("acct", "0")], False),
        ([("acct", "1")], True),
        ([("acct", "0"), ("acct", "1")], True),
        ([("idp", f"https://sts.windows.net/{TENANT}/")], False),
        ([("idp", f"https://sts.windows.net/{OTHER_TENANT}/")], True),
        ([("http://schemas.microsoft.com/identity/claims/identityprovider", "live.com")], True),
    ],
)
def test_a_guest_is_known_as_one(claims: list[tuple[str, str]], is_guest: bool) -> None:
    """By the account's kind or by where they signed in, under the short name and the long."""
    principal = _read(_header([*PERSON, *claims]))
    assert principal is not None
    assert principal.is_guest is is_guest


def test_an_app_is_no_person() -> None:
    """An application token is read, and says that it is none."""
    principal = _read(_header([("oid", OBJECT), ("tid", TENANT), ("idtyp", "app"), ("roles", "Pass.Request")]))
    assert principal == Principal(OBJECT, False, "", frozenset({"Pass.Request"}))


def test_a_cookie_sign_in_is_a_person() -> None:
    """App Service gives a browser's sign-in long claim names and no idtyp; its session cookie tells what it is."""
    headers = _header([*SIGNED_IN, (LONG_ROLE, "Pass.HandOver")]) | COOKIE
    assert _read(headers) == Principal(OBJECT, True, "Mia Manager", frozenset({"Pass.HandOver"}))


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "other=1",
        "AppServiceAuthSession=",
        "XAppServiceAuthSession=1",
        "x=AppServiceAuthSession",
        "AppServiceAuthSessionX=1",
    ],
)
def test_without_idtyp_and_session_cookie_nobody_is_a_person(cookie: str) -> None:
    """Neither token type nor session: refused."""
    assert _read(_header(SIGNED_IN)) is None
    assert _read(_header(SIGNED_IN) | {"Cookie": cookie}) is None


@pytest.mark.parametrize("token", ["Authorization", "authorization", "X-ZUMO-AUTH"])
def test_a_token_beside_a_cookie_is_no_cookie_sign_in(token: str) -> None:
    """An app cannot pass for a person by adding a cookie to its token."""
    assert _read(_header(SIGNED_IN) | COOKIE | {token: "Bearer x"}) is None


@pytest.mark.parametrize("client", ["appid", "azp", "appidacr", "azpacr"])
def test_claims_of_an_application_token_are_no_person(client: str) -> None:
    """A client id without a scope is an app's token, whatever cookie came along; with one a person stands behind it."""
    of_an_app = [*SIGNED_IN, (client, "1")]
    assert _read(_header(of_an_app) | COOKIE) is None
    delegated = _read(_header([*of_an_app, ("scp", "user_impersonation")]) | COOKIE)
    assert delegated is not None
    assert delegated.is_person


@pytest.mark.parametrize("kind", ["", "User ", "device", "app,user"])
def test_an_unknown_kind_of_token_is_refused(kind: str) -> None:
    """An idtyp that is neither user nor app is nobody, with a session cookie too."""
    assert _read(_header([*_without(PERSON, "idtyp"), ("idtyp", kind)]) | COOKIE) is None


def test_two_kinds_of_token_are_refused() -> None:
    """A principal that is user and app at once is nobody."""
    assert _read(_header([*PERSON, ("idtyp", "app")])) is None


@pytest.mark.parametrize("headers", [_header(PERSON), _header(SIGNED_IN) | COOKIE])
def test_with_authentication_off_nobody_is_trusted(headers: dict[str, str]) -> None:
    """Anyone can send the header; it counts only where the platform says that it checks."""
    assert _read(headers, trusted=True) is not None
    assert _read(headers, trusted=False) is None


@pytest.mark.parametrize("name", ["tid", LONG_TENANT])
def test_a_foreign_tenant_is_refused(name: str) -> None:
    """Somebody of another tenant is nobody here."""
    assert _read(_header([*_without(PERSON, "tid"), (name, OTHER_TENANT)])) is None
    assert _read(_header(_without(PERSON, "tid"))) is None


@pytest.mark.parametrize(
    "second",
    [
        ("oid", "dddddddd-0000-4000-8000-000000000004"),
        (LONG_OBJECT, "dddddddd-0000-4000-8000-000000000004"),
        ("tid", OTHER_TENANT),
        (LONG_TENANT, OTHER_TENANT),
    ],
)
def test_a_claim_that_says_two_things_is_refused(second: tuple[str, str]) -> None:
    """Two object ids or tenants, under short or long names, in any order, are nobody."""
    assert _read(_header([*PERSON, second])) is None
    assert _read(_header([second, *PERSON])) is None


def test_the_same_claim_twice_is_one() -> None:
    """Short and long name with one value, in any case, agree."""
    principal = _read(_header([*PERSON, (LONG_OBJECT, OBJECT.upper()), (LONG_TENANT, TENANT.upper())]))
    assert principal is not None
    assert principal.object_id == OBJECT


@pytest.mark.parametrize("tenant", [TENANT, TENANT.upper()])
def test_ids_are_compared_without_case(tenant: str) -> None:
    """Settings and tokens may write a GUID differently."""
    headers = _header([("oid", OBJECT.upper()), ("tid", TENANT.upper()), ("idtyp", "user")])
    principal = read_principal(headers, trusted=True, tenant_id=tenant)
    assert principal is not None
    assert principal.object_id == OBJECT


@pytest.mark.parametrize("object_id", ["", "me", OBJECT[:-1], OBJECT + "0", OBJECT + "\n", f"{{{OBJECT}}}"])
def test_an_object_id_that_is_no_guid_is_refused(object_id: str) -> None:
    """What is compared with the collector is an id, nothing else."""
    assert _read(_header([*_without(PERSON, "oid"), ("oid", object_id)])) is None


def test_the_header_names_no_claim_as_role() -> None:
    """Roles come under their own names, not under the one that the header declares."""
    principal = _read(_header([*PERSON, ("name", "Pass.Admin"), ("role", "Pass.Admin")], role_typ="name"))
    assert principal is not None
    assert principal.roles == frozenset()


@pytest.mark.parametrize("provider", ["facebook", "AAD", "", None, ["aad"]])
def test_another_identity_provider_is_refused(provider: Any) -> None:
    """Only Entra's own sign-in speaks for people of the tenant."""
    assert _read(_header(PERSON, auth_typ=provider)) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-MS-CLIENT-PRINCIPAL": ""},
        {"X-MS-CLIENT-PRINCIPAL": "not base64!"},
        {"X-MS-CLIENT-PRINCIPAL": "é"},
        {
            "X-MS-CLIENT-PRINCIPAL": _header(PERSON)["X-MS-CLIENT-PRINCIPAL"]
            + ","
            + _header(PERSON)["X-MS-CLIENT-PRINCIPAL"]
        },
        {
            "X-MS-CLIENT-PRINCIPAL": _header(PERSON)["X-MS-CLIENT-PRINCIPAL"],
            "x-ms-client-principal": _header(PERSON)["X-MS-CLIENT-PRINCIPAL"],
        },
        {"X-MS-CLIENT-PRINCIPAL-ID": OBJECT},
        _raw(b"\xff\xfe"),
        _raw(b"null"),
        _raw(b"[]"),
        _raw(b"{"),
        _raw(b"[" * 40_000),
        _raw(b'"' + b" " * 70_000 + b'"'),
        _raw(json.dumps({"auth_typ": "aad"}).encode()),
        _raw(json.dumps({"auth_typ": "aad", "claims": {}}).encode()),
        _header(PERSON, claims=[["oid", OBJECT]]),
        _header(PERSON, claims=[{"typ": "oid", "val": 7}]),
        _header(PERSON, claims=[{"typ": None, "val": OBJECT}]),
        _header(PERSON, claims=[{"typ": "oid"}]),
    ],
)
def test_a_malformed_header_is_nobody_and_is_not_logged(
    headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Damaged, doubled or absent: nobody, without an exception or a line in the log."""
    with caplog.at_level(logging.DEBUG):
        assert _read(headers) is None
    assert not caplog.records


def test_a_name_is_fit_for_the_audit() -> None:
    """Control and bidirectional characters in a name do not reach the audit."""
    principal = _read(_header([*_without(PERSON, "preferred_username"), ("name", "Mia\r\n\u202eManager")]))
    assert principal is not None
    assert principal.name == "Mia Manager"


@given(content=st.binary(max_size=200))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    """Whatever stands in the header, the answer is nobody."""
    assert _read(_raw(content) | COOKIE) is None


@given(claims=st.lists(st.tuples(st.sampled_from(["oid", LONG_OBJECT, "tid", "idtyp", "roles"]), st.text(max_size=40))))
def test_no_claims_make_anybody_without_our_tenant(claims: list[tuple[str, str]]) -> None:
    """Without our tenant's id there is no principal."""
    assert _read(_header(claims) | COOKIE) is None
