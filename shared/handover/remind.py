"""Reminding manager and desk of a hire, while there is time to do something. Cut off in between, a mail comes twice."""

import logging
from collections.abc import Callable

from shared.handover.facts import facts_of
from shared.handover.parts import Facts
from shared.onboarding.model import Onboarding
from shared.onboarding.waiting import Brakes, reason_of
from shared.runtime.settings import Mode
from shared.tenant.ports import Mail, Mailer, TenantError

log = logging.getLogger("day_one_pass")


class Reminding:
    """Sends one letter to whoever collected the pass and to the helpdesk."""

    def __init__(self, mailer: Mailer, brakes: Brakes, desk: str) -> None:
        self._mailer = mailer
        self._brakes = brakes
        self._desk = desk

    async def remind(self, row: Onboarding, letter: Callable[[str, Facts], Mail]) -> bool:
        """Send it; False where it was not sent, so that it is tried with the next look."""
        if self._brakes.mode is Mode.OBSERVE or row.collector is None:
            return False
        facts = facts_of(row, self._desk)
        try:
            for address in dict.fromkeys((row.collector.mail, self._desk)):
                await self._mailer.send(letter(address, facts))
        except TenantError as error:
            log.warning("not reminded: %s", reason_of(error)[0].value, extra={"onboarding": row.id})
            return False
        return True
