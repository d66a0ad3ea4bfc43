"""Everything that must be true of the account, its manager and the tenant's policy before a link or a pass.

Read only. It runs with the notice, with the link and just before the pass is asked for, so that what stopped being
true in between is found.
"""

import asyncio
from dataclasses import dataclass

from shared.onboarding.authority import (
    Rules,
    collector_of,
    is_released,
    needs_release,
    outside_policy,
    refused_on_every_door,
)
from shared.onboarding.model import Collector, Onboarding, Subject
from shared.onboarding.reasons import Reason
from shared.planning.policy import Fitted, Limits, Refused, fit
from shared.tenant.ports import Account, Directory, PassPolicy, Privileges, TemporaryAccessPasses


@dataclass(frozen=True, slots=True)
class Ready:
    """All of it holds. `fitted` is what the policy leaves of the wished lifetime and use."""

    subject: Subject
    collector: Collector
    fitted: Fitted
    hr_manager: str | None
    wished_lifetime: int


@dataclass(frozen=True, slots=True)
class NotReady:
    """Something does not hold. `subject` and `collector` are what could be read all the same."""

    reason: Reason
    detail: str = ""
    subject: Subject | None = None
    collector: Collector | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What settings wish for a pass. Lifetime in minutes."""

    lifetime: int
    one_time: bool


class Preflight:
    """Checks one onboarding against the tenant."""

    def __init__(self, directory: Directory, passes: TemporaryAccessPasses, rules: Rules, wanted: Wanted) -> None:
        self._directory = directory
        self._passes = passes
        self._rules = rules
        self._wanted = wanted

    async def check(self, row: Onboarding) -> Ready | NotReady:
        """Check all of it; the first thing that does not hold is the answer.

        Raises:
            TenantError: what could not be read is not taken to hold.
        """
        accounts = await self._accounts(row)
        if len(accounts) != 1:
            return NotReady(Reason.ACCOUNT_AMBIGUOUS if accounts else Reason.ACCOUNT_NOT_FOUND)
        account = accounts[0]
        privileges, policy = await asyncio.gather(self._directory.privileges(account.id), self._passes.policy())
        return self._verdict(row, account, privileges, policy)

    def _verdict(
        self, row: Onboarding, account: Account, privileges: Privileges, policy: PassPolicy
    ) -> Ready | NotReady:
        subject = Subject(account.id, account.user_principal_name, account.display_name)
        collector = collector_of(account)
        known = collector if isinstance(collector, Collector) else None
        obstacle = (
            refused_on_every_door(account, privileges, self._rules)
            or (collector if isinstance(collector, Reason) else None)
            or self._unreleased(row, account, subject, known)
            or outside_policy(policy, account, privileges)
        )
        if obstacle is not None or known is None:
            return NotReady(obstacle or Reason.MANAGER_MISSING, subject=subject, collector=known)
        fitted = self._fit(policy)
        if isinstance(fitted, Refused):
            # Entra takes no policy whose limits contradict; were there one, it would allow no pass either.
            return NotReady(Reason.POLICY_DISABLED, fitted.setting, subject, known)
        return Ready(subject, known, fitted, _hr_manager(row, account), self._wanted.lifetime)

    async def _accounts(self, row: Onboarding) -> tuple[Account, ...]:
        return await self._directory.find_accounts(
            user_principal_name=row.hire.user_name,
            number_attribute=self._rules.number_attribute,
            number=row.hire.external_id,
        )

    def _unreleased(
        self, row: Onboarding, account: Account, subject: Subject, collector: Collector | None
    ) -> Reason | None:
        if row.plan is None:
            raise ValueError(f"{row.id} has no plan to check an account against")
        if collector is not None and is_released(row.release, subject, collector):
            return None
        return needs_release(account, row.hire, row.plan.start, self._rules)

    def _fit(self, policy: PassPolicy) -> Fitted | Refused:
        limits = Limits(policy.enabled, policy.minimum_lifetime, policy.maximum_lifetime, policy.one_time_only)
        return fit(self._wanted.lifetime, self._wanted.one_time, limits)


def _hr_manager(row: Onboarding, account: Account) -> str | None:
    """Return the manager HR names where that is another than Entra's: shown to people, and no more."""
    named = row.hire.manager_user_name
    held = account.manager.user_principal_name if account.manager else ""
    return named if named and named.casefold() != held.casefold() else None
