"""One operation on the tenant: what it is given, and how it says that it makes no sense."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.tenant.state import Json, TenantState


class OperationError(Exception):
    """The operation cannot be carried out; the text says what to send instead."""


@dataclass(frozen=True, slots=True)
class Change:
    """One operation on a state at an instant."""

    state: TenantState
    now: datetime
    body: Json

    def text(self, name: str) -> str:
        """Return a text the operation needs."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise OperationError(f"{self.body.get('op')} needs the text '{name}'")
        return value

    def number(self, name: str) -> float:
        """Return a number the operation needs."""
        value = self.body.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            raise OperationError(f"{self.body.get('op')} needs '{name}', a number that is not negative")
        return value

    def fields(self, name: str) -> Json:
        """Return an object the operation needs."""
        value = self.body.get(name)
        if not isinstance(value, dict):
            raise OperationError(f"{self.body.get('op')} needs the object '{name}'")
        return value

    def person(self, name: str = "user") -> Json:
        """Return the user that a field names by UPN or id."""
        return known(self.state.user(self.text(name)), self.text(name))

    def group(self) -> Json:
        """Return the group that `group` names."""
        return known(self.state.group(self.text("group")), self.text("group"))

    def object_id(self, name: str) -> str:
        """Return the directory id of a user, group or device that a field names."""
        key, state = self.text(name), self.state
        found = known(state.user(key) or state.device(key) or state.group(key), key)
        return str(found["id"])


type Operation = Callable[[Change], Json]


def known[T](found: T | None, key: str) -> T:
    """Return what was found, or raise OperationError naming what was looked for."""
    if found is None:
        raise OperationError(f"there is no {key!r} in this tenant")
    return found
