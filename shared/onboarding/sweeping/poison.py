"""Dead letters: a hint whose step failed again and again says so in its row, and people hear of it.

The platform moves a hint that failed five times into the poison queue beside its own. The letter is read, the row is
written, and only then the letter is deleted: cut off in between, it is read again. One that leads to no row that can
be read stays where it is, and every sweep counts it until somebody has looked.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.ids import is_id
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.pass_life import pending_step
from shared.onboarding.statuses import Life, Status, Step
from shared.onboarding.steps.waiting import StepContext, retry_at, with_told
from shared.onboarding.sweeping.hints import QUEUE_OF, QUEUES
from shared.onboarding.transaction import Change
from shared.onboarding.upgrade import UnreadableRowError
from shared.runtime.storage import Letter
from shared.websignin.readiness import Gap, unready

log = logging.getLogger("day_one_pass")


class Letters(Protocol):
    """Queues, as whoever reads dead letters sees them."""

    async def take(self, queue: str) -> list[Letter]:
        """Take letters out of a queue; they come back unless they are deleted."""
        ...

    async def delete(self, letter: Letter) -> None:
        """Delete a letter for good."""
        ...


@dataclass(frozen=True, slots=True)
class Poisoned:
    """What was found in the poison queues. `kept`: letters that lead to no row, or to one that cannot be read."""

    read: int
    kept: int


@dataclass(frozen=True, slots=True)
class Failure:
    """The step that fails, and of which life."""

    life: Life
    step: Step


class Poison:
    """Reads the poison queues."""

    def __init__(self, context: StepContext, queues: Letters) -> None:
        self._store = context.store
        self._waiting = context.waiting
        self._clock = context.clock
        self._queues = queues

    async def read(self) -> Poisoned:
        """Read what lies in the poison queues, write it into the rows, and delete what is written.

        Raises:
            StorageUnavailableError: what is not deleted comes again.
        """
        found = await asyncio.gather(*(self._queues.take(f"{queue}-poison") for queue in QUEUES))
        kept = 0
        for queue, letters in zip(QUEUES, found, strict=True):
            for letter in letters:
                if await self._enter(queue, letter.text):
                    await self._queues.delete(letter)
                else:
                    kept += 1
        return Poisoned(sum(map(len, found)), kept)

    async def _enter(self, queue: str, onboarding: str) -> bool:
        """Enter the news into its row; False where there is none to enter it into."""
        if not is_id(onboarding):
            log.error("a poisoned hint names no onboarding and stays in %s-poison", queue)
            return False
        log.error("a step of %s failed again and again", queue, extra={"onboarding": onboarding})
        try:
            kept = await self._store.read(onboarding)
        except UnreadableRowError:
            log.exception("its row cannot be read; the hint stays in poison", extra={"onboarding": onboarding})
            return False
        if kept is None:
            log.error("there is no such row; the hint stays in poison", extra={"onboarding": onboarding})
            return False
        await self._failed(kept.row, queue)
        return True

    async def _failed(self, row: Onboarding, queue: str) -> None:
        now = self._clock.now()
        failure = failure_of(row, queue, now)
        if failure is None:
            return
        told = await self._told(row, failure)

        def decide(fresh: Onboarding) -> Change | None:
            if failure_of(fresh, queue, now) != failure:
                return None
            changed = with_told(entered(fresh, failure, now), told)
            return Change(changed, Audit(Did.STEP_FAILED, now, why=failure.step)) if changed != fresh else None

        await self._store.update(row.id, decide)

    async def _told(self, row: Onboarding, failure: Failure) -> tuple[Reason, ...]:
        """Mail the desk, unless the row itself comes to say `failed`: then the step that tells how it ended does."""
        if failure.life is Life.PASS and not goes_on(row):
            return row.told
        return await self._waiting.told(row, Reason.STEP_FAILED, failure.step, row.status)


def failure_of(row: Onboarding, queue: str, now: datetime) -> Failure | None:
    """Tell which step of this queue fails: the one that is still due. What was done meanwhile fails no more."""
    for life in Life:
        due = row.due_in(life)
        if due is not None and QUEUE_OF[due.step] == queue and due.at <= now:
            return Failure(life, due.step)
    return None


def entered(row: Onboarding, failure: Failure, now: datetime) -> Onboarding:
    """Let the row say that this step has failed, unless its pass must not be given up."""
    if failure.step is Step.LEAVE:
        return lifecycle.leave_put_off(row, Reason.STEP_FAILED, failure.step, retry_at(Reason.STEP_FAILED, now))
    if failure.life is Life.WEB_SIGN_IN:
        return lifecycle.web_failed(row, Reason.STEP_FAILED, failure.step)
    if failure.life is Life.DEVICE:
        return lifecycle.device_judged(row, unready(Gap.STEP_FAILED), now)
    return row if goes_on(row) else lifecycle.failed(row, Reason.STEP_FAILED, failure.step, now)


def goes_on(row: Onboarding) -> bool:
    """A pass that stands in Graph, or has to go from there, is not given up: the step stays due."""
    stands = row.status in {Status.ISSUED, Status.OPENED} or pending_step(row) is Step.REVIEW
    return stands or row.doomed or row.ended_at is not None
