"""Several onboardings of one person: two HR systems, requests by hand, both at once. Never two passes, and why."""

from concurrent.futures import ThreadPoolExecutor

from tests.doorways.story import Case, Story
from tests.doorways.test_ad_hoc import NOOR, OLU, ask, send


def test_of_two_sources_the_first_leads_and_the_other_follows(story: Story) -> None:
    """The second waits, saying for which, and makes nothing; it goes on by itself once the first is withdrawn."""
    first = story.posts(story.hire())
    first.moves_on()
    hire = first.hire
    story.change("upsert-user", user={"userPrincipalName": hire.upn, "employeeId": "OTHER-1"})
    second = story.posts(hire, externalId="OTHER-1")
    for _ in range(3):
        second.moves_on()
        if second.status == "waiting":
            break
    seen = second.read()
    assert (seen["reason"], seen["detail"]) == ("other-onboarding-running", first.id)
    assert seen["advice"]
    assert not [mail for mail in story.mails() if second.id in mail["text"]], "nobody has to do anything"
    story.world.advance("PT1M")
    story.posts(hire, kind="hire.cancelled")
    second.until("issued")
    assert len(story.passes()) == 1
    assert [link.onboarding for link in story.links(hire.manager_mail)] == [second.id]


def test_asking_for_somebody_who_is_coming_anyway_names_the_pass_on_its_way(story: Story) -> None:
    """Before the account was even looked for, and after; a resend helps; once collected, only a meant replacement."""
    case = story.posts(story.hire())
    for status in ("planned", "issued"):
        case.until(status)
        refused = ask(story, case.hire.upn, key=f"while-{status}")
        assert (refused.status, refused.json()["type"]) == (409, "urn:day-one-pass:problem:on-its-way")
        assert refused.json()["onboarding"] == case.id
    code = case.collected()
    case.valid()
    assert case.signs_in(code)["signedIn"]
    case.until("used")
    refused = ask(story, case.hire.upn, key="while-used")
    assert (refused.status, refused.json()["onboarding"]) == (409, case.id)
    assert "replace" in refused.json()["detail"]
    path = f"/api/passes/{case.id}/resend"
    assert send(story, "POST", path, body={}).json()["type"] == "urn:day-one-pass:problem:already-opened"
    assert send(story, "POST", path, body={"replace": True}).status == 202
    case.until("issued")
    assert len(story.passes()) == 1
    assert not case.signs_in(code)["signedIn"]
    assert len(story.rows()) == 1


def test_two_who_ask_at_once_begin_one_pass(story: Story) -> None:
    """Two people at the desk, the same person, the same second: one request is taken, the other told of it."""
    hire = story.hire()
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda by: ask(story, hire.upn, by=by), (NOOR, OLU)))
    taken, refused = sorted(answers, key=lambda answer: answer.status)
    assert (taken.status, refused.status) == (202, 409)
    assert refused.json()["onboarding"] == taken.json()["id"]
    Case(story, hire, taken.json()["id"]).until("issued")
    assert (len(story.rows()), len(story.passes()), len(story.links())) == (1, 1, 1)


def test_a_pilot_serves_its_group_and_its_offices_and_nobody_else(story: Story) -> None:
    """By what Entra holds: the event's site counts for nothing, no door is a way round it, nothing is changed."""
    inner, outer = (story.change("upsert-group", group={"displayName": name})["id"] for name in ("Inner", "Outer"))
    story.change("add-member", group=outer, member=inner)
    story.world.restart_host(extra_settings={"PILOT_SITES": '["Denver"]', "PILOT_GROUP": outer})
    case, served = story.posts(story.hire(), site="Denver"), story.posts(story.hire("diego-ramirez"))
    case.waits_for("outside-pilot")
    story.later(hours=2)
    assert case.read()["webSignIn"]["status"] != "in-scope"
    assert not [mail for mail in story.mails() if case.hire.name in mail["subject"]], "nobody has to do anything"
    refused = ask(story, case.hire.upn)
    assert (refused.status, refused.json()["reason"]) == (403, "outside-pilot")
    story.change("add-member", group=inner, member=case.hire.upn)
    case.until("issued")
    assert case.read()["webSignIn"]["status"] == "in-scope"
    served.until("issued")
