"""A request for a pass is carried out when nobody counts on it any more: after the attempt's deadline and its lease."""

import time

import pytest

from sandbox.http import call
from sandbox.world import World
from shared.onboarding.reasons import ADVICE, Reason
from tests.doorways.scenarios import graph
from tests.doorways.story import DESK, Story
from tests.survival.harness.audit import breaks
from tests.survival.harness.crowd import Crowd, Row
from tests.survival.harness.orders import Orders
from tests.survival.harness.recovery import Recovery

PASSES = "temporaryAccessPassMethods"
MOST_TRIES = 3
WITHIN, BEYOND = 95, 240
"""Seconds after the request: 50 is the attempt's deadline, and 60 more are granted for clocks that differ."""


def invited(world: World, seconds: int) -> Crowd:
    """Bring a hire to the pass; the first request for it will be carried out so much later."""
    crowd = Crowd(world, 1)
    crowd.begin()
    crowd.announce()
    crowd.invited()
    rule = {"method": "POST", "path": PASSES, "kind": "commit-late", "seconds": seconds}
    world.control("POST", "faults", rule)
    crowd.go(crowd.rows()[0]["plan"]["issue_at"])
    return crowd


def made_by_another(crowd: Crowd) -> Row:
    """Return the row, whose next attempt has looked and made a pass while the first one's request is still to come."""
    (row,) = crowd.rows()
    assert len(row["attempts"]) == 1
    assert crowd.passes() == {row["subject"]["id"]: row["issued"]["id"]}
    return row


def overtaken(world: World) -> tuple[Crowd, Row]:
    """Kill the worker over its request, and let another make a pass; again where that came too late for it."""
    for _ in range(MOST_TRIES):
        crowd = invited(world, WITHIN)
        assert call("POST", f"{world.app}/admin/functions/sweep", json_body={"input": ""}).status == 202
        while not crowd.requests("POST", PASSES):
            time.sleep(0.02)
        world.kill_host()
        Recovery(world).put_aside()
        world.restart_host()
        reader = crowd.company.token("auditor", "Pass.Read", app=True)
        # The fresh worker loads what talks to Graph: its first slot of the budget would go by over that.
        found = world.request(
            "GET", f"/api/passes?user={crowd.hires[0].upn}", headers={"Authorization": f"Bearer {reader}"}
        )
        assert found.status == 200, found.text()
        world.advance("PT51S")
        world.run_timer("sweep", 120)
        if crowd.rows()[0]["status"] == "issued":
            return crowd, made_by_another(crowd)
    raise AssertionError("no attempt came in time")


def committed(crowd: Crowd, row: Row) -> None:
    """Wait until the late request has taken the place of the pass that the row knows."""
    (first, *_) = crowd.requests("POST", PASSES)
    while crowd.passes() == {row["subject"]["id"]: row["issued"]["id"]}:
        crowd.world.advance("PT1S")
    assert first["fault"] == "commit-late"


@pytest.mark.usefixtures("orders")
def test_a_late_pass_of_ours_is_replaced_under_the_same_link(world: World) -> None:
    """Known as a dead worker's, it makes way for one whose code somebody has: one live pass, the row's."""
    crowd, row = overtaken(world)
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
    crowd = invited(world, BEYOND)
    orders.give(patience={crowd.rows()[0]["id"]: 1.0})
    world.run_timer("sweep", 120)
    world.advance("PT121S")
    crowd.bring(lambda row: row["status"] == "issued")
    row = made_by_another(crowd)
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
