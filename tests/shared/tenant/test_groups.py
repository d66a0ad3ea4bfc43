"""Groups in Graph: who decides on their members, and devices that join and leave."""

from typing import Any

import pytest

from shared.tenant.errors import PermissionMissingError, TenantRefusedError
from shared.tenant.graph import GraphConnection
from shared.tenant.groups import GraphGroups
from shared.tenant.ports.devices import GroupKind
from tests.shared.tenant.stand_in import GROUP, USER, Answer, FakeGraph, refusal

DEVICE = "33333333-3333-4333-8333-333333333333"
OWN = "55555555-5555-4555-8555-555555555555"
MEMBERS = f"/v1.0/groups/{GROUP}/members"
SERVICE = "#microsoft.graph.servicePrincipal"


@pytest.fixture
def groups(connection: GraphConnection, monkeypatch: pytest.MonkeyPatch) -> GraphGroups:
    """Give the adapter under test, whose token says who it is."""

    async def claims() -> dict[str, Any]:
        return {"oid": OWN}

    monkeypatch.setattr(connection, "claims", claims)
    return GraphGroups(connection)


@pytest.mark.parametrize(
    ("group", "owners", "kind"),
    [
        ({"groupTypes": []}, [], GroupKind.ASSIGNED),
        ({"groupTypes": ["DynamicMembership"]}, [], GroupKind.DYNAMIC),
        ({"onPremisesSyncEnabled": True}, [], GroupKind.SYNCED),
        ({}, [{"@odata.type": "#microsoft.graph.user", "id": USER}], GroupKind.ASSIGNED),
        ({}, [{"@odata.type": SERVICE, "id": USER}], GroupKind.SERVICE_OWNED),
        ({}, [{"@odata.type": SERVICE, "id": OWN}], GroupKind.ASSIGNED),
    ],
)
async def test_who_decides_on_members(
    groups: GraphGroups, fake: FakeGraph, group: dict[str, Any], owners: list[dict[str, Any]], kind: GroupKind
) -> None:
    """A rule, another directory, a service that owns the group, or people and this app: then members are assigned."""
    fake.on("GET", f"/v1.0/groups/{GROUP}", Answer(200, {"id": GROUP, **group}))
    fake.on("GET", f"/beta/groups/{GROUP}/owners", Answer(200, {"value": owners}))
    assert await groups.kind(GROUP) is kind


async def test_a_group_that_is_a_user_or_gone_is_none(groups: GraphGroups, fake: FakeGraph) -> None:
    """What is no id is not asked for."""
    assert (await groups.kind(USER), await groups.kind("devices")) == (None, None)
    assert len(fake.asked) == 1


async def test_a_device_joins_by_the_id_of_its_object(groups: GraphGroups, fake: FakeGraph) -> None:
    """204; and one that is in already is told apart from any other refusal."""
    already = "One or more added object references already exist for the following modified properties: 'members'."
    answers = Answer(204), refusal(400, "Request_BadRequest", already), refusal(400, "Request_BadRequest", "No.")
    fake.on("POST", rf"{MEMBERS}/\$ref", *answers)
    assert await groups.add(GROUP, DEVICE) is True
    assert fake.asked[0].json() == {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{DEVICE}"}
    assert await groups.add(GROUP, DEVICE) is False
    with pytest.raises(TenantRefusedError):
        await groups.add(GROUP, DEVICE)


async def test_a_device_leaves_and_is_never_deleted(groups: GraphGroups, fake: FakeGraph) -> None:
    """Without $ref at its end the call would delete the device itself. One that is out already is done."""
    fake.on("DELETE", rf"{MEMBERS}/{DEVICE}/\$ref", Answer(204), refusal(404, "Request_ResourceNotFound", "Gone."))
    await groups.remove(GROUP, DEVICE)
    await groups.remove(GROUP, DEVICE)
    assert {asked.path for asked in fake.asked} == {f"{MEMBERS}/{DEVICE}/$ref"}
    for wrong in ("", "../../devices"):
        with pytest.raises(ValueError, match="not an object id"):
            await groups.remove(GROUP, wrong)


async def test_what_is_missing_is_named_whole(groups: GraphGroups, fake: FakeGraph) -> None:
    """Graph does not say which of the two permissions it is."""
    fake.on("POST", rf"{MEMBERS}/\$ref", refusal(403, "Authorization_RequestDenied", "Insufficient privileges."))
    with pytest.raises(PermissionMissingError) as raised:
        await groups.add(GROUP, DEVICE)
    assert raised.value.permission == "GroupMember.ReadWrite.All and Device.ReadWrite.All"
