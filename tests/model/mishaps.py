"""What goes wrong in a random life, or is changed in the tenant behind the app's back."""

from dataclasses import dataclass, replace
from enum import StrEnum

from shared.tenant.ports.people import Person
from tests.model.faults import Fault
from tests.model.wire import Trouble
from tests.model.world import HIRES, HOME_MAIL, MAIL, MANAGER, SAMS_MAIL, STRANGER, World


class Change(StrEnum):
    """What an administrator of the tenant may do."""

    ROLE = "gives a role, or takes it"
    ENABLED = "disables the account, or enables it"
    MANAGER = "changes the manager"
    ADDRESS = "takes away the private address, or enters it"
    POLICY = "switches the policy"
    ONE_TIME = "lets passes be used only once"
    BY_HAND = "makes a pass by hand"


@dataclass(frozen=True, slots=True)
class Changes:
    """An administrator changes something in the tenant."""

    who: str
    what: Change

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"An administrator of the tenant: {self.what} ({self.who})."

    def act(self, world: World) -> None:
        """Let it happen."""
        tenant, user = world.tenant, HIRES[self.who]
        account = tenant.accounts[user]
        match self.what:
            case Change.ROLE:
                tenant.roles ^= {user}
            case Change.ENABLED:
                tenant.accounts[user] = replace(account, enabled=not account.enabled)
            case Change.MANAGER:
                other = Person(STRANGER, "Sam", SAMS_MAIL, SAMS_MAIL, enabled=True)
                mara = Person(MANAGER, "Mara", MAIL, MAIL, enabled=True)
                is_mara = account.manager is not None and account.manager.id == MANAGER
                tenant.accounts[user] = replace(account, manager=other if is_mara else mara)
            case Change.ADDRESS:
                tenant.accounts[user] = replace(account, other_mails=() if account.other_mails else (HOME_MAIL,))
            case Change.POLICY:
                tenant.rules = replace(tenant.rules, enabled=not tenant.rules.enabled)
            case Change.ONE_TIME:
                tenant.rules = replace(tenant.rules, one_time_only=True)
            case Change.BY_HAND:
                tenant.foreign_pass(user)
                world.memory.collected.pop(user, None)


@dataclass(frozen=True, slots=True)
class Fails:
    """The next call of a kind to Graph fails."""

    call: str
    fault: Fault

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"At the next call “{self.call}” Graph {self.fault}."

    def act(self, world: World) -> None:
        """Let it happen."""
        world.tenant.faults.append((self.call, self.fault))


@dataclass(frozen=True, slots=True)
class Breaks:
    """Storage fails, hints go astray, or the worker will be killed."""

    what: Trouble | int | str

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        match self.what:
            case int():
                return f"The worker will be killed {self.what} moments from now."
            case Trouble():
                return f"At its next write storage {self.what}."
            case _:
                return f"The hints of the next work will be {self.what}."

    def act(self, world: World) -> None:
        """Let it happen."""
        match self.what:
            case int():
                world.wire.death_in = self.what
            case Trouble():
                world.wire.troubles.append(self.what)
            case _:
                world.hints = self.what
