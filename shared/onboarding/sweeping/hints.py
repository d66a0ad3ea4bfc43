"""Hints: which queue a step belongs to, and sending one. The row is the truth; a hint may be lost or doubled."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from shared.onboarding.due_times import DueTimes
from shared.onboarding.model import Onboarding
from shared.onboarding.schedule.spans import STEP_TAKES
from shared.onboarding.statuses import Life, Step
from shared.runtime.errors import StorageUnavailableError

log = logging.getLogger("day_one_pass")

SEND_INVITE = "send-invite"
ISSUE_PASS = "issue-pass"  # noqa: S105 - the name of a queue
SCOPE_WEB_SIGN_IN = "scope-web-sign-in"
TIDY_UP = "tidy-up"
QUEUES = (SEND_INVITE, ISSUE_PASS, SCOPE_WEB_SIGN_IN, TIDY_UP)

QUEUE_OF = {
    Step.NOTICE: SEND_INVITE,
    Step.INVITE: SEND_INVITE,
    Step.ISSUE: ISSUE_PASS,
    Step.SCOPE: SCOPE_WEB_SIGN_IN,
    Step.CHECK_DEVICE: SCOPE_WEB_SIGN_IN,
    Step.LEAVE: SCOPE_WEB_SIGN_IN,
    Step.REMIND: TIDY_UP,
    Step.EXPIRE: TIDY_UP,
    Step.FORGET: TIDY_UP,
    Step.CHECK_USE: TIDY_UP,
    Step.CHECK_METHODS: TIDY_UP,
    Step.VERIFY: TIDY_UP,
    Step.REVIEW: TIDY_UP,
    Step.REVOKE: TIDY_UP,
    Step.TELL: TIDY_UP,
    Step.TELL_MOVE: TIDY_UP,
    Step.TELL_HOLD: TIDY_UP,
    Step.ERASE: TIDY_UP,
    Step.FORGET_PEOPLE: TIDY_UP,
}

FOR_ALL = frozenset({Step.CHECK_USE, Step.CHECK_METHODS})
"""Steps that one hint does for all hires for whom they are due."""

WHOLE_SECOND = timedelta(seconds=1)


class Sender(Protocol):
    """Puts a hint into a queue."""

    async def send(self, queue: str, onboarding: str, delay: int = 0) -> None:
        """Send an onboarding's id, visible after `delay` seconds."""
        ...


class Hints:
    """Sends hints about rows."""

    def __init__(self, queues: Sender, due_times: DueTimes) -> None:
        self._queues = queues
        self._due_times = due_times

    async def send_if_due(self, row: Onboarding, now: datetime) -> None:
        """Send a hint for each life that is due now and takes nothing of the budget. Best effort: the sweep follows.

        A plan counts in whole seconds, rounded up: what is due at once is due within the next second. The due time is
        moved on as the sweep does it, or the sweep of this minute would send the same hint again.
        """
        hinted: set[str] = set()
        for life in Life:
            due = row.due_in(life)
            if due is None or due.at > now + WHOLE_SECOND or due.slots or QUEUE_OF[due.step] in hinted:
                continue
            # One hint is enough for all that a queue does for this row.
            hinted.add(QUEUE_OF[due.step])
            try:
                await self._queues.send(QUEUE_OF[due.step], row.id, delay=int(due.at > now))
                await self._due_times.postpone(row.id, life, due.at, now + STEP_TAKES)
            except StorageUnavailableError:
                log.warning("hint not sent; the sweep will", extra={"onboarding": row.id})
