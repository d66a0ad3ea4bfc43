"""Graph refuses one request about a pass with 429: nobody asks again before it allows, and all end with their pass."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from sandbox.world import World
from tests.survival.harness.crowd import Crowd

pytestmark = pytest.mark.usefixtures("orders")

PASSES = "temporaryAccessPassMethods"


def test_a_throttled_pass_holds_up_all_until_graph_allows(world: World) -> None:
    """A 429 is the end of that attempt; nobody asks about passes before its Retry-After, or else ten seconds."""
    crowd = Crowd(world, 2)
    crowd.begin()
    crowd.announce()
    crowd.invited()
    first, second = crowd.hires
    user = crowd.ids[first.employee_id]
    _throttle(crowd, "POST", user, retryAfter=300)
    _throttle(crowd, "GET", crowd.ids[second.employee_id])
    crowd.go(crowd.rows()[0]["plan"]["issue_at"])
    world.run_timer("sweep", 120)
    assert len(crowd.requests("POST", PASSES, user)) == 1, "the slot was missed, with nothing else to do"
    asked = len(crowd.requests("POST", PASSES)), len(crowd.requests("GET", PASSES))
    refused_at = max(_at(one) for one in crowd.requests("POST", PASSES, user))
    for _ in range(3):
        world.advance("PT61S")
        world.run_timer("sweep", 120)
    assert (len(crowd.requests("POST", PASSES)), len(crowd.requests("GET", PASSES))) == asked
    world.advance("PT120S")
    crowd.issued()
    later = [one for one in crowd.requests("POST", PASSES) if _at(one) > refused_at]
    assert min(map(_at, later)) >= refused_at + timedelta(seconds=300)
    assert Counter(one["status"] for one in crowd.requests("POST", PASSES)) == {201: 2, 429: 1}
    _all_collect(crowd)


def _throttle(crowd: Crowd, method: str, user: str, **more: Any) -> None:
    """Order a 429 for the next such request about somebody's passes."""
    path = f"{user}/authentication/{PASSES}"
    crowd.world.control("POST", "faults", {"method": method, "path": path, "kind": "status", "status": 429, **more})


def _all_collect(crowd: Crowd) -> None:
    """Every newest link opens, and what it opens is the pass that the tenant holds."""
    crowd.go(max(row["plan"]["valid_from"] for row in crowd.rows()))
    token = crowd.company.token(crowd.hires[0].manager)
    newest = {onboarding: links[-1] for onboarding, links in crowd.links().items()}
    for hire in crowd.hires:
        row = crowd.row(hire)
        shown = crowd.company.ask(newest[row["id"]], "reveal", token, claim=crowd.company.claim())
        assert shown.status == 200, shown.text()
        assert crowd.company.sign_in(hire, shown.json()["pass"])["signedIn"] is True


def _at(request: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(request["at"])
