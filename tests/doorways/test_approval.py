"""Multi Admin Approval in the tenant: the device side waits for another administrator, and the pass does not."""

from typing import Any

from tests.doorways.story import DESK, Case, Story

PORTAL = "https://intune.microsoft.com/"


def device_side(case: Case) -> dict[str, Any]:
    """Read where the device side stands."""
    return dict(case.read()["webSignIn"])


def lock_screen(case: Case) -> str:
    """Stand before the device with no pass: what does it say?"""
    return str(case.signs_in("no pass")["reason"])


def requests(story: Story) -> list[dict[str, Any]]:
    """Return the requests for approval that the tenant holds."""
    return list(story.company.directory()["approvals"])


def waits(case: Case, reason: str) -> str:
    """See that the device side waits for this reason, and where a person finds it; return the request."""
    seen = device_side(case)
    assert (seen["status"], seen["reason"]) == ("waiting", reason), seen
    assert PORTAL in seen["detail"]
    request = requests(case.story)[-1]["id"]
    assert request in seen["detail"]
    assert lock_screen(case) == "no-web-sign-in"
    return str(request)


def test_an_assignment_waits_for_an_administrator_and_the_pass_goes_on(story: Story) -> None:
    """Hires of one group wait for one request; approved, the very write is sent once more and nothing else changes."""
    story.change("set-approval", status=403)
    first, second = (story.posts(hire) for hire in (story.hire(), story.newcomer()))
    before = story.company.directory()["profile"]["assignments"]
    story.at(first.read()["plan"]["noticeAt"])
    story.later(minutes=3)  # whoever came while the other asked
    asked = waits(first, "approval-needed")
    story.later(minutes=11)
    assert waits(second, "approval-needed") == waits(first, "approval-needed") == asked
    assert len(requests(story)) == 1
    assert first.status == second.status == "planned"
    assert len(story.mails(first.hire.manager_mail)) == 2, "the notices went out"
    (mail,) = (mail for mail in story.mails(DESK) if first.id in mail["text"])
    assert asked in mail["text"]
    assert story.company.directory()["profile"]["assignments"] == before
    story.change("decide-approval", status="approved")
    story.later(minutes=11)
    story.later(minutes=3)  # whoever came while the other wrote
    assert [device_side(case)["status"] for case in (first, second)] == ["in-scope", "in-scope"]
    assert lock_screen(first) == "wrong-pass", "the globe is there"
    sent = story.asked("POST", "/assign$")
    assert [request["status"] for request in sent] == [403, 200]
    assert sent[0]["body"] == sent[1]["body"]
    assert story.company.directory()["profile"]["assignments"][:-1] == before


def test_a_request_that_is_rejected_or_expires(story: Story) -> None:
    """Rejection is a reason, and nobody is asked again until a person wants it; expired, it is asked once more."""
    story.change("set-approval", status=412)
    case = story.posts(story.hire())
    story.at(case.read()["plan"]["noticeAt"])
    waits(case, "approval-needed")
    story.change("decide-approval", status="rejected")
    story.later(minutes=11)
    rejected = waits(case, "approval-rejected")
    story.later(minutes=90)
    assert waits(case, "approval-rejected") == rejected
    assert case.retried().status == 202
    asked = waits(case, "approval-needed")
    assert asked != rejected
    story.change("decide-approval", status="expired")
    story.later(minutes=11)
    again = waits(case, "approval-needed")
    assert again not in {rejected, asked}
    story.change("decide-approval", status="approved")
    story.later(minutes=11)
    assert device_side(case) == {"status": "in-scope", "reason": None}
    assert lock_screen(case) == "wrong-pass", "the globe is there"
    assert [one["status"] for one in requests(story)] == ["rejected", "expired", "completed"]
    case.until("issued")
