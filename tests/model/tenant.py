"""A small, faithful tenant: one pass per user, replaced by the next; all ports of the product; and how calls fail.

`test_conformance` holds what it does with a pass to the sandbox's tenant.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from shared.runtime.clock import Clock
from shared.tenant.ports.mail import Mail
from shared.tenant.ports.passes import CreatedPass, ExistingPass, PassOrder, PassPolicy
from shared.tenant.ports.people import Account, Privileges
from shared.tenant.ports.profiles import Approval, ApprovalRequest, Profile
from shared.tenant.ports.reports import Registered
from tests.model.faults import DONE_LATE, UNANSWERED, Fault, error_of
from tests.model.manners import Manners
from tests.model.wire import Wire

GROUP = "99999999-0000-4000-8000-000000000001"
PROFILE = "99999999-0000-4000-8000-000000000002"


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


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mail, and when Exchange took it."""

    at: datetime
    mail: Mail


@dataclass(slots=True)
class Tenant:
    """People, passes, mail and one profile.

    `faults`: what becomes of the next calls of that name; `fault_at`: of the nth call.
    """

    clock: Clock
    wire: Wire
    accounts: dict[str, Account] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    rules: PassPolicy = field(
        default_factory=lambda: PassPolicy(True, 60, 1440, 60, False, frozenset({"all_users"}), frozenset())
    )
    passes: dict[str, Held] = field(default_factory=dict)
    mails: list[Mailed] = field(default_factory=list)
    profile: Profile = field(
        default_factory=lambda: Profile(PROFILE, "Enable Web Sign-in", "windows10", web_sign_in=True, assignments=())
    )
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    fault_at: tuple[int, Fault] | None = None
    calls: list[str] = field(default_factory=list)
    manners: Manners = field(default_factory=Manners)
    _late: list[tuple[datetime, str, Held]] = field(default_factory=list)

    # Directory

    async def find_accounts(
        self, *, user_principal_name: str | None, number_attribute: str, number: str | None
    ) -> tuple[Account, ...]:
        """Find accounts by name, else by number."""
        await self.read("directory")
        return tuple(
            account
            for account in self.accounts.values()
            if account.user_principal_name == user_principal_name
            or (user_principal_name is None and account.attributes.get(number_attribute) == number)
        )

    async def account(self, user_id: str) -> Account | None:
        """Read one account."""
        await self.read("directory")
        return self.accounts.get(user_id)

    async def privileges(self, user_id: str) -> Privileges:
        """Read roles and groups."""
        await self.read("directory")
        roles = ("User Administrator",) if user_id in self.roles else ()
        return Privileges(roles, frozenset(), role_assignable=False, eligibility_known=True)

    async def group_exists(self, group_id: str) -> bool:
        """Tell whether there is such a group."""
        await self.read("directory")
        return group_id == GROUP

    # Passes

    async def policy(self) -> PassPolicy:
        """Read the policy."""
        await self.read("policy")
        return self.rules

    async def look(self, user_id: str) -> tuple[ExistingPass, ...]:
        """Show the user's pass."""
        await self.read("look")
        self.manners.looks(user_id)
        held = self.passes.get(user_id)
        return (self._shown(held),) if held else ()

    async def create(self, user_id: str, order: PassOrder) -> CreatedPass:
        """Make a pass in place of any other."""
        await self.wire.moment()
        self.catch_up()
        fault, now = self._fault("create"), self.clock.now()
        self.manners.asks(user_id, now)
        account = None if user_id in self.roles else self.accounts.get(user_id)
        self.manners.may_ask(account, order, self.rules, now)
        made = self._make(order)
        if fault in DONE_LATE:
            self._late.append((now + timedelta(seconds=90), user_id, made))
        elif fault in {None, Fault.LOST}:
            self._see_that_it_is_ours(user_id)
            self.passes[user_id] = made
        await self.end(fault, asked_for=user_id)
        return CreatedPass(self._shown(made), made.code)

    async def delete(self, user_id: str, pass_id: str) -> None:
        """Delete a pass; one that is gone is done."""
        fault = await self.begin("delete")
        held = self.passes.get(user_id)
        if held is not None and held.record.id == pass_id:
            self._see_that_it_is_ours(user_id)
            del self.passes[user_id]
        await self.end(fault)

    # Mail, profile, logs

    async def send(self, mail: Mail) -> None:
        """Take a mail."""
        fault = await self.begin("mail")
        self.mails.append(Mailed(self.clock.now(), mail))
        await self.end(fault)

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        """Find the profile."""
        await self.read("profile")
        return (self.profile,) if id_or_name in {self.profile.id, self.profile.name} else ()

    async def make(self, body: Mapping[str, Any], approval: Approval) -> str:
        """The profile is there."""
        raise NotImplementedError(body, approval)

    async def requests(self) -> tuple[ApprovalRequest, ...]:
        """Nobody has to approve anything here."""
        await self.read("approvals")
        return ()

    async def filter_rule(self, filter_id: str) -> str | None:
        """Nobody uses filters here."""
        await self.read(f"filter {filter_id}")
        return None

    async def assign(self, profile_id: str, assignments: tuple[Mapping[str, Any], ...], approval: Approval) -> None:
        """Replace the assignments; why it is done interests nobody here."""
        assert approval.why
        fault = await self.begin("assign")
        if profile_id == self.profile.id:
            self.profile = replace(self.profile, assignments=assignments)
        await self.end(fault)

    async def uses_of_passes(self, users: Collection[str], since: datetime) -> Mapping[str, tuple[datetime, ...]]:
        """Tell who signed in with a pass."""
        await self.read("sign-ins")
        held = {user: self.passes[user].used_at for user in users if user in self.passes}
        return {user: (at,) for user, at in held.items() if at is not None and at >= since}

    async def newest(self, since: datetime) -> datetime | None:
        """The log is up to date."""
        await self.read("sign-ins")
        return max(self.clock.now(), since)

    async def registered(self, names: Collection[str]) -> Mapping[str, Registered]:
        """Nobody has registered anything."""
        await self.read(f"methods of {len(names)}")
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

    def _see_that_it_is_ours(self, user_id: str) -> None:
        held = self.passes.get(user_id)
        if held is not None and not held.ours and held.ends > self.clock.now():
            self.manners.wrongs.append("a live pass of somebody else was replaced or deleted")

    # Failing

    async def read(self, name: str) -> None:
        """Answer a read, or fail."""
        await self.begin(name, reads=True)

    async def begin(self, name: str, *, reads: bool = False) -> Fault | None:
        """Let a call fail before it is carried out, or return what becomes of its answer."""
        await self.wire.moment()
        self.catch_up()
        fault = self._fault(name)
        if fault is not None and (reads or fault not in {Fault.LOST, Fault.LATE}):
            await self.end(fault)
        return fault

    async def end(self, fault: Fault | None, asked_for: str = "") -> None:
        """Answer. `asked_for`: the user for whom a pass was."""
        if fault is Fault.DEADLY:
            self.wire.death_in = 1
        await self.wire.moment()
        if asked_for and fault not in UNANSWERED:
            self.manners.is_answered(asked_for)
        if fault is not None:
            raise error_of(fault)

    def _fault(self, name: str) -> Fault | None:
        self.calls.append(name)
        if self.fault_at is not None and self.fault_at[0] == len(self.calls):
            return self.fault_at[1]
        for index, (call, fault) in enumerate(self.faults):
            if call == name:
                del self.faults[index]
                return fault
        return None
