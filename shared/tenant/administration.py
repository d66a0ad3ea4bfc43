"""What an administrator may see of a tenant and the app may not, and the change of it that the check-up may make."""

import asyncio
from collections.abc import Mapping
from typing import Any

from shared.checkup.facts import AccessPolicy, Domain
from shared.tenant.errors import NotFoundInTenantError
from shared.tenant.graph import GraphConnection
from shared.tenant.values import Json, flag, optional_text, text

_FEDERATED = "Federated"
_PROFILES = "configurationPolicy"
_NARROWING = (
    *("locations", "devices", "clientApplications", "authenticationFlows", "platforms"),
    *("userRiskLevels", "signInRiskLevels", "servicePrincipalRiskLevels", "insiderRiskLevels"),
)


class GraphAdministration:
    """Asks Microsoft Graph with the sign-in of an administrator."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def domains(self) -> tuple[Domain, ...]:
        """Read the domains, and of the federated ones who asks for a second factor."""
        found = await self._graph.read_all(self._graph.administrator_calls.domains())
        return tuple(await asyncio.gather(*(self._domain(each) for each in found)))

    async def access_policies(self) -> tuple[AccessPolicy, ...]:
        """Read all Conditional Access policies, those that are off or only report as well."""
        found = await self._graph.read_all(self._graph.administrator_calls.access_policies())
        return tuple(_access_policy(each) for each in found)

    async def approval_policies(self) -> tuple[str, ...]:
        """Read who wants Multi Admin Approval for configuration profiles of Windows: the policies' names.

        An app may be excluded from a policy; that no call tells.
        """
        found = await self._graph.read_all(self._graph.administrator_calls.approval_policies())
        return tuple(sorted(text(each, "displayName") for each in found if _guards_profiles(each)))

    async def change_pass_policy(self, change: Mapping[str, Any]) -> None:
        """Change properties of the Temporary Access Pass policy, in Graph's own names. Sent once."""
        await self._graph.change(self._graph.administrator_calls.change_pass_policy(change))

    async def _domain(self, data: Json) -> Domain:
        name, federated = text(data, "id"), text(data, "authenticationType") == _FEDERATED
        return Domain(name, flag(data, "isDefault"), federated, await self._mfa(name) if federated else None)

    async def _mfa(self, domain: str) -> str | None:
        try:
            found = await self._graph.read_all(self._graph.administrator_calls.federation(domain))
        except NotFoundInTenantError:
            return None
        return optional_text(found[0], "federatedIdpMfaBehavior") if found else None


def _guards_profiles(policy: Json) -> bool:
    is_theirs = policy.get("policyType") == _PROFILES
    return is_theirs and policy.get("policyPlatform") in (None, "notApplicable", "windows10AndLater")


def _access_policy(data: Json) -> AccessPolicy:
    conditions = _part(data, "conditions")
    users, applications = _part(conditions, "users"), _part(conditions, "applications")
    grant = _part(data, "grantControls")
    strength = grant.get("authenticationStrength")
    return AccessPolicy(
        name=text(data, "displayName"),
        enabled=text(data, "state") == "enabled",
        users=_names(users, "includeUsers", "includeGroups", "includeRoles"),
        excluded_users=_names(users, "excludeUsers", "excludeGroups", "excludeRoles"),
        applications=_names(applications, "includeApplications", "includeUserActions"),
        narrowed=any(conditions.get(name) for name in _NARROWING),
        controls=_names(grant, "builtInControls"),
        any_of=grant.get("operator") == "OR",
        combinations=_names(strength, "allowedCombinations") if isinstance(strength, dict) else None,
    )


def _part(data: Json, key: str) -> Json:
    """Return an object that may be absent or null: then nothing of it is set."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _names(data: Json, *keys: str) -> frozenset[str]:
    return frozenset(str(name) for key in keys for name in data.get(key) or ())
