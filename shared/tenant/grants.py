"""Which Graph permissions the app was granted in Entra."""

from shared.checkup.facts import Grants, Identity
from shared.tenant.graph import GraphConnection
from shared.tenant.values import elements, text

MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000"
"""The client id of Microsoft Graph itself, the same in every tenant."""


class GraphGrants:
    """Reads them from the token of the app itself, whose claim `roles` lists them; for others, from the directory.

    A token lives for up to a day, so what was granted or revoked meanwhile may not show in it. What Exchange grants
    (`Mail.Send` for one mailbox) shows in neither.
    """

    def __init__(self, connection: GraphConnection, client_id: str) -> None:
        """Take the connection, and the client id of the app's identity."""
        self._graph = connection
        self._client_id = client_id

    async def held(self) -> Grants:
        """Tell who asks, and what the app was granted."""
        claims = await self._graph.claims()
        if claims.get("appid") == self._client_id:
            return Grants(Identity.APP, frozenset(str(role) for role in claims.get("roles", ())))
        return Grants(Identity.ADMINISTRATOR, await self._assigned())

    async def _assigned(self) -> frozenset[str]:
        calls = self._graph.administrator_calls
        app = await self._graph.read(calls.service_principal(self._client_id))
        graph = await self._graph.read(calls.service_principal(MICROSOFT_GRAPH, "appRoles"))
        names = {text(role, "id"): text(role, "value") for role in elements(graph, "appRoles")}
        granted = await self._graph.read_all(calls.granted_roles(text(app, "id")))
        return frozenset(names.get(text(one, "appRoleId"), text(one, "appRoleId")) for one in granted)
