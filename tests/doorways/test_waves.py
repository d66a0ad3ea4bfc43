"""Many hires on one morning: issuing begins early enough, and where that cannot be people hear of it before."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from sandbox.world import World
from shared.planning.waves import passes_per_minute
from tests.doorways.story import DESK, NOW, START, Story
from tests.survival.harness.crowd import Crowd

OPENS = datetime.fromisoformat("2030-06-03T05:30:00Z")
USUAL = OPENS - timedelta(minutes=10)


def crowd_of(world: World, size: int, rate: int) -> Crowd:
    """Make a crowd in a tenant and for an app of one rate."""
    world.restart_host(extra_settings={"PASS_REQUESTS_PER_10_SECONDS": str(rate)})
    crowd = Crowd(world, size, rate, begins=NOW, start=OPENS.date())
    crowd.begin(reset=False)
    return crowd


def coming_week(story: Story) -> dict[str, Any]:
    """Read what health says of the passes to come."""
    return dict(story.get("/api/health", story.company.token("auditor", "Pass.Read", app=True)).json()["comingWeek"])


@pytest.mark.long
def test_twenty_on_one_morning_are_begun_earlier_and_all_ready_before_their_window(story: Story) -> None:
    """Those the usual minute cannot hold are made in the minute before, after their links; hours stay as they were."""
    rate = 8  # 1.6 times what Graph grants: 16 passes a minute
    crowd = crowd_of(story.world, 20, rate)
    crowd.announce()
    crowd.go("2030-05-31T14:00:00+00:00")
    story.world.run_timer("sweep", 240)
    assert coming_week(story) | {"at": ""} == {
        "at": "", "passes": 20, "lastReadyAt": (USUAL + timedelta(minutes=1)).isoformat(), "late": [],
    }  # fmt: skip
    planned = Counter(datetime.fromisoformat(row["plan"]["issue_at"]) for row in crowd.rows())
    most = passes_per_minute(rate)
    assert planned == {USUAL: most, USUAL - timedelta(minutes=1): 20 - most}
    early = [row for row in crowd.rows() if "brought-forward" in row["plan"]["exceptions"]]
    assert len(early) == 20 - most
    assert {row["plan"]["opens"] for row in crowd.rows()} == {"2030-06-03T05:30:00Z"}
    crowd.invited()
    crowd.bring(lambda row: row["status"] == "issued", (USUAL - timedelta(minutes=1)).isoformat())
    made = [datetime.fromisoformat(row["issued"]["made_at"]) for row in crowd.rows()]
    assert max(made) < OPENS
    assert len(crowd.requests("POST", "temporaryAccessPassMethods")) == 20
    assert story.mails(DESK) == []


def test_more_than_can_be_ready_are_forecast_and_the_desk_is_told(story: Story) -> None:
    """Heard of minutes before, at one pass a minute: health and a mail say how many come late, and by how much."""
    crowd = crowd_of(story.world, 8, 1)
    story.world.set_clock("2030-06-03T05:25:10Z")
    crowd.announce()
    story.world.run_timer("sweep", 120)
    seen = coming_week(story)
    (late,) = seen["late"]
    assert seen["passes"] == 8
    assert late["window"] == "2030-06-03T05:30:00+00:00"
    assert late["passes"] == late["byMinutes"] >= 4
    (mail,) = [mail for mail in story.mails(DESK) if "cannot be ready" in mail["subject"]]
    assert mail["subject"].startswith(str(late["passes"]))
    assert f"{late['passes']} passes late, by up to 0:0{late['byMinutes']} hours" in mail["text"]
    assert "PASS_REQUESTS_PER_10_SECONDS" in mail["text"]


def test_many_groups_in_one_wave_respect_intunes_limit_and_none_is_lost(story: Story) -> None:
    """Refused, each waits for as long as Intune asks and tries again, until each group was written once."""
    story.change("set-intune-throttle", writes=0)
    before = story.company.directory()["profile"]["assignments"]
    story.world.set_clock("2030-06-01T09:00:00Z")
    hires = story.company.hires()[::2]
    for hire in hires:
        story.company.post(story.company.event(hire, START))
    story.sweep()
    assert {one["status"] for one in story.asked("POST", "/assign$")} == {429}
    assert "tenant-throttled" in {story.case(hire).read()["webSignIn"]["reason"] for hire in hires}
    story.change("set-intune-throttle", writes=2)
    groups, states = {hire.group for hire in hires}, {"waiting"}
    for _ in range(len(groups)):
        story.later(minutes=3)
        states = {story.case(hire).read()["webSignIn"]["status"] for hire in hires}
        if states == {"in-scope"}:
            break
    assert states == {"in-scope"}
    assert Counter(one["status"] for one in story.asked("POST", "/assign$"))[200] == len(groups) >= 5
    after = story.company.directory()["profile"]["assignments"]
    assert after[: len(before)] == before
    assert {one["target"]["groupId"] for one in after[len(before) :]} == groups
