"""The routes for people with a role: who may, what they are told, and in which form."""

import json
from collections.abc import Mapping

import pytest

from sandbox.http import Answer
from tests.doorways.story import ADMIN, Case, Story

NOBODY_KNOWS = "0" * 25
ROUTES = [("GET", ""), ("POST", "/confirm"), ("POST", "/retry")]
OPEN_TO: Mapping[str, tuple[str, ...]] = {
    "": ("Pass.Read", "Pass.Admin"),
    "/confirm": ("Pass.Admin",),
    "/retry": ("Pass.Admin",),
}
ROLES = ("Pass.Request", "Pass.Read", "Pass.Admin", "Pass.HandOver")


def ask(story: Story, method: str, path: str, token: str | None = None, onboarding: str = NOBODY_KNOWS) -> Answer:
    """Send a request to a route about an onboarding."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return story.world.request(method, f"/api/passes/{onboarding}{path}", headers=headers)


def is_problem(answer: Answer, status: int, kind: str) -> None:
    """See a problem of RFC 9457 with its stable type, and with what to do."""
    assert answer.status == status, answer.text()
    assert answer.headers["content-type"].startswith("application/problem+json")
    body = answer.json()
    assert body["type"] == f"urn:day-one-pass:problem:{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]


def waiting(story: Story) -> Case:
    """Bring an old account to where it waits for a release."""
    case = story.posts(story.hire("wanda-wieder"))
    case.waits_for("account-too-old")
    return case


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_is_asked_to_sign_in(story: Story, method: str, path: str) -> None:
    """Without a sign-in every protected route answers 401, whether the id exists or not."""
    is_problem(ask(story, method, path), 401, "sign-in")
    assert ask(story, method, path, "forged").status == 401
    is_problem(ask(story, method, path, onboarding="not-an-id"), 401, "sign-in")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_each_route_is_open_to_its_roles_and_to_no_other(story: Story, method: str, path: str) -> None:
    """A role of another route, or none, is answered 403; the right one is told that there is no such onboarding."""
    is_problem(ask(story, method, path, story.company.token("jana.hoffmann@larkspur.example")), 403, "role-missing")
    for role in ROLES:
        answer = ask(story, method, path, story.company.token("jana.hoffmann@larkspur.example", role))
        expected = (404, "unknown-onboarding") if role in OPEN_TO[path] else (403, "role-missing")
        is_problem(answer, *expected)


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize(
    "onboarding", ["x", "0" * 24, "0" * 26, "G" * 25, "..%2F..%2Fadmin", "%00", "'%20or%201%20eq%201"]
)
def test_what_is_no_id_is_no_onboarding(story: Story, method: str, path: str, onboarding: str) -> None:
    """Whatever stands where an id should be never reaches storage."""
    answer = ask(story, method, path, story.company.token(ADMIN), onboarding)
    is_problem(answer, 404, "unknown-onboarding")


def test_with_authentication_off_protected_routes_stay_closed(story: Story) -> None:
    """Where the platform does not say that authentication is on, roles cannot be believed: 503, and who mends it."""
    story.world.restart_host(extra_settings={"WEBSITE_AUTH_ENABLED": "False"})
    token = story.company.token(ADMIN)
    for method, path in ROUTES:
        answer = ask(story, method, path, token)
        is_problem(answer, 503, "authentication-off")
        assert answer.json()["detail"].startswith("An administrator runs infra/graph/ once")
    assert story.get("/api/health").status == 503
    assert set(story.get("/api/health", token).json()) == {"status"}


def test_a_release_by_another_pair_of_eyes(story: Story) -> None:
    """A Pass.Admin releases a rehire, the way goes on at once, and the history names who it was."""
    case = waiting(story)
    answer = case.confirmed()
    assert (answer.status, answer.json()["status"]) == (202, "planned")
    admin = story.company.directory()["people"]["mei-tanaka"]["id"]
    released = next(entry for entry in case.read()["history"] if entry["what"] == "released")
    assert story.who(case.id)[released["by"]] == admin
    case.until("issued")


def test_nothing_to_release(story: Story) -> None:
    """What does not wait, or waits for something else, is not released."""
    case = story.posts(story.hire())
    is_problem(case.confirmed(), 409, "nothing-to-release")
    blocked = story.posts(story.hire("gesa-gesperrt"))
    blocked.waits_for("account-disabled")
    is_problem(blocked.confirmed(), 409, "nothing-to-release")
    old = waiting(story)
    assert old.confirmed().status == 202
    is_problem(old.confirmed(), 409, "nothing-to-release")


def test_a_retry_looks_at_once(story: Story) -> None:
    """Mended by hand, a waiting hire need not wait for the next look."""
    case = story.posts(story.hire("gesa-gesperrt"))
    case.waits_for("account-disabled")
    story.change("upsert-user", user={"userPrincipalName": case.hire.upn, "accountEnabled": True})
    answer = case.retried()
    assert (answer.status, answer.json()["status"]) == (202, "planned")
    assert case.read()["noticeGivenAt"] is not None


def test_a_retry_sets_no_rule_aside(story: Story) -> None:
    """Put back to work, what needs a release still waits for one."""
    case = waiting(story)
    assert case.retried().status == 202
    case.waits_for("account-too-old")


def test_nothing_to_retry(story: Story) -> None:
    """What neither waits nor failed is not put back to work."""
    is_problem(story.posts(story.hire()).retried(), 409, "nothing-to-retry")


def test_a_hire_of_an_unknown_site_is_planned_when_the_site_is_known(story: Story) -> None:
    """A retry before the settings are mended leaves it held back; after that the hire is planned."""
    case = story.posts(story.hire(), site="Atlantis")
    assert case.retried().json()["status"] == "waiting"
    assert case.reason == "unknown-site"
    sites = {"Atlantis": {"timezone": "Atlantic/Azores"}}
    story.world.restart_host(extra_settings={"SITES": json.dumps(sites)})
    assert case.retried().json()["status"] == "planned"
    assert case.read()["plan"]["zone"] == "Atlantic/Azores"


def test_the_status_never_holds_a_secret(story: Story) -> None:
    """Neither the pass, nor the key, nor the link, nor anything sealed is in what the status API tells."""
    case = story.posts(story.hire())
    code = case.collected()
    told = json.dumps(case.read())
    row = json.loads(story.rows()[0]["doc"])
    for secret in (
        code,
        case.link().key,
        row["issued"]["sealed"],
        row["delivery"]["public_key"],
        "/pass/",
        "@larkspur",
    ):
        assert secret == "@larkspur" or secret not in told
    assert case.hire.manager_mail not in told


def test_ids_say_nothing_and_are_not_found_by_guessing(story: Story) -> None:
    """Two hires' ids have nothing in common but their form."""
    first, second = story.posts(story.hire()), story.posts(story.hire("jonas-keller"))
    assert first.id[1:] != second.id[1:]
    assert {len(first.id), len(second.id)} == {25}
