"""What the product asks of a Microsoft Entra tenant, and how the tenant may fail.

Every instant is aware and in UTC. No call repeats itself: what is not a GET is sent exactly once, and the caller
decides from the error whether it may have happened all the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class TenantError(Exception):
    """Base of what can go wrong in Microsoft Graph. Its text never holds a pass, a key or a token."""


class TenantThrottledError(TenantError):
    """429: nothing was done. `retry_after` is in seconds, None where Graph named none."""

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TenantUnavailableError(TenantError):
    """No usable answer: 5xx, a reset, a time-out, a malformed body. A change may have been made all the same."""


class TenantRefusedError(TenantError):
    """Graph said no (4xx) and will say so again. `code` and `detail` are Graph's own words, without secrets."""

    refuser = "Microsoft Graph"

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{self.refuser} refused with {status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


class TokenRefusedError(TenantRefusedError):
    """401, or no token to be had: who the app is is in doubt, not what it may."""


class PermissionMissingError(TenantRefusedError):
    """403: the app lacks the Graph permission `permission` names (the least one that the call needs)."""

    def __init__(self, status: int, code: str, detail: str, permission: str) -> None:
        super().__init__(status, code, detail)
        self.permission = permission


class NotFoundInTenantError(TenantRefusedError):
    """404: the object is not there, or not yet (a new account may take minutes to replicate)."""


class ApprovalNeededError(TenantRefusedError):
    """Intune's Multi Admin Approval: nothing was done, and a person has to agree before it is.

    `request`: id of the request that a person finds, None where Intune named none.
    """

    def __init__(self, detail: str, request: str | None, status: int = 403) -> None:
        super().__init__(status, "ApprovalRequired", detail)
        self.request = request


class ApprovalRejectedError(TenantRefusedError):
    """Intune's Multi Admin Approval: a person was asked and did not agree."""

    def __init__(self, detail: str) -> None:
        super().__init__(403, "ApprovalRejected", detail)


class LicenceMissingError(TenantRefusedError):
    """The tenant's edition lacks it: no P2, so nobody is eligible for a role; no P1, so no sign-in log is shown."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Changes of users are told to `address` until then; `state` comes along and is the proof, a secret."""

    address: str
    state: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class ChangedUsers:
    """The object ids of users who have changed, and of those who were removed. `link`: where to ask the next time."""

    changed: tuple[str, ...] = field(repr=False)
    removed: tuple[str, ...] = field(repr=False)
    link: str = field(repr=False)


class ChangesOver(TenantError):  # noqa: N818 - by what it means
    """What has changed since that link cannot be told any more (410)."""


class UserChanges(Protocol):
    """How changes of users are heard of: told to us, and asked for."""

    async def subscribe(self, wanted: Subscription) -> str:
        """Have them told; the subscription's id."""
        ...

    async def renew(self, subscription: str, until: datetime) -> bool:
        """Have them told for longer; False where there is no such subscription any more."""
        ...

    async def unsubscribe(self, subscription: str) -> None:
        """Have them told no more."""
        ...

    async def since(self, link: str | None) -> ChangedUsers:
        """Tell who has changed since a link was given; with None nobody, and the first link.

        Raises:
            ChangesOver: that cannot be told any more.
        """
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the directory who may receive mail. `mail` is None where the directory holds no address.

    `office` is the directory's word for where they work, `preferred_language` a tag such as `de-AT`; None where it has
    none.
    """

    id: str
    display_name: str
    user_principal_name: str
    mail: str | None
    enabled: bool
    office: str | None = None
    preferred_language: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A user account as the directory holds it.

    `attributes` holds what settings may name as the employee number: `employeeId` and
    `extensionAttribute1` … `extensionAttribute15` (onPremisesExtensionAttributes); absent ones are left out.
    """

    id: str
    user_principal_name: str
    display_name: str
    created: datetime | None
    enabled: bool
    user_type: str
    office: str | None
    department: str | None
    mail: str | None
    other_mails: tuple[str, ...]
    mobile_phone: str | None
    preferred_language: str | None
    attributes: Mapping[str, str]
    manager: Person | None


@dataclass(frozen=True, slots=True)
class Privileges:
    """What makes an account too dangerous to get a pass from this app.

    `roles`: display names or ids of directory roles held, actively or eligibly, by the account or a group it is in
    transitively. `groups`: ids of all groups it is in transitively, for the caller's own list of protected groups.
    `role_assignable`: it is in a role-assignable group. `eligibility_known` is False only where the tenant has no P2.
    """

    roles: tuple[str, ...]
    groups: frozenset[str]
    role_assignable: bool
    eligibility_known: bool


@dataclass(frozen=True, slots=True)
class Device:
    """A device in the directory: `id` is that of its object, which groups take; `device_id` is the device's own.

    `signed_in`: about when somebody last did so on it, None if unknown.
    """

    id: str
    device_id: str
    signed_in: datetime | None = None


@dataclass(frozen=True, slots=True)
class AutopilotIdentity:
    """A device that Windows Autopilot knows by its serial number. `device_id` None: the directory has none for it."""

    serial: str
    device_id: str | None


class GroupKind(StrEnum):
    """Who decides on the members of a group. Only an assigned one takes those that this app adds."""

    ASSIGNED = "assigned"
    DYNAMIC = "dynamic"
    SYNCED = "synced"
    SERVICE_OWNED = "service-owned"


@dataclass(frozen=True, slots=True)
class PassPolicy:
    """The tenant's Temporary Access Pass policy. Lifetimes in minutes. Targets are ids; `all_users` is everyone.

    `length`: how many characters a pass has, None where the policy does not say.
    """

    enabled: bool
    minimum_lifetime: int
    maximum_lifetime: int
    default_lifetime: int
    one_time_only: bool
    include: frozenset[str]
    exclude: frozenset[str]
    length: int | None = None


@dataclass(frozen=True, slots=True)
class ExistingPass:
    """A pass as every read after its creation shows it: without its code. Lifetime in minutes."""

    id: str
    created: datetime
    start: datetime
    lifetime: int
    one_time: bool
    usable: bool
    usability_reason: str


@dataclass(frozen=True, slots=True)
class PassOrder:
    """What to ask Graph for. `start` None means now. Lifetime in minutes."""

    start: datetime | None
    lifetime: int
    one_time: bool


@dataclass(frozen=True, slots=True)
class CreatedPass:
    """The one answer that holds the code. Its repr does not."""

    record: ExistingPass
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """A message to one recipient. `reference` goes into the header x-day-one-pass; the visible footer is the bodies'.

    Exchange keeps one body and makes the text part from the HTML: `text` is for senders that can carry both.
    """

    to: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    reference: str


@dataclass(frozen=True, slots=True)
class Registered:
    """The authentication methods of an account, by Graph's names for them, as they were at `at`."""

    methods: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """An Intune settings-catalog policy. `assignments` are Graph's own objects, verbatim.

    `web_sign_in`: the choice of `EnableWebSignIn`: True enabled, False anything else, None when not in it.
    `default_provider`: class id of the credential provider that it makes the default, in capitals and braces, None
    where it assigns none.
    """

    id: str
    name: str
    platforms: str
    web_sign_in: bool | None
    assignments: tuple[Mapping[str, Any], ...]
    default_provider: str | None = None


class Directory(Protocol):
    """Users, managers, groups and roles, read only. GETs may be repeated by the adapter, within ten seconds."""

    async def find_accounts(
        self, *, user_principal_name: str | None, number_attribute: str, number: str | None
    ) -> tuple[Account, ...]:
        """Find accounts by user principal name if given, else by the attribute that holds the employee number."""
        ...

    async def account(self, user_id: str) -> Account | None:
        """Read one account by object id; None where there is none."""
        ...

    async def privileges(self, user_id: str) -> Privileges:
        """Read roles (active and eligible, direct and by group) and groups. Any failure raises: fail closed."""
        ...

    async def group_exists(self, group_id: str) -> bool:
        """Tell whether `group_id` is a group (and not a user, or gone)."""
        ...


class Devices(Protocol):
    """Devices as the directory knows them, read only."""

    async def registered_by(self, user_id: str) -> tuple[Device, ...]:
        """Read the user's devices that can show Web sign-in at all, the one signed in to last first."""
        ...

    async def groups_of(self, device: Device) -> frozenset[str]:
        """Read the ids of all groups that the device is in, transitively."""
        ...

    async def with_device_id(self, device_id: str) -> Device | None:
        """Find a device by the id that is its own; None where the directory has none."""
        ...

    async def with_object_id(self, object_id: str) -> Device | None:
        """Find a device by the id of its object; None where the directory has none."""
        ...


class Groups(Protocol):
    """Groups of devices, and the devices in them by this app's doing."""

    async def kind(self, group_id: str) -> GroupKind | None:
        """Tell who decides on the members of a group; None where it is no group, or gone."""
        ...

    async def add(self, group_id: str, device: str) -> bool:
        """Have a device, by the id of its object, join a group; False where it is in already. Sent once."""
        ...

    async def remove(self, group_id: str, device: str) -> None:
        """Have a device leave a group. Sent once. One that is out already counts as done."""
        ...


class Autopilot(Protocol):
    """Devices as Windows Autopilot knows them, read only."""

    async def identities(self, serial: str) -> tuple[AutopilotIdentity, ...]:
        """Find those of exactly this serial number, in any case of its letters: none, one, or several."""
        ...


class TemporaryAccessPasses(Protocol):
    """The authentication-method calls that the budget counts, and the policy they stand under."""

    async def policy(self) -> PassPolicy:
        """Read the tenant's policy."""
        ...

    async def look(self, user_id: str) -> tuple[ExistingPass, ...]:
        """List the user's passes: none or one. Sent once, no retry: the budget counts it."""
        ...

    async def create(self, user_id: str, order: PassOrder) -> CreatedPass:
        """Create a pass, replacing any other. Sent once."""
        ...

    async def delete(self, user_id: str, pass_id: str) -> None:
        """Delete a pass. Sent once. One that is gone already (404) counts as done."""
        ...


class Mailer(Protocol):
    """Sends mail from the mailbox in settings."""

    async def send(self, mail: Mail) -> None:
        """Hand one mail to Exchange. Sent once; returning means accepted, not delivered."""
        ...


class Profiles(Protocol):
    """Intune configuration profiles of the settings catalog (Graph beta)."""

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        """Find by id or by exact name, with assignments and settings: none, one or many."""
        ...

    async def assign(self, profile_id: str, assignments: tuple[Mapping[str, Any], ...]) -> None:
        """Replace the whole set of assignments. Sent once."""
        ...

    async def make(self, body: Mapping[str, Any]) -> str:
        """Make a profile, in Graph's own shape, assigned to nobody yet; return its id. Sent once."""
        ...

    async def filter_rule(self, filter_id: str) -> str | None:
        """Read the rule of an assignment filter, in Intune's own language; None where there is no such filter."""
        ...


@dataclass(frozen=True, slots=True)
class Approval:
    """What goes with a write that Multi Admin Approval may protect.

    `why`: for whoever has to agree, 1,024 characters at most. `request`: the id of the request that was approved.
    """

    why: str
    request: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """A request for approval as Intune lists it. `status` is Intune's own word, `why` the words it was given."""

    id: str
    status: str
    why: str


class GatedProfiles(Protocol):
    """`Profiles` as Intune has them: each write with what Multi Admin Approval wants to know."""

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        """As `Profiles` has it."""
        ...

    async def filter_rule(self, filter_id: str) -> str | None:
        """As `Profiles` has it."""
        ...

    async def assign(self, profile_id: str, assignments: tuple[Mapping[str, Any], ...], approval: Approval) -> None:
        """Replace the whole set of assignments. Sent once."""
        ...

    async def make(self, body: Mapping[str, Any], approval: Approval) -> str:
        """Make a profile, in Graph's own shape, assigned to nobody yet; return its id. Sent once."""
        ...

    async def requests(self) -> tuple[ApprovalRequest, ...]:
        """List the requests for approval that Intune still knows, whoever made them."""
        ...


class SignInLog(Protocol):
    """The tenant's sign-in log. It runs minutes to hours late: what it does not show is unknown."""

    async def uses_of_passes(self, users: Collection[str], since: datetime) -> Mapping[str, tuple[datetime, ...]]:
        """Tell when each of these accounts signed in with a Temporary Access Pass since then; others are left out."""
        ...

    async def newest(self, since: datetime) -> datetime | None:
        """Tell when the newest sign-in that the log shows was, anybody's; None where it shows none since then."""
        ...


class RegistrationReport(Protocol):
    """The tenant's report of who has registered which authentication methods."""

    async def registered(self, names: Collection[str]) -> Mapping[str, Registered]:
        """Tell what the accounts of these user principal names have, by object id; who is left out is unknown."""
        ...
