"""When what is due: the one due time of each life, derived from the row and from nothing else. Pure.

Of the rooms here, three are the lives, `pass_life`, `web_sign_in` and `device`; the others are what they share.
"""

from dataclasses import replace
from datetime import datetime

from shared.onboarding.model import Onboarding
from shared.onboarding.schedule.device import device_due
from shared.onboarding.schedule.keeping import USUAL, Keep
from shared.onboarding.schedule.pass_life import pass_due
from shared.onboarding.schedule.web_sign_in import web_due
from shared.onboarding.statuses import Life, Step


def scheduled(row: Onboarding, keep: Keep = USUAL) -> Onboarding:
    """Return the row with the due time of each of its lives, derived from everything else in it."""
    return replace(row, due=pass_due(row, keep), web_due=web_due(row, keep), device_due=device_due(row))


def is_due(row: Onboarding, step: Step, now: datetime) -> bool:
    """Tell whether this step is what the row is waiting for now, in any of its lives."""
    return any(due is not None and due.step is step and due.at <= now for due in map(row.due_in, Life))


def is_on_its_way(row: Onboarding) -> bool:
    """Tell whether a pass of this row is still to be made."""
    return row.due is not None and row.due.pass_at is not None
