"""What the four queue-triggered doorways share: a hint names an onboarding and nothing else."""

import logging
from collections.abc import Awaitable, Callable

import azure.functions as func

from shared.onboarding.ids import is_id
from shared.runtime.errors import StorageRefusedError, StorageUnavailableError
from shared.runtime.telemetry import port as telemetry
from shared.runtime.telemetry import vocabulary as says
from shared.services import Services

log = logging.getLogger("day_one_pass")

CONNECTION = "STORAGE"


LAST_TRY = 5
"""The `maxDequeueCount` of host.json: a hint that fails once more is poisoned, and its row given up."""


async def worked(queue: str, message: func.QueueMessage, app: Services, step: Callable[[str], Awaitable[None]]) -> None:
    """Do the step for the onboarding that a hint of this queue names; then sweep, should the timer have stopped.

    An outage of storage is no failure of the step: the hint is dropped at its last try, and the row is still due.
    """
    if onboarding := onboarding_of(message):
        try:
            with telemetry.span(f"process {queue}", telemetry.Kind.CONSUMER, _told(queue, onboarding), onboarding):
                await step(onboarding)
        except StorageRefusedError:
            raise
        except StorageUnavailableError:
            if (message.dequeue_count or 0) < LAST_TRY:
                raise
            log.exception("no storage for so long; the sweep will hint again", extra={"onboarding": onboarding})
    await app.sweeping.sweep.stand_in()


def _told(queue: str, onboarding: str) -> says.Attributes:
    return {
        says.FAAS_TRIGGER: says.Trigger.QUEUE,
        says.MESSAGING_SYSTEM: "azure.storage_queue",
        says.MESSAGING_QUEUE: queue,
        says.MESSAGING_OPERATION: "process",
        says.ONBOARDING: onboarding,
    }


def onboarding_of(message: func.QueueMessage) -> str | None:
    """Return the id that a hint names; None, said in the log, where it is none and can never be one."""
    text = message.get_body().decode(errors="replace")
    if is_id(text):
        return text
    log.error("dropped a hint that names no onboarding (%d characters)", len(text))
    return None
