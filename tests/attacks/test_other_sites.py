"""Pages of other sites that use the session of whoever is signed in: to release, to resend, to run again."""

from collections.abc import Callable, Mapping
from itertools import product

from sandbox.host.authentication import SESSION_COOKIE
from sandbox.http import Answer
from tests.doorways.story import ADMIN, CFO, Story

OTHERS: tuple[Mapping[str, str], ...] = (
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site"},
)
CROSS_SITE = "urn:day-one-pass:problem:cross-site"
FORMS = ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x")
"""What a page may send to another site without asking first."""


def test_no_other_site_releases_a_hire_with_an_administrators_session(story: Story, say: Callable[[str], None]) -> None:
    """A form that presses itself, and the cookie comes along: refused and counted. His own requests go through."""
    case = story.posts(story.hire(CFO))
    case.waits_for("account-too-old")
    before = story.rows()[0]["doc"]
    roles = ("Pass.Admin", "Pass.Request", "Pass.Read")
    token = story.company.token(ADMIN, *roles)
    cookie = {"Cookie": f"{SESSION_COOKIE}={token}"}
    paths = [f"/api/passes/{case.id}/{verb}" for verb in ("confirm", "retry", "resend")]
    paths += ["/api/passes", "/api/passes/confirm", "/api/passes/table", f"/api/hr/acme/deliveries/{'0' * 24}/replay"]

    def posted(path: str, headers: Mapping[str, str]) -> Answer:
        return story.world.request("POST", path, body=b"", headers=headers)

    for path, site, form in product(paths, OTHERS, FORMS):
        answer = posted(path, {**cookie, **site, "Content-Type": form})
        assert (answer.status, answer.json()["type"]) == (403, CROSS_SITE), (path, site, form)
    assert story.rows()[0]["doc"] == before
    tried = len(paths) * len(OTHERS) * len(FORMS)
    assert "".join(story.world.logs().values()).count("refused: cross-site") >= tried
    say(f"other sites: {tried} posts with an administrator's session, none done")
    confirm, retry = paths[:2]
    assert posted(retry, {**cookie, **story.world.of_the_page()}).status == 202, "the app's own pages"
    case.waits_for("account-too-old")
    assert posted("/api/passes", cookie).json()["type"].endswith("idempotency-key"), "what is no browser names no site"
    assert posted(confirm, {"Authorization": f"Bearer {token}"}).status == 202, "a token from a tool"
    story.world.wait_idle()
