"""Hints: which queue a step belongs to, and sending one. The row is the truth; a hint may be lost or doubled."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from shared.onboarding.model import Onboarding, Step
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
    Step.EXPIRE: TIDY_UP,
    Step.FORGET: TIDY_UP,
    Step.CHECK_USE: TIDY_UP,
    Step.VERIFY: TIDY_UP,
    Step.REVOKE: TIDY_UP,
    Step.TELL: TIDY_UP,
    Step.ERASE: TIDY_UP,
}


WHOLE_SECOND = timedelta(seconds=1)


class Sender(Protocol):
    """Puts a hint into a queue."""

    async def send(self, queue: str, onboarding: str, delay: int = 0) -> None:
        """Send an onboarding's id, visible after `delay` seconds."""
        ...


class Hints:
    """Sends hints about rows."""

    def __init__(self, queues: Sender) -> None:
        self._queues = queues

    async def send_if_due(self, row: Onboarding, now: datetime) -> None:
        """Send a hint for each life that is due now and takes nothing of the budget. Best effort: the sweep follows.

        A plan counts in whole seconds, rounded up: what is due at once is due within the next second.
        """
        for due in (row.due, row.web_due):
            if due is None or due.at > now + WHOLE_SECOND or due.slots:
                continue
            try:
                await self._queues.send(QUEUE_OF[due.step], row.id, delay=int(due.at > now))
            except StorageUnavailableError:
                log.warning("hint not sent; the sweep will", extra={"onboarding": row.id})
