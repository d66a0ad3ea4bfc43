"""Users, managers, groups and roles, read from Microsoft Entra."""

import re

from shared.tenant.errors import LicenceMissingError, NotFoundInTenantError, PermissionMissingError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.people import Account, Person, Privileges
from shared.tenant.values import Json, flag, instant, is_object_id, optional_text, text

HITS = 3
"""More accounts with one employee number than this tell nobody more than "several"."""
_USER_PRINCIPAL_NAME = re.compile(r"[^@/\\\s]+@[^@/\\\s]+")
_NUMBER_ATTRIBUTE = re.compile(r"employeeId|extensionAttribute([1-9]|1[0-5])")
_GROUP = "#microsoft.graph.group"
_ROLE = "#microsoft.graph.directoryRole"


class GraphDirectory:
    """The `Directory` that asks Microsoft Graph."""

    def __init__(self, connection: GraphConnection, *, pim_for_groups: bool = False) -> None:
        """Take the connection. `pim_for_groups`: ask which groups a person may activate; it needs a permission."""
        self._graph = connection
        self._pim_for_groups = pim_for_groups

    async def find_accounts(
        self, *, user_principal_name: str | None, number_attribute: str, number: str | None
    ) -> tuple[Account, ...]:
        """Find accounts by user principal name if given, else by the attribute that holds the employee number.

        All that carry the number, at most `HITS` of them: uniqueness is not enforced by Entra. A user principal name
        is compared with the one in the answer, because Graph also takes an object id in its place.

        Raises:
            ValueError: `number_attribute` is neither `employeeId` nor `extensionAttribute1` … `15`.
        """
        if not _NUMBER_ATTRIBUTE.fullmatch(number_attribute):
            raise ValueError("number_attribute must be employeeId or extensionAttribute1 to extensionAttribute15")
        if user_principal_name:
            return await self._named(user_principal_name)
        if not number:
            return ()
        call = self._graph.calls.people.accounts_with(number_attribute, number, HITS)
        hits = await self._graph.read_all(call, at_most=HITS)
        found = [await self.account(text(hit, "id")) for hit in hits]
        return tuple(account for account in found if account is not None)

    async def account(self, user_id: str) -> Account | None:
        """Read one account by object id; None where there is none."""
        if not is_object_id(user_id):
            return None
        return await self._account(user_id)

    async def privileges(self, user_id: str) -> Privileges:
        """Read roles (active and eligible, direct and by group) and groups. Any failure raises: fail closed.

        Only a role-assignable group can hold a directory role, so only the user and those groups are asked about:
        one request for the memberships and two more for each of them, three in all for nearly everybody. A group that
        the person may activate by PIM for Groups counts as one he is in, where the app is told to ask for those.
        """
        members = await self._graph.read_all(self._graph.calls.privileges.memberships(user_id))
        groups = [member for member in members if member.get("@odata.type") == _GROUP]
        groups += await self._within_reach(user_id)
        self._check_seen(groups)
        assignable = [text(group, "id") for group in groups if group.get("isAssignableToRole") is True]
        names = {
            optional_text(role, "roleTemplateId") or text(role, "id"): optional_text(role, "displayName")
            for role in members
            if role.get("@odata.type") == _ROLE
        }
        held = dict.fromkeys(names)
        eligibility_known = True
        for principal in (user_id, *assignable):
            held |= dict.fromkeys(await self._active(principal))
            if eligibility_known:
                eligible = await self._eligible(principal)
                eligibility_known = eligible is not None
                held |= dict.fromkeys(eligible or ())
        return Privileges(
            roles=tuple(names.get(role) or role for role in held),
            groups=frozenset(text(group, "id") for group in groups),
            role_assignable=bool(assignable),
            eligibility_known=eligibility_known,
        )

    async def group_exists(self, group_id: str) -> bool:
        """Tell whether `group_id` is a group (and not a user, or gone)."""
        if not is_object_id(group_id):
            return False
        try:
            await self._graph.read(self._graph.calls.groups.with_id(group_id))
        except NotFoundInTenantError:
            return False
        return True

    async def _named(self, user_principal_name: str) -> tuple[Account, ...]:
        if not _USER_PRINCIPAL_NAME.fullmatch(user_principal_name):
            return ()
        account = await self._account(user_principal_name)
        if account is None or account.user_principal_name.casefold() != user_principal_name.casefold():
            return ()
        return (account,)

    async def _account(self, user: str) -> Account | None:
        try:
            return _account(await self._graph.read(self._graph.calls.people.account(user)))
        except NotFoundInTenantError:
            return None

    async def _active(self, principal_id: str) -> tuple[str, ...]:
        assignments = await self._graph.read_all(self._graph.calls.privileges.role_assignments(principal_id))
        return tuple(text(assignment, "roleDefinitionId") for assignment in assignments)

    async def _eligible(self, principal_id: str) -> tuple[str, ...] | None:
        """Return the roles; None where the tenant has no P2, so that nobody in it is eligible for one."""
        try:
            schedules = await self._graph.read_all(self._graph.calls.privileges.role_eligibilities(principal_id))
        except LicenceMissingError:
            return None
        return tuple(text(schedule, "roleDefinitionId") for schedule in schedules)

    async def _within_reach(self, user_id: str) -> list[Json]:
        """Return the groups that the user may activate as member or owner; none where the tenant has no P2."""
        if not self._pim_for_groups:
            return []
        try:
            found = await self._graph.read_all(self._graph.calls.privileges.group_eligibilities(user_id))
        except LicenceMissingError:
            return []
        ids = dict.fromkeys(text(schedule, "groupId") for schedule in found)
        return [await self._graph.read(self._graph.calls.groups.with_id(group)) for group in ids]

    def _check_seen(self, groups: list[Json]) -> None:
        """Refuse groups that Graph names without showing them.

        An app that may read users but not groups gets them with their id only and every other property null, so a
        role-assignable group would look like any other (Microsoft: "limited information returned").
        """
        if any(optional_text(group, "displayName") is None for group in groups):
            detail = "the user's groups were named, but not shown"
            raise PermissionMissingError(403, "LimitedInformation", detail, "GroupMember.Read.All")


def _account(data: Json) -> Account:
    return Account(
        id=text(data, "id"),
        user_principal_name=text(data, "userPrincipalName"),
        display_name=optional_text(data, "displayName") or text(data, "userPrincipalName"),
        created=instant(data, "createdDateTime") if data.get("createdDateTime") else None,
        enabled=flag(data, "accountEnabled"),
        user_type=optional_text(data, "userType") or "",
        office=optional_text(data, "officeLocation"),
        department=optional_text(data, "department"),
        mail=optional_text(data, "mail"),
        other_mails=tuple(mail for mail in data.get("otherMails") or () if isinstance(mail, str)),
        mobile_phone=optional_text(data, "mobilePhone"),
        preferred_language=optional_text(data, "preferredLanguage"),
        attributes=_attributes(data),
        manager=_manager(data.get("manager")),
    )


def _attributes(data: Json) -> dict[str, str]:
    extensions = data.get("onPremisesExtensionAttributes") or {}
    values = {"employeeId": data.get("employeeId"), **extensions}
    return {
        name: value
        for name, value in values.items()
        if _NUMBER_ATTRIBUTE.fullmatch(name) and isinstance(value, str) and value
    }


def _manager(data: Json | None) -> Person | None:
    """Read the manager. An organizational contact, who cannot sign in to collect anything, counts as none."""
    if not data or data.get("@odata.type", "#microsoft.graph.user") != "#microsoft.graph.user":
        return None
    return Person(
        id=text(data, "id"),
        display_name=optional_text(data, "displayName") or text(data, "userPrincipalName"),
        user_principal_name=text(data, "userPrincipalName"),
        mail=optional_text(data, "mail"),
        enabled=flag(data, "accountEnabled"),
        office=optional_text(data, "officeLocation"),
        preferred_language=optional_text(data, "preferredLanguage"),
    )
