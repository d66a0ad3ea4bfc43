"""What is personal goes: by itself after a while, and at once where a person has asked for it."""

import json

from sandbox.http import Answer
from sandbox.people import HireOfCompany
from tests.doorways.story import ADMIN, START, Case, Story

DESK_PERSON = "noor.rahman@larkspur.example"
CANARIES = {
    "displayName": "Canary Displayname",
    "department": "Canary Department",
    "preferredLanguage": "de",
    "emails": [{"type": "home", "value": "canary.home@larkspur.example"}],
    "phoneNumbers": [{"type": "mobile", "value": "+49301234567"}],
    "device": {"serialNumber": "CANARYSERIAL", "deviceId": "0ca9a271-0000-4000-8000-000000000001"},
    "manager": {"externalId": "CANARYMANAGER", "userName": "canary.manager@larkspur.example"},
}
"""What an event may say of a person."""


def erased(story: Story, path: str, by: str = ADMIN) -> Answer:
    """Ask for a person to be erased, and let what that sets off be done."""
    token = story.company.token(by, "Pass.Admin")
    answer = story.world.request("DELETE", f"/api/people/{path}", headers={"Authorization": f"Bearer {token}"})
    story.world.wait_idle()
    return answer


def asked_by_hand(story: Story, hire: HireOfCompany) -> Case:
    """Have the desk ask for a pass for this account, next week."""
    headers = {"Authorization": f"Bearer {story.company.token(DESK_PERSON)}", "Idempotency-Key": "erase-me-1"}
    body = {"user": hire.upn, "reason": "Lost her phone", "start": "2030-06-10T09:00:00+02:00"}
    answer = story.world.request("POST", "/api/passes", json_body=body, headers=headers)
    assert answer.status == 202, answer.text()
    story.world.wait_idle()
    return Case(story, hire, str(answer.json()["id"]))


def personal(case: Case) -> list[str]:
    """Return all that tells who somebody is: of the event, of the account, of the manager, of the start."""
    people = case.story.company.directory()["people"]
    both = [people["amelie-brandt"], people["jana-hoffmann"]]
    told = [word for value in CANARIES.values() for word in _words(value)]
    entra = [str(one[name]) for one in both for name in ("upn", "name", "mail") if one.get(name)]
    return [*told, *entra, case.hire.employee_id, START]


def _words(value: object) -> list[str]:
    if isinstance(value, dict):
        return [word for one in value.values() for word in _words(one)]
    if isinstance(value, list):
        return [word for one in value for word in _words(one)]
    return [str(value)] if len(str(value)) > len("mobile") else []


def kept_of(story: Story, words: list[str]) -> set[str]:
    """Return which words stand anywhere in the tables, in a key, a column or a document; times of records aside."""
    rows = [row for table in ("onboardings", "people") for row in story.world.storage.rows(table)]
    text = json.dumps(rows, default=str, ensure_ascii=False) + json.dumps(rows, default=str)
    return {word for word in words if word in text and word != START}


def test_nothing_personal_outlives_its_time(story: Story) -> None:
    """Thirty days after the end names, addresses, numbers and plans are gone, a year after it who was who."""
    case = story.posts(story.hire(), **CANARIES)
    case.collected()
    words = personal(case)
    assert {"Canary Displayname", "CANARYSERIAL", "+49301234567", case.hire.employee_id} <= kept_of(story, words)
    for days in (1, 1, 1, 31):
        story.later(days=days)
    assert kept_of(story, words) == set()
    (row,) = story.rows()
    assert json.loads(row["doc"])["plan"] is None
    assert [entry for entry in story.world.storage.rows("people") if entry["RowKey"].startswith(("n|", "u|"))] == []
    jana = story.company.directory()["people"]["jana-hoffmann"]["id"]
    assert jana in story.who(case.id).values(), "who was who is kept for the audit"
    story.later(days=340)
    assert story.who(case.id) == {}
    assert jana not in json.dumps(story.world.storage.all_rows(), default=str)
    assert case.read()["next"] == {"pass": None, "webSignIn": None, "device": None}


def test_a_person_is_erased_at_once_and_does_not_come_back(story: Story) -> None:
    """A collected pass is deleted, then all is erased but who asked for it; a replay brings nobody back."""
    hire = story.hire()
    by_hand = asked_by_hand(story, hire)
    taken = {"Authorization": f"Bearer {story.company.token(DESK_PERSON)}"}
    assert story.world.request("DELETE", f"/api/passes/{by_hand.id}", headers=taken).status == 202
    event = story.company.event(hire, START, **CANARIES)
    assert story.company.post(event, "msg_erased").status == 202
    case = story.case(hire)
    code = case.collected()
    words = personal(case)
    answer = erased(story, f"acme/{hire.employee_id}")
    assert answer.status == 202
    found = {one["id"]: one["status"] for one in answer.json()["onboardings"]}
    assert found == {case.id: "cancelled", by_hand.id: "cancelled"}, "what was asked for by hand, too"
    assert erased(story, f"acme/{hire.employee_id}").status == 202, "asked again before it is done"
    assert case.reveal(story.company.claim()).status in {403, 409}, "the link is dead at once"
    for _ in range(3):
        story.later(minutes=3)
    assert story.passes() == [], "no pass is left that nobody knows of"
    assert case.signs_in(code)["signedIn"] is False
    assert kept_of(story, words) == set()
    assert erased(story, f"acme/{hire.employee_id}").json()["type"] == "urn:day-one-pass:problem:unknown-person"
    asked = next(entry for entry in case.read()["history"] if entry["what"] == "erasure asked for")
    assert story.who(case.id) == {asked["by"]: story.company.directory()["people"]["mei-tanaka"]["id"]}
    assert story.company.post(event, "msg_erased").json() == {"outcome": "replay"}
    assert len(story.rows()) == 2


def test_who_only_had_a_pass_by_hand_is_erased_by_account(story: Story) -> None:
    """No HR system knows an id of theirs: the source is ad-hoc, and the id the account's own."""
    hire = story.hire()
    case = asked_by_hand(story, hire)
    account = story.company.directory()["people"]["amelie-brandt"]["id"]
    assert erased(story, f"ad-hoc/{account}").json() == {"onboardings": [{"id": case.id, "status": "cancelled"}]}
    story.later(minutes=3)
    assert kept_of(story, [hire.upn, hire.name, "Lost her phone", account]) == set()
