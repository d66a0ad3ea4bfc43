"""A request for a pass is carried out when nobody counts on it any more: after the attempt's deadline and its lease."""

from sandbox.world import World
from shared.onboarding.reasons import ADVICE, Reason
from tests.doorways.scenarios import graph
from tests.doorways.story import DESK, Story
from tests.survival.harness.audit import breaks
from tests.survival.harness.crowd import Crowd, Row
from tests.survival.harness.orders import Orders

PASSES = "temporaryAccessPassMethods"
WITHIN, BEYOND = 128, 240
"""Seconds after the request: 75 is the attempt's deadline, and 60 more are granted for clocks that differ."""


def late(world: World, orders: Orders, seconds: int) -> tuple[Crowd, Row]:
    """Let the first request for a pass be carried out so late, while the second attempt has looked and made its own."""
    crowd = Crowd(world, 1)
    crowd.begin()
    crowd.announce()
    crowd.invited()
    orders.give(mark=True, patience=1.0)
    rule = {"method": "POST", "path": PASSES, "kind": "commit-late", "seconds": seconds}
    world.control("POST", "faults", rule)
    crowd.go(crowd.rows()[0]["plan"]["issue_at"])
    world.run_timer("sweep", 120)
    assert crowd.passes() == {}
    world.advance("PT121S")
    crowd.bring(lambda row: row["status"] == "issued")
    (row,) = crowd.rows()
    assert len(row["attempts"]) == 1
    assert crowd.passes() == {row["subject"]["id"]: row["issued"]["id"]}
    return crowd, row


def committed(crowd: Crowd, row: Row) -> None:
    """Wait until the late request has taken the place of the pass that the row knows."""
    (first, *_) = crowd.requests("POST", PASSES)
    while crowd.passes() == {row["subject"]["id"]: row["issued"]["id"]}:
        crowd.world.advance("PT1S")
    assert first["fault"] == "commit-late"


def test_a_late_pass_of_ours_is_replaced_under_the_same_link(world: World, orders: Orders) -> None:
    """Recognised as the earlier attempt's, it makes way for one whose code is known: one live pass, the row's."""
    crowd, row = late(world, orders, WITHIN)
    committed(crowd, row)
    (link,) = crowd.links()[row["id"]]
    crowd.bring(lambda row: row["status"] == "issued" and not row["attempts"])
    (row,) = crowd.rows()
    assert crowd.passes() == {row["subject"]["id"]: row["issued"]["id"]}
    assert len(crowd.requests("POST", PASSES)) == 3
    crowd.go(row["plan"]["valid_from"])
    shown = crowd.company.ask(link, "reveal", crowd.company.token(crowd.hires[0].manager), claim=crowd.company.claim())
    assert crowd.company.sign_in(crowd.hires[0], shown.json()["pass"])["signedIn"] is True
    assert breaks(world) == {}


def test_a_pass_later_than_any_of_ours_can_be_is_left_alone_and_said(world: World, orders: Orders) -> None:
    """Nobody can tell it from another tool's: the row waits, the desk hears at once, it goes on once that is gone."""
    crowd, row = late(world, orders, BEYOND)
    committed(crowd, row)
    crowd.bring(lambda row: row["status"] == "waiting")
    (row,) = crowd.rows()
    assert (row["reason"], row["issued"]["sealed"]) == ("other-pass-live", None)
    assert len([mail for mail in crowd.company.mails(DESK) if ADVICE[Reason.OTHER_PASS_LIVE] in mail["text"]]) == 1
    assert len(crowd.passes()) == 1
    ((user, held),) = crowd.passes().items()
    graph(Story(world), "DELETE", f"/v1.0/users/{user}/authentication/{PASSES}/{held}")
    crowd.bring(lambda row: row["status"] == "issued", row["retry_at"])
    (row,) = crowd.rows()
    assert crowd.passes() == {row["subject"]["id"]: row["issued"]["id"]}
    assert breaks(world) == {}
