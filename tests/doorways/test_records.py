"""An HR system that tells nothing but an id: the record is read, and all that keeps it from being read is said."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.hr.server import Fault, RecordApi
from sandbox.hr.shapes import CREDENTIALS, Person
from sandbox.people import HireOfCompany
from tests.doorways.story import DESK, START, Story
from tests.shared.sources.kinds.hibob import SECRETS, event, sign

RECORD = "3332883854254932743"
SOURCES = {
    "bob": {
        "kind": "hibob",
        "secrets": {"2026-a": "HR_BOB_A"},
        "api": {"credentials": {name: f"HR_BOB_{name}" for name in CREDENTIALS["hibob"]}},
    }
}


@pytest.fixture
def bob(story: Story) -> Iterator[RecordApi]:
    """Give the story an HR system that answers for its records."""
    with RecordApi("hibob") as api:
        sources = {"bob": {**SOURCES["bob"], "api": {**SOURCES["bob"]["api"], "baseUrl": api.address}}}
        held = {f"HR_BOB_{name}": value for name, value in CREDENTIALS["hibob"].items()}
        settings = {"HR_SOURCES": json.dumps(sources), "HR_BOB_A": SECRETS["2026-a"], **held}
        story.world.restart_host(extra_settings=settings)
        api.people["1"] = Person("LK-0001", "Ada", "Founder", "2020-01-06")
        yield api


def posts(story: Story, body: bytes) -> None:
    """Let Bob post, and see it acknowledged as Bob wants it."""
    answer = story.world.request("POST", "/api/hr/bob", body=body, headers=sign(SECRETS["2026-a"], body))
    assert (answer.status, answer.body) == (200, b"")


def waiting(story: Story) -> list[dict[str, Any]]:
    """Read what the health report says of Bob's records."""
    health = story.get("/api/health", story.company.token("auditor", "Pass.Read", app=True)).json()
    return list(health["recordsWaiting"].get("bob", []))


def person(hire: HireOfCompany, start: str = START) -> Person:
    """Write a hire as Bob has him."""
    first, _, last = hire.name.partition(" ")
    return Person(hire.employee_id, first, last, start, hire.upn, hire.site)


def test_a_hire_of_whom_only_an_id_was_told_gets_a_pass_and_every_hindrance_is_said(
    story: Story, bob: RecordApi
) -> None:
    """Down, shut, gone, unfinished: nothing is lost; then planned as the record says, moved without an event, had."""
    hire = story.hire()
    posts(story, event(employeeId=RECORD))
    posts(story, event(employeeId=RECORD))
    hindrances = (
        (Fault(429, "60"), "source-unavailable"),
        (Fault(401), "source-access-refused"),
        (None, "record-missing"),
        (None, "record-incomplete"),
    )
    for fault, reason in hindrances:
        bob.fault = fault
        if reason == "record-incomplete":
            bob.people[RECORD] = person(hire, start="")
        story.later(minutes=31)
        (seen,) = waiting(story)
        assert (seen["reason"], seen["records"]) == (reason, 1)
        assert seen["advice"]
    told = [mail["subject"] for mail in story.mails(DESK)]
    assert len(told) == 2, "only what people have to mend, and once"
    assert story.rows() == []

    bob.people[RECORD] = person(hire, start="2030-06-10")
    story.later(hours=7)
    case = story.case(hire)
    assert case.read()["plan"]["start"].startswith("2030-06-10")
    assert waiting(story) == []
    bob.people[RECORD] = person(hire)
    story.later(hours=25)
    assert case.read()["plan"]["start"].startswith(START), "moved at the source, and no event told of it"
    assert case.collected()

    posts(story, event("employee.updated", employeeId="404"))
    bob.people["405"] = person(story.hire("diego-ramirez"), start="2030-06-12")
    posts(story, event(employeeId="405"))
    story.later(minutes=1)
    second = story.case(story.hire("diego-ramirez"))
    del bob.people["405"]
    bob.people["406"] = person(story.hire("zofia-nowak"), start="2030-06-13")
    story.later(hours=25)
    assert story.case(story.hire("zofia-nowak")).status == "planned", "no event told of her, and the list does"
    assert second.status == "planned", "nobody is called off because a list lacks him"
    assert {one["reason"]: one["records"] for one in waiting(story)} == {"record-missing": 2}
    assert [mail["subject"] for mail in story.mails(DESK)][-1] == "bob: 2 records differ from what is known"
    posts(story, event("employee.deleted", employeeId="405"))
    story.later(minutes=1)
    assert (second.status, second.reason) == ("cancelled", "cancelled-by-source")
