"""The hand-over: link key and proof together, in the window, once; and one and the same refusal for all else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sandbox.http import Answer
from sandbox.people import LinkInMail
from tests.doorways.story import ATTACKER, DESK, START, Case, Story


def ready(story: Story) -> Case:
    """Bring a hire to the open window."""
    case = story.posts(story.hire()).until("issued")
    case.opens()
    return case


def refusal(answer: Answer) -> bytes:
    """See the uniform refusal and return its body."""
    assert answer.status == 403, answer.text()
    assert answer.headers["cache-control"] == "no-store"
    return answer.body


def test_not_ready(story: Story) -> None:
    """Where the window opens and there is no pass yet, the page says so."""
    case = story.posts(story.hire()).until("invited")
    story.fault("temporaryAccessPassMethods", status=503)
    story.at(f"{START}T05:31:00Z")
    assert case.state().json()["state"] == "not-ready"
    assert case.reveal(story.company.claim()).status == 409


def test_the_same_claim_may_look_again_and_no_other(story: Story) -> None:
    """From the window on the page that won looks as often as it needs, until 90 minutes after the pass works.

    Before it the proven manager is told when it opens; a second page is shown nothing.
    """
    case = story.posts(story.hire()).until("issued")
    mine, other = story.company.claim(), story.company.claim()
    assert case.state().json()["state"] == "too-early"
    early = case.reveal(mine)
    assert (early.status, early.json()["state"]) == (409, "too-early")
    assert case.status == "issued"
    case.opens()
    code = case.reveal(mine).json()["pass"]
    assert case.reveal(other).json()["state"] == "opened"
    assert case.reveal(mine).json()["pass"] == code
    story.world.set_clock(f"{START}T07:29:50Z")
    assert case.reveal(mine).json()["pass"] == code
    story.world.set_clock(f"{START}T07:30:01Z")
    assert (case.reveal(mine).status, case.reveal(other).status) == (409, 409)
    story.sweep()
    assert '"sealed":null' in story.rows()[0]["doc"]


def test_they_are_in_erases_the_pass(story: Story) -> None:
    """Pressed by the winning page, the sealed pass is erased at once; pressed by another, nothing happens.

    Neither before nor after are the pass or the link's key in any row, message or log.
    """
    case = ready(story)
    mine = story.company.claim()
    code = case.reveal(mine).json()["pass"]
    assert_not_kept(case, code)
    assert case.reveal(story.company.claim(), done=True).status == 200
    assert case.reveal(mine).status == 200
    assert case.reveal(mine, done=True).status == 200
    assert '"sealed":null' in story.rows()[0]["doc"]
    assert case.reveal(mine).status == 409
    assert_not_kept(case, code)


def assert_not_kept(case: Case, code: str) -> None:
    """See that neither the pass nor the link's key is stored or logged in clear."""
    world = case.story.world
    kept = str(world.storage.all_rows()) + "".join(world.logs().values())
    assert code not in kept
    assert case.link().key not in kept


def test_without_a_sign_in_nothing_is_told(story: Story) -> None:
    """Page and 401 are the same for a link that never was; and the page is not to be kept or framed."""
    case = ready(story)
    claim, never = story.company.claim(), replace(case.link(), onboarding="0" * 25)
    for question in ("state", "reveal"):
        answers = [story.company.ask(link, question, None, claim=claim) for link in (case.link(), never)]
        assert [answer.status for answer in answers] == [401, 401]
        assert answers[0].body == answers[1].body
    page, no_page = story.get(f"/pass/{case.id}"), story.get(f"/pass/{never.onboarding}")
    assert (page.status, page.body) == (200, no_page.body)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert case.status == "issued"


def test_a_request_that_is_wrong_does_not_burn_the_pass(story: Story) -> None:
    """What cannot be read is answered 400, as is a claim that is none; `done` before anybody looked does nothing."""
    case = ready(story)
    for body in (b"", b"[]", b"{", b"\xff", b"{" + b" " * 5000 + b"}"):
        assert posted(case, body).status == 400, body[:20]
    assert posted(case, b'{"key": 1}').status == 403, "what names no key is refused as any wrong key is"
    for claim in ("", "short", "A" * 44, None, 5):
        answer = story.company.ask(case.link(), "reveal", story.company.token(case.hire.manager), claim=claim)
        assert (answer.status, answer.json()["type"].split(":")[-1]) == (400, "no-claim"), claim
    assert case.status == "issued"
    case.reveal(story.company.claim(), done=True)
    assert case.reveal(story.company.claim()).status == 200


def posted(case: Case, body: bytes) -> Answer:
    """Post bytes as the manager, where the page asks for the pass."""
    token = case.story.company.token(case.hire.manager)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **case.story.world.of_the_page()}
    return case.story.world.request("POST", f"/pass/{case.id}/reveal", body=body, headers=headers)


def assert_told_that_it_was_used(case: Case) -> None:
    """See that the manager is told when the hire signed in, and shown nothing more."""
    for answer in (case.state(), case.reveal(case.story.company.claim())):
        told = answer.json()
        assert (told["state"], told["mine"], "pass" in told) == ("used", False, False)
        assert told["usedAt"] == case.read()["usedAt"]


def test_every_refusal_is_the_same(story: Story) -> None:
    """Never existed, wrong key, wrong person, app, used and expired: bytes alike, so that none can be told."""
    case = ready(story)
    link, claim = case.link(), story.company.claim()
    other_key = LinkInMail(link.url, link.onboarding, "A" * 43)
    refusals = {
        refusal(case.reveal(claim, link=replace(link, onboarding="0" * 25))),
        refusal(case.reveal(claim, link=replace(link, onboarding="not-an-id"))),
        refusal(case.reveal(claim, link=other_key)),
        refusal(case.reveal(claim, link=replace(link, key="short"))),
        refusal(case.reveal(claim, by=ATTACKER)),
        refusal(case.reveal(claim, by=case.hire.upn)),
        refusal(case.reveal(claim, by=DESK)),
        refusal(case.reveal(claim, by="mei.tanaka@larkspur.example")),
        refusal(story.company.ask(link, "reveal", story.company.token("robot", app=True), claim=claim)),
        refusal(case.state(link=other_key)),
        refusal(case.state(by=ATTACKER)),
    }
    code = case.collected()
    refusals |= {refusal(case.reveal(claim, by=ATTACKER)), refusal(case.reveal(claim, link=other_key))}
    case.valid()
    case.signs_in(code)
    case.until("used")
    assert_told_that_it_was_used(case)
    refusals |= {refusal(case.reveal(claim, by=ATTACKER)), refusal(case.state(link=other_key))}
    assert len(refusals) == 1
    expired = story.posts(story.hire("jonas-keller"), "2030-06-05").until("expired")
    old = expired.link()
    refusals.add(refusal(expired.reveal(claim, by=ATTACKER)))
    refusals.add(refusal(expired.reveal(claim, link=replace(old, key="A" * 43))))
    assert len(refusals) == 1


def test_another_manager_gets_another_link_and_the_old_one_is_dead(story: Story) -> None:
    """The manager changes in Entra between link and pass: the new one collects, the old one is refused."""
    case = story.posts(story.hire()).until("invited")
    old = case.link()
    story.change("upsert-user", user={"userPrincipalName": case.hire.upn, "manager": "tomas.vesely@larkspur.example"})
    case.until("issued")
    case.opens()
    mine = story.links("tomas.vesely@larkspur.example")[-1]
    refusal(case.reveal(story.company.claim(), link=old))
    refusal(case.reveal(story.company.claim(), link=mine))
    tomas = case.reveal(story.company.claim(), by="tomas.vesely@larkspur.example", link=mine)
    assert tomas.status == 200


@pytest.mark.parametrize(
    "wanted_by",
    [
        pytest.param(lambda story: story.change("set-policy", policy={"isUsableOnce": True}), id="policy"),
        pytest.param(lambda story: story.world.restart_host(extra_settings={"PASS_ONE_TIME": "true"}), id="settings"),
    ],
)
def test_a_one_time_pass_works_once(story: Story, wanted_by: Callable[[Story], object]) -> None:
    """Where the tenant or our settings want one-time passes, a second sign-in fails, and nothing in the way breaks."""
    wanted_by(story)
    case = story.posts(story.hire())
    code = case.collected()
    case.valid()
    assert case.signs_in(code)["signedIn"]
    story.company.reboot(case.hire)
    assert case.signs_in(code)["reason"] == "pass-used"
    case.until("used")


def test_a_short_policy_is_a_warning_on_the_hire(story: Story) -> None:
    """Clamped to two hours the pass ends before one o'clock, and the status says which setting to raise."""
    story.change("set-policy", policy={"maximumLifetimeInMinutes": 120})
    case = story.posts(story.hire()).until("issued")
    assert story.passes()[0]["lifetimeInMinutes"] == 120
    assert "Raise the maximum lifetime" in case.read()["warning"]


def test_a_policy_that_only_differs_is_no_warning(story: Story) -> None:
    """Eight hours instead of ten outlast the first morning: nobody is warned."""
    story.change("set-policy", policy={"maximumLifetimeInMinutes": 480})
    case = story.posts(story.hire()).until("issued")
    assert (story.passes()[0]["lifetimeInMinutes"], case.read()["warning"]) == (480, None)


def test_a_new_account_that_is_not_found_yet_gets_its_pass_by_itself(story: Story) -> None:
    """On the morning itself the account appears, is found after replication, and the link goes out."""
    hire = replace(story.hire(), upn="nele.neu@larkspur.example", employee_id="LK-5001")
    story.world.set_clock(f"{START}T06:00:00Z")
    case = story.posts(hire)
    case.waits_for("account-not-found")
    fields = {"displayName": "Nele", "employeeId": "LK-5001", "manager": hire.manager}
    story.company.change(op="upsert-user", user={"userPrincipalName": hire.upn, **fields})
    case.until("issued")
    assert case.read()["linkMailedAt"] > START
