"""Reads what the check-up judges by: each fact by itself, so that one that cannot be read leaves the others be.

Bounded: no fact takes longer than `LONGEST`, no list is longer than `shared.tenant.graph` allows, and none of the
reads is one that the budget of pass requests counts.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Protocol

from shared.checkup.facts import AccessPolicy, Coming, Domain, Fact, Facts, Grants, Read, Unread, Wishes
from shared.onboarding.eligibility.authority import EVERYONE
from shared.onboarding.upgrade import UnreadableRowError
from shared.runtime.clock import Clock
from shared.runtime.errors import StorageUnavailableError
from shared.tenant.ports import (
    Directory,
    PassPolicy,
    PermissionMissingError,
    Profiles,
    TemporaryAccessPasses,
    TenantError,
)

LONGEST = 20.0
"""Seconds."""
_FOR_READERS = Unread("the app may not read it: run the check-up as an administrator (Global Reader)")


class GrantsReader(Protocol):
    """Tells what the app was granted."""

    async def held(self) -> Grants:
        """Return who asks, and the app's permissions."""
        ...


class Administration(Protocol):
    """Tells what only an administrator may read."""

    async def domains(self) -> tuple[Domain, ...]:
        """Return the tenant's domains."""
        ...

    async def access_policies(self) -> tuple[AccessPolicy, ...]:
        """Return all Conditional Access policies."""
        ...


class ComingReader(Protocol):
    """Tells who is coming."""

    async def soonest(self) -> Coming:
        """Return those who come soonest."""
        ...


@dataclass(frozen=True, slots=True)
class Tenant:
    """Where the tenant's facts come from. `administration`: None for the app, which may not ask."""

    grants: GrantsReader
    passes: TemporaryAccessPasses
    profiles: Profiles
    directory: Directory
    administration: Administration | None = None


class Gathering:
    """Reads all facts."""

    def __init__(self, tenant: Tenant, coming: ComingReader, wishes: Wishes, clock: Clock) -> None:
        self._tenant = tenant
        self._coming = coming
        self._wishes = wishes
        self._clock = clock

    async def facts(self) -> Facts:
        """Read them side by side. Never raises for what could not be read."""
        tenant = self._tenant
        grants, policy, profiles, coming, domains, access = await asyncio.gather(
            attempt(tenant.grants.held()),
            attempt(tenant.passes.policy()),
            attempt(tenant.profiles.find(self._wishes.profile)),
            attempt(self._coming.soonest()),
            self._domains(),
            self._access(),
        )
        return Facts(
            at=self._clock.now(),
            wishes=self._wishes,
            grants=grants,
            policy=policy,
            profiles=profiles,
            groups=await attempt(self._groups(policy)),
            coming=coming,
            domains=domains,
            access=access,
        )

    async def _domains(self) -> Fact[tuple[Domain, ...]]:
        administration = self._tenant.administration
        return await attempt(administration.domains()) if administration else _FOR_READERS

    async def _access(self) -> Fact[tuple[AccessPolicy, ...]]:
        administration = self._tenant.administration
        return await attempt(administration.access_policies()) if administration else _FOR_READERS

    async def _groups(self, policy: Fact[PassPolicy]) -> Mapping[str, bool]:
        """Tell of each group that settings or the policy name whether it is one."""
        targets = policy.value.include | policy.value.exclude if isinstance(policy, Read) else frozenset[str]()
        wanted = sorted({*self._wishes.device_groups.values(), *targets} - {EVERYONE})
        found = await asyncio.gather(*(self._tenant.directory.group_exists(group) for group in wanted))
        return dict(zip(wanted, found, strict=True))


async def attempt[T](reading: Awaitable[T]) -> Fact[T]:
    """Read a fact, or say why it cannot be read."""
    try:
        async with asyncio.timeout(LONGEST):
            return Read(await reading)
    except PermissionMissingError as error:
        return Unread(f"{error.permission} is missing")
    except TimeoutError:
        return Unread(f"not read within {LONGEST:.0f} seconds")
    except (TenantError, StorageUnavailableError, UnreadableRowError) as error:
        return Unread(str(error))
