"""Which service plans an account is licensed for."""

from shared.tenant.graph import GraphConnection
from shared.tenant.values import elements, optional_text, text

_USABLE = frozenset({"Enabled", "Warning"})
"""A plan in Warning was not renewed and still works."""


class GraphLicences:
    """Asks Microsoft Graph."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def plans(self, user_id: str) -> frozenset[str]:
        """Return the ids of the service plans that work for an account, by a licence of its own or of a group."""
        found = await self._graph.read(self._graph.calls.people.plans(user_id))
        assigned = elements(found, "assignedPlans") if found.get("assignedPlans") is not None else []
        return frozenset(
            text(plan, "servicePlanId") for plan in assigned if optional_text(plan, "capabilityStatus") in _USABLE
        )
