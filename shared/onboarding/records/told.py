"""Telling the desk what is the matter with the way to an HR source, or what was found on it."""

import logging
from dataclasses import dataclass

from shared.onboarding.steps.waiting import Brakes
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantError
from shared.tenant.ports.mail import Mail, Mailer

log = logging.getLogger("day_one_pass")


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told, and whether anybody is."""

    mailer: Mailer
    brakes: Brakes
    desk: str

    async def tell(self, mail: Mail) -> bool:
        """Send a mail; False where it could not be sent. Nobody is told by an app that only observes, and it counts."""
        if self.brakes.mode is Mode.OBSERVE:
            return True
        try:
            await self.mailer.send(mail)
        except TenantError:
            log.warning("the desk could not be told of an HR source")
            return False
        return True
