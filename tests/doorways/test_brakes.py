"""The brakes through the doorways: what a thief of an HR source's secret would do waits for a person, all of it."""

import json
from typing import Any

from sandbox.http import Answer
from sandbox.people import HireOfCompany
from sandbox.settings import hr_source
from tests.doorways.story import ADMIN, DESK, START, Case, Story

TODAY = "2030-05-27"
STEADY = {"perHour": 3, "perDay": 5, "usualPerDay": 4, "startsToday": 1}


def confirm_all(story: Story, reason: str, until: str, by: str = ADMIN, **more: Any) -> Answer:
    """Let a Pass.Admin let go of all of the source that are held back for a reason."""
    body = {"source": "acme", "reason": reason, "heldUntil": until, **more}
    answer = story.post("/api/passes/confirm", story.company.token(by, "Pass.Admin"), body)
    story.world.wait_idle()
    return answer


def anew(story: Story, hire: HireOfCompany, start: str, kind: str, **changes: Any) -> Case:
    """Let HR say something of a hire, a minute later."""
    story.world.advance("PT1M")
    return story.posts(hire, start, kind=kind, **changes)


def standing(cases: list[Case]) -> list[tuple[str, str | None]]:
    """Read where each stands, and why."""
    return [(case.status, case.reason) for case in cases]


def test_each_brake_holds_back_tells_once_and_is_let_go_by_a_person(story: Story) -> None:
    """By hour and day, beyond what is usual, to today, of today, to nowhere: stored, told once, let go of by people."""
    sources = {"acme": {**hr_source(), "limits": STEADY}}
    story.world.restart_host(extra_settings={"HR_SOURCES": json.dumps(sources)})
    flood = [story.posts(story.newcomer()) for _ in range(3)]
    flood += [story.posts(story.newcomer(), site="Atlantis" if number else "Berlin") for number in range(2)]
    assert standing(flood) == [("planned", None)] * 3 + [("waiting", "over-hourly-limit")] * 2
    seen = flood[4].read()
    assert seen["hold"]["reasons"] == ["over-hourly-limit", "unknown-site"]
    assert seen["releasable"]
    assert seen["history"][0] | {"what": "event: planned", "why": "over-hourly-limit"} == seen["history"][0]

    moved = anew(story, flood[0].hire, TODAY, "hire.updated", startTime="14:00")
    assert (moved.id, moved.status) == (flood[0].id, "waiting")
    assert moved.read()["hold"]["reasons"] == ["over-hourly-limit", "moved-to-today"]
    assert moved.confirmed().status == 202
    story.world.advance("PT2H")
    first, second = (story.posts(story.newcomer(), TODAY, startTime="15:00") for _ in range(2))
    assert first.read()["hold"]["reasons"] == ["over-daily-limit", "many-starts-today"]
    assert second.reason == "over-daily-limit"
    story.world.advance("PT25H")
    calm = [story.posts(story.newcomer()) for _ in range(3)]
    story.world.advance("PT2H")
    unusual = [story.posts(story.newcomer()) for _ in range(2)]
    assert standing([*calm, *unusual])[2:] == [("planned", None)] * 2 + [("waiting", "unusual-volume")]

    away = anew(story, flood[3].hire, START, "hire.cancelled")
    back = anew(story, away.hire, START, "hire.created")
    assert (away.status, back.id != away.id) == ("cancelled", True)
    assert (back.status, back.reason) == ("waiting", "over-hourly-limit"), "withdrawn and announced anew"
    told = [mail for mail in story.mails(DESK) if "held back" in mail["subject"]]
    assert [mail["subject"] for mail in told] == [
        "acme: hires are held back (over-hourly-limit)",
        "acme: hires are held back (unusual-volume)",
    ], "once for each burst, however many are in it"

    before = story.world.now()
    late = anew(story, flood[4].hire, START, "hire.updated", site="Nowhere")
    assert confirm_all(story, "over-hourly-limit", "2031-01-01T00:00:00Z").status == 422
    assert confirm_all(story, "account-too-old", before).json()["errors"][0]["field"] == "/reason"
    done = confirm_all(story, "over-hourly-limit", before).json()
    assert done == {"onboardings": [{"id": back.id, "status": "planned"}], "left": 1}, "late was shaped since"
    assert standing([back, late]) == [("planned", None), ("waiting", "over-hourly-limit")]
    for reason in ("unknown-site", None):
        assert late.confirmed().status == 202
        assert late.reason == reason
    released = [entry for entry in late.read()["history"] if entry["what"] == "released"]
    assert [entry["why"] for entry in released] == ["over-hourly-limit", "unknown-site"]
    admin = story.company.directory()["people"]["mei-tanaka"]["id"]
    assert {story.who(late.id)[entry["by"]] for entry in released} == {admin}

    back.until("issued")
    told = [mail["subject"] for mail in story.mails(DESK) if "held back" in mail["subject"]]
    assert told[2:] == ["acme: hires are held back (unusual-volume)"], "of who still is, when the notice would be due"
    ended = [first, second, moved]
    assert standing(ended) == [
        ("expired", "over-daily-limit"),
        ("expired", "over-daily-limit"),
        ("expired", "moved-to-today"),
    ]
    for case in ended:
        assert not [mail for mail in story.mails() if case.id in mail["text"] and "held back" not in mail["subject"]]


def test_who_collects_lets_nobody_go(story: Story) -> None:
    """Whose case it is is not known before the account was looked for: then it takes somebody else after all."""
    case = story.posts(story.hire(), site="Atlantis")
    assert case.confirmed(case.hire.manager, "Pass.Admin").status == 202
    assert case.waits_for("release-needed")["collector"]
    assert case.confirmed(case.hire.manager, "Pass.Admin").status == 403
    assert case.confirmed().status == 202
    assert case.collected()


def test_no_way_round_brings_a_hire_forward_to_today(story: Story) -> None:
    """Not the secret of a second source, not two steps a minute apart, not a withdrawal and a start that cannot be."""
    sources = {name: {**hr_source(), "limits": {}} for name in ("acme", "other")}
    story.world.restart_host(extra_settings={"HR_SOURCES": json.dumps(sources)})
    case = story.posts(story.hire())
    event = story.company.event(case.hire, TODAY, startTime="14:00")
    assert story.company.post(event, source="other").json() == {"outcome": "planned"}
    story.world.wait_idle()
    second = next(row for row in story.rows() if row["RowKey"][2:] != case.id)
    assert (second["status"], second["reason"]) == ("waiting", "moved-to-today")

    by_steps = story.posts(story.newcomer())
    assert anew(story, by_steps.hire, TODAY, "hire.updated", startTime="23:10").status == "planned", "half a day ahead"
    story.world.advance("PT15M")
    assert anew(story, by_steps.hire, TODAY, "hire.updated", startTime="14:00").reason == "moved-to-today"

    called_off = anew(story, story.posts(story.newcomer()).hire, START, "hire.cancelled")
    anew(story, called_off.hire, START, "hire.created", timezone="Europe/Atlantis")
    assert anew(story, called_off.hire, TODAY, "hire.created", startTime="14:00").reason == "moved-to-today"
