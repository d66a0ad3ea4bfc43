"""Reads what the check-up judges by: each fact by itself, so that one that cannot be read leaves the others be.

Bounded: no fact takes longer than `LONGEST`, no list is longer than `shared.tenant.graph` allows, and none of the
reads is one that the budget of pass requests counts.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.checkup.facts import AccessPolicy, Domain, Fact, Facts, Mailbox, Read, Unread, Wishes
from shared.checkup.permissions import STEADY_GROUP
from shared.checkup.ports import Administration, ComingReader, GrantsReader, Mailboxes, OwnState, SignInLog
from shared.onboarding.eligibility.authority import EVERYONE
from shared.onboarding.upgrade import UnreadableRowError
from shared.runtime.clock import Clock
from shared.runtime.errors import StorageUnavailableError
from shared.tenant.errors import PermissionMissingError, TenantError, TenantUnavailableError
from shared.tenant.ports.devices import GroupKind, Groups
from shared.tenant.ports.passes import PassPolicy, TemporaryAccessPasses
from shared.tenant.ports.people import Directory
from shared.tenant.ports.profiles import GatedProfiles, Profile
from shared.websignin.merge import filters_of

LONGEST = 20.0
"""Seconds."""
LOOK_BACK = timedelta(days=1)
_FOR_APP = Unread("only the app can tell, and only with MODE=live: GET /api/readiness")
_FOR_READERS = Unread("the app may not read it: run the check-up as an administrator (Global Reader)")


@dataclass(frozen=True, slots=True)
class Tenant:
    """Where the tenant's facts come from. `administration`: None for the app, which may not ask.

    `mailboxes`: None for others than the app, and where it is to ask for nothing but reads.
    """

    grants: GrantsReader
    passes: TemporaryAccessPasses
    profiles: GatedProfiles
    directory: Directory
    sign_ins: SignInLog
    groups: Groups
    administration: Administration | None = None
    mailboxes: Mailboxes | None = None


@dataclass(frozen=True, slots=True)
class App:
    """Where the app's own facts come from."""

    coming: ComingReader
    itself: OwnState


class Gathering:
    """Reads all facts."""

    def __init__(self, tenant: Tenant, app: App, wishes: Wishes, clock: Clock) -> None:
        self._tenant = tenant
        self._app = app
        self._wishes = wishes
        self._clock = clock

    async def facts(self) -> Facts:
        """Read them side by side. Never raises for what could not be read."""
        tenant, now = self._tenant, self._clock.now()
        async with asyncio.TaskGroup() as side_by_side:
            begin = side_by_side.create_task
            grants = begin(attempt(tenant.grants.held()))
            policy = begin(attempt(tenant.passes.policy()))
            profiles = begin(attempt(tenant.profiles.find(self._wishes.profile)))
            companions = begin(attempt(self._companions()))
            approvals = begin(attempt(tenant.profiles.requests()))
            coming = begin(attempt(self._app.coming.soonest()))
            domains, access = begin(self._domains()), begin(self._access())
            approval_policies, members = begin(self._approval_policies()), begin(attempt(self._members()))
            log = begin(attempt(tenant.sign_ins.is_shown(now - LOOK_BACK)))
            eligibility = begin(attempt(self._eligibility()))
            app, door = begin(attempt(self._app.itself.read())), begin(attempt(self._app.itself.door_is_closed()))
            sender, other = begin(self._mailbox(self._wishes.sender)), begin(self._mailbox(self._wishes.desk))
        return Facts(
            at=now,
            wishes=self._wishes,
            grants=grants.result(),
            policy=policy.result(),
            profiles=profiles.result(),
            companions=companions.result(),
            filters=await attempt(self._filters(profiles.result(), companions.result())),
            approvals=approvals.result(),
            approval_policies=approval_policies.result(),
            members=members.result(),
            groups=await attempt(self._groups(policy.result())),
            coming=coming.result(),
            domains=domains.result(),
            access=access.result(),
            sign_in_log=log.result(),
            eligibility=eligibility.result(),
            sender=sender.result(),
            other_mailbox=other.result(),
            app=app.result(),
            door_is_closed=door.result(),
        )

    async def _domains(self) -> Fact[tuple[Domain, ...]]:
        administration = self._tenant.administration
        return await attempt(administration.domains()) if administration else _FOR_READERS

    async def _access(self) -> Fact[tuple[AccessPolicy, ...]]:
        administration = self._tenant.administration
        return await attempt(administration.access_policies()) if administration else _FOR_READERS

    async def _approval_policies(self) -> Fact[tuple[str, ...]]:
        administration = self._tenant.administration
        return await attempt(administration.approval_policies()) if administration else _FOR_READERS

    async def _members(self) -> Mapping[str, GroupKind | None]:
        """Tell of the groups that the app has devices join who decides on their members."""
        wanted = sorted({*self._wishes.device_groups.values()} if STEADY_GROUP in self._wishes.features else ())
        kinds = await asyncio.gather(*map(self._tenant.groups.kind, wanted))
        return dict(zip(wanted, kinds, strict=True))

    async def _mailbox(self, mailbox: str) -> Fact[Mailbox]:
        return await attempt(self._tenant.mailboxes.try_out(mailbox)) if self._tenant.mailboxes else _FOR_APP

    async def _eligibility(self) -> bool:
        """Tell by somebody who is always there, the app's own sender."""
        wishes, directory = self._wishes, self._tenant.directory
        found = await directory.find_accounts(
            user_principal_name=wishes.sender, number_attribute=wishes.number_attribute, number=None
        )
        if not found:
            raise TenantUnavailableError(f"{wishes.sender} is no account by which it could be told")
        return (await directory.privileges(found[0].id)).eligibility_known

    async def _companions(self) -> tuple[Profile, ...]:
        return await self._tenant.profiles.find(self._wishes.companion) if self._wishes.companion else ()

    async def _filters(self, *found: Fact[tuple[Profile, ...]]) -> Mapping[str, str | None]:
        """Read the rules of the filters on which the scope of the groups in settings depends."""
        profiles = [profile for fact in found if isinstance(fact, Read) for profile in fact.value]
        groups = self._wishes.device_groups.values()
        wanted = sorted({each for one in profiles for group in groups for each in filters_of(one.assignments, group)})
        rules = await asyncio.gather(*map(self._tenant.profiles.filter_rule, wanted))
        return dict(zip(wanted, rules, strict=True))

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
