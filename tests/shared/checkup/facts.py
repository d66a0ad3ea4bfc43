"""A tenant and an app as they should be, for tests that spoil one thing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.checkup.catalogue import report
from shared.checkup.facts import (
    AccessPolicy,
    AppFacts,
    Coming,
    Domain,
    Facts,
    Grants,
    Hire,
    Identity,
    Mailbox,
    Read,
    SweepSeen,
    Wishes,
)
from shared.checkup.finding import Finding, State
from shared.checkup.permissions import needed
from shared.tenant.ports.passes import PassPolicy
from shared.tenant.ports.people import Account, Person, Privileges
from shared.tenant.ports.profiles import Profile

NOW = datetime(2030, 5, 27, 8, tzinfo=UTC)
GROUP = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
PROFILE = Profile(
    "33333333-3333-4333-8333-333333333333",
    "Enable Web Sign-in",
    "windows10",
    web_sign_in=True,
    assignments=({"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": GROUP}},),
)
POLICY = PassPolicy(
    enabled=True,
    minimum_lifetime=60,
    maximum_lifetime=1440,
    default_lifetime=60,
    one_time_only=False,
    include=frozenset({"all_users"}),
    exclude=frozenset(),
    length=12,
)
MANAGER = Person("44444444-4444-4444-8444-444444444444", "Jana", "jana@larkspur.example", "jana@larkspur.example", True)
ACCOUNT = Account(
    id="55555555-5555-4555-8555-555555555555",
    user_principal_name="amelie@larkspur.example",
    display_name="Amélie",
    created=NOW - timedelta(days=12),
    enabled=True,
    user_type="Member",
    office="Berlin",
    department="Sales",
    mail="amelie@larkspur.example",
    other_mails=(),
    mobile_phone=None,
    preferred_language=None,
    attributes={"employeeId": "LK-1001"},
    manager=MANAGER,
)
PRIVILEGES = Privileges(roles=(), groups=frozenset({GROUP}), role_assignable=False, eligibility_known=True)
PLANS = frozenset({"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "c1ec4a95-1f05-45b3-a911-aa3fa01094f5"})
HIRE = Hire("a" * 25, NOW + timedelta(days=7), (ACCOUNT,), PRIVILEGES, plans=PLANS)
WISHES = Wishes(
    client_id="66666666-6666-4666-8666-666666666666",
    lifetime=600,
    one_time=False,
    profile="Enable Web Sign-in",
    companion="",
    provider="password",
    device_groups={"site Berlin": GROUP},
    number_attribute="employeeId",
    others_collect=True,
    sender="day.one@larkspur.example",
    desk="it.desk@larkspur.example",
)
HELD = frozenset(need.permission for need in needed(WISHES))
ACCESS = AccessPolicy(
    name="Second factor",
    enabled=True,
    users=frozenset({"All"}),
    excluded_users=frozenset(),
    applications=frozenset({"All"}),
    narrowed=False,
    controls=frozenset({"mfa"}),
    any_of=True,
    combinations=None,
)
APP = AppFacts(
    sweep=Read(SweepSeen(alive=True, overdue=0, poisoned=0)),
    missing_queues=Read(()),
    skew=Read(timedelta(seconds=1)),
    unresolved=(),
    weak_secrets=(),
    sources=1,
)
CLEAN = Facts(
    at=NOW,
    wishes=WISHES,
    grants=Read(Grants(Identity.APP, HELD)),
    policy=Read(POLICY),
    profiles=Read((PROFILE,)),
    companions=Read(()),
    filters=Read({}),
    approvals=Read(()),
    approval_policies=Read(()),
    members=Read({}),
    groups=Read({GROUP: True}),
    coming=Read(Coming((HIRE,), 0)),
    domains=Read((Domain("larkspur.example", is_default=True, federated=False, mfa=None),)),
    access=Read((ACCESS,)),
    sign_in_log=Read(True),
    eligibility=Read(True),
    sender=Read(Mailbox.OPEN),
    other_mailbox=Read(Mailbox.CLOSED),
    app=Read(APP),
    door_is_closed=Read(True),
)


def policy(**but: Any) -> dict[str, Any]:
    """Spoil the policy."""
    return {"policy": Read(replace(POLICY, **but))}


def wishes(**but: Any) -> dict[str, Any]:
    """Wish otherwise."""
    return {"wishes": replace(WISHES, **but)}


def profile(**but: Any) -> dict[str, Any]:
    """Spoil the profile."""
    return {"profiles": Read((replace(PROFILE, **but),))}


def assigned(**target: Any) -> dict[str, Any]:
    """Assign the profile otherwise."""
    kind = target.pop("kind")
    return profile(assignments=({"target": {"@odata.type": f"#microsoft.graph.{kind}", **target}},))


def granted(*more: str, less: str = "") -> dict[str, Any]:
    """Grant the app more, or less."""
    return {"grants": Read(Grants(Identity.APP, HELD - {less} | set(more)))}


def app(**but: Any) -> dict[str, Any]:
    """Spoil something in the app."""
    return {"app": Read(replace(APP, **but))}


def hire(**but: Any) -> dict[str, Any]:
    """Let somebody come who is otherwise."""
    return {"coming": Read(Coming((replace(HIRE, **but),), 0))}


def account(**but: Any) -> dict[str, Any]:
    """Let somebody come whose account is otherwise."""
    return hire(accounts=(replace(ACCOUNT, **but),))


def access(**but: Any) -> dict[str, Any]:
    """Add a policy of Conditional Access that differs from a good one."""
    return {"access": Read((ACCESS, replace(ACCESS, name="The new one", **but)))}


def federated(*names: str, default: str = "larkspur.example") -> dict[str, Any]:
    """Federate domains so that people are sent elsewhere."""
    all_names = {default: None, **dict.fromkeys(names, "enforceMfaByFederatedIdp")}
    found = (Domain(name, name == default, mfa is not None, mfa) for name, mfa in all_names.items())
    return {"domains": Read(tuple(found))}


def spoilt(**but: Any) -> dict[str, Finding]:
    """Check up on what is clean but for this; return what is not in order, by the check's id."""
    found = report(replace(CLEAN, **but)).findings
    return {finding.check.id: finding for finding in found if finding.verdict.state is not State.OK}
