"""Where an onboarding stands, in each of its lives, and what it waits for next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Where the pass stands."""

    PLANNED = "planned"
    INVITED = "invited"
    ISSUED = "issued"
    OPENED = "opened"
    USED = "used"
    WAITING = "waiting"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"


ENDED = frozenset({Status.USED, Status.EXPIRED, Status.CANCELLED, Status.FAILED})


class WebSignIn(StrEnum):
    """Where the device side stands: is the hire's device group in the scope of the Web sign-in profile?"""

    PENDING = "pending"
    IN_SCOPE = "in-scope"
    WAITING = "waiting"
    FAILED = "failed"


class Life(StrEnum):
    """The lives of a row; none holds up another. That of the device is to look whether it is ready."""

    PASS = "pass"  # noqa: S105 - the name of a life
    WEB_SIGN_IN = "webSignIn"
    DEVICE = "device"


class Step(StrEnum):
    """What a due time is for."""

    NOTICE = "notice"
    INVITE = "invite"
    ISSUE = "issue"
    SCOPE = "scope"
    LEAVE = "leave"
    CHECK_DEVICE = "check-device"
    REMIND = "remind"
    EXPIRE = "expire"
    FORGET = "forget"
    CHECK_USE = "check-use"
    CHECK_METHODS = "check-methods"
    VERIFY = "verify"
    REVIEW = "review"
    REVOKE = "revoke"
    TELL = "tell"
    TELL_MOVE = "tell-move"
    TELL_HOLD = "tell-hold"
    ERASE = "erase"
    FORGET_PEOPLE = "forget-people"


@dataclass(frozen=True, slots=True)
class Due:
    """The next thing to do in a life. `deadline` orders the work of a sweep; `slots` is what it takes of the budget.

    `pass_at`: when the pass is planned to be made, None where none is to come any more.
    """

    step: Step
    at: datetime
    deadline: datetime
    slots: int = 0
    pass_at: datetime | None = None
