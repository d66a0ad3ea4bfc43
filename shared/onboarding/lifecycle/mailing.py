"""The mails of the way: notice, link and code, and those who were told of hours that moved."""

from dataclasses import replace
from datetime import datetime

from shared.handover.keys.pickup import CodeHash, Pickup
from shared.onboarding.collector import Collector, Route
from shared.onboarding.device_side import Web
from shared.onboarding.lifecycle.pieces import cleared, status_by_progress, without_code, without_key
from shared.onboarding.lifecycle.planning import found
from shared.onboarding.model import Ask, Delivery, Onboarding, Subject
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Status


def noticed(row: Onboarding, subject: Subject, collector: Collector, now: datetime) -> Onboarding:
    """Preflight held, and the manager knows. A link mailed for another account or another collector is dead."""
    return turned_to(replace(row, noticed_at=now, heard=collector, tell_move_at=None), subject, collector)


def misled(row: Onboarding, collector: Collector, now: datetime) -> Onboarding:
    """A mail went out while the hours moved or all of it ended: whoever got it hears of that at once."""
    row = replace(row, heard=collector)
    if row.ended_at is None:
        return replace(row, tell_move_at=now)
    return replace(row, told=tuple(reason for reason in row.told if reason is not row.reason))


def move_told(row: Onboarding) -> Onboarding:
    """Whoever had heard of the old hours has heard of the new."""
    return replace(row, tell_move_at=None)


def move_not_told(row: Onboarding, again_at: datetime) -> Onboarding:
    """The mail about the new hours did not go out; nothing else waits for it."""
    return replace(row, tell_move_at=again_at)


def inviting(row: Onboarding, public_key: str, now: datetime, code: CodeHash | None = None) -> Onboarding:
    """Store the public half of a fresh key pair, before its private half goes anywhere. Older links are dead.

    `code`: what is kept of the pick-up code that goes with the link, None where a sign-in is the proof.
    """
    if row.subject is None or row.collector is None:
        raise ValueError(f"{row.id} is invited without an account or a collector")
    number = row.delivery.number + 1 if row.delivery else 1
    pickup = Pickup(code) if code else None
    delivery = Delivery(number, public_key, row.subject.id, row.collector.bound, now, mailed_at=None, pickup=pickup)
    told = tuple(reason for reason in row.told if reason is not Reason.CODE_LOCKED)
    return replace(row, delivery=delivery, told=told)


def invited(row: Onboarding, number: int, now: datetime) -> Onboarding:
    """Exchange accepted the mail with link `number`."""
    if row.delivery is None or row.delivery.number != number:
        return row
    row = replace(row, delivery=replace(row.delivery, mailed_at=now), heard=row.collector)
    return cleared(row, Status.INVITED)


def route_shut(row: Onboarding, route: Route) -> Onboarding:
    """The channel of a route did not take what goes by it: the next of the chain has notice and link."""
    delivery = replace(without_key(row.delivery), mailed_at=None) if row.delivery else None
    row = replace(row, shut=(*row.shut, route), delivery=delivery, noticed_at=None)
    return cleared(row, status_by_progress(row))


def code_renewed(row: Onboarding) -> Onboarding:
    """Whoever holds a code that is locked has link and code made anew; a pass of ours is replaced by the next POST."""
    delivery = replace(without_key(row.delivery), mailed_at=None) if row.delivery else None
    row = replace(row, delivery=delivery, issued=without_code(row.issued), fresh_codes=row.fresh_codes + 1)
    return cleared(row, status_by_progress(row))


def code_tried(row: Onboarding, pickup: Pickup) -> Onboarding:
    """Somebody with the link's key has brought a code, right or wrong."""
    return replace(row, delivery=replace(row.delivery, pickup=pickup)) if row.delivery else row


def turned_to(row: Onboarding, subject: Subject | None, collector: Collector | None) -> Onboarding:
    """The account or its collector is another than the link was made for: that link is dead. None: not found anew."""
    row = found(row, subject, collector)
    delivery, people = row.delivery, (row.subject and row.subject.id, row.collector and row.collector.bound)
    if delivery and (delivery.subject, delivery.collector) != people:
        row = replace(row, delivery=replace(without_key(delivery), mailed_at=None))
    return cleared(row, status_by_progress(row))


def resent(row: Onboarding, ask: Ask) -> Onboarding:
    """A fresh link, by this route; the link and the pass before it go. A pass of ours is replaced by the next POST."""
    delivery = replace(without_key(row.delivery), mailed_at=None) if row.delivery else None
    web = row.web if row.ended_at is None else Web()
    row = replace(row, ask=ask, release=None, delivery=delivery, issued=without_code(row.issued), claim=None)
    row = replace(row, web=web, shut=())
    row = replace(row, ended_at=None, used_at=None, use_checked_at=None, methods_checked_at=None, methods_known=False)
    return cleared(row, status_by_progress(row))
