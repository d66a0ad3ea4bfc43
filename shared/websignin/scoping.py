"""The step that brings a hire's device group into the scope of the Web sign-in profile, beside the pass."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.eligibility.authority import Rules, outside_pilot
from shared.onboarding.model import Onboarding, Step
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule import STEP_TAKES
from shared.onboarding.steps.waiting import StepContext, reason_of, retry_at, with_told
from shared.onboarding.transaction import Change
from shared.runtime.leases import Leases, LeaseTakenError
from shared.tenant.ports import Devices, Directory, GatedProfiles, TenantError
from shared.websignin.approved import ApprovedProfiles, AskedRequests
from shared.websignin.groups import DeviceGroups, group_of_devices
from shared.websignin.scope import ScopeOutcome, bring_into_scope
from shared.websignin.sought import Sought

log = logging.getLogger("day_one_pass")

PROFILE = "profile"

REASONS = {
    ScopeOutcome.NOT_FOUND: Reason.PROFILE_MISSING,
    ScopeOutcome.AMBIGUOUS: Reason.PROFILE_AMBIGUOUS,
    ScopeOutcome.SETTING_OFF: Reason.WEB_SIGN_IN_OFF,
    ScopeOutcome.WRONG_PLATFORM: Reason.PROFILE_NOT_FOR_WINDOWS,
    ScopeOutcome.EXCLUDED: Reason.DEVICE_GROUP_EXCLUDED,
    ScopeOutcome.UNCLEAR: Reason.SCOPE_UNCLEAR,
    ScopeOutcome.GROUP_MISSING: Reason.DEVICE_GROUP_MISSING,
    ScopeOutcome.OVERWRITTEN: Reason.ASSIGNMENT_OVERWRITTEN,
}


@dataclass(frozen=True, slots=True)
class Tenant:
    """What the step reads and writes in the tenant."""

    profiles: GatedProfiles
    directory: Directory
    devices: Devices


@dataclass(frozen=True, slots=True)
class Wanted:
    """What settings say: the profile and its companion, which group belongs to whom, and who is served at all."""

    profile: Sought
    companion: Sought | None
    groups: DeviceGroups
    rules: Rules


class Scoping:
    """Does the step of the queue `scope-web-sign-in`."""

    def __init__(
        self, context: StepContext, tenant: Tenant, leases: Leases, asked: AskedRequests, wanted: Wanted
    ) -> None:
        self._store = context.store
        self._clock = context.clock
        self._brakes = context.brakes
        self._waiting = context.waiting
        self._tenant = tenant
        self._leases = leases
        self._asked = asked
        self._profile = wanted.profile
        self._companion = wanted.companion
        self._groups = wanted.groups
        self._rules = wanted.rules

    async def run(self, onboarding: str) -> None:
        """Bring the group of this onboarding into scope, if that is due."""
        kept = await self._store.read(onboarding)
        if kept is None or not schedule.is_due(kept.row, Step.SCOPE, self._clock.now()):
            return
        if self._brakes.reason() is Reason.OBSERVING:
            await self._wait(kept.row, Reason.OBSERVING)
            return
        try:
            group = await self._group(kept.row) if await self._is_served(kept.row) else Reason.OUTSIDE_PILOT
        except TenantError as error:
            await self._wait(kept.row, *reason_of(error))
            return
        if isinstance(group, Reason):
            await self._wait(kept.row, group)
        else:
            await self._bring(kept.row, group)

    async def _is_served(self, row: Onboarding) -> bool:
        """While there is a pilot, a device group comes into scope for an account that takes part, and for no other."""
        if self._rules.pilot is None:
            return True
        account = await self._tenant.directory.account(row.subject.id) if row.subject else None
        if account is None:
            return False
        return outside_pilot(account, await self._tenant.directory.privileges(account.id), self._rules) is None

    async def _group(self, row: Onboarding) -> str | Reason:
        """A hire's group follows from the event; that of somebody who is already here, from what Entra holds.

        That is the group of the account's office or department, else the one that its registered devices are in. The
        default is for new hires alone: who is here has a device, and it may be in any group.
        """
        if row.request is None:
            return self._groups.of(row.hire.site, row.hire.department) or Reason.NO_DEVICE_GROUP
        if row.subject is None:
            return Reason.NO_DEVICE_KNOWN
        known = self._groups.known(row.subject.office, row.subject.department)
        found = known or await group_of_devices(self._tenant.devices, self._groups, row.subject.id)
        return found or Reason.NO_DEVICE_KNOWN

    async def _bring(self, row: Onboarding, group: str) -> None:
        tenant, lease = self._tenant, self._leases.held(PROFILE, "web-sign-in", STEP_TAKES)
        # Who did not agree for this hire is not asked for him again, until a person puts him back to work.
        may_ask = row.web.reason is not Reason.APPROVAL_REJECTED
        profiles = ApprovedProfiles(tenant.profiles, self._asked, self._clock, may_ask=may_ask)
        try:
            # Nothing is written any more once the lease may be another's.
            async with asyncio.timeout(STEP_TAKES.total_seconds()):
                result = await bring_into_scope(
                    profiles, tenant.directory, profile=self._profile, group_id=group, lease=lease
                )
        except LeaseTakenError:
            return
        except TimeoutError:
            await self._wait(row, Reason.TENANT_UNAVAILABLE)
            return
        except TenantError as error:
            await self._wait(row, *reason_of(error))
            return
        if result.gone:
            log.warning("another tool took out of the profile, meanwhile: %s", ", ".join(result.gone))
        if result.outcome is ScopeOutcome.IN_SCOPE:
            await self._in_scope(row, group, await self._companion_lacks(profiles, group))
        else:
            await self._wait(row, REASONS[result.outcome], result.detail)

    async def _companion_lacks(self, profiles: ApprovedProfiles, group: str) -> str:
        """Bring the group into the companion's scope; return what keeps it out, which holds up nothing."""
        if self._companion is None:
            return ""
        lease = self._leases.held(PROFILE, "web-sign-in", STEP_TAKES)
        try:
            async with asyncio.timeout(STEP_TAKES.total_seconds()):
                result = await bring_into_scope(
                    profiles, self._tenant.directory, profile=self._companion, group_id=group, lease=lease
                )
        except (LeaseTakenError, TimeoutError):
            return "another hire's turn"
        except TenantError as error:
            return ": ".join(filter(None, reason_of(error)))
        return "" if result.outcome is ScopeOutcome.IN_SCOPE else result.detail

    async def _in_scope(self, row: Onboarding, group: str, lacks: str) -> None:
        now = self._clock.now()
        if not lacks:
            await self._transit(row, Did.IN_SCOPE, lambda fresh: lifecycle.web_in_scope(fresh, group, now))
            return
        reason = Reason.COMPANION_NOT_IN_SCOPE
        told, again = await self._waiting.told(row, reason, lacks), retry_at(reason, now)
        await self._transit(
            row,
            Did.IN_SCOPE,
            lambda fresh: with_told(lifecycle.web_alone(fresh, group, lacks, now, again), told),
            reason,
        )

    async def _wait(self, row: Onboarding, reason: Reason, detail: str = "") -> None:
        told = await self._waiting.told(row, reason, detail)
        again = retry_at(reason, self._clock.now())
        await self._transit(
            row,
            Did.DEVICE_SIDE_WAITS,
            lambda fresh: with_told(lifecycle.web_waits(fresh, reason, detail, again), told),
            reason,
        )

    async def _transit(
        self, row: Onboarding, did: Did, change: Callable[[Onboarding], Onboarding], why: Reason | None = None
    ) -> None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, Step.SCOPE, now):
                return None
            return Change(change(fresh), Audit(did, now, why=why))

        await self._store.update(row.id, decide)
        log.info(did.value, extra={"onboarding": row.id})
