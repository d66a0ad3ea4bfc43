"""A hire collects with a link of his own and a code that Entra's manager tells him, where settings name that route."""

import json
import re
from typing import Any

from sandbox.http import Answer
from sandbox.people import LinkInMail
from shared.handover.pickup import PAUSES
from tests.doorways.story import DESK, Case, Story
from tests.doorways.test_ad_hoc import send

WRONG = "BCDF-GHJK"


def with_chains(story: Story, **chains: tuple[str, ...]) -> None:
    """Let offices have a chain of their own; every other has the one for all."""
    sites = json.loads(story.world.settings()["SITES"])
    for office, chain in chains.items():
        sites[office]["collectorChain"] = chain
    story.world.restart_host(extra_settings={"SITES": json.dumps(sites)})


def home(case: Case) -> str:
    """Return a private address of the hire."""
    return f"{case.hire.employee_id.casefold()}@home.example"


def posted(story: Story, key: str, office: str, named: str | None = "", held: str = "") -> Case:
    """Let HR announce somebody who works at an office, with a private address; and Entra hold the same, or another."""
    hire = story.hire(key)
    address = f"{hire.employee_id.casefold()}@home.example"
    known = {"officeLocation": office, "otherMails": [held or address]}
    story.change("upsert-user", user={"userPrincipalName": hire.upn, **known})
    return story.posts(hire, emails=[{"type": "home", "value": named or address}] if named is not None else None)


def link(case: Case) -> LinkInMail:
    """Return the newest link that the hire has."""
    return case.story.links(home(case))[-1]


def brings(case: Case, question: str, code: str | None, visit: str, **more: Any) -> Answer:
    """Ask what the hire's page asks: signed in as nobody."""
    body = {"visit": visit, "claim": visit, **({"code": code} if code else {}), **more}
    return case.story.company.ask(more.pop("link", None) or link(case), question, None, **body)


def test_the_link_goes_to_the_hire_and_the_code_to_the_manager(story: Story) -> None:
    """Neither mail has both; five wrong codes are told; one request begins anew; and the pass opens the account."""
    with_chains(story, Berlin=("hire+manager", "manager", "desk"))
    case = posted(story, "amelie-brandt", "Berlin").until("issued")
    company, manager = story.company, case.hire.manager_mail
    code, mine = company.code(manager, case.hire), company.claim()
    assert [mail["subject"] for mail in story.mails(home(case))] == ["Your first sign-in: your link (number 1)"]
    assert not [mail for mail in story.mails(home(case)) if code in mail["text"]]
    assert story.links(manager) == story.links(DESK) == []
    assert (case.read()["collector"]["route"], case.read()["warning"]) == ("hire+manager", None)
    case.opens()
    refused = [
        brings(case, "reveal", None, mine),
        brings(case, "state", WRONG, mine),
        brings(case, "state", code, mine),
        brings(case, "state", code, mine, key=company.claim()),
        company.ask(link(case), "reveal", company.token(case.hire.manager), claim=mine, code=code),
    ]
    assert {(answer.status, answer.text()) for answer in refused} == {(403, refused[0].text())}
    for pause in PAUSES:
        story.world.advance(f"PT{int(pause.total_seconds())}S")
        assert brings(case, "state", WRONG, mine).status == 403
    story.later(minutes=2)
    assert brings(case, "state", code, mine).status == 403, "the right one, too late"
    locked(case, manager)
    dead = link(case)
    assert send(story, "POST", f"/api/passes/{case.id}/resend").status == 202
    case.until("issued")
    fresh = company.code(manager, case.hire)
    assert company.ask(dead, "state", None, visit=mine, claim=mine, code=code).status == 403
    assert brings(case, "state", f" {fresh.lower().replace('-', ' ')} ", mine).json()["state"] == "open"
    assert "code-locked" not in case.read()["told"]
    shown = brings(case, "reveal", None, mine)
    assert shown.status == 200, shown.text()
    assert brings(case, "reveal", None, mine, done=True).json() == {"done": True}
    case.valid()
    assert case.signs_in(shown.json()["pass"])["signedIn"] is True
    by = {entry["what"]: story.who(case.id).get(entry["by"], entry["by"]) for entry in case.read()["history"]}
    assert by["opened"] == by["pick-up code brought"] == story.account(case.hire)
    assert by["wrong pick-up code"] == "app"
    written = "".join(story.world.logs().values()) + json.dumps(story.rows()) + json.dumps(case.read())
    for secret in (code, fresh, fresh.replace("-", ""), mine, link(case).key, shown.json()["pass"]):
        assert secret not in written


def locked(case: Case, manager: str) -> None:
    """See that whoever has to hear of the lock has, without link or code, and that the manager does not undo it."""
    story, seen = case.story, case.read()
    assert (seen["status"], "code-locked" in seen["told"]) == ("issued", True)
    assert "Five wrong pick-up codes" in seen["warning"]
    told = [mail for mail in story.mails() if "code any more" in mail["subject"]]
    assert {mail["to"][0] for mail in told} == {manager, DESK}
    assert not re.search(r"#[A-Za-z0-9_-]{43}|[B-Z]{4}-[B-Z]{4}", "".join(mail["html"] for mail in told))
    story.change("set-app-roles", user=case.hire.manager, roles=["Pass.Request"])
    own = send(story, "POST", f"/api/passes/{case.id}/resend", case.hire.manager)
    assert (own.status, own.json()["type"]) == (403, "urn:day-one-pass:problem:own-case"), "the code would be his"


def test_where_the_address_is_not_certain_the_next_of_the_chain_collects_and_never_another(story: Story) -> None:
    """HR's word alone is no address; who stands in reads why; and the link dies when the hire can collect after all."""
    with_chains(story, Berlin=("hire+manager", "manager"), Denver=("hire+manager",))
    stands_in = posted(story, "amelie-brandt", "Berlin", held="somebody.else@home.example")
    alone = {
        "hire-mail-differs": posted(story, "jonas-keller", "Denver", held="somebody.else@home.example"),
        "hire-mail-missing": posted(story, "zofia-nowak", "Denver", named=None),
        "hire-mail-not-private": posted(story, "ole-ohnegeraet", "Denver", "b@larkspur.example", "b@larkspur.example"),
    }
    stands_in.until("invited")
    assert {reason: case.reason for reason, case in alone.items()} == dict(zip(alone, alone, strict=True))
    assert {found.onboarding for found in story.links()} == {stands_in.id}, "Denver's chain names nobody else"
    why = "for the hire's private address in the HR system is none that Entra holds"
    assert why in story.mails(stands_in.hire.manager_mail)[-1]["text"]
    assert f"collects, {why}." in stands_in.read()["warning"]
    managers = stands_in.link()
    story.change("upsert-user", user={"userPrincipalName": stands_in.hire.upn, "otherMails": [home(stands_in)]})
    stands_in.until("issued")
    assert stands_in.read()["collector"]["route"] == "hire+manager"
    stands_in.opens()
    assert stands_in.state(link=managers).status == 403
    code = story.company.code(stands_in.hire.manager_mail, stands_in.hire)
    assert brings(stands_in, "reveal", code, story.company.claim()).status == 200
