"""Who collects, by the route asked for: Entra's own manager, or whom settings name; never an address from a request."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.onboarding.authority import manager_of
from shared.onboarding.model import DESK, Collector, Route
from shared.onboarding.reasons import Reason
from shared.tenant.ports import Account, Directory


@dataclass(frozen=True, slots=True)
class Named:
    """Whom settings name. `contacts`: office, as Entra spells it, to a user principal name; `desk`: an address."""

    contacts: Mapping[str, str]
    desk: str


class Recipients:
    """Finds the collector of an account."""

    def __init__(self, directory: Directory, named: Named, number_attribute: str) -> None:
        self._directory = directory
        self._named = named
        self._number_attribute = number_attribute

    async def collector(self, account: Account, route: Route) -> Collector | Reason:
        """Return who collects on this route, or why nobody can.

        Raises:
            TenantError: the contact could not be read.
        """
        match route:
            case Route.MANAGER:
                return manager_of(account)
            case Route.DESK:
                return Collector(DESK, "the helpdesk", self._named.desk, Route.DESK)
            case Route.CONTACT:
                return await self._contact(account)

    async def _contact(self, account: Account) -> Collector | Reason:
        name = self._named.contacts.get(account.office or "")
        if name is None:
            return Reason.CONTACT_MISSING
        found = await self._directory.find_accounts(
            user_principal_name=name, number_attribute=self._number_attribute, number=None
        )
        if len(found) != 1 or not found[0].mail or not found[0].enabled or found[0].id == account.id:
            return Reason.CONTACT_MISSING
        return Collector(found[0].id, found[0].display_name, found[0].mail, Route.CONTACT)
