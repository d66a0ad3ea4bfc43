"""A fresh link and code, asked for by the manager who holds the code that is locked.

Proven by the manager's sign-in alone: he has no link, and gets none. What is made goes where it went before, the link
to the hire's own address and the code to the manager, after all is checked again; so whoever locked the code with a
link that leaked has a dead one. Short of the right sign-in every answer is the same, for links that never were, too.
"""

import logging

from shared.handover.callers.principal import Principal
from shared.handover.collecting.answers import NotForYouError
from shared.handover.collecting.proof import place_of
from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.registry import Registry
from shared.onboarding.requests.fresh_code import Standing, holds_code, standing
from shared.onboarding.transaction import Change
from shared.runtime.clock import Clock

log = logging.getLogger("day_one_pass")


class FreshCodes:
    """Answers whoever holds a code."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        self._store = registry.store
        self._hints = registry.hints
        self._clock = clock

    async def look(self, onboarding: str, by: Principal) -> Standing:
        """Tell how it stands with the code.

        Raises:
            NotForYouError: the code is not with this person, or there is none.
        """
        return standing(await self._held(onboarding, by), self._clock.now())

    async def ask(self, onboarding: str, by: Principal) -> Standing:
        """Have link and code made anew where that may be, and tell how it stands then. Asked twice at once, it is once.

        Raises:
            NotForYouError: the code is not with this person, or there is none.
        """
        now = self._clock.now()
        found = await self._held(onboarding, by)

        def decide(fresh: Onboarding) -> Change | None:
            if not holds_code(fresh, by.object_id) or standing(fresh, now) is not Standing.LOCKED:
                return None
            return Change(lifecycle.code_renewed(fresh), Audit(Did.CODE_RENEWED, now, caller=by.object_id))

        row = await self._store.update(found.id, decide)
        if row is None:
            raise NotForYouError
        log.info("a fresh code was asked for by its holder", extra={"onboarding": row.id})
        await self._hints.send_if_due(row, now)
        return standing(row, now)

    async def _held(self, onboarding: str, by: Principal) -> Onboarding:
        kept = await self._store.read_unseen(place_of(onboarding))
        if kept is None or not by.is_person or by.is_guest or not holds_code(kept.row, by.object_id):
            raise NotForYouError
        return kept.row
