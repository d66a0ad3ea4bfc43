"""Ask a deployed app from outside what must be true of it: `python3 tools/smoke.py ADDRESS TENANT_ID`.

Needs nothing installed. Nothing is changed and no credentials are used. Not checked: what needs a signed event or a
sign-in.
"""

import base64
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

NOBODY_KNOWS = "0" * 25
NOBODY = "00000000-0000-4000-8000-000000000000"
PROBLEM = "urn:day-one-pass:problem:"
PATIENCE = 60
"""Seconds: the first request may have to wake an instance."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def problem(self) -> str:
        """The kind of problem the app told; empty where the app did not tell one, or did not answer itself."""
        try:
            kind = str(json.loads(self.body)["type"])
        except (ValueError, TypeError, KeyError):
            return ""
        return kind.removeprefix(PROBLEM)


Ask = Callable[[str, str, Mapping[str, str]], Answer]


def main() -> int:
    """Print each finding and each note; return 1 if there is a finding."""
    address, tenant = sys.argv[1].rstrip("/"), sys.argv[2]
    ask = asker(address)
    findings = list(smoke_findings(ask, tenant))
    for finding in findings:
        print(f"✗ {finding}")
    for note in smoke_notes(ask):
        print(f"! {note}")
    print(f"{address}: {len(findings)} findings." if findings else f"{address}: as it should be.")
    return 1 if findings else 0


def asker(address: str) -> Ask:
    """Return what sends one request without a body to the app at an address."""

    def ask(method: str, path: str, headers: Mapping[str, str]) -> Answer:
        data = b"{}" if method == "POST" else None
        request = urllib.request.Request(f"{address}{path}", data, dict(headers), method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - the caller's own address
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read())

    return ask


def smoke_findings(ask: Ask, tenant: str) -> Iterator[str]:
    """Say what is not as it should be, and what to do."""
    health = ask("GET", "/api/health", {})
    if health.status != HTTPStatus.OK or json.loads(health.body or b"{}") != {"status": "alive"}:
        yield f"/api/health answers {health.status}: look into the log; the sweep has not run, or settings are wrong."
    page = ask("GET", f"/pass/{NOBODY_KNOWS}", {})
    headers = {name.lower(): value for name, value in page.headers.items()}
    guarded = "content-security-policy" in headers and headers.get("cache-control") == "no-store"
    if page.status != HTTPStatus.OK or not guarded:
        yield f"/pass/… answers {page.status} without the headers that protect it: something stands before the app."
    yield from _principals(ask, tenant)


def _principals(ask: Ask, tenant: str) -> Iterator[str]:
    path = f"/api/passes/{NOBODY_KNOWS}"
    plain = ask("GET", path, {})
    if plain.problem == "authentication-off":
        yield "sign-in is off: an administrator runs infra/graph/ once; deploy again with the client id it prints."
    elif (plain.status, plain.problem) != (HTTPStatus.UNAUTHORIZED, "sign-in"):
        yield f"a stranger is answered {plain.status} {plain.problem}, not 401: look at the authentication settings."
    forged = ask("GET", path, {"X-MS-CLIENT-PRINCIPAL": forged_principal(tenant), "X-MS-CLIENT-PRINCIPAL-IDP": "aad"})
    if forged.problem not in {"sign-in", "authentication-off"}:
        yield f"a forged principal is answered {forged.status}: STOP THE APP, then switch App Service sign-in on."


def forged_principal(tenant: str) -> str:
    """Return the header by which anyone might claim to be an administrator."""
    said = {"oid": NOBODY, "tid": tenant, "idtyp": "user", "roles": "Pass.Admin"}
    claims = [{"typ": kind, "val": value} for kind, value in said.items()]
    principal = {"auth_typ": "aad", "claims": claims, "name_typ": "name", "role_typ": "roles"}
    return base64.b64encode(json.dumps(principal).encode()).decode()


def smoke_notes(ask: Ask) -> Iterator[str]:
    """Say what is worth knowing and no fault of this app: App Service looks at `Authorization` on every path."""
    for kind in ("Basic bm9ib2R5Om5vYm9keQ==", "Bearer of-another-issuer"):
        answer = ask("POST", "/api/hr/no-such-source", {"Authorization": kind, "Content-Type": "application/json"})
        if answer.problem != "unknown-source":
            yield (
                f"an HR event with a vendor's own {kind.split()[0]} token is answered {answer.status} before the app"
                " sees it: let such a source show it in another header (tokenHeader), or put a gateway before it."
            )


if __name__ == "__main__":
    sys.exit(main())
