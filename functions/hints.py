"""What the four queue-triggered doorways share: a hint names an onboarding and nothing else."""

import logging
from collections.abc import Awaitable, Callable

import azure.functions as func

from shared.onboarding.ids import is_id
from shared.services import Services

log = logging.getLogger("day_one_pass")

CONNECTION = "STORAGE"


async def worked(message: func.QueueMessage, app: Services, step: Callable[[str], Awaitable[None]]) -> None:
    """Do the step for the onboarding that a hint names; then sweep, should the timer have stopped."""
    if onboarding := onboarding_of(message):
        await step(onboarding)
    await app.sweep.stand_in()


def onboarding_of(message: func.QueueMessage) -> str | None:
    """Return the id that a hint names; None, said in the log, where it is none and can never be one."""
    text = message.get_body().decode(errors="replace")
    if is_id(text):
        return text
    log.error("dropped a hint that names no onboarding (%d characters)", len(text))
    return None
