"""Faults as they might slip into the product, each planted in it by one patch: the model has to find every one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from shared.handover.collecting import collect, proof, view
from shared.handover.collecting.claim import ClaimState, Look
from shared.handover.keys.secrets import SealedPass
from shared.onboarding import lifecycle, schedule, transaction, transitions
from shared.onboarding.audit import ledger
from shared.onboarding.audit.record import Did
from shared.onboarding.audit.trail import Trail
from shared.onboarding.eligibility.preflight import Ready
from shared.onboarding.events import admission
from shared.onboarding.events.outcomes import OUTCOMES, Outcome, Says, Stands
from shared.onboarding.lifecycle import ending, pieces
from shared.onboarding.model import Ask, Attempt, IssuedPass, Onboarding, Origin
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule import after_end, pass_life
from shared.onboarding.schedule.keeping import Keep
from shared.onboarding.statuses import Due, Status, Step
from shared.onboarding.steps import tidy
from shared.onboarding.transaction import Change, Kept
from shared.passes import holdings, issue
from shared.passes.issue import Issuing
from shared.planning.plan import Plan
from shared.runtime.leases import Leases
from shared.websignin.membership import Memberships
from tests.model.lives import Life, pairs

type Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault, how it gets into the product, the opening in whose lives it shows, and the principle that it breaks.

    `lives`: with what else they go on after that opening.
    """

    name: str
    plant: Callable[[Patch], None]
    where: str
    breaks: str
    lives: Callable[[str], Iterator[Life]] = pairs


PLANTED: list[Planted] = []


def planted(name: str, *, where: str, breaks: str) -> Callable[[Callable[[Patch], None]], None]:
    """List a fault."""

    def listed(plant: Callable[[Patch], None]) -> None:
        PLANTED.append(Planted(name, plant, where, breaks))

    return listed


# At most one pass, and the one that the row says


@planted(
    "a pass is not compared after a request without an answer",
    where="the request may yet be carried out",
    breaks="Graph holds another",
)
def _(patch: Patch) -> None:
    real = lifecycle.issued

    def issued(row: Onboarding, made: IssuedPass, by: Attempt, plan: Plan) -> Onboarding:
        return replace(real(row, made, by, plan), attempts=())

    patch.setattr(lifecycle, "issued", issued)


@planted(
    "only the last request without an answer is remembered",
    where="the request may yet be carried out",
    breaks="another",
)
def _(patch: Patch) -> None:
    patch.setattr(lifecycle, "attempting", lambda row, attempt: replace(row, attempts=(attempt,)))


@planted(
    "a moved start forgets a request without an answer",
    where="the answer of the request got lost",
    breaks="nobody is to look at it",
)
def _(patch: Patch) -> None:
    patch.setattr(pieces, "leaves_a_pass", lambda row: row.doomed or row.issued is not None)


@planted(
    "an end forgets a request without an answer",
    where="the answer of the request got lost",
    breaks="nobody is to look at it",
)
def _(patch: Patch) -> None:
    real = ending.ended

    def ended(row: Onboarding, status: Status, reason: Reason | None, detail: str, now: datetime) -> Onboarding:
        return replace(real(row, status, reason, detail, now), doomed=row.issued is not None and row.doomed)

    patch.setattr(ending, "ended", ended)


@planted(
    "a look that comes too soon is the last word at an end",
    where="asked again, the first request still open",
    breaks="no row knows of it",
)
def _(patch: Patch) -> None:
    patch.setattr(holdings, "settled", lambda *_: True)


@planted(
    "a look that comes too soon is the last word before a request",
    where="asked again in vain, the first request still open",
    breaks="no row knows of it",
)
def _(patch: Patch) -> None:
    patch.setattr(issue, "settled", lambda *_: True)


@planted(
    "a pass is asked for while the request before it may still be done",
    where="the answer of the request got lost",
    breaks="may still be carried out",
)
def _(patch: Patch) -> None:
    patch.setattr(pass_life, "_attempts_end", lambda *_: None)


@planted("a pass is asked for without a look", where="announced", breaks="without a look")
def _(patch: Patch) -> None:
    patch.setattr(Issuing, "_look_and_make", lambda self, order: self._make(order, clean=True))


@planted("somebody else's pass is replaced", where="the link is out", breaks="of somebody else was replaced")
def _(patch: Patch) -> None:
    patch.setattr(issue, "_foreign", lambda *_: None)


@planted("a cancel leaves the pass", where="the pass is made", breaks="nobody is to look at it")
def _(patch: Patch) -> None:
    real = lifecycle.cancelled

    def cancelled(row: Onboarding, reason: Reason, origin: Origin, now: datetime) -> Onboarding:
        return replace(real(row, reason, origin, now), doomed=False)

    patch.setattr(lifecycle, "cancelled", cancelled)


# What somebody holds, stays his, and is nobody else's


@planted("a moved start replaces a pass that was opened", where="the pass is opened", breaks="in somebody's hands")
def _(patch: Patch) -> None:
    for says in (Says.OTHER_START, Says.LATER_START):
        patch.setitem(OUTCOMES[says], Stands.OPENED, Outcome.REPLANNED)  # type: ignore[arg-type]
    allowed = transitions.TABLE[Did.EVENT_REPLANNED] | {(Status.OPENED, Status.PLANNED)}
    patch.setitem(transitions.TABLE, Did.EVENT_REPLANNED, allowed)  # type: ignore[arg-type]


@planted(
    "a pass is shown while an earlier request may still replace it",
    where="asked for by hand and again, the first request still open",
    breaks="taken away",
)
def _(patch: Patch) -> None:
    def sealed_pass(row: Onboarding) -> SealedPass | None:
        if row.status is Status.WAITING:
            return None
        return SealedPass.parse(row.issued.sealed) if row.issued and row.issued.sealed else None

    for module in (collect, view):
        patch.setattr(module, "sealed_pass", sealed_pass)


@planted("a resend leaves the link before it alive", where="the link is out", breaks="replaced by a resend")
def _(patch: Patch) -> None:
    real = lifecycle.resent

    def resent(row: Onboarding, ask: Ask) -> Onboarding:
        return replace(real(row, ask), delivery=row.delivery)

    patch.setattr(lifecycle, "resent", resent)


@planted("the link is enough, whoever has it", where="announced", breaks="was let in")
def _(patch: Patch) -> None:
    patch.setattr(proof, "_is_collector", lambda *_: True)


@planted("a second claim is shown the pass", where="the pass is opened", breaks="two claims")
def _(patch: Patch) -> None:
    real = collect.look

    def look(held: ClaimState | None, presented: str, **hours: datetime) -> Look:
        verdict = real(held, presented, **hours)
        return Look.AGAIN if held is not None and verdict is Look.REFUSED else verdict

    patch.setattr(collect, "look", look)


@planted("another manager in Entra is not noticed", where="the link is out", breaks="Entra does not name")
def _(patch: Patch) -> None:
    patch.setattr(Ready, "is_for", lambda *_: True)


# What the source says


@planted("events count in the order of their arrival", where="announced", breaks="an older event")
def _(patch: Patch) -> None:
    patch.setattr(admission, "_is_newer", lambda *_: True)


@planted("what is over begins anew at any word", where="nobody came", breaks="began anew")
def _(patch: Patch) -> None:
    for says in (Says.SAME, Says.OTHER_DATA, Says.OTHER_START):
        for stands in (Stands.OVER, Stands.LIVES_ON):
            patch.setitem(OUTCOMES[says], stands, Outcome.PLANNED)  # type: ignore[arg-type]


@planted("a moved start is recorded and not planned", where="announced", breaks="another start than the newest")
def _(patch: Patch) -> None:
    for says in (Says.OTHER_START, Says.LATER_START):
        patch.setitem(OUTCOMES[says], Stands.RUNNING, Outcome.UPDATED)  # type: ignore[arg-type]


@planted("nobody hears that a hire was called off", where="the pass is made", breaks="has not heard")
def _(patch: Patch) -> None:
    patch.setattr(after_end, "NEWS", after_end.NEWS - {Reason.REVOKED, Reason.CANCELLED_BY_SOURCE})


# What is stored


@planted("what waits has no due time", where="the link is out", breaks="come to nothing")
def _(patch: Patch) -> None:
    real = schedule.pass_due

    def pass_due(row: Onboarding, keep: Keep) -> Due | None:
        return None if row.status is Status.WAITING else real(row, keep)

    patch.setattr(schedule, "pass_due", pass_due)


@planted("a due time is in the row and not where the sweep looks", where="announced", breaks="a due time is lost")
def _(patch: Patch) -> None:
    real = transaction._due_operations

    def due_operations(before: Kept | None, row: Onboarding) -> tuple[Any, Any]:
        keys, operations = real(before, row)
        lost = row.due is not None and row.due.step is Step.EXPIRE
        return keys, [one for one in operations if not (lost and one[0] == "create")]

    patch.setattr(transaction, "_due_operations", due_operations)


@planted("a transition leaves no record", where="announced", breaks="not in the audit")
def _(patch: Patch) -> None:
    real = transaction._recorded

    def recorded(before: Kept | None, change: Change, writer: str) -> tuple[Any, Any]:
        book, operations = real(before, change, writer)
        return book, operations if change.audit.did is not Did.REVOKED else operations[1:]

    patch.setattr(transaction, "_recorded", recorded)


@planted("the records of the audit are not chained", where="announced", breaks="an audit is broken")
def _(patch: Patch) -> None:
    patch.setattr(ledger, "linked", lambda *_: "0" * 64)


@planted("a sealed pass is kept when it may be looked at no more", where="announced", breaks="sealed pass")
def _(patch: Patch) -> None:
    real = lifecycle.handed_over

    def handed_over(row: Onboarding, now: datetime) -> Onboarding:
        return replace(real(row, now), issued=row.issued)

    patch.setattr(lifecycle, "handed_over", handed_over)
    patch.setitem(tidy.ENDS, Step.FORGET, (Did.SEALED_PASS_ERASED, handed_over))  # type: ignore[arg-type]


@planted("a name stays when personal data go", where="announced", breaks="somebody is still known")
def _(patch: Patch) -> None:
    real = lifecycle.erased
    patch.setattr(lifecycle, "erased", lambda row: replace(real(row), hire=row.hire))


@planted("who is who in the audit is never forgotten", where="announced", breaks="somebody is still known")
def _(patch: Patch) -> None:
    async def forget_people(_: Trail, __: str) -> None:
        return

    patch.setattr(Trail, "forget_people", forget_people)


@planted("a lease keeps the account's id", where="announced", breaks="somebody is still known")
def _(patch: Patch) -> None:
    async def give_back(*_: object) -> None:
        return

    patch.setattr(issue, "digest", lambda user: user)
    patch.setattr(Leases, "_give_back", give_back)


# A device is in a group by our doing as long as a row answers for it


@planted("a device joins its group before the row says so", where="the link is out", breaks="no row knows of it")
def _(patch: Patch) -> None:
    async def record(*_: object) -> bool:
        return True

    patch.setattr(Memberships, "_record", record)


@planted("the record of a device goes, and the device stays", where="the link is out", breaks="no row knows of it")
def _(patch: Patch) -> None:
    async def remove(*_: object) -> None:
        return

    patch.setattr(Memberships, "_remove", remove)
