"""Everything that must be true of the account, its manager and the tenant's policy before a link or a pass.

Read only. It runs with the notice, with the link and just before the pass is asked for, so that what stopped being
true in between is found.
"""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from shared.onboarding.collector import Collector
from shared.onboarding.eligibility.authority import (
    Rules,
    is_own_request,
    is_released,
    let_go_by_party,
    needs_release,
    outside_pilot,
    outside_policy,
    refused_on_every_door,
    request_needs_release,
)
from shared.onboarding.eligibility.recipients import Recipients
from shared.onboarding.ids import is_guid
from shared.onboarding.model import Delivery, Onboarding, Subject
from shared.onboarding.reasons import Reason
from shared.planning.adjust import for_collector, with_length
from shared.planning.plan import Plan
from shared.planning.policy import Fitted, Limits, Refused, fit
from shared.tenant.ports.passes import PassPolicy, TemporaryAccessPasses
from shared.tenant.ports.people import Account, Directory, Privileges


@dataclass(frozen=True, slots=True)
class Ready:
    """All of it holds. `fitted` is what the policy leaves of the wished lifetime and use, `plan` what that makes of it.

    In the plan the collector's own hours are seen to, too.
    """

    subject: Subject
    collector: Collector
    fitted: Fitted
    hr_manager: str | None
    plan: Plan
    number: str | None

    def is_for(self, delivery: Delivery | None) -> bool:
        """Tell whether a link was made for this account and this collector."""
        people = (self.subject.id, self.collector.bound)
        return delivery is not None and (delivery.subject, delivery.collector) == people


@dataclass(frozen=True, slots=True)
class NotReady:
    """Something does not hold. The rest is what could be read all the same; `number` is Entra's employee number."""

    reason: Reason
    detail: str = ""
    subject: Subject | None = None
    collector: Collector | None = None
    number: str | None = None

    def is_for(self, delivery: Delivery | None) -> bool:
        """Tell whether a link was made for this account and this collector, as far as they were found."""
        if delivery is None or self.subject is None:
            return delivery is not None
        collector = delivery.collector if self.collector is None else self.collector.bound
        return (delivery.subject, delivery.collector) == (self.subject.id, collector)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What settings wish for a pass. Lifetime in minutes."""

    lifetime: int
    one_time: bool


class Others(Protocol):
    """The other onboardings of an account."""

    async def first(self, row: Onboarding, user_id: str) -> Onboarding | None:
        """Return the one for which `row` has to wait; None for none."""
        ...


@dataclass(frozen=True, slots=True)
class Tenant:
    """What is read of the tenant."""

    directory: Directory
    passes: TemporaryAccessPasses


class Preflight:
    """Checks one onboarding against the tenant, and against the other onboardings of its account."""

    def __init__(self, tenant: Tenant, recipients: Recipients, rules: Rules, wanted: Wanted, others: Others) -> None:
        self._recipients = recipients
        self._directory = tenant.directory
        self._passes = tenant.passes
        self._rules = rules
        self._wanted = wanted
        self._others = others

    async def check(self, row: Onboarding) -> Ready | NotReady:
        """Check all of it; the first thing that does not hold is the answer.

        Raises:
            TenantError: what could not be read is not taken to hold.
        """
        accounts = await self.accounts(row)
        if len(accounts) != 1:
            return NotReady(Reason.ACCOUNT_AMBIGUOUS if accounts else Reason.ACCOUNT_NOT_FOUND)
        account = accounts[0]
        collector, privileges, policy = await asyncio.gather(
            self._recipients.collector(account, row),
            self._directory.privileges(account.id),
            self._passes.policy(),
        )
        number = account.attributes.get(self._rules.number_attribute)
        verdict = self._verdict(row, _Found(account, privileges, policy, collector), number)
        if isinstance(verdict, Ready) and (other := await self._others.first(row, account.id)):
            return NotReady(Reason.OTHER_ONBOARDING_RUNNING, other.id, verdict.subject, verdict.collector, number)
        return verdict

    async def accounts(self, row: Onboarding) -> tuple[Account, ...]:
        """Find the account by the name given; one renamed since by its number, or by the id it was known by.

        Raises:
            TenantError: it could not be looked for.
        """
        if row.request is None:
            named = await self._find(name=row.hire.user_name) if row.hire.user_name else ()
            return named or await self._find(number=row.hire.external_id)
        known = row.subject.id if row.subject else row.request.user
        account = await self._directory.account(known) if is_guid(known) else None
        return (account,) if account else await self._find(name=row.request.user)

    def _verdict(self, row: Onboarding, found: "_Found", number: str | None) -> Ready | NotReady:
        account, known = found.account, found.known
        subject = Subject(
            account.id, account.user_principal_name, account.display_name, account.office, account.department
        )
        obstacle = (
            outside_pilot(account, found.privileges, self._rules)
            or refused_on_every_door(account, found.privileges, self._rules)
            or (Reason.OWN_REQUEST if is_own_request(row.ask, subject, known) else None)
            or (found.collector if isinstance(found.collector, Reason) else None)
            or self._unreleased(row, account, subject, known)
            or outside_policy(found.policy, account, found.privileges)
        )
        if obstacle is not None or known is None:
            return NotReady(obstacle or Reason.MANAGER_MISSING, "", subject, known, number)
        wanted = _wanted(row, self._wanted)
        fitted = _fit(wanted, found.policy)
        if isinstance(fitted, Refused):
            # Entra takes no policy whose limits contradict; were there one, it would allow no pass either.
            return NotReady(Reason.POLICY_DISABLED, fitted.setting, subject, known, number)
        plan = with_length(_plan_of(row), fitted)
        plan = for_collector(plan, known.zone) if known.zone else plan
        return Ready(subject, known, fitted, _hr_manager(row, account), plan, number)

    async def _find(self, *, name: str | None = None, number: str | None = None) -> tuple[Account, ...]:
        return await self._directory.find_accounts(
            user_principal_name=name, number_attribute=self._rules.number_attribute, number=number
        )

    def _unreleased(
        self, row: Onboarding, account: Account, subject: Subject, collector: Collector | None
    ) -> Reason | None:
        if collector is not None and is_released(row.release, subject, collector):
            return None
        if let_go_by_party(row.let_go_by, subject, collector):
            return Reason.RELEASE_NEEDED
        asked = request_needs_release(row.ask) if row.ask else None
        return asked or (None if row.request else needs_release(account, row.hire, _plan_of(row).start, self._rules))


@dataclass(frozen=True, slots=True)
class _Found:
    account: Account
    privileges: Privileges
    policy: PassPolicy
    collector: Collector | Reason

    @property
    def known(self) -> Collector | None:
        return self.collector if isinstance(self.collector, Collector) else None


def _plan_of(row: Onboarding) -> Plan:
    if row.plan is None:
        raise ValueError(f"{row.id} has no plan to check an account against")
    return row.plan


def _wanted(row: Onboarding, usual: Wanted) -> Wanted:
    """A request may wish for another length and use than settings do; the tenant's policy binds both."""
    if row.request is None:
        return usual
    one_time = usual.one_time if row.request.one_time is None else row.request.one_time
    return Wanted(row.request.lifetime or usual.lifetime, one_time)


def _fit(wanted: Wanted, policy: PassPolicy) -> Fitted | Refused:
    limits = Limits(policy.enabled, policy.minimum_lifetime, policy.maximum_lifetime, policy.one_time_only)
    return fit(wanted.lifetime, wanted.one_time, limits)


def _hr_manager(row: Onboarding, account: Account) -> str | None:
    """Return the manager HR names where that is another than Entra's: shown to people, and no more."""
    named = row.hire.manager_user_name
    held = account.manager.user_principal_name if account.manager else ""
    return named if named and named.casefold() != held.casefold() else None
