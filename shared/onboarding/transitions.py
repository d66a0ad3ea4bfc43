"""The one table of transitions: what was done may lead from which status to which, and nowhere else. Pure.

The store asks it before anything is written, so a step that comes late, or a fault in one, cannot bring an onboarding
where it must not be. A transition that leaves the status alone is in the table, too: most concern the device side, a
pass that has to go, or who has heard of it. `docs/transitions.md` is this table for people.
"""

from collections.abc import Mapping
from itertools import product

from shared.onboarding.audit.record import Did
from shared.onboarding.statuses import Status

type Transition = tuple[Status | None, Status]
"""From where to where. From None: the onboarding begins."""

PLANNED, INVITED, ISSUED, OPENED = Status.PLANNED, Status.INVITED, Status.ISSUED, Status.OPENED
USED, WAITING, EXPIRED = Status.USED, Status.WAITING, Status.EXPIRED
CANCELLED, FAILED = Status.CANCELLED, Status.FAILED

BEFORE_THE_PASS = (PLANNED, INVITED, WAITING)
NOT_COLLECTED = (*BEFORE_THE_PASS, ISSUED)
LIVE = (*NOT_COLLECTED, OPENED)
OVER = (OPENED, USED, EXPIRED, CANCELLED, FAILED)
"""Of an opened one it is not known whether the pass was used."""
DOOMED = (PLANNED, INVITED, WAITING, OPENED, USED, EXPIRED, CANCELLED, FAILED)
"""Where a pass of ours may still have to go: moved to another date, sealed to a dead link, or over."""


class ForbiddenTransitionError(Exception):
    """The table has no such transition: nothing was written, and the step that wanted it is at fault or came late."""


def _leads(before: tuple[Status | None, ...], *after: Status) -> frozenset[Transition]:
    return frozenset(product(before, after))


def _stays(*statuses: Status) -> frozenset[Transition]:
    return frozenset((status, status) for status in statuses)


TABLE: Mapping[Did, frozenset[Transition]] = {
    Did.EVENT_PLANNED: _leads((None,), PLANNED, WAITING),
    Did.EVENT_REPLANNED: _leads((*NOT_COLLECTED, FAILED), PLANNED, WAITING),
    Did.EVENT_UNCHANGED: _stays(*LIVE, FAILED),
    Did.EVENT_UPDATED: _leads((INVITED, WAITING, FAILED), PLANNED, INVITED)
    | _leads((*NOT_COLLECTED, FAILED), WAITING)
    | _leads((WAITING,), ISSUED)
    | _leads((ISSUED,), PLANNED, INVITED, ISSUED)
    | _stays(PLANNED),
    Did.EVENT_AFTER_OPENING: _stays(OPENED),
    Did.EVENT_AFTER_END: _stays(OPENED, USED, EXPIRED, CANCELLED) | _leads((EXPIRED,), CANCELLED),
    Did.EVENT_CANCELLED: _leads((None, *LIVE, USED, EXPIRED, FAILED), CANCELLED),
    Did.EVENT_LONG_PAST: _leads((*NOT_COLLECTED, FAILED), EXPIRED),
    Did.EVENT_FAILED: _leads((None, *NOT_COLLECTED, FAILED), FAILED),
    Did.ASKED_FOR: _leads((None,), PLANNED),
    Did.RESENT: _leads((*LIVE, USED), PLANNED) | _stays(WAITING),
    Did.REVOKED: _leads((*LIVE, USED, EXPIRED, FAILED), CANCELLED),
    Did.RELEASED: _leads((WAITING,), PLANNED, INVITED, WAITING),
    Did.PUT_BACK_TO_WORK: _leads((WAITING, FAILED), PLANNED, INVITED)
    | _leads((WAITING,), ISSUED)
    | _stays(PLANNED, INVITED, WAITING, ISSUED, OPENED, FAILED),
    Did.ERASURE_ASKED: _leads((*LIVE, USED), CANCELLED) | _stays(*OVER),
    Did.ACCOUNT_FOUND: _stays(*LIVE),
    Did.NOTICE_GIVEN: _leads(BEFORE_THE_PASS, PLANNED, INVITED),
    Did.BROUGHT_FORWARD: _stays(*BEFORE_THE_PASS),
    Did.LINK_MADE: _stays(PLANNED, WAITING),
    Did.LINK_MAILED: _leads((PLANNED, WAITING), INVITED) | _stays(WAITING),
    Did.ROUTE_SHUT: _leads((WAITING,), PLANNED) | _stays(PLANNED, WAITING),
    Did.MAIL_OVERTAKEN: _stays(*BEFORE_THE_PASS, EXPIRED, CANCELLED, FAILED),
    Did.MOVE_TOLD: _stays(*NOT_COLLECTED),
    Did.MOVE_NOT_TOLD_YET: _stays(*NOT_COLLECTED),
    Did.PEOPLE_CHANGED: _leads((INVITED, ISSUED, WAITING), PLANNED, INVITED),
    Did.PASS_ASKED_FOR: _stays(INVITED, WAITING),
    Did.NO_PASS_MADE: _stays(*Status),
    Did.PASS_MADE: _leads(BEFORE_THE_PASS, ISSUED) | _stays(*BEFORE_THE_PASS, EXPIRED, CANCELLED, FAILED),
    Did.PASS_VERIFIED: _stays(ISSUED),
    Did.PASS_OVERTAKEN: _leads((ISSUED,), INVITED),
    Did.PASS_REPLACED: _leads((ISSUED,), WAITING),
    Did.VERIFY_PUT_OFF: _stays(ISSUED),
    Did.REVIEWED: _leads((ISSUED, WAITING), ISSUED),
    Did.REVIEW_PUT_OFF: _stays(ISSUED, WAITING),
    Did.HELD_BACK: _leads((ISSUED, WAITING), WAITING),
    Did.PASS_OUTDATED: _leads((ISSUED, WAITING), INVITED),
    Did.WAITS: _leads(BEFORE_THE_PASS, WAITING),
    Did.STEP_FAILED: _leads(BEFORE_THE_PASS, FAILED) | _stays(*Status),
    Did.ROW_PUT_ASIDE: _stays(FAILED),
    Did.CODE_WRONG: _stays(*Status),
    Did.CODE_RENEWED: _leads(NOT_COLLECTED, PLANNED),
    Did.CODE_BROUGHT: _stays(*Status),
    Did.OPENED: _leads((ISSUED,), OPENED),
    Did.MADE_ANEW: _leads((OPENED, EXPIRED), INVITED),
    Did.HIRE_IS_IN: _stays(OPENED, CANCELLED),
    Did.SEALED_PASS_ERASED: _stays(OPENED),
    Did.USE_NOT_SEEN_YET: _stays(OPENED),
    Did.NOT_SIGNED_IN: _stays(OPENED),
    Did.PRIVILEGE_SEEN: _stays(OPENED, USED),
    Did.USED: _leads((OPENED,), USED),
    Did.METHODS_UNKNOWN: _stays(USED),
    Did.OTHER_METHOD_SEEN: _stays(USED),
    Did.SESSIONS_END: _stays(USED),
    Did.ENDED: _leads(NOT_COLLECTED, EXPIRED),
    Did.HOURS_GONE_BY: _leads(BEFORE_THE_PASS, EXPIRED),
    Did.PASS_DELETED: _stays(*DOOMED),
    Did.NO_PASS_TO_DELETE: _stays(*DOOMED),
    Did.REVOKE_PUT_OFF: _stays(*DOOMED),
    Did.TOLD: _stays(*LIVE, EXPIRED, CANCELLED, FAILED),
    Did.NOT_TOLD_YET: _stays(*LIVE, EXPIRED, CANCELLED, FAILED),
    Did.PERSONAL_DATA_ERASED: _stays(*OVER),
    Did.PEOPLE_FORGOTTEN: _stays(*OVER),
    Did.IN_SCOPE: _stays(*LIVE),
    Did.DEVICE_SIDE_WAITS: _stays(*LIVE),
    Did.DEVICE_LOOKED_AT: _stays(*NOT_COLLECTED),
    Did.JOINING: _stays(*LIVE),
    Did.NOT_JOINED: _stays(*Status),
    Did.LEFT_GROUP: _stays(*Status),
    Did.LEAVE_PUT_OFF: _stays(*Status),
}


def check(before: Status | None, did: Did, after: Status) -> None:
    """See that the table has this transition.

    Raises:
        ForbiddenTransitionError: it has not.
    """
    if (before, after) not in TABLE[did]:
        raise ForbiddenTransitionError(f"{did!r} must not lead from {before or 'nothing'} to {after}")
