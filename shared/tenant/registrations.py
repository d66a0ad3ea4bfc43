"""The tenant's report of registered authentication methods (Entra ID P1). It is made now and then, and says when."""

from collections.abc import Collection, Mapping

from shared.tenant.batches import batches
from shared.tenant.errors import LicenceMissingError, TenantUnavailableError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.reports import Registered
from shared.tenant.values import Json, instant, text


class GraphRegistrationReport:
    """The `RegistrationReport` that asks Microsoft Graph. A tenant without Entra ID P1 shows nothing: unknown."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def registered(self, names: Collection[str]) -> Mapping[str, Registered]:
        """Tell what the accounts of these user principal names have, by object id in lower case; others are left out.

        The report is filtered by name, the one property of a person for which Microsoft documents a filter.
        """
        found: dict[str, Registered] = {}
        try:
            async for batch in batches(names):
                entries = await self._graph.read_all(self._graph.calls.reports.registrations(batch))
                found |= {text(entry, "id").lower(): _registered(entry) for entry in entries}
        except LicenceMissingError:
            return {}
        return found


def _registered(entry: Json) -> Registered:
    methods = entry.get("methodsRegistered")
    if not isinstance(methods, list) or not all(isinstance(method, str) for method in methods):
        raise TenantUnavailableError("Microsoft Graph's answer lacks a usable methodsRegistered")
    return Registered(frozenset(methods), instant(entry, "lastUpdatedDateTime"))
