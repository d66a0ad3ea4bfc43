"""At the desk a pass takes three people: whoever had a hand in it does not collect it, however that came about."""

from dataclasses import replace
from typing import Any

import pytest

from shared.handover.collecting.answers import NotForYouError, Shown
from shared.handover.collecting.proof import HAND_OVER
from shared.onboarding import lifecycle
from shared.onboarding.collector import DESK, Collector, Route
from shared.onboarding.eligibility.authority import is_own_request
from shared.onboarding.model import Ask, Release
from shared.onboarding.reasons import Reason
from shared.onboarding.requests.desk import is_for, is_own_case
from tests.attacks.hand_overs import AT, Desk, presented, somebody
from tests.shared.onboarding.rows import COLLECTOR, SUBJECT, fresh

THE_DESK = Collector(DESK, "the helpdesk", "desk@larkspur.example", Route.DESK)
NIL, NOOR = "1f0a9c52-8d14-4b6e-9d3a-6f2b5c7e8a01", "1f0a9c52-8d14-4b6e-9d3a-6f2b5c7e8a02"
ASKED = Ask(NOOR, by_person=True, route=Route.DESK)
ASKED_ANEW = replace(ASKED, before=(NIL.upper(),))
HAND_IN_IT: dict[str, dict[str, Any]] = {
    "asked": {"ask": replace(ASKED, by=NIL)},
    "asked before somebody else had it sent anew": {"ask": ASKED_ANEW},
    "released": {"release": Release(NIL, AT, SUBJECT.id, DESK)},
    "let go of what held the hire back": {"let_go_by": (NOOR, NIL.upper())},
}


@pytest.mark.parametrize("had", HAND_IN_IT)
async def test_whoever_had_a_hand_in_it_does_not_collect_at_the_desk(had: str) -> None:
    """Somebody else of the desk does; the answer to the one who did is that of a dead link."""
    desk = Desk()
    found = desk.place(THE_DESK, **HAND_IN_IT[had])
    nil, olu = (somebody(one, roles=frozenset({HAND_OVER})) for one in (NIL, COLLECTOR.id))
    with pytest.raises(NotForYouError):
        await desk.worker().reveal(presented(found, nil))
    assert isinstance(await desk.worker().reveal(presented(found, olu)), Shown)


def test_another_account_is_told_anew_and_not_released_for_the_one_before() -> None:
    """Whoever holds a source's secret names another account while an administrator looks at the first."""
    told = (Reason.EMPLOYEE_NUMBER_DIFFERS, Reason.MANAGER_MISSING)
    row = replace(fresh(), subject=SUBJECT, told=told)
    swapped = lifecycle.updated(row, replace(row.hire, user_name="victim@larkspur.example"), row.origin)
    assert swapped.told == (Reason.MANAGER_MISSING,)
    assert is_for(row, SUBJECT.id.upper())
    assert not is_for(replace(row, subject=replace(SUBJECT, id=NIL)), SUBJECT.id)
    assert not is_for(replace(row, subject=None), SUBJECT.id)


def test_whoever_asked_first_stays_a_party_when_somebody_else_asks_after_him() -> None:
    """He does not release it then, and is neither target nor recipient of what others ask for."""
    row = replace(fresh(), subject=SUBJECT, collector=THE_DESK, ask=ASKED_ANEW)
    assert is_own_case(row, somebody(NIL))
    assert is_own_case(row, somebody(NOOR))
    assert not is_own_case(row, somebody(COLLECTOR.id))
    assert is_own_request(ASKED_ANEW, replace(SUBJECT, id=NIL), THE_DESK)
    assert not is_own_request(ASKED_ANEW, SUBJECT, COLLECTOR)
