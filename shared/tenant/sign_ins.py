"""The tenant's sign-in log, where alone the use of a multi-use pass shows (Graph beta, Entra ID P1)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from shared.tenant.batches import batches
from shared.tenant.errors import LicenceMissingError
from shared.tenant.graph import GraphConnection
from shared.tenant.values import Json, instant, text

_METHOD = "temporary access pass"


class GraphSignInLog:
    """The `SignInLog` that asks Microsoft Graph beta. A tenant without Entra ID P1 shows nothing: unknown as well."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def uses_of_passes(self, users: Collection[str], since: datetime) -> Mapping[str, tuple[datetime, ...]]:
        """Tell when each of these accounts signed in with a Temporary Access Pass since then; others are left out.

        Object ids, compared without case and returned in lower case. A sign-in counts when it succeeded as a whole and
        its pass did.
        """
        found: defaultdict[str, tuple[datetime, ...]] = defaultdict(tuple)
        try:
            async for batch in batches(users):
                for entry in await self._graph.read_all(self._graph.calls.reports.sign_ins(batch, since)):
                    if _is_use(entry):
                        found[text(entry, "userId").lower()] += (instant(entry, "createdDateTime"),)
        except LicenceMissingError:
            return {}
        return dict(found)

    async def is_shown(self, since: datetime) -> bool:
        """Tell whether the tenant shows a log at all: without Entra ID P1 it does not."""
        try:
            await self._graph.read_all(self._graph.calls.reports.newest_sign_in(since), at_most=1)
        except LicenceMissingError:
            return False
        return True

    async def newest(self, since: datetime) -> datetime | None:
        """Tell when the newest sign-in that the log shows was, anybody's; None where it shows none since then."""
        try:
            entries = await self._graph.read_all(self._graph.calls.reports.newest_sign_in(since), at_most=1)
        except LicenceMissingError:
            return None
        return instant(entries[0], "createdDateTime") if entries else None


def _is_use(entry: Json) -> bool:
    status = entry.get("status")
    if not isinstance(status, dict) or status.get("errorCode") != 0:
        return False
    return any(_is_pass(step) for step in entry.get("authenticationDetails") or ())


def _is_pass(step: object) -> bool:
    if not isinstance(step, dict) or step.get("succeeded") is not True:
        return False
    return str(step.get("authenticationMethod") or "").casefold() == _METHOD
