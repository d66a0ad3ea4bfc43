"""Who collects where the manager cannot, and what happens when nobody has by half an hour before the start."""

import json

from tests.doorways.story import DESK, START, Story
from tests.doorways.test_ad_hoc import NOOR, asked, send

TOMAS = "tomas.vesely@larkspur.example"
"""Whom settings name as the contact of Berlin, in these tests."""
OLU = "olu.bakare@larkspur.example"
"""At the helpdesk, with Pass.HandOver."""


def with_contact(story: Story) -> None:
    """Let settings name a contact for Berlin."""
    sites = json.loads(story.world.settings()["SITES"])
    sites["Berlin"]["contact"] = TOMAS
    story.world.restart_host(extra_settings={"SITES": json.dumps(sites)})


def test_the_contact_collects_where_the_manager_cannot(story: Story) -> None:
    """No mailbox: the contact has notice and link, the desk reads why, the manager none; or by hand, once released."""
    with_contact(story)
    case = story.posts(story.hire("paula-stumm")).until("invited")
    notice, invitation = story.mails(TOMAS)
    assert "for the manager in Entra has no mail address" in notice["text"]
    assert "for the manager in Entra has no mail address" in invitation["text"]
    told = story.mails(DESK)[-1]
    assert "collects, not the manager" in told["subject"]
    assert "The manager in Entra has no mail address." in told["text"]
    case.until("issued")
    seen = case.read()
    assert seen["collector"]["route"] == "contact"
    assert "collects, for the manager in Entra has no mail address." in seen["warning"]
    link = story.links(TOMAS)[-1]
    case.opens()
    assert case.reveal(story.company.claim(), case.hire.manager, link).status == 403, "the manager is passed over"
    assert case.reveal(story.company.claim(), TOMAS, link).status == 200
    by_hand = asked(story, deliverTo="contact")
    assert by_hand.reason == "release-needed"
    assert by_hand.confirmed().status == 202
    link = story.links(TOMAS)[-1]
    by_hand.until("issued")
    assert (link.onboarding, by_hand.read()["collector"]["route"]) == (by_hand.id, "contact")
    assert by_hand.reveal(story.company.claim(), by_hand.hire.manager, link).status == 403, "it was asked for another"
    shown = by_hand.reveal(story.company.claim(), TOMAS, link)
    assert by_hand.signs_in(shown.json()["pass"])["signedIn"] is True


def test_the_desk_collects_where_nobody_else_can(story: Story) -> None:
    """No manager and no contact for the office: the desk has notice and link, and the audit names who collected."""
    case = story.posts(story.hire("nils-ohnesorge"), manager={"userName": TOMAS}).until("issued")
    notice = story.mails(DESK)[0]
    assert "the account has no manager in Entra, and SITES names no contact" in notice["text"]
    assert "HR names tomas. vesely" in notice["text"]
    link = story.links(DESK)[-1]
    case.opens()
    assert case.reveal(story.company.claim(), TOMAS, link).status == 403, "HR names nobody who may collect"
    assert case.reveal(story.company.claim(), OLU, link).status == 200
    opened = next(entry for entry in case.read()["history"] if entry["what"] == "opened")
    assert story.who(case.id)[opened["by"]] == story.company.directory()["people"]["olu-bakare"]["id"]


def test_half_an_hour_before_the_start_others_hear_of_a_pass_that_nobody_opened(story: Story) -> None:
    """Contact and desk are told once, without a link; the manager's link lives until somebody asks for another."""
    with_contact(story)
    case, opened = story.posts(story.hire()).until("issued"), story.posts(story.hire("jonas-keller"))
    opened.collected()
    late = "not-opened"
    story.at(f"{START}T06:30:00Z")
    story.later(minutes=3)
    assert (late in case.read()["told"], late in opened.read()["told"]) == (True, False)
    about = [mail for mail in story.mails() if "nobody has opened the pass yet" in mail["subject"]]
    assert sorted(mail["to"][0] for mail in about) == [DESK, TOMAS]
    assert story.links(DESK) + story.links(TOMAS) == []
    resend = f"/api/passes/{case.id}/resend"
    story.change("set-app-roles", user=TOMAS, roles=["Pass.Request"])
    own = send(story, "POST", resend, TOMAS, {"deliverTo": "contact"})
    assert (own.status, own.json()["reason"]) == (403, "own-request"), "nobody asks for what he would collect"
    assert case.state().json()["state"] == "open", "the manager's link lives"
    assert send(story, "POST", resend, body={"deliverTo": "contact"}).status == 202
    assert case.state().status == 403
    assert case.reason == "release-needed"
    assert case.confirmed(NOOR, "Pass.Admin").status == 403, "who asked does not release"
    assert case.confirmed().status == 202
    case.until("issued")
    link = story.links(TOMAS)[-1]
    assert case.reveal(story.company.claim(), link=link).status == 403, "the manager cannot use the contact's link"
    assert case.reveal(story.company.claim(), TOMAS, link).status == 200


def test_without_a_contact_the_managers_link_outlives_a_resend_to_nobody(story: Story) -> None:
    """A route on which nobody could collect is refused at the door, and nothing changes."""
    case = story.posts(story.hire()).until("issued")
    answer = send(story, "POST", f"/api/passes/{case.id}/resend", body={"deliverTo": "contact"})
    assert (answer.status, answer.json()["reason"]) == (403, "contact-missing")
    case.opens()
    assert case.state().json()["state"] == "open"
