"""The ad-hoc door: somebody at the desk asks, the right person collects, and nobody helps himself."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from sandbox.http import Answer
from tests.doorways.story import ADMIN, CFO, DESK, Case, Story

OLU = "olu.bakare@larkspur.example"
"""At the helpdesk: Pass.Request, Pass.Read and Pass.HandOver."""
NOOR = "noor.rahman@larkspur.example"
"""At the helpdesk: Pass.Request."""
TOMAS = "tomas.vesely@larkspur.example"


def ask(story: Story, user: str, by: str = NOOR, key: str = "request-1", **more: Any) -> Answer:
    """Ask for a pass as the desk does."""
    headers = {"Authorization": f"Bearer {story.company.token(by)}", "Idempotency-Key": key}
    body = {"user": user, "reason": "Lost her phone", **more}
    answer = story.world.request("POST", "/api/passes", json_body=body, headers=headers)
    story.world.wait_idle()
    return answer


def asked(story: Story, key: str = "amelie-brandt", **more: Any) -> Case:
    """Ask for a pass for somebody of the company, and take it that the request is accepted."""
    hire = story.hire(key)
    answer = ask(story, hire.upn, key=f"request-{key}", **more)
    assert answer.status == 202, answer.text()
    return Case(story, hire, answer.json()["id"])


def send(story: Story, method: str, path: str, by: str = NOOR, body: Any = None) -> Answer:
    """Send something to the door as somebody with a role."""
    headers = {"Authorization": f"Bearer {story.company.token(by)}"}
    answer = story.world.request(method, path, json_body=body, headers=headers)
    story.world.wait_idle()
    return answer


def test_a_request_leads_to_a_sign_in_at_once(story: Story) -> None:
    """A lost phone: asked for now, the link is there without any sweep, then the pass, and the lock screen opens."""
    case = asked(story)
    assert case.link()
    case.until("issued")
    assert case.read()["webSignIn"]["status"] == "in-scope"
    case.valid()
    answer = case.reveal(story.company.claim())
    assert answer.status == 200, answer.text()
    assert case.signs_in(answer.json()["pass"])["signedIn"] is True


def test_the_link_is_in_the_inbox_within_seconds(story: Story) -> None:
    """Asked for now: two minutes at most from an app that has just begun, seconds from one at work."""
    story.world.restart_host()
    cold, warm = (seconds_to_the_inbox(story, key) for key in ("amelie-brandt", "jonas-keller"))
    assert cold <= 120
    assert warm <= 20


def seconds_to_the_inbox(story: Story, key: str) -> float:
    """Ask for a pass; tell how long after the request Exchange had the mail with the link. No sweep runs."""
    began = story.now()
    hire = story.hire(key)
    answer = ask(story, hire.upn, key=f"request-{key}")
    mail = next(one for one in story.mails(hire.manager_mail) if answer.json()["id"] in one["text"])
    return (datetime.fromisoformat(mail["at"]) - began).total_seconds()


def test_a_request_for_later_is_kept_until_then(story: Story) -> None:
    """With a start, the link goes out shortly before it, and the pass is valid from exactly then."""
    case = asked(story, start="2030-05-28T09:00:00+02:00", lifetimeMinutes=120)
    assert case.status == "planned"
    case.until("issued")
    plan = case.read()["plan"]
    assert (plan["validFrom"], plan["validUntil"]) == ("2030-05-28T07:00:00Z", "2030-05-28T09:00:00Z")


def test_the_same_key_and_body_is_the_same_request(story: Story) -> None:
    """A retry makes no second onboarding, and is answered with the same place."""
    hire = story.hire()
    first, again = ask(story, hire.upn), ask(story, hire.upn)
    assert (first.status, again.status) == (202, 202)
    assert first.headers["location"] == again.headers["location"]
    assert len(story.rows()) == 1


def test_a_key_used_for_another_body_is_refused(story: Story) -> None:
    """One key stands for one request."""
    hire = story.hire()
    ask(story, hire.upn)
    answer = ask(story, hire.upn, lifetimeMinutes=60)
    assert answer.status == 409
    assert answer.json()["type"].endswith(":key-reused")


def test_two_callers_may_use_the_same_key(story: Story) -> None:
    """A key belongs to its caller."""
    first, other = ask(story, story.hire().upn), ask(story, story.hire("zofia-nowak").upn, by=OLU)
    assert (first.status, other.status) == (202, 202)
    assert first.json()["id"] != other.json()["id"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "kind"),
    [
        ({"reason": "why"}, {}, 422, "body-shape"),
        ({"user": "a@b.example", "reason": "why", "extra": 1}, {}, 422, "body-shape"),
        ({"user": "a@b.example", "reason": "why", "start": "2030-05-28T09:00:00"}, {}, 422, "body-shape"),
        ({"user": "a@b.example", "reason": "why", "start": "2031-05-28T09:00:00Z"}, {}, 422, "body-shape"),
        ({"user": "a@b.example", "reason": "why", "deliverTo": "me@evil.example"}, {}, 422, "body-shape"),
        ({"user": "a@b.example", "reason": "why"}, {"Idempotency-Key": ""}, 400, "idempotency-key"),
        ({"user": "a@b.example", "reason": "why"}, {"Content-Type": "text/plain"}, 415, "content-type"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(
    story: Story, body: dict[str, Any], headers: dict[str, str], status: int, kind: str
) -> None:
    """Wrong fields are named; a missing key and a wrong content type are said; nothing is stored."""
    token = story.company.token(NOOR)
    usual = {"Authorization": f"Bearer {token}", "Idempotency-Key": "request-1"}
    answer = story.world.request("POST", "/api/passes", json_body=body, headers={**usual, **headers})
    assert (answer.status, answer.json()["type"]) == (status, f"urn:day-one-pass:problem:{kind}")
    assert story.rows() == []


def test_nobody_asks_for_himself(story: Story) -> None:
    """The caller is never the target."""
    answer = ask(story, NOOR)
    assert (answer.status, answer.json()["reason"]) == (403, "own-request")
    assert story.rows() == []


def test_nobody_asks_for_what_he_would_collect(story: Story) -> None:
    """The caller is never the recipient: a manager with the role cannot make a pass of his report's account."""
    hire = story.hire()
    story.change("set-app-roles", user=hire.manager, roles=["Pass.Request"])
    answer = ask(story, hire.upn, by=hire.manager)
    assert (answer.status, answer.json()["reason"]) == (403, "own-request")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("role-by-group", "account-privileged"),
        ("guest", "account-is-guest"),
        ("protected", "account-protected"),
    ],
)
def test_what_no_door_allows_is_refused_at_once(story: Story, key: str, reason: str) -> None:
    """Privileged, protected and guest accounts are refused here as everywhere, and nothing is stored."""
    people = story.company.directory()["people"]
    upns: Mapping[str, Callable[[], str]] = {
        "role-by-group": lambda: _made_privileged(story),
        "guest": lambda: next(p["upn"] for p in people.values() if "#EXT#" in p["upn"]),
        "protected": lambda: _made_protected(story),
    }
    answer = ask(story, upns[key]())
    assert (answer.status, answer.json()["reason"]) == (403, reason)
    assert story.rows() == []
    assert story.asked("POST", "temporaryAccessPassMethods") == []


def _made_privileged(story: Story) -> str:
    hire = story.hire()
    story.change("assign-role", principal=hire.upn, role="Global Administrator")
    return hire.upn


def _made_protected(story: Story) -> str:
    hire = story.hire()
    groups = json.loads(story.company.directory()["settings"]["PROTECTED_GROUPS"])
    story.change("add-member", group=groups[0], member=hire.upn)
    return hire.upn


def test_age_and_employee_number_bind_events_only(story: Story) -> None:
    """An old account without a number may lose its phone, too."""
    hire = story.hire()
    story.change(
        "upsert-user",
        user={"userPrincipalName": hire.upn, "createdDateTime": "2015-01-01T00:00:00Z", "employeeId": None},
    )
    asked(story).until("issued")


def test_a_request_for_the_desk_waits_for_a_second_person(story: Story) -> None:
    """Who asked cannot release; another Pass.Admin can, and then anybody at the desk but these two collects."""
    story.change("set-app-roles", user=NOOR, roles=["Pass.Request", "Pass.Admin", "Pass.HandOver"])
    story.change("set-app-roles", user=ADMIN, roles=["Pass.Admin", "Pass.HandOver"])
    case = asked(story, deliverTo="desk")
    assert case.reason == "release-needed"
    own = case.confirmed(NOOR)
    assert (own.status, own.json()["type"]) == (403, "urn:day-one-pass:problem:own-case")
    anew = story.post(f"/api/passes/{case.id}/resend", story.company.token(TOMAS, "Pass.Request"))
    assert anew.status == 202, anew.text()
    story.world.wait_idle()
    assert case.confirmed(NOOR).status == 403, "who asked first may not release what others had sent anew"
    assert case.confirmed(ADMIN).status == 202
    case.until("issued")
    link = story.links(DESK)[-1]
    case.valid()
    claim = story.company.claim()
    assert case.reveal(claim, NOOR, link).status == 403, "who asked may not collect"
    assert case.reveal(claim, ADMIN, link).status == 403, "who released may not collect"
    assert case.reveal(claim, case.hire.manager, link).status == 403, "the manager is not the desk"
    answer = case.reveal(claim, OLU, link)
    assert answer.status == 200, answer.text()
    opened = next(entry for entry in case.read()["history"] if entry["what"] == "opened")
    assert story.who(case.id)[opened["by"]] == story.company.directory()["people"]["olu-bakare"]["id"], (
        "the audit names the person"
    )


def test_a_request_by_an_app_waits_for_a_person(story: Story) -> None:
    """An app may ask; a person agrees, and it is no app that does."""
    headers = {
        "Authorization": f"Bearer {story.company.token('ticketing', 'Pass.Request', app=True)}",
        "Idempotency-Key": "ticket-4711",
    }
    hire = story.hire()
    body = {"user": hire.upn, "reason": "ticket 4711"}
    answer = story.world.request("POST", "/api/passes", json_body=body, headers=headers)
    story.world.wait_idle()
    case = Case(story, hire, answer.json()["id"])
    assert case.reason == "release-needed"
    assert case.confirmed("ticketing", "Pass.Admin", app=True).status == 403
    assert case.confirmed(ADMIN).status == 202


def test_the_contact_is_whom_settings_name_for_the_office(story: Story) -> None:
    """Without a contact for the office it waits, and says so."""
    assert asked(story, deliverTo="contact").reason == "contact-missing"


def test_without_office_and_department_no_device_is_known_and_the_pass_goes_on(story: Story) -> None:
    """The device side waits for its own reason; the pass is made."""
    hire = story.hire()
    story.change("upsert-user", user={"userPrincipalName": hire.upn, "officeLocation": None, "department": None})
    case = asked(story)
    case.until("issued")
    assert case.read()["webSignIn"]["reason"] == "no-device-known"


def test_the_devices_somebody_registered_lead_to_their_group(story: Story) -> None:
    """Without office and department, the group that his own device is in; and a failure there holds up no pass."""
    hire = story.hire(CFO)
    nowhere = {"officeLocation": None, "department": None}
    story.change("upsert-user", user={"userPrincipalName": hire.upn, **nowhere})
    story.fault("registeredDevices", status=503)
    case = asked(story, CFO).until("issued")
    assert case.read()["webSignIn"]["reason"] == "tenant-unavailable"
    story.mended()
    story.later(minutes=31)
    assert case.read()["webSignIn"]["status"] == "in-scope"
    assert hire.group in str(story.rows()[0]["doc"])


def test_a_resend_makes_a_fresh_link_and_a_fresh_pass(story: Story) -> None:
    """The older link is dead, the newer opens, and the tenant holds one pass."""
    case = asked(story).until("issued")
    first = case.link()
    answer = send(story, "POST", f"/api/passes/{case.id}/resend", body={})
    assert answer.status == 202, answer.text()
    case.until("issued")
    assert case.link() != first
    case.valid()
    assert case.reveal(story.company.claim(), link=first).status == 403
    answer = case.reveal(story.company.claim())
    assert answer.status == 200
    assert len(story.passes()) == 1
    assert case.signs_in(answer.json()["pass"])["signedIn"] is True


def test_a_resend_after_opening_has_to_be_meant(story: Story) -> None:
    """Somebody may be in mid-set-up: without `replace` nothing changes, with it the collected pass is dead."""
    case = asked(story)
    code = case.collected()
    refused = send(story, "POST", f"/api/passes/{case.id}/resend", body={})
    assert (refused.status, refused.json()["type"]) == (409, "urn:day-one-pass:problem:already-opened")
    assert send(story, "POST", f"/api/passes/{case.id}/resend", body={"replace": True}).status == 202
    case.until("issued")
    assert case.signs_in(code)["signedIn"] is False


def test_an_hr_hire_can_be_resent_too(story: Story) -> None:
    """A manager who lost the mail does not need IT to start anew."""
    case = story.posts(story.hire()).until("issued")
    first = case.link()
    assert send(story, "POST", f"/api/passes/{case.id}/resend", body={}).status == 202
    case.until("issued")
    assert case.link() != first
    assert len(story.passes()) == 1


def test_a_revoked_pass_is_gone_within_one_sweep(story: Story) -> None:
    """The link is dead at once, the pass with the next sweep; the manager is told; once more changes nothing."""
    case = asked(story).until("issued")
    assert send(story, "DELETE", f"/api/passes/{case.id}").status == 202
    assert case.state().json()["state"] == "cancelled"
    story.sweep()
    story.sweep()
    assert story.passes() == []
    assert (case.status, case.reason) == ("cancelled", "revoked")
    assert story.mails(case.hire.manager_mail)[-1]["subject"].endswith("cancelled")
    assert send(story, "DELETE", f"/api/passes/{case.id}").status == 202


def test_where_is_annas_pass(story: Story) -> None:
    """A search by user finds all of theirs, by name and by object id, and a list walks over everything once."""
    cases = [story.posts(story.hire(key)) for key in ("amelie-brandt", "jonas-keller", "zofia-nowak")]
    found = asked(story, "grace-nguyen").until("issued")
    reader = OLU
    by_name = send(story, "GET", f"/api/passes?user={found.hire.upn}", reader).json()["items"]
    assert [item["id"] for item in by_name] == [found.id]
    user_id = by_name[0]["user"]["id"]
    assert send(story, "GET", f"/api/passes?user={user_id}", reader).json()["items"] == by_name
    seen: list[str] = []
    after = ""
    while True:
        page = send(story, "GET", f"/api/passes?after={after}" if after else "/api/passes", reader).json()
        seen += [item["id"] for item in page["items"]]
        after = page["after"]
        if after is None:
            break
    assert sorted(seen) == sorted([found.id, *(case.id for case in cases)])
    assert send(story, "GET", "/api/passes?after=~", reader).status == 400, "no page ends before the first partition"
    issued = send(story, "GET", "/api/passes?status=issued", reader).json()["items"]
    assert [item["id"] for item in issued] == [found.id]


def test_the_list_shows_no_secret(story: Story) -> None:
    """Neither a code nor a key nor a sealed pass nor a mail address is in any answer about passes."""
    case = asked(story).until("issued")
    key, row = case.link().key, story.rows()[0]
    answers = send(story, "GET", "/api/passes", OLU), send(story, "GET", f"/api/passes/{case.id}", OLU)
    assert {answer.headers.get("cache-control") for answer in answers} == {"no-store"}, "it names people"
    text = "".join(answer.text() for answer in answers)
    for secret in (key, case.hire.manager_mail.split("@")[0] + "@", "sealed", "public_key"):
        assert secret not in text.replace(case.hire.upn, ""), secret
    assert row["doc"]


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("POST", "/api/passes", "Pass.Read"),
        ("GET", "/api/passes", "Pass.Request"),
        ("POST", "/api/passes/{id}/resend", "Pass.Read"),
        ("DELETE", "/api/passes/{id}", "Pass.Read"),
        ("POST", "/api/passes/{id}/confirm", "Pass.Request"),
        ("POST", "/api/passes/{id}/retry", "Pass.Request"),
    ],
)
def test_each_route_wants_its_role(story: Story, method: str, path: str, role: str) -> None:
    """Nobody gets 401, the wrong role 403, and the answer names the right one."""
    path = path.format(id="0" * 25)
    assert story.world.request(method, path, json_body={}).status == 401
    token = story.company.token("somebody", role, app=True)
    answer = story.world.request(method, path, json_body={}, headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 403
    assert "Pass." in answer.json()["detail"]


def test_a_guid_names_a_user_as_well(story: Story) -> None:
    """The object id leads to the same account as the name."""
    hire = story.hire()
    user_id = story.company.directory()["people"]["amelie-brandt"]["id"]
    answer = ask(story, user_id)
    Case(story, hire, answer.json()["id"]).until("issued")
