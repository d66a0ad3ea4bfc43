"""What is asked of Graph beside the steps of a life × each way in which Graph fails: no answer is no answer.

By whoever asks for a pass, by whoever asks whether all is ready, for the sign-in log and the report of methods, and for
what Entra tells as the HR system. Nobody is told wrongly, and all comes right when the fault has gone.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from sandbox.http import Answer
from sandbox.people import Company, HireOfCompany
from sandbox.world import World
from shared.onboarding.reasons import Reason
from tests.survival.harness.asked import DESK_PERSON
from tests.survival.harness.calls import ENTRA, READINESS, WATCHING, missing
from tests.survival.harness.crowd import Crowd
from tests.survival.harness.journey import EARLY, LATE, Journey
from tests.survival.harness.matrix import (
    ATTEMPT,
    BUSY,
    FAULTS,
    FOR_PEOPLE,
    FORBIDDEN,
    NO_ANSWER,
    REFUSED,
    Cell,
    Line,
    lines_of,
)
from tests.survival.harness.orders import Orders
from tests.survival.harness.told_by_entra import EntraJourney
from tests.survival.test_fault_matrix import RATE, SHORT_PATIENCE

type Say = Callable[[str], None]

URN = "urn:day-one-pass:problem:"
PROBLEMS: dict[Reason | None, tuple[int, str]] = {
    BUSY: (503, f"{URN}tenant-busy"),
    NO_ANSWER: (503, f"{URN}tenant-unavailable"),
    REFUSED: (502, f"{URN}tenant-refused"),
    FORBIDDEN: (503, f"{URN}permission-missing"),
}
"""How a doorway answers that reads at Graph."""
ADMIN, DESK_MAIL = "mei.tanaka@larkspur.example", "it.desk@larkspur.example"
LIVES = 4
"""The report is looked at four times before it is said that nothing is known."""
LOUD_FIRST = sorted(FAULTS, key=lambda fault: fault.reason is None)
"""What does no more than come slowly ends the looking."""
REPORT = Line(
    "methods", "tidy_up", "GET", "/v1.0/reports/authenticationMethods/userRegistrationDetails", ith=1, has_body=True
)
DIFFERS, UNREAD = "entra: 1 records differ from what is known", "entra: 1 records cannot be read"
NOT_KEPT = "PT6M"
"""After this the report of readiness is made anew."""


def recorded(world: World, orders: Orders, name: str, ask: Callable[[], object]) -> list[Line]:
    """Return the calls that a doorway or the sweep makes, undisturbed."""
    orders.give(mark=True, patience={"": SHORT_PATIENCE})
    world.control("DELETE", "requests")
    ask()
    world.wait_idle()
    return lines_of(name, world.control("GET", "requests").json()["requests"], of_hints=False)


def disturbed[T](world: World, cell: Cell, ask: Callable[[], T]) -> T:
    """Let a call meet its fault, and see that it did: a read as often as it is repeated, no other a second time."""
    world.control("DELETE", "requests")
    world.control("POST", "faults", cell.rule(""))
    answer = ask()
    world.wait_idle()
    requests = world.control("GET", "requests").json()["requests"]
    world.control("DELETE", "faults")
    hits = cell.hit(requests, "")
    assert hits == (ATTEMPT if cell.fault.repeated and not cell.line.changes else 1), f"{cell}: {hits}"
    return answer


def cells_of(lines: list[Line]) -> list[Cell]:
    """Return each fault at each call."""
    return [Cell(line, fault) for line in lines for fault in FAULTS]


@pytest.mark.torture
def test_who_asks_for_a_pass_hears_that_graph_fails_and_asks_again(world: World, orders: Orders, say: Say) -> None:
    """Whatever cannot be read, nothing is begun, and the same request is taken once Graph answers."""
    alone = Crowd(world, 1, RATE)
    alone.begin()
    lines = recorded(world, orders, "ask", lambda: asked(alone.company, alone.hires[0]))
    cells = cells_of(lines)
    crowd = Crowd(world, len(cells), RATE)
    crowd.begin()
    for hire, cell in zip(crowd.hires, cells, strict=True):
        refused = disturbed(world, cell, partial(asked, crowd.company, hire))
        if cell.fails:
            problem = refused.json()
            assert (refused.status, problem["type"]) == PROBLEMS.get(cell.fault.reason), f"{cell}: {problem}"
            assert problem["detail"], f"{cell} tells nobody what to do"
        again = asked(crowd.company, hire)
        assert again.status == 202, f"{cell}: {again.text()}"
        world.wait_idle()
    assert len(crowd.rows()) == len(cells)
    say(f"asking for a pass: {len(cells)} cells, {len(lines)} calls × {len(FAULTS)} faults")


def asked(company: Company, hire: HireOfCompany) -> Answer:
    """Ask for a pass for next week, as the desk does."""
    headers = {"Authorization": f"Bearer {company.token(DESK_PERSON)}", "Idempotency-Key": f"key-of-{hire.employee_id}"}
    body: dict[str, Any] = {"user": hire.upn, "reason": "Lost the phone", "start": "2030-06-10T09:00:00+02:00"}
    return company.world.request("POST", "/api/passes", json_body=body, headers=headers)


@pytest.mark.torture
def test_readiness_says_what_could_not_be_read(world: World, orders: Orders, say: Say) -> None:
    """What a failed question was for is unknown, or refused, and why is said; all else is answered as ever."""
    world.reset("2030-06-04T08:00:00Z")
    admin = {"Authorization": f"Bearer {Company(world).token(ADMIN, 'Pass.Admin')}"}

    def look() -> Answer:
        world.advance(NOT_KEPT)
        return world.request("GET", "/api/readiness", headers=admin)

    lines = recorded(world, orders, "readiness", look)
    assert missing(READINESS, lines) == []
    well = found(look())
    wrong = []
    for cell in cells_of(lines):
        seen = found(disturbed(world, cell, look))
        changed = {name: how for name, how in seen.items() if how[0] != well[name][0]}
        said = {"unknown", "failure"} if cell.fault.reason in FOR_PEOPLE else {"unknown"}
        is_missed = cell.fails and not changed and not cell.line.changes and _stands_alone(cell.line, lines)
        if is_missed or not all(state in said and why for state, why in changed.values()):
            wrong.append((str(cell), changed))
    assert wrong == []
    assert {name: state for name, (state, _) in found(look()).items()} == {name: well[name][0] for name in well}
    say(f"readiness: {len(lines) * len(FAULTS)} cells, {len(lines)} calls × {len(FAULTS)} faults")


def _stands_alone(line: Line, lines: list[Line]) -> bool:
    """Tell whether its fault hits one question as often as it is repeated, and not once each of several like it."""
    return [(one.method, one.path) for one in lines].count((line.method, line.path)) == 1


def found(report: Answer) -> dict[str, tuple[str, str]]:
    """Return how each check stands, and what it has found."""
    assert report.status == 200, report.text()
    return {one["id"]: (one["state"], one["found"]) for one in report.json()["checks"]}


@pytest.mark.torture
@pytest.mark.parametrize("life", range(LIVES))
def test_who_has_signed_in_is_never_missed(world: World, orders: Orders, say: Say, life: int) -> None:
    """Log and report fail one look after the other: nobody hears that a hire is not in, and the next look knows it.

    In the first life, where it is the question how far the log is that fails, the hire really is not in.
    """
    journey = Journey(world, orders, LATE)
    journey.begin()
    journey.collected()
    journey.go(journey.plan("valid_from"))
    journey.go(f"{journey.start}T08:00:00Z")
    journey.stage("forget", None, lambda row: row["issued"]["sealed"] is None)
    lines = _looked(journey)
    assert missing(WATCHING, [*lines, REPORT]) == []
    is_in = life > 0
    assert not is_in or journey.company.sign_in(journey.hire, journey.code)["signedIn"] is True
    # How far the log is shows by another's sign-in.
    world.advance("PT20M")
    journey.company.sign_in(journey.company.hires()[1], "mistyped")
    for cell in (Cell(lines[life], fault) for fault in LOUD_FIRST) if life < len(lines) else ():
        _missed_by_a_look(journey, cell, "opened")
    if not is_in:
        journey.stage("not in", None, lambda row: row["told"] == ["not-signed-in"])
        assert journey.company.sign_in(journey.hire, journey.code)["signedIn"] is True
    journey.stage("use", journey.row()["due"]["at"], lambda row: row["status"] == "used")
    journey.company.change(op="register-method", user=journey.hire.upn, method="windowsHelloForBusiness")
    for fault in LOUD_FIRST[life::LIVES]:
        _missed_by_a_look(journey, Cell(REPORT, fault), "used")
    journey.stage("methods", journey.row()["due"]["at"], lambda row: row["methods_known"])
    assert journey.row()["told"] == ([] if is_in else ["not-signed-in"])
    say(f"watching, life {life + 1} of {LIVES}: {len(lines)} calls of the log, one of the report")


def _looked(journey: Journey) -> list[Line]:
    """Return the calls of a look that tells nothing: nobody's sign-in shows how far the log is."""
    journey.orders.give(mark=True, patience={journey.row()["id"]: SHORT_PATIENCE})
    journey.world.control("DELETE", "requests")
    journey.go(journey.row()["due"]["at"])
    journey.sweep()
    asked = journey.world.control("GET", "requests").json()["requests"]
    return [line for line in lines_of("use", asked) if "signIns" in line.path]


def _missed_by_a_look(journey: Journey, cell: Cell, status: str) -> None:
    """Let the next look fail, and see that nothing is concluded from it."""
    world, onboarding = journey.world, journey.row()["id"]
    world.control("DELETE", "requests")
    world.control("POST", "faults", cell.rule(onboarding))
    journey.go(journey.row()["due"]["at"])
    journey.sweep()
    asked = world.control("GET", "requests").json()["requests"]
    world.control("DELETE", "faults")
    assert cell.hit(asked, onboarding) == (ATTEMPT if cell.fault.repeated else 1), cell
    row = journey.row()
    seen = (row["status"], row["reason"], row["methods_known"])
    assert not cell.fails or seen == (status, None, False), f"{cell}: {seen}"


@pytest.mark.torture
@pytest.mark.parametrize("stage", ENTRA)
def test_what_entra_could_not_be_asked_is_asked_again(world: World, orders: Orders, say: Say, stage: str) -> None:
    """Subscribed, read, subscribed anew, renewed: after each fault the hire is planned, and is found if he moves."""
    journey = EntraJourney(world, orders, EARLY, date(2030, 8, 1))
    _come_to(journey, stage)
    lines = recorded(world, orders, stage, journey.sweep)
    assert missing(ENTRA[stage], lines) == []
    for cell in cells_of(lines):
        _come_to(journey, stage)
        orders.give(mark=True, patience={"": SHORT_PATIENCE})
        disturbed(world, cell, journey.sweep)
        journey.hired(journey.start + timedelta(days=1))
        for _ in range(3):
            world.advance("PT31M")
            journey.sweep()
        row = journey.row()
        assert (row["status"], row["plan"]["start"][:10]) == ("planned", "2030-08-02"), f"{cell}: {row}"
        subjects = {mail["subject"] for mail in journey.company.mails(DESK_MAIL)}
        # Who moves is found by comparing, too; and what only a person can mend is told.
        expected = {DIFFERS, UNREAD} if cell.fault.reason in FOR_PEOPLE else {DIFFERS}
        assert subjects <= expected, f"{cell}: {subjects}"
    say(f"{stage} at Entra: {len(lines) * len(FAULTS)} cells, {len(lines)} calls × {len(FAULTS)} faults")


def _come_to(journey: EntraJourney, stage: str) -> None:
    """Bring a world to the sweep in which the calls of a stage are made."""
    journey.begin()
    journey.hired(journey.start)
    if stage == "subscribe":
        return
    journey.sweep()
    if stage == "read":
        journey.tells(changeType="updated")
    elif stage == "subscribe anew":
        journey.tells(lifecycleEvent="subscriptionRemoved")
    else:
        journey.world.advance("P22D")
