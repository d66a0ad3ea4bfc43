"""Temporary Access Passes in Microsoft Graph: look, create, delete, and the policy they stand under."""

from shared.tenant.errors import NotFoundInTenantError, TenantUnavailableError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.passes import CreatedPass, ExistingPass, PassOrder, PassPolicy
from shared.tenant.values import Json, elements, flag, instant, text, whole


class GraphPasses:
    """The `TemporaryAccessPasses` that asks Microsoft Graph. Look, create and delete are one request each."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def policy(self) -> PassPolicy:
        """Read the tenant's policy."""
        data = await self._graph.read(self._graph.calls.passes.policy())
        return PassPolicy(
            enabled=text(data, "state") == "enabled",
            minimum_lifetime=whole(data, "minimumLifetimeInMinutes"),
            maximum_lifetime=whole(data, "maximumLifetimeInMinutes"),
            default_lifetime=whole(data, "defaultLifetimeInMinutes"),
            one_time_only=flag(data, "isUsableOnce"),
            include=frozenset(text(target, "id") for target in elements(data, "includeTargets")),
            exclude=frozenset(text(target, "id") for target in elements(data, "excludeTargets")),
            length=whole(data, "defaultLength") if data.get("defaultLength") is not None else None,
        )

    async def look(self, user_id: str) -> tuple[ExistingPass, ...]:
        """List the user's passes: none or one. Sent once, no retry: the budget counts it.

        Raises:
            ValueError: `user_id` is not an object id; nothing was sent.
        """
        found = await self._graph.read_all(self._graph.calls.passes.held_by(user_id), once=True)
        return tuple(_existing(item) for item in found)

    async def create(self, user_id: str, order: PassOrder) -> CreatedPass:
        """Create a pass, replacing any other. Sent once.

        Raises:
            TenantUnavailableError: No usable answer, one without a code too: the pass may exist all the same.
            ValueError: `user_id` is not an object id; nothing was sent.
        """
        data = await self._graph.change(self._graph.calls.passes.new_pass(user_id, order))
        if data is None:
            raise TenantUnavailableError("Microsoft Graph answered the creation of a pass with nothing")
        return CreatedPass(record=_existing(data), code=text(data, "temporaryAccessPass"))

    async def delete(self, user_id: str, pass_id: str) -> None:
        """Delete a pass. Sent once. One that is gone already (404) counts as done.

        Raises:
            ValueError: One of the two is not an object id; nothing was sent.
        """
        try:
            await self._graph.change(self._graph.calls.passes.no_pass(user_id, pass_id))
        except NotFoundInTenantError:
            return


def _existing(data: Json) -> ExistingPass:
    return ExistingPass(
        id=text(data, "id"),
        created=instant(data, "createdDateTime"),
        start=instant(data, "startDateTime"),
        lifetime=whole(data, "lifetimeInMinutes"),
        one_time=flag(data, "isUsableOnce"),
        usable=flag(data, "isUsable"),
        usability_reason=text(data, "methodUsabilityReason"),
    )
