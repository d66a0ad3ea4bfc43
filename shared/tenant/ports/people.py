"""People of the directory: their accounts, their managers, and the privileges they hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
