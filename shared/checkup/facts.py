"""What the check-up judges by: everything that was read, or why it could not be. Pure; no fact holds a secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NoReturn

from shared.tenant.ports.devices import GroupKind
from shared.tenant.ports.passes import PassPolicy
from shared.tenant.ports.people import Account, Privileges
from shared.tenant.ports.profiles import ApprovalRequest, Profile
from shared.websignin.readiness import Verdict


class UnreadError(Exception):
    """A fact is asked for that could not be read; `reason` says why, for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Read[T]:
    """A fact that was read."""

    value: T

    def get(self) -> T:
        """Return it."""
        return self.value


@dataclass(frozen=True, slots=True)
class Unread:
    """A fact that could not be read, and why."""

    reason: str

    def get(self) -> NoReturn:
        """Raise what ends the check that asks.

        Raises:
            UnreadError: always.
        """
        raise UnreadError(self.reason)


type Fact[T] = Read[T] | Unread


class Identity(StrEnum):
    """Who asks the tenant: what one may not read another may."""

    APP = "app"
    ADMINISTRATOR = "administrator"


class Mailbox(StrEnum):
    """Whether the app may send from a mailbox, where there is one."""

    OPEN = "open"
    CLOSED = "closed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Grants:
    """Who asks, and the Graph permissions that the app (not who asks) was granted in Entra, by name."""

    identity: Identity
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of the tenant. `mfa`: Graph's federatedIdpMfaBehavior; None where it is managed, or says nothing."""

    name: str
    is_default: bool
    federated: bool
    mfa: str | None


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """A Conditional Access policy, as far as the check-up judges it; ids and keywords are Graph's own.

    `users` and `excluded_users` hold users and groups alike. `applications`: ids, `All`, and user actions. `narrowed`:
    conditions narrow it further (platforms, locations, devices, risks …), which is not judged. `controls`: what it
    demands, of which `any_of` tells whether one is enough. `combinations`: what its authentication strength allows,
    None without one.
    """

    name: str
    enabled: bool
    users: frozenset[str]
    excluded_users: frozenset[str]
    applications: frozenset[str]
    narrowed: bool
    controls: frozenset[str]
    any_of: bool
    combinations: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What settings say of the tenant. `lifetime` in minutes; `device_groups`: who names a group → its object id.

    `companion`: empty where none is wanted; `provider`: what it is to make the default.

    `others_collect`: where the manager cannot, somebody else may. `sender` and `desk` are mail addresses. `features`:
    those of `shared.checkup.permissions.OPTIONAL` that are on.
    """

    client_id: str
    lifetime: int
    one_time: bool
    profile: str
    companion: str
    provider: str
    device_groups: Mapping[str, str]
    number_attribute: str
    others_collect: bool
    sender: str
    desk: str
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hire:
    """Somebody who is coming. `accounts`: none, one or many that fit; `privileges` are those of the only one.

    `by_event`: an HR event named the hire, nobody asked by hand. `numbered`: how many accounts carry the same employee
    number. `plans`: ids of the service plans that the account is licensed for. `device`: what was last said of the
    hire's device, None where nobody has looked yet.
    """

    onboarding: str
    start: datetime
    accounts: tuple[Account, ...]
    privileges: Privileges | None
    by_event: bool = True
    numbered: int = 1
    plans: frozenset[str] = frozenset()
    device: Verdict | None = None

    @property
    def name(self) -> str:
        """Return what people know the hire by: the user principal name, else the onboarding's id."""
        who = self.accounts[0].user_principal_name if len(self.accounts) == 1 else f"onboarding {self.onboarding}"
        return f"{who} ({self.start:%Y-%m-%d})"


@dataclass(frozen=True, slots=True)
class Coming:
    """The hires who come soonest, and how many more there are behind them that were not looked at."""

    hires: tuple[Hire, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SweepSeen:
    """What the sweep left behind at its last run."""

    alive: bool
    overdue: int
    poisoned: int


@dataclass(frozen=True, slots=True)
class AppFacts:
    """What only the app can tell of itself. `skew`: how far its clock is ahead of storage's.

    `unresolved`: names of settings that still are references to Key Vault. `weak_secrets`: source and name of each
    webhook secret that could be guessed. `sources`: how many HR systems there are.
    """

    sweep: Fact[SweepSeen]
    missing_queues: Fact[tuple[str, ...]]
    skew: Fact[timedelta]
    unresolved: tuple[str, ...]
    weak_secrets: tuple[str, ...]
    sources: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was read, at an instant. `groups`: object id of each group of interest → whether it is one.

    `members`: object id of each device group that devices are to join → who decides on its members; empty where the app
    has none join. `companions`: those found by the name in settings, none where none is wanted. `filters`: the rule of
    each filter on which it depends whether a group is in scope. `approvals`: requests for Multi Admin Approval, whoever
    made them; `approval_policies`: names of the policies that want it for configuration profiles. `sign_in_log` and
    `eligibility`: whether the tenant's edition shows them. `other_mailbox` is the desk's.
    """

    at: datetime
    wishes: Wishes
    grants: Fact[Grants]
    policy: Fact[PassPolicy]
    profiles: Fact[tuple[Profile, ...]]
    companions: Fact[tuple[Profile, ...]]
    filters: Fact[Mapping[str, str | None]]
    approvals: Fact[tuple[ApprovalRequest, ...]]
    approval_policies: Fact[tuple[str, ...]]
    groups: Fact[Mapping[str, bool]]
    members: Fact[Mapping[str, GroupKind | None]]
    coming: Fact[Coming]
    domains: Fact[tuple[Domain, ...]]
    access: Fact[tuple[AccessPolicy, ...]]
    sign_in_log: Fact[bool]
    eligibility: Fact[bool]
    sender: Fact[Mailbox]
    other_mailbox: Fact[Mailbox]
    app: Fact[AppFacts]
    door_is_closed: Fact[bool]
