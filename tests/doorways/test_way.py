"""The way of a hire, from the signed event to the second sign-in."""

import pytest

from tests.doorways.story import Story

ONE_OF_EACH_SITE = ("amelie-brandt", "diego-ramirez", "arjun-kulkarni", "grace-nguyen", "fetu-amosa")
ABOUT_PASSES = "/temporaryAccessPassMethods"


@pytest.mark.parametrize("key", ONE_OF_EACH_SITE)
def test_a_signed_event_ends_in_a_sign_in_a_reboot_and_another(story: Story, key: str) -> None:
    """In every zone of the company the manager collects a pass that the lock screen takes twice."""
    case = story.posts(story.hire(key))
    assert case.status == "planned"
    code = case.collected()
    assert case.signs_in(code)["reason"] == "pass-not-yet-valid"
    case.valid()
    assert case.signs_in(code)["signedIn"]
    story.company.reboot(case.hire)
    assert case.signs_in(code)["signedIn"]
    assert case.until("used").read()["usedAt"]
    assert case.read()["webSignIn"]["status"] == "in-scope"
    assert len(story.passes()) == 1


def test_the_hours_are_local(story: Story) -> None:
    """Denver starts at eight, so the pass works from seven local for ten hours, and not a minute before."""
    case = story.posts(story.hire("diego-ramirez")).until("issued")
    plan = case.read()["plan"]
    assert (plan["zone"], plan["start"]) == ("America/Denver", "2030-06-03T08:00:00-06:00")
    assert (plan["opensAt"], plan["validFrom"]) == ("2030-06-03T12:30:00Z", "2030-06-03T13:00:00Z")
    held = story.passes()[0]
    assert held["start"].startswith("2030-06-03T13:00:00")
    assert held["lifetimeInMinutes"] == 600


def test_a_slow_look_costs_no_second_one(story: Story) -> None:
    """Graph takes so long to answer that the slot of the POST goes by: the next one is taken, and Graph asked twice."""
    case = story.posts(story.hire()).until("invited")
    story.fault(ABOUT_PASSES, "slow", method="GET", seconds=1.5, times=1)
    case.until("issued")
    about_passes = [story.asked(method, ABOUT_PASSES) for method in ("GET", "POST")]
    assert [len(requests) for requests in about_passes] == [1, 1]
