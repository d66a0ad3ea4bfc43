"""Is it alive, and can it be stopped?"""

import json
from datetime import datetime, timedelta

import pytest

from shared.passes.budget import KIND, NAME
from shared.planning.slots import first_slot
from tests.doorways.story import ADMIN, DESK, RATE, START, Story


def test_before_the_first_sweep_it_is_not_alive(story: Story) -> None:
    """An app whose schedule never ran says so, with the status that monitors look at."""
    answer = story.get("/api/health")
    assert (answer.status, answer.json()) == (503, {"status": "not-alive"})


def test_alive_after_a_sweep_and_not_after_five_minutes_without(story: Story) -> None:
    """The sweep's own row tells: fresh is alive, stale is not, and one more sweep mends it."""
    story.sweep()
    assert (story.get("/api/health").status, story.get("/api/health").json()) == (200, {"status": "alive"})
    story.world.advance("PT5M10S")
    assert story.get("/api/health").status == 503
    story.sweep()
    assert story.get("/api/health").status == 200


@pytest.mark.parametrize(("role", "sees"), [("Pass.Read", True), ("Pass.Admin", True), ("Pass.Request", False)])
def test_details_are_for_those_who_may_read(story: Story, role: str, sees: bool) -> None:
    """Anyone learns alive or not; what it is busy with is for Pass.Read and Pass.Admin."""
    story.sweep()
    details = story.get("/api/health", story.company.token("olu.bakare@larkspur.example", role)).json()
    assert ("due" in details) == sees


def test_what_waits_in_the_queues_is_counted(story: Story) -> None:
    """The details say how much was due at the last sweep, and of what kind; one hint does scope and look."""
    case = story.posts(story.hire())
    story.at(case.read()["plan"]["noticeAt"])
    details = story.get("/api/health", story.company.token(ADMIN)).json()
    assert (details["due"], details["released"], details["overdue"]) == (3, 2, 0)
    assert details["steps"] == {"notice": 1, "scope": 1, "check-device": 1}
    story.later(minutes=1)
    assert story.get("/api/health", story.company.token(ADMIN)).json()["due"] == 0


def test_with_storage_down_it_is_not_alive(story: Story) -> None:
    """Storage that refuses the app is a 503 with a problem, not a crash."""
    story.fault("/msi/token.*storage", status=403)
    story.world.restart_host()
    answer = story.get("/api/health")
    story.mended()
    assert (answer.status, answer.json()["type"]) == (503, "urn:day-one-pass:problem:storage-unavailable")


def test_paused_there_are_no_links_and_no_passes_until_it_is_off(story: Story) -> None:
    """PAUSE_ISSUING: events are taken, no link and no pass is made; taken off, the way goes on by itself."""
    story.world.restart_host(extra_settings={"PAUSE_ISSUING": "true"})
    case = story.posts(story.hire())
    for time in ("05:15", "05:25", "05:45"):
        story.at(f"{START}T{time}:00Z")
    assert (case.status, case.reason) == ("waiting", "paused")
    assert (story.links(), story.passes(), story.mails(DESK)) == ([], [], [])
    story.world.restart_host(extra_settings={"PAUSE_ISSUING": "false"})
    case.until("issued")
    case.collected()


def slots_taken(story: Story, until: datetime) -> None:
    """Let a wave of others have taken every slot of the budget before an instant."""
    first = first_slot(until, RATE).index
    state = {"rate": RATE, "next_regular": first, "next_ad_hoc": first, "not_before": None}
    story.world.storage.table("leases").upsert_entity(
        {"PartitionKey": KIND, "RowKey": NAME, "writer": "", "state": json.dumps(state)}
    )


def test_paused_between_link_and_pass(story: Story) -> None:
    """Paused when the link is out, and the hint for the pass lies in its queue already: its turn comes, and no pass.

    Nor within the minute; the same link opens the pass when it goes on.
    """
    case = story.posts(story.hire()).until("invited")
    link = case.link()
    story.world.set_clock(f"{START}T05:21:00Z")
    slots_taken(story, story.now() + timedelta(seconds=6))
    story.post("/admin/functions/sweep")
    story.get("/_host/idle?patience=20")
    story.world.restart_host(extra_settings={"PAUSE_ISSUING": "true"})
    assert story.world.storage.count("issue-pass") == 1
    story.world.wait_idle()
    assert (case.reason, story.asked("POST", "temporaryAccessPassMethods")) == ("paused", [])
    story.later(minutes=1)
    assert (case.reason, story.passes()) == ("paused", [])
    story.world.restart_host(extra_settings={"PAUSE_ISSUING": "false"})
    case.until("issued")
    case.opens()
    assert case.reveal(story.company.claim(), link=link).status == 200


def test_paused_what_must_go_still_goes(story: Story) -> None:
    """A withdrawn hire's pass is deleted while issuing is paused."""
    case = story.posts(story.hire()).until("issued")
    story.world.restart_host(extra_settings={"PAUSE_ISSUING": "true"})
    story.world.advance("PT1M")
    story.posts(case.hire, kind="hire.cancelled")
    story.later(minutes=1)
    assert story.passes() == []


def test_observing_changes_nothing_in_the_tenant(story: Story) -> None:
    """MODE=observe plans, checks and reports, and sends Graph nothing but reads, all day long."""
    story.world.restart_host(extra_settings={"MODE": "observe"})
    good, bad = story.posts(story.hire()), story.posts(story.hire("gesa-gesperrt"))
    for time in ("04:00", "05:15", "05:21", "06:00", "12:00", "16:01", "16:30"):
        story.at(f"{START}T{time}:00Z")
    requests = story.world.control("GET", "requests").json()["requests"]
    assert {request["method"] for request in requests} == {"GET"}
    assert any(entry["reason"] == "observing" for entry in good.read()["history"])
    assert any(entry["reason"] == "account-disabled" for entry in bad.read()["history"])
    assert (story.mails(), story.passes()) == ([], [])
