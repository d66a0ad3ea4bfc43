"""Changes of users: subscriptions of Microsoft Graph's change notifications, and the delta query for what was missed.

Source: Microsoft Learn, “subscription resource type” (users: 29 days at most), “Update subscription”, “Get incremental
changes for users” (only what `$select` names is tracked; a link that is too old is answered 410), “Use delta query”
(`$deltatoken=latest` gives the first link without the whole tenant).
"""

from datetime import datetime
from http import HTTPStatus

from shared.tenant.errors import ChangesOver, NotFoundInTenantError, TenantRefusedError, TenantUnavailableError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.changes import ChangedUsers, Subscription
from shared.tenant.values import is_object_id, text, utc

TOLD = "created,updated,deleted"


class GraphUserChanges:
    """The `UserChanges` that asks Microsoft Graph."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def subscribe(self, wanted: Subscription) -> str:
        """Have changes told; Graph looks at once whether the address answers."""
        body = {
            "changeType": TOLD,
            "resource": "users",
            "notificationUrl": wanted.address,
            "lifecycleNotificationUrl": wanted.address,
            "clientState": wanted.state,
            "expirationDateTime": utc(wanted.until),
        }
        made = await self._graph.change(self._graph.calls.changes.subscribe(body))
        name = text(made or {}, "id")
        if not is_object_id(name):
            raise TenantUnavailableError("Microsoft Graph's answer lacks a usable id of the subscription")
        return name

    async def renew(self, subscription: str, until: datetime) -> bool:
        """Have changes told for longer; False where there is no such subscription any more."""
        try:
            await self._graph.change(self._graph.calls.changes.renew(subscription, until))
        except NotFoundInTenantError:
            return False
        return True

    async def unsubscribe(self, subscription: str) -> None:
        """Have changes told no more."""
        try:
            await self._graph.change(self._graph.calls.changes.unsubscribe(subscription))
        except NotFoundInTenantError:
            return

    async def since(self, link: str | None) -> ChangedUsers:
        """Tell who has changed since a link was given; with None nobody, and the first link."""
        try:
            users, newest = await self._graph.read_changes(self._graph.calls.changes.changed_hires(), link)
        except TenantRefusedError as error:
            if error.status == HTTPStatus.GONE:
                raise ChangesOver(str(error)) from None
            raise
        changed = tuple(text(user, "id") for user in users if "@removed" not in user)
        return ChangedUsers(changed, tuple(text(user, "id") for user in users if "@removed" in user), newest)
