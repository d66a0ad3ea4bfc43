"""Which Graph permissions the app was granted in Entra."""

from shared.checkup.facts import Grants, Identity
from shared.tenant.graph import GraphConnection
from shared.tenant.ports import TenantUnavailableError


class GraphGrants:
    """Reads them from the token that the app itself got: its claim `roles` lists them.

    Such a token lives for up to a day, so what was granted or revoked meanwhile may not show. What Exchange grants
    (`Mail.Send` for one mailbox) never shows there.
    """

    def __init__(self, connection: GraphConnection, client_id: str) -> None:
        """Take the connection, and the client id of the app's identity."""
        self._graph = connection
        self._client_id = client_id

    async def held(self) -> Grants:
        """Tell who asks, and what the app was granted."""
        claims = await self._graph.claims()
        if claims.get("appid") != self._client_id:
            raise TenantUnavailableError("the token is not of the app's own identity")
        return Grants(Identity.APP, frozenset(str(role) for role in claims.get("roles", ())))
