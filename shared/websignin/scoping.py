"""The step that brings a hire's device group into the scope of the Web sign-in profile, beside the pass.

With steady groups, of which each is assigned once, it then has the hire's device join the group.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from shared.onboarding import lifecycle, memberships, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.device_side import Membership
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.spans import STEP_TAKES
from shared.onboarding.statuses import Step
from shared.onboarding.steps.waiting import StepContext, patience_of, reason_of, retry_at, with_told
from shared.onboarding.transaction import Change
from shared.runtime.leases import LeaseTakenError
from shared.tenant.errors import NotFoundInTenantError, TenantError
from shared.tenant.ports.devices import Device, Groups
from shared.websignin.groups import MEMBERS
from shared.websignin.leaving import Leaving
from shared.websignin.membership import Memberships
from shared.websignin.readiness import State
from shared.websignin.scope import ScopeOutcome
from shared.websignin.shared_profiles import SharedProfiles
from shared.websignin.targets import HeldUp, Target, Targets

log = logging.getLogger("day_one_pass")

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
class Reach:
    """How the step reaches the tenant: the profiles, what has to be in their scope, and who joins which group."""

    profiles: SharedProfiles
    targets: Targets
    groups: Groups
    memberships: Memberships


class Scoping:
    """Does the steps of the queue `scope-web-sign-in`."""

    def __init__(self, context: StepContext, reach: Reach) -> None:
        self._store = context.store
        self._clock = context.clock
        self._brakes = context.brakes
        self._waiting = context.waiting
        self._reach = reach
        self._leaving = Leaving(context, reach.memberships)

    async def run(self, onboarding: str) -> None:
        """Bring what belongs to this onboarding into scope, or take its device out of the group again, as is due."""
        kept = await self._store.read(onboarding)
        if kept is None:
            return
        if schedule.is_due(kept.row, Step.LEAVE, self._clock.now()):
            await self._leaving.run(kept.row)
        elif schedule.is_due(kept.row, Step.SCOPE, self._clock.now()):
            await self._scope(kept.row)

    async def _scope(self, row: Onboarding) -> None:
        if self._brakes.reason() is Reason.OBSERVING:
            await self._wait(row, HeldUp(Reason.OBSERVING))
            return
        try:
            # Nothing is written any more once a lease may be another's.
            async with asyncio.timeout(STEP_TAKES.total_seconds()):
                target = await self._reach.targets.of(row)
                held_up = target if isinstance(target, HeldUp) else await self._bring(row, target)
        except LeaseTakenError:
            return
        except TimeoutError:
            held_up = HeldUp(Reason.TENANT_UNAVAILABLE)
        except TenantError as error:
            held_up = HeldUp(*reason_of(error), patience_of(error))
        if held_up is not None:
            await self._wait(row, held_up)

    async def _bring(self, row: Onboarding, target: Target) -> HeldUp | None:
        """Have the group in scope, then the device in the group. None: it is so, or there is nothing to be said."""
        result = await self._reach.profiles.bring(row, target.group)
        if result.outcome is not ScopeOutcome.IN_SCOPE and not _passes_by_its_device(row, result.outcome):
            return HeldUp(REASONS[result.outcome], result.detail)
        if target.device is None:
            await self._in_scope(row, target, None)
            return None
        return await self._join(row, target, target.device)

    async def _join(self, row: Onboarding, target: Target, device: Device) -> HeldUp | None:
        try:
            kind = await self._reach.groups.kind(target.group)
            if kind is None:
                return HeldUp(Reason.DEVICE_GROUP_MISSING)
            standing = await self._reach.memberships.join(row, target.group, kind, device)
        except NotFoundInTenantError:
            return HeldUp(Reason.DEVICE_MISSING, "when it was to join its group")
        if standing is None:
            return None
        if not standing.inside:
            return HeldUp(Reason.DEVICE_GROUP_NOT_OURS, f"the group's members are {MEMBERS[kind]}")
        await self._in_scope(row, target, standing.ours)
        return None

    async def _in_scope(self, row: Onboarding, target: Target, ours: Membership | None) -> None:
        """Enter that the globe will be there, and what keeps the companion from its scope, if anything does."""
        lacks = await self._reach.profiles.companion_lacks(row, target.group)
        reason = Reason.COMPANION_NOT_IN_SCOPE if lacks else None
        told = await self._waiting.told(row, reason, lacks) if reason else ()
        now, device = self._clock.now(), target.device.id if target.device else None

        def change(fresh: Onboarding) -> Onboarding | None:
            if ours is not None:
                # What was taken back meanwhile is not answered for again: another look finds out.
                if memberships.of(fresh, ours.group, ours.device) is None:
                    return None
                fresh = memberships.recorded(fresh, ours)
            fresh = with_told(lifecycle.web_in_scope(fresh, target.group, now, device), told)
            return lifecycle.web_alone(fresh, lacks, retry_at(reason, now)) if reason else fresh

        await self._transit(row, Did.IN_SCOPE, change, reason)

    async def _wait(self, row: Onboarding, held_up: HeldUp) -> None:
        reason, detail = held_up.reason, held_up.detail
        told = await self._waiting.told(row, reason, detail)
        again = retry_at(reason, self._clock.now(), held_up.patience)
        await self._transit(
            row,
            Did.DEVICE_SIDE_WAITS,
            lambda fresh: with_told(lifecycle.web_waits(fresh, reason, detail, again), told),
            reason,
        )

    async def _transit(
        self, row: Onboarding, did: Did, change: Callable[[Onboarding], Onboarding | None], why: Reason | None = None
    ) -> None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            changed = change(fresh) if schedule.is_due(fresh, Step.SCOPE, now) else None
            return None if changed is None else Change(changed, Audit(did, now, why=why))

        await self._store.update(row.id, decide)
        log.info(did.value, extra={"onboarding": row.id})


def _passes_by_its_device(row: Onboarding, outcome: ScopeOutcome) -> bool:
    """Tell whether only a filter leaves it open for the group, and the hire's own device was found to be ready."""
    return outcome is ScopeOutcome.UNCLEAR and row.device is not None and row.device.verdict.state is State.READY
