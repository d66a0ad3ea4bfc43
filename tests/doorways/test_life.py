"""What HR may still change, at every point of the way."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.doorways.scenarios import graph, methods
from tests.doorways.story import ADMIN, NOW, START, Case, Story

UNTIL = ("planned", "invited", "issued", "opened")
LONG_PAST = "start-long-past"
REFUSAL = "urn:day-one-pass:problem:not-for-you"


def brought_to(story: Story, status: str) -> Case:
    """Bring a hire to a point of the way."""
    case = story.posts(story.hire())
    if status == "opened":
        case.collected()
        return case
    return case.until(status)


def event(case: Case, kind: str, start: str = START, **changes: Any) -> Case:
    """HR posts another event about the hire, a minute later."""
    case.story.world.advance("PT1M")
    return case.story.posts(case.hire, start, kind=kind, **changes)


@pytest.mark.parametrize("status", UNTIL)
def test_a_withdrawn_hire_has_no_pass_and_no_link_after_one_sweep(story: Story, status: str) -> None:
    """Wherever the hire stands when HR withdraws it: one sweep later the pass is deleted and the link is dead."""
    case = brought_to(story, status)
    link = case.link() if status != "planned" else None
    event(case, "hire.cancelled")
    story.sweep()
    assert case.read()["reason"] == "cancelled-by-source"
    assert story.passes() == []
    if link is not None:
        assert case.reveal(story.company.claim(), link=link).status in {403, 409}
    before = len(story.links())
    story.at(f"{START}T05:31:00Z")
    story.later(hours=1)
    assert (case.status, story.passes(), len(story.links())) == ("cancelled", [], before)


def test_the_manager_hears_of_a_withdrawal_only_if_he_heard_of_the_hire(story: Story) -> None:
    """Who got the notice gets one mail that the hire is withdrawn; who did not is not bothered."""
    case = story.posts(story.hire())
    case.moves_on()
    event(case, "hire.cancelled")
    story.later(minutes=1)
    assert len(story.mails(case.hire.manager_mail)) == 2
    silent = story.posts(story.hire("diego-ramirez"), "2030-06-10")
    event(silent, "hire.cancelled", "2030-06-10")
    story.later(minutes=1)
    assert story.mails(silent.hire.manager_mail) == []


def test_a_withdrawal_after_the_first_sign_in_takes_the_pass_away(story: Story) -> None:
    """A multi-use pass lives on after the first sign-in; withdrawn, it is deleted all the same."""
    case = story.posts(story.hire())
    code = case.collected()
    case.valid()
    assert case.signs_in(code)["signedIn"]
    case.until("used")
    event(case, "hire.cancelled")
    story.later(minutes=1)
    assert story.passes() == []
    assert case.signs_in(code)["signedIn"] is False


def test_a_withdrawal_that_comes_before_its_hire_counts(story: Story) -> None:
    """Events out of order end as if they had come in order: the hire stays withdrawn."""
    hire = story.hire()
    case = story.posts(hire, kind="hire.cancelled", at="2030-05-27T08:00:30Z")
    story.world.advance("PT2M")
    again = story.posts(hire, at="2030-05-27T07:00:00Z")
    assert again.id == case.id
    assert case.status == "cancelled"
    story.at(f"{START}T05:31:00Z")
    assert story.mails(hire.manager_mail) == []


def test_an_older_update_that_comes_late_changes_nothing(story: Story) -> None:
    """The source's own time orders its events, whenever they arrive."""
    case = story.posts(story.hire(), "2030-06-04", at="2030-05-27T08:00:00Z")
    before = case.read()
    story.posts(case.hire, "2030-06-11", kind="hire.updated", at="2030-05-27T07:59:59Z")
    assert case.read() == before


def test_a_hire_that_is_created_again_after_its_withdrawal_gets_a_pass(story: Story) -> None:
    """HR withdrew by mistake and creates the hire anew, for the same day: that is a hire again."""
    case = story.posts(story.hire())
    event(case, "hire.cancelled")
    again = event(case, "hire.created")
    assert again.id != case.id
    again.until("issued")
    assert len(story.passes()) == 1


def test_an_update_before_the_link_moves_the_plan(story: Story) -> None:
    """A new date before anything was mailed moves everything; nothing happens on the old day."""
    case = story.posts(story.hire())
    event(case, "hire.updated", "2030-06-05")
    assert case.read()["plan"]["start"].startswith("2030-06-05")
    story.at(f"{START}T05:31:00Z")
    assert story.mails() == []
    case.until("issued")
    assert story.passes()[0]["start"].startswith("2030-06-05T06:00")


def test_an_update_between_link_and_pass_keeps_the_link(story: Story) -> None:
    """The link mailed before the move opens the pass of the new day."""
    case = story.posts(story.hire()).until("invited")
    link = case.link()
    event(case, "hire.updated", "2030-06-04")
    case.until("issued")
    assert [mailed.url for mailed in story.links(case.hire.manager_mail)] == [link.url]
    case.opens()
    assert case.reveal(story.company.claim(), link=link).status == 200
    assert story.passes()[0]["start"].startswith("2030-06-04T06:00")


def test_an_update_after_issue_replaces_the_pass_and_keeps_the_link(story: Story) -> None:
    """The pass of the old day is gone within a sweep, the one of the new day is sealed to the same link.

    The manager, who has both mails, hears of the new hours at once and which link is right; the desk need not.
    """
    case = story.posts(story.hire()).until("issued")
    link, old, before = case.link(), story.passes()[0]["id"], len(story.mails())
    event(case, "hire.updated", "2030-06-05")
    story.sweep()
    assert story.passes() == []
    story.later(minutes=1)
    told = story.mails(case.hire.manager_mail)[-1]
    assert told["subject"].endswith("new hours")
    assert "Wednesday 5 June 2030" in told["text"]
    assert re.search("The link in our mail of .* stays right", told["text"])
    assert len(story.mails()) == before + 1
    case.until("issued")
    held = story.passes()[0]
    assert held["id"] != old
    assert held["start"].startswith("2030-06-05T06:00")
    case.opens()
    code = case.reveal(story.company.claim(), link=link).json()["pass"]
    case.valid()
    assert case.signs_in(code)["signedIn"]


def test_the_old_pass_goes_even_if_the_source_lives_in_the_future(story: Story) -> None:
    """An update that its source stamped a day ahead takes the old pass away no later than any other."""
    case = story.posts(story.hire()).until("issued")
    ahead = (story.now() + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    event(case, "hire.updated", "2030-06-05", at=ahead)
    story.sweep()
    assert story.passes() == []


def test_an_update_to_the_same_data_changes_nothing(story: Story) -> None:
    """HR systems repeat themselves: wherever it stands, link, pass and hours stay, and nobody gets a mail."""
    case = story.posts(story.hire())
    for status in UNTIL:
        if status == "opened":
            case.collected()
        case.until(status)
        before, mails, passes = case.read(), story.mails(), story.passes()
        event(case, "hire.updated")
        story.sweep()
        assert without_history(case.read()) == without_history(before), status
        assert (story.mails(), story.passes()) == (mails, passes), status


def without_history(seen: dict[str, Any]) -> dict[str, Any]:
    """Leave out what grows with each event."""
    return {name: value for name, value in seen.items() if name != "history"}


def test_an_update_after_opening_leaves_the_pass_with_the_hire(story: Story) -> None:
    """Whoever holds the pass already keeps it, even if HR then moves the date."""
    case = brought_to(story, "opened")
    event(case, "hire.updated", "2030-06-05")
    story.sweep()
    assert case.status == "opened"
    assert len(story.passes()) == 1


def test_a_pass_of_somebody_else_is_not_deleted_with_ours(story: Story) -> None:
    """An administrator replaced our pass by his own; withdrawing the hire leaves that one alone."""
    case = story.posts(story.hire()).until("issued")
    graph(story, "POST", methods(case), {"lifetimeInMinutes": 480})
    theirs = story.passes()[0]["id"]
    event(case, "hire.cancelled")
    story.later(minutes=1)
    assert [held["id"] for held in story.passes()] == [theirs]


def test_starts_more_than_seven_days_ago_are_recorded_and_ignored_with_one_summary(story: Story) -> None:
    """The first connection of an HR system sends the whole workforce: acknowledged, counted, and nobody gets anything.

    Each event is kept once, about no onboarding; the day's totals say how many there were, in one line.
    """
    said = "".join(story.world.logs().values()).count(LONG_PAST)
    for number, start in enumerate(("2030-05-19", "2029-06-03", "1970-01-01")):
        answer = story.company.post(story.company.event(story.hire(), start, externalId=f"LONG-{number}"))
        assert (answer.status, answer.json()) == (202, {"outcome": LONG_PAST})
    for _ in range(2):
        story.later(minutes=1)
    assert (story.rows(), story.mails(), story.passes()) == ([], [], [])
    events = [row for row in story.world.storage.rows("onboardings") if row["RowKey"].startswith("e|acme|")]
    assert [(row["onboarding"], row["outcome"]) for row in events] == [("", LONG_PAST)] * 3
    totals = story.get("/api/health", story.company.token(ADMIN)).json()["totals"]
    assert totals["eventsWithoutEffectInADay"] == {f"acme: {LONG_PAST}": 3}
    assert "".join(story.world.logs().values()).count(LONG_PAST) == said + 1


def test_late_on_the_day_everything_happens_at_once(story: Story) -> None:
    """An event at ten for a start at nine: notice, link and pass within two sweeps, for the full ten hours."""
    case = story.posts(story.hire(), NOW[:10])
    for _ in range(4):
        story.later(minutes=1)
    assert case.status == "issued"
    held = story.passes()[0]
    assert held["lifetimeInMinutes"] == 600
    assert datetime.fromisoformat(held["start"]) - datetime.fromisoformat(NOW) < timedelta(minutes=5)
    case.collected()


def test_after_four_it_is_the_next_working_day_and_the_mail_says_so(story: Story) -> None:
    """An event at five on a Friday for that Friday: a pass for Monday, and the mail names the move."""
    story.world.set_clock("2030-05-31T15:00:00Z")
    case = story.posts(story.hire(), "2030-05-31")
    plan = case.read()["plan"]
    assert (plan["exceptions"], plan["validFrom"]) == (["late-on-start-day"], "2030-06-03T06:00:00Z")
    case.until("invited")
    invitation = story.mails(case.hire.manager_mail)[-1]
    assert "Monday 3 June 2030" in invitation["text"]
    assert "too late for the day itself" in invitation["text"]


def test_up_to_seven_days_late_it_is_the_next_working_day(story: Story) -> None:
    """A start five days back still gets its pass, on the next working morning."""
    plan = story.posts(story.hire(), "2030-05-22").read()["plan"]
    assert (plan["exceptions"], plan["validFrom"]) == (["after-start-day"], "2030-05-28T06:00:00Z")


def test_an_account_that_is_gone_took_its_pass_along(story: Story) -> None:
    """Asked for with an answer that got lost, withdrawn, and the account deleted: nothing is left to look for."""
    case = story.posts(story.hire()).until("invited")
    story.fault("temporaryAccessPassMethods", "commit-then-status", method="POST", status=504, times=1)
    case.until("waiting")
    story.change("delete-user", user=case.hire.upn)
    event(case, "hire.cancelled")
    story.later(minutes=2)
    story.later(minutes=2)
    assert case.read()["next"]["pass"]["step"] == "erase"


def test_a_link_tells_how_it_ended_until_personal_data_are_erased(story: Story) -> None:
    """A hire that cannot be planned any more: the manager reads so; thirty days later nothing personal is left."""
    case = story.posts(story.hire()).until("invited")
    link = case.link()
    event(case, "hire.updated", timezone="Europe/Atlantis")
    assert (case.status, case.state().json()["state"]) == ("failed", "failed")
    story.later(minutes=1)
    story.later(days=31)
    assert case.state(link=link).json()["type"] == REFUSAL
    seen = case.read()
    assert seen["displayName"] == ""
    assert seen["externalId"] == ""
    assert (seen["next"]["pass"]["step"], seen["next"]["webSignIn"]) == ("forget-people", None)
    assert "Am\\u00e9lie" not in str(story.world.storage.all_rows())
    assert "Amélie" not in str(story.world.storage.all_rows())


def test_two_hires_on_one_morning_do_not_hinder_each_other(story: Story) -> None:
    """A hire that waits holds up nobody, and each manager gets his own link."""
    waiting = story.posts(story.hire("gesa-gesperrt"))
    cases = [story.posts(story.hire(key)) for key in ("amelie-brandt", "jonas-keller", "zofia-nowak")]
    for case in cases:
        case.until("issued")
    assert waiting.status == "waiting"
    assert len(story.passes()) == 3
    assert {link.onboarding for link in story.links()} == {case.id for case in cases}
