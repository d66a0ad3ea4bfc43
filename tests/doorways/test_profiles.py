"""The profile and its companion: made where the app may, and the device side told what is missing."""

from tests.doorways.scenarios import PROFILE
from tests.doorways.story import DESK, Story

COMPANION = "Default sign-in"
HELLO = "{D6886603-9D2F-4EB2-B667-1971041FA96B}"


def test_a_missing_companion_holds_up_nothing_and_the_app_may_make_it(story: Story) -> None:
    """In scope, with what is missing told once; then both are made, assigned to the group, and the globe is there."""
    story.world.restart_host(extra_settings={"WEB_SIGN_IN_COMPANION": COMPANION})
    case = story.posts(story.hire())
    story.at(case.read()["plan"]["noticeAt"])
    seen = case.read()["webSignIn"]
    assert (seen["status"], seen["reason"]) == ("in-scope", "companion-not-in-scope")
    assert COMPANION in seen["detail"]
    assert len([mail for mail in story.mails(DESK) if COMPANION in mail["text"]]) == 1

    story.change("delete-profile", profile=PROFILE)
    story.world.restart_host(extra_settings={"WEB_SIGN_IN_COMPANION": COMPANION, "MAKE_PROFILES": "true"})
    story.later(minutes=31)
    assert case.read()["webSignIn"] == {"status": "in-scope", "reason": None}
    made = {one["name"]: one for one in story.company.directory()["profiles"] if one["name"] in {PROFILE, COMPANION}}
    assert set(made) == {PROFILE, COMPANION}
    for profile in made.values():
        assert [one["target"]["groupId"] for one in profile["assignments"]] == [case.hire.group]
    assert len(story.asked("POST", "/configurationPolicies$")) == 2
    screen = story.world.control("GET", f"devices/{case.hire.device}").json()
    assert screen["defaultProvider"] == HELLO
    assert case.signs_in("wrong")["reason"] == "wrong-pass", "the globe is there"
    story.later(minutes=31)
    assert len(story.asked("POST", "/configurationPolicies$")) == 2
