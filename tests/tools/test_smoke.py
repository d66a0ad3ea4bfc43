"""The smoke test finds what a stranger must not be able to do, and only that."""

import json
from collections.abc import Mapping

from tools.smoke import Answer, forged_principal, smoke_findings, smoke_notes

TENANT = "11111111-2222-4333-8444-555555555555"


def problem(status: int, kind: str) -> Answer:
    """Answer as the app does."""
    return Answer(status, {}, json.dumps({"type": f"urn:day-one-pass:problem:{kind}"}).encode())


class Deployed:
    """An app that is as it should be, but for what a test changes."""

    def __init__(self) -> None:
        self.health = Answer(200, {}, b'{"status": "alive"}')
        self.page = Answer(200, {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store"}, b"")
        self.stranger = problem(401, "sign-in")
        self.forger = problem(401, "sign-in")
        self.event = problem(404, "unknown-source")

    def __call__(self, method: str, path: str, headers: Mapping[str, str]) -> Answer:
        """Answer a request."""
        if method == "POST":
            return self.event
        if path == "/api/health":
            return self.health
        if path.startswith("/pass/"):
            return self.page
        return self.forger if headers.get("X-MS-CLIENT-PRINCIPAL") == forged_principal(TENANT) else self.stranger


def test_an_app_as_it_should_be_passes() -> None:
    """Nothing is found where nothing is wrong."""
    assert list(smoke_findings(Deployed(), TENANT)) == []
    assert list(smoke_notes(Deployed())) == []


def test_each_fault_is_found_with_what_to_do() -> None:
    """A dead sweep, an unguarded page, sign-in off, an open route and a believed forgery are each told."""
    faults = {
        "health": (Answer(503, {}, b'{"status": "not-alive"}'), "the sweep has not run"),
        "page": (Answer(200, {"Cache-Control": "no-store"}, b""), "something stands before the app"),
        "stranger": (problem(503, "authentication-off"), "an administrator runs infra/graph/ once"),
        "forger": (problem(404, "unknown-onboarding"), "STOP THE APP"),
    }
    for name, (answer, said) in faults.items():
        app = Deployed()
        setattr(app, name, answer)
        findings = list(smoke_findings(app, TENANT))
        assert len(findings) == 1
        assert said in findings[0]
    opened = Deployed()
    opened.stranger = Answer(200, {}, b"{}")
    assert "a stranger is answered 200" in next(smoke_findings(opened, TENANT))


def test_a_token_that_the_platform_refuses_is_a_note_and_no_fault() -> None:
    """Where App Service takes a vendor's token for a bad sign-in, that source shows it otherwise."""
    app = Deployed()
    app.event = Answer(401, {}, b"")
    assert list(smoke_findings(app, TENANT)) == []
    assert all("(tokenHeader), or put a gateway" in note for note in smoke_notes(app))
