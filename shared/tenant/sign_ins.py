"""The tenant's sign-in log, where alone the use of a multi-use pass shows (Graph beta, Entra ID P1)."""

from datetime import datetime

from shared.tenant.graph import GraphConnection
from shared.tenant.ports import LicenceMissingError
from shared.tenant.values import Json, instant

_METHOD = "temporary access pass"


class GraphSignInLog:
    """The `SignInLog` that asks Microsoft Graph beta."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def first_use_of_pass(self, user_id: str, since: datetime) -> datetime | None:
        """Tell when the user first signed in with a Temporary Access Pass since then; None is unknown, not unused.

        The log runs minutes to hours late, and a tenant without Entra ID P1 does not show it: unknown as well. A
        sign-in counts when it succeeded as a whole and its pass did.
        """
        try:
            entries = await self._graph.read_all(self._graph.calls.sign_ins(user_id, since))
        except LicenceMissingError:
            return None
        uses = [moment for moment in (_use(entry) for entry in entries) if moment is not None and moment >= since]
        return min(uses, default=None)


def _use(entry: Json) -> datetime | None:
    status = entry.get("status")
    if not isinstance(status, dict) or status.get("errorCode") != 0:
        return None
    steps = entry.get("authenticationDetails") or ()
    return instant(entry, "createdDateTime") if any(_is_pass(step) for step in steps) else None


def _is_pass(step: object) -> bool:
    if not isinstance(step, dict) or step.get("succeeded") is not True:
        return False
    return str(step.get("authenticationMethod") or "").casefold() == _METHOD
