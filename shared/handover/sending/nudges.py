"""A word in Teams that a mail has come, for who sees that sooner. It says no more than that: no name, link or code."""

import asyncio
import logging

from shared.channels.ports import Nudge, Nudger
from shared.languages.voice import Voice
from shared.onboarding.collector import Collector, Route
from shared.tenant.errors import TenantError

log = logging.getLogger("day_one_pass")

NUDGED_WITHIN = 5.0
"""Seconds. Nobody waits longer for what the mail says anyway."""
_HAS_A_PART = frozenset({Route.MANAGER, Route.HIRE_MANAGER, Route.CONTACT})
"""Routes on which one person of the company has a link or a code in the mailbox."""


class Nudging:
    """Tells whoever has a mail of ours to act on that it is there; `nudger` None: nobody is told."""

    def __init__(self, nudger: Nudger | None) -> None:
        self._nudger = nudger

    async def nudge(self, collector: Collector, onboarding: str) -> None:
        """Nudge, if there is a way to. Whatever comes of it, nothing waits for it or changes with it."""
        if self._nudger is None or collector.route not in _HAS_A_PART:
            return
        try:
            async with asyncio.timeout(NUDGED_WITHIN):
                await self._nudger.send(a_mail_waits(collector))
        except (TenantError, TimeoutError) as error:
            log.warning("not nudged in Teams: %s", type(error).__name__, extra={"onboarding": onboarding})


def a_mail_waits(collector: Collector) -> Nudge:
    """Write the nudge, in the reader's language."""
    say = Voice(collector.language).say
    text = say("A mail about the first sign-in of a new colleague is in your mailbox.")
    return Nudge(collector.id, say("First sign-in"), text)
