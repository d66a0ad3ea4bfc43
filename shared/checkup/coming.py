"""Who is coming: the hires whose pass is still to be made, as Entra has them now."""

import asyncio
from datetime import timedelta
from typing import Protocol

from shared.checkup.facts import Coming, Hire
from shared.onboarding.model import Onboarding
from shared.onboarding.store import Store
from shared.runtime.clock import Clock
from shared.tenant.ports import Account, Directory

AHEAD = timedelta(days=14)
MOST = 50
"""Each costs some five requests to Graph; whoever comes later is looked at when his turn has come nearer."""
AT_ONCE = 4


class Accounts(Protocol):
    """Finds the accounts that an onboarding may be about."""

    async def accounts(self, row: Onboarding) -> tuple[Account, ...]:
        """Return none, one or many."""
        ...


class ComingHires:
    """Looks at the hires who come soonest."""

    def __init__(self, store: Store, accounts: Accounts, directory: Directory, clock: Clock) -> None:
        self._store = store
        self._accounts = accounts
        self._directory = directory
        self._clock = clock
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def soonest(self) -> Coming:
        """Look at those of the next two weeks, `MOST` of them at most.

        Raises:
            StorageUnavailableError: the rows could not be read.
            TenantError: Entra could not be asked about one of them.
            UnreadableRowError: a row is not of this version.
        """
        coming = await self._store.due_times.passes_to_come(self._clock.now() + AHEAD)
        soonest = sorted(coming, key=lambda one: (one.deadline, one.id))
        found = await asyncio.gather(*(self._hire(one.id) for one in soonest[:MOST]))
        return Coming(tuple(hire for hire in found if hire is not None), max(0, len(soonest) - MOST))

    async def _hire(self, onboarding: str) -> Hire | None:
        async with self._turns:
            kept = await self._store.read(onboarding)
            if kept is None or kept.row.plan is None:
                return None
            accounts = await self._accounts.accounts(kept.row)
            privileges = await self._directory.privileges(accounts[0].id) if len(accounts) == 1 else None
            return Hire(onboarding, kept.row.plan.start, accounts, privileges)
