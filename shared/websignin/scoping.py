"""The step that brings a hire's device group into the scope of the Web sign-in profile, beside the pass."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.onboarding import lifecycle, schedule
from shared.onboarding.model import Onboarding, Step
from shared.onboarding.reasons import Reason
from shared.onboarding.record import Audit, Did
from shared.onboarding.store import Change
from shared.onboarding.waiting import StepContext, reason_of, retry_at, with_told
from shared.runtime.leases import Leases, LeaseTakenError
from shared.tenant.ports import Directory, Profiles, TenantError
from shared.websignin.scope import ScopeOutcome, bring_into_scope

log = logging.getLogger("day_one_pass")

PROFILE = "profile"
TAKES = timedelta(minutes=2)
"""Longer than all requests of one run together, time-outs included."""

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
class DeviceGroups:
    """Which group a hire's device belongs to: by site, else by department, else the default. Object ids."""

    by_site: Mapping[str, str]
    by_department: Mapping[str, str]
    default: str | None

    def of(self, site: str | None, department: str | None) -> str | None:
        """Return the group's object id; None where settings name none."""
        return self.known(site, department) or self.default

    def known(self, site: str | None, department: str | None) -> str | None:
        """Return the group by site or department alone; None where neither leads to one."""
        return self.by_site.get(site or "") or self.by_department.get(department or "")


class Scoping:
    """Does the step of the queue `scope-web-sign-in`."""

    def __init__(
        self,
        context: StepContext,
        tenant: tuple[Profiles, Directory],
        leases: Leases,
        profile: str,
        groups: DeviceGroups,
    ) -> None:
        self._store = context.store
        self._clock = context.clock
        self._brakes = context.brakes
        self._waiting = context.waiting
        self._profiles, self._directory = tenant
        self._leases = leases
        self._profile = profile
        self._groups = groups

    async def run(self, onboarding: str) -> None:
        """Bring the group of this onboarding into scope, if that is due."""
        kept = await self._store.read(onboarding)
        if kept is None or not schedule.is_due(kept.row, Step.SCOPE, self._clock.now()):
            return
        group, missing = self._group(kept.row)
        if reason := Reason.OBSERVING if self._brakes.reason() is Reason.OBSERVING else None:
            await self._wait(kept.row, reason)
        elif group is None:
            await self._wait(kept.row, missing)
        else:
            await self._bring(kept.row, group)

    def _group(self, row: Onboarding) -> tuple[str | None, Reason]:
        """A hire's group follows from the event; that of somebody who is already here, from what Entra holds."""
        if row.request is None:
            return self._groups.of(row.hire.site, row.hire.department), Reason.NO_DEVICE_GROUP
        subject = row.subject
        group = self._groups.known(subject.office, subject.department) if subject else None
        return group, Reason.NO_DEVICE_KNOWN

    async def _bring(self, row: Onboarding, group: str) -> None:
        lease = self._leases.held(PROFILE, "web-sign-in", TAKES)
        try:
            result = await bring_into_scope(
                self._profiles, self._directory, profile=self._profile, group_id=group, lease=lease
            )
        except LeaseTakenError:
            return
        except TenantError as error:
            await self._wait(row, *reason_of(error))
            return
        if result.outcome is ScopeOutcome.IN_SCOPE:
            await self._transit(row, Did.IN_SCOPE, lambda fresh: lifecycle.web_in_scope(fresh, group))
        else:
            await self._wait(row, REASONS[result.outcome], result.detail)

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
