"""A small, faithful tenant: one pass per user, replaced by the next; all ports of the product; and how calls fail.

`test_conformance` holds what it does with a pass to the sandbox's tenant.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from shared.runtime.clock import Clock
from shared.tenant.ports import (
    Account,
    CreatedPass,
    Device,
    ExistingPass,
    Mail,
    PassOrder,
    PassPolicy,
    PermissionMissingError,
    Privileges,
    Profile,
    Registered,
    TenantError,
    TenantRefusedError,
    TenantThrottledError,
    TenantUnavailableError,
)
from tests.model.wire import Wire

GROUP = "99999999-0000-4000-8000-000000000001"
PROFILE = "99999999-0000-4000-8000-000000000002"


class Fault(StrEnum):
    """How a call to Graph fails."""

    THROTTLED = "answers 429 and asks for 30 seconds"
    THROTTLED_SILENTLY = "answers 429 without a Retry-After"
    DOWN = "gives no answer, and has done nothing"
    LOST = "carries it out, and its answer gets lost"
    LATE = "gives no answer, and carries it out 100 seconds later, the lease gone by"
    FORBIDDEN = "says that a permission is missing"
    REFUSED = "refuses"


@dataclass(slots=True)
class Held:
    """A pass as the tenant holds it. `ours`: made by the app."""

    record: ExistingPass
    code: str = field(repr=False)
    ours: bool = True
    used_at: datetime | None = None

    @property
    def ends(self) -> datetime:
        """Tell when it ends."""
        return self.record.start + timedelta(minutes=self.record.lifetime)


@dataclass(slots=True)
class Tenant:
    """People, passes, mail and one profile.

    `faults`: what becomes of the next calls of that name; `fault_at`: of the nth call. `wrongs`: what must never be.
    """

    clock: Clock
    wire: Wire
    accounts: dict[str, Account] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    rules: PassPolicy = field(
        default_factory=lambda: PassPolicy(True, 60, 1440, 60, False, frozenset({"all_users"}), frozenset())
    )
    passes: dict[str, Held] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    profile: Profile = field(
        default_factory=lambda: Profile(PROFILE, "Enable Web Sign-in", "windows10", web_sign_in=True, assignments=())
    )
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    fault_at: tuple[int, Fault] | None = None
    calls: list[str] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    _late: list[tuple[datetime, str, Held]] = field(default_factory=list)

    # Directory and devices

    async def find_accounts(
        self, *, user_principal_name: str | None, number_attribute: str, number: str | None
    ) -> tuple[Account, ...]:
        """Find accounts by name, else by number."""
        await self._read("directory")
        return tuple(
            account
            for account in self.accounts.values()
            if account.user_principal_name == user_principal_name
            or (user_principal_name is None and account.attributes.get(number_attribute) == number)
        )

    async def account(self, user_id: str) -> Account | None:
        """Read one account."""
        await self._read("directory")
        return self.accounts.get(user_id)

    async def privileges(self, user_id: str) -> Privileges:
        """Read roles and groups."""
        await self._read("directory")
        roles = ("User Administrator",) if user_id in self.roles else ()
        return Privileges(roles, frozenset(), role_assignable=False, eligibility_known=True)

    async def group_exists(self, group_id: str) -> bool:
        """Tell whether there is such a group."""
        await self._read("directory")
        return group_id == GROUP

    async def registered_by(self, user_id: str) -> tuple[Device, ...]:
        """Nobody has a device here."""
        await self._read(f"devices of {user_id}")
        return ()

    async def groups_of(self, device: Device) -> frozenset[str]:
        """No device is in a group."""
        await self._read(f"groups of {device.id}")
        return frozenset()

    # Passes

    async def policy(self) -> PassPolicy:
        """Read the policy."""
        await self._read("policy")
        return self.rules

    async def look(self, user_id: str) -> tuple[ExistingPass, ...]:
        """Show the user's pass."""
        await self._read("look")
        held = self.passes.get(user_id)
        return (self._shown(held),) if held else ()

    async def create(self, user_id: str, order: PassOrder) -> CreatedPass:
        """Make a pass in place of any other."""
        self._see_that_it_may_be(user_id, order)
        fault = await self._begin("create")
        made = self._make(order)
        if fault is Fault.LATE:
            self._late.append((self.clock.now() + timedelta(seconds=100), user_id, made))
            raise TenantUnavailableError("no answer")
        self._see_that_it_is_ours(user_id)
        self.passes[user_id] = made
        await self._end(fault)
        return CreatedPass(self._shown(made), made.code)

    async def delete(self, user_id: str, pass_id: str) -> None:
        """Delete a pass; one that is gone is done."""
        fault = await self._begin("delete")
        held = self.passes.get(user_id)
        if held is not None and held.record.id == pass_id:
            self._see_that_it_is_ours(user_id)
            del self.passes[user_id]
        await self._end(fault)

    # Mail, profile, logs

    async def send(self, mail: Mail) -> None:
        """Take a mail."""
        fault = await self._begin("mail")
        self.mails.append(mail)
        await self._end(fault)

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        """Find the profile."""
        await self._read("profile")
        return (self.profile,) if id_or_name in {self.profile.id, self.profile.name} else ()

    async def assign(self, profile_id: str, assignments: tuple[Mapping[str, Any], ...]) -> None:
        """Replace the assignments."""
        fault = await self._begin("assign")
        if profile_id == self.profile.id:
            self.profile = replace(self.profile, assignments=assignments)
        await self._end(fault)

    async def uses_of_passes(self, users: Collection[str], since: datetime) -> Mapping[str, tuple[datetime, ...]]:
        """Tell who signed in with a pass."""
        await self._read("sign-ins")
        held = {user: self.passes[user].used_at for user in users if user in self.passes}
        return {user: (at,) for user, at in held.items() if at is not None and at >= since}

    async def newest(self, since: datetime) -> datetime | None:
        """The log is up to date."""
        await self._read("sign-ins")
        return max(self.clock.now(), since)

    async def registered(self, names: Collection[str]) -> Mapping[str, Registered]:
        """Nobody has registered anything."""
        await self._read(f"methods of {len(names)}")
        return {}

    # What happens beside the app

    def catch_up(self) -> None:
        """Carry out what was asked for and is late."""
        due = [late for late in self._late if late[0] <= self.clock.now()]
        self._late = [late for late in self._late if late not in due]
        for at, user, made in due:
            start = at if made.record.start == made.record.created else made.record.start
            self.passes[user] = replace(made, record=replace(made.record, created=at, start=start))

    def foreign_pass(self, user_id: str) -> None:
        """Let an administrator make a pass by hand."""
        self.passes[user_id] = replace(self._make(PassOrder(None, 90, one_time=False)), ours=False)

    def live(self) -> dict[str, Held]:
        """Return the passes of the app that somebody could use, now or later."""
        now = self.clock.now()
        return {user: held for user, held in self.passes.items() if held.ours and held.ends > now}

    def _make(self, order: PassOrder) -> Held:
        now = self.clock.now()
        start = order.start or now
        record = ExistingPass(
            str(uuid4()), now, start, order.lifetime, order.one_time, usable=False, usability_reason=""
        )
        return Held(record, secrets.token_urlsafe(12))

    def _shown(self, held: Held) -> ExistingPass:
        now = self.clock.now()
        reason = "NotYetValid" if now < held.record.start else "Expired" if now >= held.ends else "EnabledByPolicy"
        return replace(held.record, usable=reason == "EnabledByPolicy", usability_reason=reason)

    def _see_that_it_may_be(self, user_id: str, order: PassOrder) -> None:
        account = self.accounts.get(user_id)
        if account is None or not account.enabled or user_id in self.roles:
            self.wrongs.append("a pass was asked for, for an account that may have none")
        if not self.rules.minimum_lifetime <= order.lifetime <= self.rules.maximum_lifetime:
            self.wrongs.append(f"a pass of {order.lifetime} minutes was asked for, against the policy")
        if order.start is not None and order.start < self.clock.now() - timedelta(minutes=1):
            self.wrongs.append("a pass was asked for that begins in the past")

    def _see_that_it_is_ours(self, user_id: str) -> None:
        held = self.passes.get(user_id)
        if held is not None and not held.ours and held.ends > self.clock.now():
            self.wrongs.append("a live pass of somebody else was replaced or deleted")

    # Failing

    async def _read(self, name: str) -> None:
        await self.wire.moment()
        self.catch_up()
        fault = self._fault(name)
        if fault is not None:
            raise _error(fault)

    async def _begin(self, name: str) -> Fault | None:
        await self.wire.moment()
        self.catch_up()
        fault = self._fault(name)
        if fault not in {None, Fault.LOST, Fault.LATE}:
            raise _error(fault)
        return fault

    async def _end(self, fault: Fault | None) -> None:
        await self.wire.moment()
        if fault is not None:
            raise TenantUnavailableError("no answer")

    def _fault(self, name: str) -> Fault | None:
        self.calls.append(name)
        if self.fault_at is not None and self.fault_at[0] == len(self.calls):
            return self.fault_at[1]
        for index, (call, fault) in enumerate(self.faults):
            if call == name:
                del self.faults[index]
                return fault
        return None


def _error(fault: Fault | None) -> TenantError:
    match fault:
        case Fault.THROTTLED:
            return TenantThrottledError("patience", 30.0)
        case Fault.THROTTLED_SILENTLY:
            return TenantThrottledError("patience", None)
        case Fault.FORBIDDEN:
            return PermissionMissingError(403, "Forbidden", "no", "UserAuthMethod-TAP.ReadWrite.All")
        case Fault.REFUSED:
            return TenantRefusedError(400, "BadRequest", "no")
        case _:
            return TenantUnavailableError("no answer")
