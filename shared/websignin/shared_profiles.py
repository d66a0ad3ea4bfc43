"""The profile that enables Web sign-in for all hires, and its companion: a group comes into the scope of both."""

import logging
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.spans import STEP_TAKES
from shared.onboarding.steps.waiting import reason_of
from shared.runtime.clock import Clock
from shared.runtime.leases import Leases, LeaseTakenError
from shared.tenant.errors import TenantError
from shared.tenant.ports.people import Directory
from shared.tenant.ports.profiles import GatedProfiles
from shared.websignin.approved import ApprovedProfiles, AskedRequests
from shared.websignin.scope import ScopeOutcome, ScopeResult, bring_into_scope
from shared.websignin.sought import Sought

log = logging.getLogger("day_one_pass")

LEASE = "profile"


@dataclass(frozen=True, slots=True)
class SharedProfiles:
    """Brings device groups into their scope. `asked`: what administrators were asked to approve of them."""

    profiles: GatedProfiles
    directory: Directory
    asked: AskedRequests
    leases: Leases
    clock: Clock
    profile: Sought
    companion: Sought | None

    async def bring(self, row: Onboarding, group: str) -> ScopeResult:
        """Bring a group into the profile's scope, for a hire.

        Raises:
            LeaseTakenError: another hire is at it.
            TenantError: as `bring_into_scope` does.
        """
        result = await self._bring(row, self.profile, group)
        if result.gone:
            log.warning("another tool took out of the profile, meanwhile: %s", ", ".join(result.gone))
        return result

    async def companion_lacks(self, row: Onboarding, group: str) -> str:
        """Bring a group into the companion's scope; return what keeps it out, which holds up nothing."""
        if self.companion is None:
            return ""
        try:
            result = await self._bring(row, self.companion, group)
        except LeaseTakenError:
            return "another hire's turn"
        except TenantError as error:
            return ": ".join(filter(None, reason_of(error)))
        return "" if result.outcome is ScopeOutcome.IN_SCOPE else result.detail

    async def _bring(self, row: Onboarding, sought: Sought, group: str) -> ScopeResult:
        # Who did not agree for this hire is not asked for him again, until a person puts him back to work.
        may_ask = row.web.reason is not Reason.APPROVAL_REJECTED
        profiles = ApprovedProfiles(self.profiles, self.asked, self.clock, may_ask=may_ask)
        return await bring_into_scope(profiles, self.directory, profile=sought, group_id=group, lease=self._lease())

    def _lease(self) -> AbstractAsyncContextManager[datetime]:
        return self.leases.held(LEASE, "web-sign-in", STEP_TAKES)
