"""A hire collects with a link of his own and a code that Entra's manager tells him, where settings name that route."""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sandbox.http import Answer
from sandbox.people import LinkInMail
from shared.handover.keys.pickup import PAUSES
from shared.onboarding.reasons import PASSED_OVER, Reason
from tests.doorways.story import DESK, Case, Story
from tests.doorways.test_ad_hoc import send
from tests.doorways.test_chain import OLU, TOMAS

WRONG = "BCDF-GHJK"
NO_MORE: Mapping[str, str] = MappingProxyType({})
TEAMS = {"TEAMS_APP": "aaaaaaaa-0000-4000-8000-000000000009"}


def with_chains(story: Story, settings: Mapping[str, str] = NO_MORE, /, **chains: tuple[str, ...]) -> None:
    """Let offices have a chain of their own; every other has the one for all. `settings` are others to go with it."""
    sites = json.loads(story.world.settings()["SITES"])
    for office, chain in chains.items():
        sites[office]["collectorChain"] = chain
    story.world.restart_host(extra_settings={"SITES": json.dumps(sites), **settings})


def home(case: Case) -> str:
    """Return a private address of the hire."""
    return f"{case.hire.employee_id.casefold()}@home.example"


def posted(
    story: Story, key: str, office: str, named: str | None = "", held: str = "", *, language: str | None = None
) -> Case:
    """Let HR announce somebody who works at an office, with a private address; and Entra hold the same, or another.

    Without a key it is one more hire of the manager of the first.
    """
    hire = story.hire(key) if key else story.newcomer()
    address = f"{hire.employee_id.casefold()}@home.example"
    known = {"officeLocation": office, "otherMails": [held or address], "preferredLanguage": language}
    story.change("upsert-user", user={"userPrincipalName": hire.upn, **known})
    return story.posts(hire, emails=[{"type": "home", "value": named or address}] if named is not None else None)


def link(case: Case) -> LinkInMail:
    """Return the newest link that the hire has."""
    return case.story.links(home(case))[-1]


def brings(case: Case, question: str, code: str | None, visit: str, **more: Any) -> Answer:
    """Ask what the hire's page asks: signed in as nobody."""
    body = {"visit": visit, "claim": visit, **({"code": code} if code else {}), **more}
    return case.story.company.ask(more.pop("link", None) or link(case), question, None, **body)


def test_the_hire_has_the_link_and_the_manager_the_code_or_whoever_the_chain_names(story: Story) -> None:
    """No mail has both; where the address is not certain, the next of the chain collects and never another.

    Five wrong codes are told; one request of the desk begins anew; and the pass opens the account.
    """
    with_chains(story, TEAMS, Berlin=("hire+manager", "manager", "desk"), Denver=("hire+manager", "desk"))
    story.change("grant-permission", permission="TeamsActivity.Send")
    case = posted(story, "amelie-brandt", "Berlin", language="de-AT")
    stands_in = posted(story, "jonas-keller", "Berlin", held="somebody.else@home.example")
    posted(story, "", "Berlin")
    alone = {
        "hire-mail-differs": posted(story, "zofia-nowak", "Denver", held="somebody.else@home.example"),
        "hire-mail-missing": posted(story, "anna-altbau", "Denver", named=None),
        "hire-mail-not-private": posted(story, "ole-ohnegeraet", "Denver", "o@larkspur.example", "o@larkspur.example"),
    }
    stands_in.until("invited")
    assert nudged(stands_in) == {204}
    story.change("upsert-user", user={"userPrincipalName": case.hire.manager, "teamsApp": False})
    assert [reason for reason, one in alone.items() if PASSED_OVER[Reason(reason)] not in one.read()["warning"]] == []
    assert {found.onboarding for found in story.links(DESK)} == {one.id for one in alone.values()}, "no manager there"
    managers = told_whom_he_stands_in_for(stands_in)
    story.change("upsert-user", user={"userPrincipalName": stands_in.hire.upn, "otherMails": [home(stands_in)]})
    case.until("issued")
    stands_in.until("issued")
    assert (stands_in.read()["collector"]["route"], stands_in.read()["warning"]) == ("hire+manager", None)
    assert stands_in.state(link=managers).status == 403, "the hire collects after all, by a link of his own"
    code, mine = in_two_mails(case), story.company.claim()
    case.opens()
    locked_by_wrong_codes(case, code, mine)
    told_of_the_lock(case)
    dead = link(case)
    renewed_by_who_holds_the_code(case)
    fresh = story.company.code(case.hire.manager_mail, case.hire)
    assert story.company.ask(dead, "state", None, visit=mine, claim=mine, code=code).status == 403
    assert brings(case, "state", f" {fresh.lower().replace('-', ' ')} ", mine).json()["state"] == "open"
    assert "code-locked" not in case.read()["told"]
    shown = brings(case, "reveal", None, mine)
    assert shown.status == 200, shown.text()
    assert brings(case, "reveal", None, mine, done=True).json() == {"done": True}
    case.valid()
    assert case.signs_in(shown.json()["pass"])["signedIn"] is True
    story.sweep()
    assert "opened" in case.read()["told"]
    told_of_all_three_in_one_mail(case)
    by = {entry["what"]: story.who(case.id).get(entry["by"], entry["by"]) for entry in case.read()["history"]}
    assert by["opened"] == by["pick-up code brought"] == story.account(case.hire)
    assert by["wrong pick-up code"] == "app"
    assert nudged(case) == {204, 403}, "Teams refused, and nothing waited for it"
    written = "".join(story.world.logs().values()) + json.dumps([story.rows(), case.read(), story.asked("POST")])
    for secret in (code, fresh, fresh.replace("-", ""), mine, link(case).key, shown.json()["pass"]):
        assert secret not in written


def nudged(case: Case) -> set[int]:
    """Return how Teams answered what it was asked to tell the manager of a hire."""
    people = case.story.company.directory()["people"].values()
    manager = next(person["id"] for person in people if person["upn"] == case.hire.manager)
    asked = case.story.asked("POST", f"/users/{manager}/teamwork/sendActivityNotification$")
    return {one["status"] for one in asked}


def told_whom_he_stands_in_for(case: Case) -> LinkInMail:
    """See that the manager, and whoever reads the status, learns why it is not the hire; return the manager's link."""
    why = "for the hire's private address in the HR system is none that Entra holds"
    mails = case.story.mails(case.hire.manager_mail)
    assert [mail for mail in mails if why in mail["text"] and case.link().key in mail["text"]]
    assert f"collects, {why}." in case.read()["warning"]
    return case.link()


def in_two_mails(case: Case) -> str:
    """See that the hire has a link without a name in its subject, and the manager a code; return the code."""
    (mail,) = case.story.mails(home(case))
    code = case.story.company.code(case.hire.manager_mail, case.hire)
    assert mail["subject"] == "Ihre erste Anmeldung: Ihr Link (Nummer 1)", "the hire's language is not the manager's"
    assert f"/pass/{case.id}?lang=de#" in mail["html"]
    assert code
    assert code not in mail["text"]
    assert case.id not in {found.onboarding for found in case.story.links(case.hire.manager_mail)}
    return code


def locked_by_wrong_codes(case: Case, code: str, mine: str) -> None:
    """Bring five wrong codes with their pauses, and see that all that falls short is answered alike."""
    company, manager = case.story.company, case.story.company.token(case.hire.manager)
    refused = [
        brings(case, "reveal", None, mine),
        brings(case, "state", WRONG, mine),
        brings(case, "state", code, mine),
        brings(case, "state", code, mine, key=company.claim()),
        company.ask(link(case), "reveal", manager, claim=mine, code=code),
    ]
    for pause in PAUSES:
        case.story.world.advance(f"PT{int(pause.total_seconds())}S")
        refused.append(brings(case, "state", WRONG, mine))
    case.story.later(minutes=2)
    refused.append(brings(case, "state", code, mine))
    assert {(answer.status, answer.text()) for answer in refused} == {(403, refused[0].text())}


def renewed_by_who_holds_the_code(case: Case) -> None:
    """See that the manager has link and code made anew by his sign-in alone, and nobody else, nor for another hire."""
    company, manager = case.story.company, case.story.company.token(case.hire.manager)
    others = (company.token(TOMAS), company.token(OLU, "Pass.HandOver"), None)
    refused = [company.ask(link(case), "code", token, fresh=True) for token in others]
    assert [answer.status for answer in refused] == [403, 403, 401]
    page = case.story.get(f"/pass/{case.id}/code")
    assert (page.status, "A fresh link and code" in page.text()) == (200, True)
    stood = [company.ask(link(case), "code", manager, **body).json()["state"] for body in ({}, {"fresh": True}, {})]
    assert stood == ["locked", "on-its-way", "on-its-way"]
    case.until("issued")
    assert company.ask(link(case), "code", manager).json() == {"state": "not-locked"}
    by = {entry["what"]: case.story.who(case.id).get(entry["by"]) for entry in case.read()["history"]}
    assert by["fresh code asked for by its holder"] == next(
        person["id"] for person in company.directory()["people"].values() if person["upn"] == case.hire.manager
    )


def told_of_all_three_in_one_mail(case: Case) -> None:
    """See that the manager of three has no mail for one that was opened, and one for all as two of them are late."""
    case.story.at("2030-06-03T06:31:00Z")
    told = [mail for mail in case.story.mails(case.hire.manager_mail) if "opened" in mail["subject"]]
    assert [mail["subject"] for mail in told] == ["First sign-ins on Monday 3 June 2030: 1 of 3 opened"]
    assert not re.search(r"/pass/|#[A-Za-z0-9_-]{43}|[B-Z]{4}-[B-Z]{4}", told[0]["html"] + told[0]["text"])


def told_of_the_lock(case: Case) -> None:
    """See that whoever has to hear of the lock has, without link or code, and that the manager does not undo it."""
    story, seen = case.story, case.read()
    assert (seen["status"], "code-locked" in seen["told"]) == ("issued", True)
    assert "Five wrong pick-up codes" in seen["warning"]
    told = [mail for mail in story.mails() if "code any more" in mail["subject"]]
    assert {mail["to"][0] for mail in told} == {case.hire.manager_mail, DESK}
    assert not re.search(r"#[A-Za-z0-9_-]{43}|[B-Z]{4}-[B-Z]{4}", "".join(mail["html"] for mail in told))
    story.change("set-app-roles", user=case.hire.manager, roles=["Pass.Request"])
    own = send(story, "POST", f"/api/passes/{case.id}/resend", case.hire.manager)
    assert (own.status, own.json()["type"]) == (403, "urn:day-one-pass:problem:own-case"), "the code would be his"
