"""The pass: asked for, made, looked at again, withheld, overtaken."""

from dataclasses import replace
from datetime import datetime

from shared.onboarding.collector import Collector
from shared.onboarding.lifecycle.mailing import turned_to
from shared.onboarding.lifecycle.pieces import cleared, status_by_progress, without_code
from shared.onboarding.model import Attempt, IssuedPass, Onboarding, Subject
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Status
from shared.planning.plan import Plan


def attempting(row: Onboarding, attempt: Attempt) -> Onboarding:
    """Record that a pass is about to be asked for, so that whoever comes after knows."""
    return replace(row, attempts=(*row.attempts, attempt))


def attempt_closed(row: Onboarding, attempt: Attempt, clean: bool) -> Onboarding:
    """There is no pass from this attempt; where Graph was seen `clean`, from none before it either."""
    return replace(row, attempts=() if clean else tuple(open_ for open_ in row.attempts if open_ != attempt))


def issued(row: Onboarding, made: IssuedPass, by: Attempt, plan: Plan) -> Onboarding:
    """A pass stands in Graph, sealed. Where the row ended or changed while it was made, that pass must go.

    Attempts before `by` stay open: one of them may still be carried out late.
    """
    row = replace(row, attempts=tuple(attempt for attempt in row.attempts if attempt != by))
    if row.doomed or row.ended_at is not None or not _has_link(row, made.delivery):
        return replace(row, issued=without_code(made), doomed=True)
    row = replace(row, issued=made, plan=plan, reviewed_at=None)
    return cleared(row, Status.ISSUED)


def verified(row: Onboarding) -> Onboarding:
    """Graph holds the very pass that is sealed here, whatever became of the attempts before it."""
    return replace(row, attempts=())


def reviewed(row: Onboarding, now: datetime) -> Onboarding:
    """Shortly before the window all that the pass was made on still holds, or holds again."""
    return cleared(replace(row, reviewed_at=now), Status.ISSUED)


def withheld(row: Onboarding, reason: Reason, detail: str) -> Onboarding:
    """What the pass was made on holds no more: the pass goes at once, and the row waits as before it was made."""
    row = replace(row, issued=without_code(row.issued), doomed=True, retry_at=None)
    return replace(row, status=Status.WAITING, reason=reason, detail=detail)


def passed_on(row: Onboarding, subject: Subject, collector: Collector) -> Onboarding:
    """The account or its collector is another than the pass was made for: a new link, and a pass for it.

    A pass of ours on the same account is replaced by the next; that of another account has to be deleted there first.
    """
    without = replace(row, issued=without_code(row.issued))
    if row.subject is not None and row.subject.id != subject.id:
        return replace(cleared(without, status_by_progress(without)), doomed=True)
    return turned_to(without, subject, collector)


def overtaken(row: Onboarding) -> Onboarding:
    """The pass that is sealed here is replaced in Graph, or of no use any more: make it anew, same link."""
    return cleared(replace(row, issued=without_code(row.issued)), Status.INVITED)


def _has_link(row: Onboarding, number: int) -> bool:
    """Tell whether link `number` is still the one that counts: no newer one was made, and nobody took it back."""
    return row.delivery is not None and row.delivery.number == number and bool(row.delivery.public_key)
