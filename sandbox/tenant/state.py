"""What the tenant holds, as plain data. Nothing here decides anything.

Directory objects are dictionaries in Graph's own shape (camelCase names, JSON values), so that what is seeded is
what is served. Facts of the world that Graph does not show stand beside them, in fields of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

type Json = dict[str, Any]


@dataclass(slots=True)
class StoredPass:
    """A Temporary Access Pass. `code` is the only copy the tenant keeps; `lifetime` is in minutes."""

    id: str
    user_id: str
    code: str = field(repr=False)
    created: datetime
    start: datetime
    lifetime: int
    one_time: bool
    used: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A directory role held by a user or a group, actively or eligibly. `scope` is `/` for the whole tenant."""

    id: str
    principal_id: str
    role: str
    scope: str
    since: datetime


@dataclass(frozen=True, slots=True)
class EligibleMember:
    """Somebody who may activate a group by PIM for Groups. `access` is member or owner."""

    id: str
    principal_id: str
    group_id: str
    access: str
    since: datetime


@dataclass(slots=True)
class Profile:
    """A settings-catalog policy: its own properties, its settings and its assignments, each in Graph's shape.

    `rivals`: what other tools will write over the next writes, one after each.
    """

    body: Json
    settings: list[Json]
    assignments: list[Json]
    rivals: list[list[Json]] = field(default_factory=list)


@dataclass(slots=True)
class ApprovalAsked:
    """A request for Multi Admin Approval: why, when, and of which write (path and body)."""

    id: str
    why: str
    at: datetime
    write: tuple[str, bytes]
    status: str = "needsApproval"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One attempt at a lock screen that reached Entra, as the sign-in log will show it."""

    id: str
    at: datetime
    user_id: str
    device_id: str
    error_code: int
    failure: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in on a device. It ends with the pass `pass_id` that opened it, or at a reboot."""

    user_id: str
    pass_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Registered:
    """An authentication method that somebody set up, by the name that the report gives it."""

    user_id: str
    method: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail that was accepted, or a text, which is to a number and has no HTML. Addresses in lower case."""

    id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    at: datetime

    def as_json(self) -> Json:
        """Show the mail as the inbox control does."""
        return {
            "id": self.id,
            "from": self.sender,
            "to": list(self.to),
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "headers": self.headers,
            "at": self.at.isoformat().replace("+00:00", "Z"),
        }


@dataclass(slots=True)
class Knobs:
    """What differs from tenant to tenant, or that a test wants otherwise. Times in seconds of app time.

    `throttle_…`: for authentication methods; `intune_…`: for one app, of the settings catalog, in 20 seconds.
    `approval_status`: the HTTP status by which a write of a profile is held for approval, 0 where none is.
    """

    replication: float = 90.0
    pass_replication: float = 0.0
    sign_in_delay: float = 120.0
    report_delay: float = 600.0
    throttle_limit: int = 5
    throttle_window: float = 10.0
    intune_limit: int = 1000
    intune_writes: int = 100
    token_life: int = 86_400
    page_size: int = 100
    has_p1: bool = True
    has_p2: bool = True
    approval_status: int = 0


@dataclass(slots=True)
class TenantState:
    """Everything that `reset` throws away and builds anew from the seed.

    `passes` and the ids of devices `registered` are by user id; `codes` are all codes ever made, so that the record of
    requests can leave them out. `operations`: whether a mail was sent that Azure Communication Services took, by
    operation. `applied`: by the id of a device's object, Intune's word for what became of profiles on it where they
    did not simply succeed. `permissions` are those granted in Entra, `exchange` what Exchange grants besides, for the
    mailboxes of `mail_scope`. `without_teams_app`: users for whom the company's Teams app is not installed.
    """

    users: dict[str, Json] = field(default_factory=dict)
    visible_from: dict[str, datetime] = field(default_factory=dict)
    managers: dict[str, str] = field(default_factory=dict)
    mailboxes: set[str] = field(default_factory=set)
    mail_scope: set[str] = field(default_factory=set)
    without_teams_app: set[str] = field(default_factory=set)
    app_roles: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, Json] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    owners: dict[str, list[Json]] = field(default_factory=dict)
    devices: dict[str, Json] = field(default_factory=dict)
    registered: dict[str, list[str]] = field(default_factory=dict)
    autopilot: list[Json] = field(default_factory=list)
    offline: set[str] = field(default_factory=set)
    applied: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    reboots: dict[str, int] = field(default_factory=dict)
    methods: list[Registered] = field(default_factory=list)
    active_roles: list[RoleGrant] = field(default_factory=list)
    eligible_roles: list[RoleGrant] = field(default_factory=list)
    eligible_members: list[EligibleMember] = field(default_factory=list)
    domains: dict[str, Json | None] = field(default_factory=dict)
    access_policies: dict[str, Json] = field(default_factory=dict)
    pass_policy: Json = field(default_factory=dict)
    passes: dict[str, StoredPass] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set, repr=False)
    profiles: dict[str, Profile] = field(default_factory=dict)
    filters: dict[str, str] = field(default_factory=dict)
    approvals: list[ApprovalAsked] = field(default_factory=list)
    subscriptions: dict[str, Json] = field(default_factory=dict)
    snapshots: dict[str, dict[str, str]] = field(default_factory=dict)
    sign_ins: list[SignIn] = field(default_factory=list)
    mails: list[ReceivedMail] = field(default_factory=list)
    operations: dict[str, bool] = field(default_factory=dict)
    permissions: set[str] = field(default_factory=set)
    exchange: set[str] = field(default_factory=set)
    knobs: Knobs = field(default_factory=Knobs)

    def user(self, id_or_upn: str) -> Json | None:
        """Find a user by object id or user principal name (any case), replicated or not."""
        found = self.users.get(id_or_upn.lower())
        return found or next((u for u in self.users.values() if same(u["userPrincipalName"], id_or_upn)), None)

    def group(self, id_or_name: str) -> Json | None:
        """Find a group by object id or display name."""
        found = self.groups.get(id_or_name.lower())
        return found or next((g for g in self.groups.values() if g["displayName"] == id_or_name), None)

    def device(self, any_id: str) -> Json | None:
        """Find a device by directory object id or by deviceId."""
        found = self.devices.get(any_id.lower())
        return found or next((d for d in self.devices.values() if same(d["deviceId"], any_id)), None)

    def profile(self, id_or_name: str) -> Profile | None:
        """Find a settings-catalog policy by id or name."""
        found = self.profiles.get(id_or_name.lower())
        return found or next((p for p in self.profiles.values() if p.body["name"] == id_or_name), None)

    def groups_of(self, object_id: str) -> list[str]:
        """List the ids of all groups that an object is in, directly or through other groups."""
        seen: list[str] = []
        waiting = [object_id]
        while waiting:
            parents = [g for g, ids in self.members.items() if waiting[-1] in ids and g not in seen]
            waiting.pop()
            seen += parents
            waiting += parents
        return seen

    def visible_users(self, now: datetime) -> Iterator[Json]:
        """Iterate over the users that replication has made visible by `now`."""
        return (u for u in self.users.values() if self.is_visible(u["id"], now))

    def is_visible(self, user_id: str, now: datetime) -> bool:
        """Tell whether replication has made a user visible by `now`."""
        since = self.visible_from.get(user_id)
        return since is None or since <= now


def same(left: str | None, right: str | None) -> bool:
    """Compare two names as the directory does: without case; nothing equals only nothing."""
    return (left or "").casefold() == (right or "").casefold()
