"""A nudge in Microsoft Teams' activity feed, beside a mail.

By the one activity type that needs no manifest to declare it, so the words are ours and in the reader's language. A
topic in one's own words has to lead somewhere in Teams: to the app by whose name the nudge comes, for a mailbox has no
such address (microsoft-graph-docs, userteamwork-sendactivitynotification).
"""

from shared.channels.ports import Nudge
from shared.tenant.graph import GraphConnection


class TeamsActivity:
    """The `Nudger` that writes into the activity feed of whoever has the Teams app installed."""

    def __init__(self, connection: GraphConnection, app: str) -> None:
        """Send by `app`, the id of a Teams app whose manifest names this app's identity."""
        self._graph = connection
        self._app = app

    async def send(self, nudge: Nudge) -> None:
        """Send one nudge, once.

        Raises:
            TenantError: it is not known to be sent; refused where the app is not installed for this person.
        """
        await self._graph.change(self._graph.calls.messages.activity(nudge, self._app))
