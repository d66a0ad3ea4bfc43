"""The timer has stopped: what runs anyway sweeps in its stead, a little, one at a time; the page's doorways never."""

from typing import Any

from tests.doorways.story import ADMIN, Case, Story


def turn(story: Story) -> dict[str, Any]:
    """Read who swept last, and when."""
    (row,) = [row for row in story.world.storage.rows("leases") if row["RowKey"] == "turn"]
    return row


def noticed(case: Case) -> bool:
    """Tell whether the manager has had the notice."""
    return case.read()["noticeGivenAt"] is not None


def test_a_webhook_or_a_hint_sweeps_where_the_timer_has_stopped(story: Story) -> None:
    """Overdue work of others is done by an event, then by a hint; health says that the timer stands still."""
    first = story.posts(story.hire())
    story.world.set_clock(first.read()["plan"]["noticeAt"])
    story.world.advance("PT1S")
    second = story.posts(story.hire("jonas-keller"))
    assert noticed(first)
    assert turn(story)["standsIn"] is True
    health = story.get("/api/health", story.company.token(ADMIN))
    assert (health.status, health.json()["status"], health.json()["sweep"]["stoodIn"]) == (503, "not-alive", True)
    story.world.set_clock(first.read()["plan"]["linkAt"])
    story.world.advance("PT1S")
    story.world.storage.queue("tidy-up").send_message(second.id)
    story.world.wait_idle()
    assert first.status == "invited"
    story.sweep()
    assert story.get("/api/health").status == 200


def test_the_page_never_sweeps_and_a_running_timer_is_not_replaced(story: Story) -> None:
    """What a visitor of the page does sets nothing off; and as long as the timer runs, nor does an event."""
    case = story.posts(story.hire()).until("issued")
    story.world.set_clock(case.read()["plan"]["opensAt"])
    story.world.advance("PT1S")
    before = turn(story)
    assert case.reveal(story.company.claim()).status == 200
    assert turn(story) == before
    story.sweep()
    swept = turn(story)
    story.world.advance("PT2M50S")
    story.posts(story.hire("jonas-keller"))
    assert turn(story)["at"] == swept["at"]
