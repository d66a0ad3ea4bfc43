"""Telling a manager of many in one mail a day and site, in place of one for each opening, and for each that is late.

It goes out when the first of them is late, or the last has opened the pass. A lease stands before it and an entry
remembers it; where somebody is cut off between mail and entry, or the answer is lost, the mail comes once more.
"""

import asyncio
from collections.abc import Sequence

from shared.handover.mails.crew_messages import Mate, crew
from shared.handover.sending.facts import facts_of
from shared.onboarding.crews import MANY, Crew, crew_of, is_coming
from shared.onboarding.model import Onboarding
from shared.onboarding.people import People
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.spans import STEP_TAKES
from shared.onboarding.store import Store
from shared.runtime.leases import Leases, LeaseTakenError
from shared.tenant.ports.mail import Mailer

LEASE = "crew-lease"


class Together:
    """Finds who starts beside a hire, and tells their manager of all of them."""

    def __init__(self, store: Store, people: People, leases: Leases, mailer: Mailer, desk: str) -> None:
        self._store = store
        self._people = people
        self._leases = leases
        self._mailer = mailer
        self._desk = desk

    async def mates(self, row: Onboarding) -> tuple[Onboarding, ...]:
        """Return all of the row's crew who come, perhaps itself among them; nobody where they are few."""
        own = crew_of(row)
        ids = await self._people.crew(own.name) if own else ()
        if row.id not in ids or len(ids) < MANY:
            return ()
        kept = await asyncio.gather(*(self._store.read(one) for one in ids))
        found = tuple(one.row for one in kept if one and crew_of(one.row) == own and is_coming(one.row))
        return found if len(found) >= MANY else ()

    async def tell(self, row: Onboarding, mates: Sequence[Onboarding], reason: Reason) -> None:
        """Tell the manager of a row's mates, if what became of the row makes it time, and nobody has.

        Raises:
            TenantError: the mail is not known to be sent.
        """
        own = crew_of(row)
        if own is None or not mates or not _is_time(mates, reason):
            return
        try:
            async with self._leases.held(LEASE, own.name, STEP_TAKES):
                await self._tell_once(row, own, mates)
        except LeaseTakenError:
            # Whoever holds it sends the same mail, and comes back to it if he fails.
            return

    async def _tell_once(self, row: Onboarding, own: Crew, mates: Sequence[Onboarding]) -> None:
        if row.collector is None or await self._people.crew_told(own.name):
            return
        facts = facts_of(row, self._desk).told_in(row.collector.language)
        await self._mailer.send(crew(row.collector.mail, facts, [_mate(one) for one in mates]))
        await self._people.name_crew_told(own.name, row.id)


def _is_time(mates: Sequence[Onboarding], reason: Reason) -> bool:
    return reason is Reason.NOT_OPENED or all(one.claim is not None for one in mates)


def _mate(row: Onboarding) -> Mate:
    facts = facts_of(row, "")
    opened_at = row.claim.state.claimed_at if row.claim else None
    return Mate(facts.hire, facts.zone, facts.starts_at, opened_at)
