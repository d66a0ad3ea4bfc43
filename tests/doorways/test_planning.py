"""Working days and the collector's own hours, as people hear of them."""

import json
from datetime import datetime

from tests.doorways.story import Story

WHIT_MONDAY = "2030-06-10"
BERLIN = {"timezone": "Europe/Berlin", "country": "DE", "subdivision": "BE", "holidays": ["2030-06-07"]}


def test_a_start_on_a_holiday_with_the_manager_across_the_ocean(story: Story) -> None:
    """Notice before company day and weekend; page early for the manager; said in mails and status; the pass on time."""
    hire = story.hire()
    settings = {
        "SITES": json.dumps({"Berlin": {**BERLIN, "deviceGroup": hire.group}}),
        "COLLECTOR_TIMEZONES": json.dumps({hire.manager: "America/Los_Angeles"}),
    }
    story.world.restart_host(extra_settings=settings)
    case = story.posts(hire, WHIT_MONDAY, startTime="09:00")
    seen = case.read()
    assert (seen["plan"]["exceptions"], seen["plan"]["noticeAt"]) == (["free-day"], "2030-06-06T14:00:00Z")
    assert "HR named" in seen["warning"]
    story.at(seen["plan"]["noticeAt"])
    plan = case.read()["plan"]
    assert plan["exceptions"] == ["free-day", "early-window"]
    assert (plan["linkAt"], plan["opensAt"]) == ("2030-06-09T22:00:00Z", "2030-06-09T23:00:00Z")
    assert plan["validFrom"] == f"{WHIT_MONDAY}T06:00:00Z"
    code = case.collected()
    assert story.now() < datetime.fromisoformat("2030-06-09T23:30:00Z")
    assert case.signs_in(code)["reason"] == "pass-not-yet-valid"
    for mail in story.mails(hire.manager_mail):
        assert "is a weekend or a public holiday there" in mail["text"]
        assert "Sunday 9 June 2030, 16:00 (America/Los_Angeles, UTC-07:00)" in mail["text"]
        assert "it works from Monday 10 June 2030, 08:00 (Europe/Berlin, UTC+02:00), and not before" in mail["text"]
    case.valid()
    assert case.signs_in(code)["signedIn"]
