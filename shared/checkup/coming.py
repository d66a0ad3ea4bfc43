"""Who is coming: the hires whose pass is still to be made, as Entra has them now."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from shared.checkup.facts import Coming, Hire
from shared.onboarding.due_times import passes_to_come
from shared.onboarding.model import Onboarding
from shared.onboarding.store import Store
from shared.runtime.clock import Clock
from shared.tenant.ports.people import Account, Directory

AHEAD = timedelta(days=14)
MOST = 50
"""Each costs some eight requests to Graph; whoever comes later is looked at when his turn has come nearer."""
AT_ONCE = 4


class Accounts(Protocol):
    """Finds the accounts that an onboarding may be about."""

    async def accounts(self, row: Onboarding) -> tuple[Account, ...]:
        """Return none, one or many."""
        ...


class Licences(Protocol):
    """Tells what an account is licensed for."""

    async def plans(self, user_id: str) -> frozenset[str]:
        """Return the ids of service plans."""
        ...


@dataclass(frozen=True, slots=True)
class Tenant:
    """Where what is known of hires comes from."""

    accounts: Accounts
    directory: Directory
    licences: Licences


class ComingHires:
    """Looks at the hires who come soonest."""

    def __init__(self, store: Store, tenant: Tenant, number_attribute: str, clock: Clock) -> None:
        self._store = store
        self._tenant = tenant
        self._number_attribute = number_attribute
        self._clock = clock
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def soonest(self) -> Coming:
        """Look at those of the next two weeks, `MOST` of them at most.

        Raises:
            StorageUnavailableError: the rows could not be read.
            TenantError: Entra could not be asked about one of them.
            UnreadableRowError: a row is not of this version.
        """
        found = await self._store.due_times.until(self._clock.now() + AHEAD)
        coming = passes_to_come(found.entries)
        soonest = sorted(coming, key=lambda one: (one.deadline, one.id))
        hires = await asyncio.gather(*(self._hire(one.id) for one in soonest[:MOST]))
        return Coming(tuple(hire for hire in hires if hire is not None), max(0, len(soonest) - MOST))

    async def _hire(self, onboarding: str) -> Hire | None:
        async with self._turns:
            kept = await self._store.read(onboarding)
            if kept is None or kept.row.plan is None:
                return None
            row, start = kept.row, kept.row.plan.start
            accounts = await self._tenant.accounts.accounts(row)
            device = row.device.verdict if row.device else None
            hire = Hire(onboarding, start, accounts, None, row.request is None, device=device)
            return hire if len(accounts) != 1 else await self._known(hire)

    async def _known(self, hire: Hire) -> Hire:
        """Add what Entra holds about the only account."""
        account, tenant = hire.accounts[0], self._tenant
        number = account.attributes.get(self._number_attribute)
        same = await tenant.directory.find_accounts(
            user_principal_name=None, number_attribute=self._number_attribute, number=number
        )
        privileges = await tenant.directory.privileges(account.id)
        plans = await tenant.licences.plans(account.id)
        return replace(hire, privileges=privileges, numbered=len(same), plans=plans)
