"""What failed again and again is neither lost nor silent: read by the sweep, shown in its row, told, retried."""

import json

from shared.websignin.readiness import ADVICE, Gap
from tests.doorways.story import ADMIN, DESK, Case, Story
from tests.doorways.test_device_readiness import FIRST_LOOK


def poisoned(case: Case, queue: str) -> None:
    """Do what the platform does with a hint whose work has failed five times, then let the sweep run."""
    case.story.world.storage.queue(f"{queue}-poison").send_message(case.id)
    case.story.sweep()


def told(case: Case) -> int:
    """Count the mails to the desk about a step of this hire that failed."""
    return sum("failed again and again" in mail["text"] and case.id in mail["text"] for mail in case.story.mails(DESK))


def test_a_device_side_that_fails_holds_up_no_pass_and_is_put_back_to_work(story: Story) -> None:
    """The device side alone says `failed`, the desk hears of it once, the pass goes on; retried, it is in scope.

    To look at the device may fail, too: then nothing is known of it until the next look.
    """
    case = story.posts(story.hire())
    story.world.set_clock(FIRST_LOOK)
    story.world.advance("PT1S")
    poisoned(case, "scope-web-sign-in")
    seen = case.read()["device"]
    assert (seen["state"], seen["reason"], seen["advice"]) == ("unknown", "step-failed", ADVICE[Gap.STEP_FAILED])
    assert case.signs_in("no pass")["reason"] == "no-web-sign-in"
    story.world.set_clock(case.read()["plan"]["noticeAt"])
    story.world.advance("PT1S")
    poisoned(case, "scope-web-sign-in")
    device = case.read()["webSignIn"]
    assert (device["status"], device["reason"], device["detail"]) == ("failed", "step-failed", "scope")
    poisoned(case, "scope-web-sign-in")
    assert told(case) == 1
    case.until("issued")
    assert case.read()["webSignIn"]["status"] == "failed"
    assert case.retried(ADMIN).status == 202
    assert (case.status, case.read()["webSignIn"]["status"]) == ("issued", "in-scope")


def test_a_pass_that_has_to_go_is_not_given_up(story: Story) -> None:
    """A withdrawal whose deletion failed again and again stays a withdrawal: told, tried on, and the pass goes."""
    case = story.posts(story.hire()).until("issued")
    story.fault("/temporaryAccessPassMethods/", status=503)
    story.posts(case.hire, kind="hire.cancelled")
    story.sweep()
    assert len(story.passes()) == 1
    story.world.advance("PT3M")
    poisoned(case, "tidy-up")
    assert (case.status, case.reason, told(case)) == ("cancelled", "cancelled-by-source", 1)
    story.mended()
    story.later(minutes=3)
    assert story.passes() == []


def test_a_hint_that_was_overtaken_changes_nothing(story: Story) -> None:
    """The work was done by a later hint: the dead letter of the earlier one is no news."""
    case = story.posts(story.hire()).until("invited")
    poisoned(case, "send-invite")
    assert (case.status, told(case), story.world.storage.count("send-invite-poison")) == ("invited", 0, 0)


def test_a_dead_letter_that_leads_nowhere_stays_and_is_counted(story: Story) -> None:
    """No id, no row, a row that cannot be read: the letters stay where they are, and health counts them."""
    case = story.posts(story.hire())
    row = next(row for row in story.rows() if row["RowKey"] == f"o|{case.id}")
    story.rewrite({**row, "doc": json.dumps({"from": "another version"})})
    queue = story.world.storage.queue("tidy-up-poison")
    for text in ("no id", "0" * 25, case.id):
        queue.send_message(text)
    story.world.storage.raw_queue("tidy-up-poison").send_message("~ not even base64 ~")
    story.sweep()
    health = story.get("/api/health", story.company.token(ADMIN)).json()
    assert (health["poisoned"], health["poisonedUnreadable"]) == (4, 4)
    assert story.world.storage.count("tidy-up-poison") == 4
