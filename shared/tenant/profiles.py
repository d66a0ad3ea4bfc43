"""Intune configuration profiles of the settings catalog, which only Graph beta has.

Microsoft supports Intune's beta endpoints for production; their shape may still change, so everything the product
writes back is exactly what it read.
"""

from collections.abc import Mapping
from typing import Any

from shared.tenant.errors import NotFoundInTenantError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.profiles import Approval, ApprovalRequest, Profile
from shared.tenant.values import Json, elements, is_object_id, optional_text, text
from shared.websignin.body import (
    DEFAULT_PROVIDER,
    DEFAULT_PROVIDER_ASSIGNED,
    DEFAULT_PROVIDER_NAME,
    WEB_SIGN_IN,
    WEB_SIGN_IN_ENABLED,
)

UNASKED = Approval("Day One Pass: a device group for Web sign-in, by hand of an administrator")
NAMESAKES = 5
"""Profiles of one name that are read: from the second on it is ambiguous anyway."""


class GraphProfiles:
    """The `Profiles` that asks Microsoft Graph beta."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        """Find by id or by exact name, with assignments and settings: none, one or many (at most `NAMESAKES`)."""
        if is_object_id(id_or_name):
            return await self._with_id(id_or_name)
        named = await self._graph.read_all(self._graph.calls.profiles.named(id_or_name))
        # Graph compares without case; two profiles that differ in case only are two profiles.
        ids = [text(item, "id") for item in named if item.get("name") == id_or_name][:NAMESAKES]
        return tuple([profile for profile_id in ids for profile in await self._with_id(profile_id)])

    async def assign(
        self, profile_id: str, assignments: tuple[Mapping[str, Any], ...], approval: Approval = UNASKED
    ) -> None:
        """Replace the whole set of assignments. Sent once.

        Raises:
            ApprovalNeededError: Multi Admin Approval protects the tenant's profiles, and this is not approved yet.
            ValueError: `profile_id` is not an id; nothing was sent.
        """
        await self._graph.change(self._graph.calls.profiles.assign(profile_id, assignments, approval))

    async def make(self, body: Mapping[str, Any], approval: Approval = UNASKED) -> str:
        """Make a profile, assigned to nobody yet; return its id. Sent once.

        Raises:
            ApprovalNeededError: as for `assign`.
        """
        return text(await self._graph.change(self._graph.calls.profiles.new_profile(body, approval)) or {}, "id")

    async def requests(self) -> tuple[ApprovalRequest, ...]:
        """List the requests for approval. What Microsoft calls requestId in one place is the id in all others."""
        found = await self._graph.read_all(self._graph.calls.profiles.approval_requests())
        return tuple(
            ApprovalRequest(text(one, "id"), text(one, "status"), optional_text(one, "requestJustification") or "")
            for one in found
        )

    async def filter_rule(self, filter_id: str) -> str | None:
        """Read the rule of an assignment filter; None where there is none of this id, or it has no rule."""
        if not is_object_id(filter_id):
            return None
        try:
            found = await self._graph.read(self._graph.calls.profiles.assignment_filter(filter_id))
        except NotFoundInTenantError:
            return None
        return optional_text(found, "rule")

    async def _with_id(self, profile_id: str) -> tuple[Profile, ...]:
        try:
            data = await self._graph.read(self._graph.calls.profiles.with_id(profile_id))
        except NotFoundInTenantError:
            return ()
        settings = await self._whole(data, "settings")
        return (
            Profile(
                id=text(data, "id"),
                name=text(data, "name"),
                platforms=optional_text(data, "platforms") or "",
                web_sign_in=_web_sign_in(settings),
                assignments=tuple(await self._whole(data, "assignments")),
                default_provider=_default_provider(settings),
            ),
        )

    async def _whole(self, data: Json, key: str) -> list[Json]:
        """Return an expanded list to its end: Graph may cut an expansion short and name the rest's address.

        A list taken for whole that is not would be written back without its rest.
        """
        rest = data.get(f"{key}@odata.nextLink")
        found = elements(data, key)
        if rest is None:
            return found
        return found + list(await self._graph.read_on(self._graph.calls.profiles.with_id(text(data, "id")), rest))


def _web_sign_in(settings: list[Json]) -> bool | None:
    """Tell the choice of EnableWebSignIn: True enabled, False anything else, None when it is not in the profile."""
    instance = _instance(settings, WEB_SIGN_IN)
    return None if instance is None else _part(instance, "choiceSettingValue").get("value") == WEB_SIGN_IN_ENABLED


def _default_provider(settings: list[Json]) -> str | None:
    """Tell the class id of the credential provider that is assigned as the default; None where none is."""
    choice = _part(_instance(settings, DEFAULT_PROVIDER) or {}, "choiceSettingValue")
    children = choice.get("children")
    if choice.get("value") != DEFAULT_PROVIDER_ASSIGNED or not isinstance(children, list):
        return None
    for child in children:
        if isinstance(child, dict) and child.get("settingDefinitionId") == DEFAULT_PROVIDER_NAME:
            named = optional_text(_part(child, "simpleSettingValue"), "value")
            return named.strip().upper() if named else None
    return None


def _instance(settings: list[Json], definition: str) -> Json | None:
    instances = (_part(setting, "settingInstance") for setting in settings)
    return next((one for one in instances if one.get("settingDefinitionId") == definition), None)


def _part(data: Json, key: str) -> Json:
    value = data.get(key)
    return value if isinstance(value, dict) else {}
