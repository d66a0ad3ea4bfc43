"""Reminding manager and desk of a hire, while there is time to do something. Cut off in between, a mail comes twice."""

import logging
from collections.abc import Callable

from shared.handover.mails.parts import Facts
from shared.handover.sending.facts import facts_of
from shared.onboarding.model import Onboarding
from shared.onboarding.steps.waiting import Brakes, reason_of
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantError
from shared.tenant.ports.mail import Mail, Mailer

log = logging.getLogger("day_one_pass")


class Reminding:
    """Sends one letter to whoever collects, and to the helpdesk."""

    def __init__(self, mailer: Mailer, brakes: Brakes, desk: str) -> None:
        self._mailer = mailer
        self._brakes = brakes
        self._desk = desk

    async def remind(self, row: Onboarding, letter: Callable[[str, Facts], Mail], *, desk: bool = True) -> bool:
        """Send it, to the desk as well unless that is told otherwise; False where it was not sent."""
        if self._brakes.mode is Mode.OBSERVE or row.collector is None:
            return False
        facts = facts_of(row, self._desk)
        try:
            await self._mailer.send(letter(row.collector.mail, facts.told_in(row.collector.language)))
            if desk and row.collector.mail != self._desk:
                await self._mailer.send(letter(self._desk, facts))
        except TenantError as error:
            log.warning("not reminded: %s", reason_of(error)[0].value, extra={"onboarding": row.id})
            return False
        return True
