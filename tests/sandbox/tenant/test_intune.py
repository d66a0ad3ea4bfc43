"""The settings catalog: found, made, assigned as a whole."""

from typing import Any

import pytest

from sandbox.tenant import seed
from tests.sandbox.tenant.client import Client, Reply, fixture

CATALOG = "/beta/deviceManagement/configurationPolicies"
FILTERS = "/beta/deviceManagement/assignmentFilters"
PROFILE = f"{CATALOG}/{seed.PROFILE_ID}"
GROUP_TARGET = "#microsoft.graph.groupAssignmentTarget"
GROUP = "11111111-1111-4111-8111-111111111111"


def _to_group(group: str = GROUP, **more: Any) -> dict[str, Any]:
    return {"target": {"@odata.type": GROUP_TARGET, "groupId": group} | more}


async def test_a_profile_is_found_by_its_exact_name(client: Client) -> None:
    """One of the two whose names begin alike, with assignments and settings."""
    reply = await client.graph("GET", CATALOG, filter="name eq 'Enable Web Sign-in'", expand="assignments,settings")
    (found,) = reply.body["value"]
    assert found["id"] == seed.PROFILE_ID
    assert len(found["assignments"]) == 4
    value = found["settings"][0]["settingInstance"]["choiceSettingValue"]["value"]
    assert value == "device_vendor_msft_policy_config_authentication_enablewebsignin_1"


async def test_a_read_shows_assignments_only_when_expanded(client: Client) -> None:
    """Unasked, neither settings nor assignments are there."""
    plain = (await client.graph("GET", PROFILE)).body
    assert not {"assignments", "settings"} & set(plain)
    whole = (await client.graph("GET", PROFILE, expand="assignments,settings")).body
    assert whole["assignments"] == (await client.graph("GET", f"{PROFILE}/assignments")).body["value"]
    assert whole["settings"] == (await client.graph("GET", f"{PROFILE}/settings")).body["value"]


async def test_the_seeded_assignments_hold_filters_exclusions_and_policy_sets(client: Client) -> None:
    """What a careless writer would lose is there to be lost."""
    found = (await client.graph("GET", f"{PROFILE}/assignments")).body["value"]
    targets = [one["target"] for one in found]
    assert {t["deviceAndAppManagementAssignmentFilterType"] for t in targets} == {"none", "include", "exclude"}
    assert any(t["@odata.type"].endswith("exclusionGroupAssignmentTarget") for t in targets)
    assert {one["source"] for one in found} == {"direct", "policySets"}


async def test_assign_replaces_the_whole_set(client: Client) -> None:
    """What is not in the body is gone."""
    assert (await client.graph("POST", f"{PROFILE}/assign", {"assignments": [_to_group()]})).status == 200
    (left,) = (await client.graph("GET", f"{PROFILE}/assignments")).body["value"]
    assert left["target"]["groupId"] == GROUP
    await client.graph("POST", f"{PROFILE}/assign", {"assignments": []})
    assert (await client.graph("GET", f"{PROFILE}/assignments")).body["value"] == []


async def test_what_was_read_can_be_written_back_unchanged(client: Client) -> None:
    """Reading and assigning the same set changes nothing, to the letter."""
    before = (await client.graph("GET", f"{PROFILE}/assignments")).body["value"]
    await client.graph("POST", f"{PROFILE}/assign", {"assignments": before})
    assert (await client.graph("GET", f"{PROFILE}/assignments")).body["value"] == before


async def test_the_second_of_two_for_one_group_is_ignored(client: Client) -> None:
    """By type and group: an exclusion of the same group is another thing."""
    rule = {
        "deviceAndAppManagementAssignmentFilterId": GROUP,
        "deviceAndAppManagementAssignmentFilterType": "include",
    }
    excluded = {"target": {"@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": GROUP}}
    body = {"assignments": [_to_group(**rule), _to_group(GROUP.upper()), excluded]}
    found = (await client.graph("POST", f"{PROFILE}/assign", body)).body["value"]
    assert [one["target"]["deviceAndAppManagementAssignmentFilterType"] for one in found] == ["include", "none"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"assignments": {}},
        {"assignments": ["x"]},
        {"assignments": [{"target": {"groupId": GROUP}}]},
        {"assignments": [{"target": {"@odata.type": "microsoft.graph.groupAssignmentTarget", "groupId": GROUP}}]},
        {"assignments": [{"target": {"@odata.type": GROUP_TARGET}}]},
        {"assignments": [_to_group("Berlin")]},
        {"assignments": [_to_group(groupName="Berlin")]},
        {"assignments": [_to_group(deviceAndAppManagementAssignmentFilterType="include")]},
        {"assignments": [_to_group() | {"intent": "apply"}]},
        {"assignments": [], "policies": []},
    ],
)
async def test_a_malformed_assignment_changes_nothing(client: Client, body: dict[str, Any]) -> None:
    """400, and the set stays as it was. An @odata.type starts with #."""
    before = (await client.graph("GET", f"{PROFILE}/assignments")).body["value"]
    assert (await client.graph("POST", f"{PROFILE}/assign", body or {"other": 1})).status == 400
    assert (await client.graph("GET", f"{PROFILE}/assignments")).body["value"] == before


async def test_there_is_no_etag(client: Client) -> None:
    """Nothing in an answer would allow a conditional write."""
    reply = await client.graph("GET", PROFILE, expand="assignments")
    assert "ETag" not in reply.headers
    assert "@odata.etag" not in reply.body


async def test_a_profile_is_made_with_its_settings(client: Client) -> None:
    """201, assigned to nobody; the read shows the same settings."""
    body = fixture("profile_created_request")
    made = await client.graph("POST", CATALOG, body)
    assert (made.status, made.body["name"], made.body["settingCount"]) == (201, body["name"], 1)
    read = (await client.graph("GET", f"{CATALOG}/{made.body['id']}", expand="assignments,settings")).body
    assert read["assignments"] == []
    assert read["settings"][0]["settingInstance"] == body["settings"][0]["settingInstance"]


@pytest.mark.parametrize(
    "change", [{"settings": []}, {"settings": [{"settingInstance": {}}]}, {"name": None}, {"displayName": "x"}]
)
async def test_a_malformed_profile_is_refused(client: Client, change: dict[str, Any]) -> None:
    """Settings and a name are needed; displayName belongs to another kind of profile."""
    assert (await client.graph("POST", CATALOG, fixture("profile_created_request") | change)).status == 400


async def test_intune_is_read_with_one_permission_and_written_with_another(client: Client) -> None:
    """Read.All reads, ReadWrite.All assigns; the refusal names what would do."""
    await client.change("set-permissions", permissions=["DeviceManagementConfiguration.Read.All"])
    client.tokens.clear()
    assert (await client.graph("GET", PROFILE)).status == 200
    reply = await client.graph("POST", f"{PROFILE}/assign", {"assignments": []})
    assert (reply.status, reply.code) == (403, "Forbidden")
    assert "DeviceManagementConfiguration.ReadWrite.All" in reply.message


async def test_an_unknown_profile_is_404(client: Client) -> None:
    """A profile that is gone is not found."""
    assert (await client.graph("GET", f"{CATALOG}/{GROUP}")).status == 404


AUTOPILOT = "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities"


async def test_autopilot_identities_are_filtered_by_functions_only(client: Client) -> None:
    """One whose serial number contains what is asked for, in any case; an equality is refused."""
    await client.change("grant-permission", permission="DeviceManagementServiceConfig.Read.All")
    serial = seed.serial_of("amelie-brandt")
    found = await client.graph("GET", AUTOPILOT, filter=f"contains(serialNumber,'{serial.lower()[1:]}')")
    assert [one["serialNumber"] for one in found.body["value"]] == [serial]
    assert (await client.graph("GET", AUTOPILOT, filter=f"serialNumber eq '{serial}'")).status == 400


async def test_an_autopilot_identity_without_a_device_shows_zeros(client: Client) -> None:
    """It was registered, and the directory has no object for it yet."""
    await client.change("grant-permission", permission="DeviceManagementServiceConfig.Read.All")
    await client.change("add-autopilot", serial="PF-NEW")
    found = await client.graph("GET", AUTOPILOT, filter="contains(serialNumber,'PF-NEW')")
    assert found.body["value"][0]["azureActiveDirectoryDeviceId"] == "00000000-0000-0000-0000-000000000000"


async def test_a_filter_is_read_with_its_rule(client: Client) -> None:
    """By its id, in Intune's own language; one that is gone is 404."""
    made = (await client.change("set-filter", rule='(device.model -eq "x")'))["id"]
    reply = await client.graph("GET", f"{FILTERS}/{made}", select="id,rule")
    assert {"id": made, "rule": '(device.model -eq "x")'}.items() <= reply.body.items()
    assert (await client.graph("GET", f"{FILTERS}/{GROUP}")).status == 404
    bad = {"op": "set-filter", "rule": '(device.model -match "x")'}
    assert (await client.send("POST", "/_sandbox/directory", json=bad)).status == 400


async def test_a_kind_of_target_learned_later_is_kept_to_the_letter(client: Client) -> None:
    """Intune hands out what nobody here has heard of, takes it back, and takes no other."""
    new = {"target": {"@odata.type": "#microsoft.graph.futureTarget", "planetId": "mars", "deep": {"a": [1]}}}
    collection = {"@odata.type": "#microsoft.graph.configurationManagerCollectionAssignmentTarget", "collectionId": "c"}
    await client.change("set-profile", profile=seed.PROFILE_ID, assignments=[new, {"target": collection}])
    before = (await client.graph("GET", f"{PROFILE}/assignments")).body["value"]
    assert before[0]["target"] == new["target"]
    assert (await client.graph("POST", f"{PROFILE}/assign", {"assignments": [*before, _to_group()]})).status == 200
    assert (await client.graph("GET", f"{PROFILE}/assignments")).body["value"][:2] == before
    other = {"target": {"@odata.type": "#microsoft.graph.otherTarget"}}
    assert (await client.graph("POST", f"{PROFILE}/assign", {"assignments": [other]})).status == 400


APPROVALS = "/beta/deviceManagement/operationApprovalRequests"


async def _write(client: Client, group: str = GROUP, **headers: str) -> Reply:
    named = {f"x-msft-approval-{name}": value for name, value in headers.items()}
    return await client.graph("POST", f"{PROFILE}/assign", {"assignments": [_to_group(group)]}, headers=named)


@pytest.mark.parametrize(("status", "code"), [(403, "ApprovalRequired"), (412, "BadRequest"), (400, "BadRequest")])
async def test_a_protected_write_waits_for_another_administrator(client: Client, status: int, code: str) -> None:
    """It wants a justification, opens a request, and goes through once, as it was, when that is approved."""
    await client.change("set-approval", status=status)
    assert "x-msft-approval-justification" in (await _write(client)).message
    asked = await _write(client, justification="d2h5")
    request = asked.headers["x-msft-approval-code"]
    assert (asked.status, asked.code, request in asked.message) == (status, code, True)
    assert (await _write(client, code=request)).status == 400
    await client.change("decide-approval", status="approved")
    (shown,) = (await client.graph("GET", APPROVALS)).body["value"]
    assert (shown["id"], shown["status"], shown["requestJustification"]) == (request, "approved", "why")
    assert (await _write(client, group=seed.PROFILE_ID, code=request)).status == 400
    assert (await _write(client, code=request)).status == 200
    assert (await client.graph("GET", APPROVALS)).body["value"][0]["status"] == "completed"
    assert (await _write(client, code=request)).status == 400


async def test_who_wants_approval_is_told_to_who_may_read_roles(client: Client) -> None:
    """None where nothing is protected; without the permission it is refused."""
    path = "/beta/deviceManagement/operationApprovalPolicies"
    assert (await client.graph("GET", path)).status == 403
    await client.change("grant-permission", permission="DeviceManagementRBAC.Read.All")
    client.tokens.clear()
    assert (await client.graph("GET", path)).body["value"] == []
    await client.change("set-approval", status=403)
    (found,) = (await client.graph("GET", path)).body["value"]
    assert (found["policyType"], found["policyPlatform"]) == ("configurationPolicy", "notApplicable")


async def test_an_approval_request_stands_alone_and_expires(client: Client) -> None:
    """While one waits there is no other; after three days there may be; without protection nobody asks."""
    await client.change("set-approval", status=403)
    assert (await _write(client, justification="d2h5")).status == 403
    assert (await _write(client, justification="d2h5")).status == 409
    await client.advance("P3D")
    assert (await _write(client, justification="d2h5")).status == 403
    statuses = [one["status"] for one in (await client.graph("GET", APPROVALS)).body["value"]]
    assert statuses == ["expired", "needsApproval"]
    await client.change("set-approval", status=None)
    assert (await _write(client)).status == 200


async def test_a_hundred_writes_and_a_thousand_requests_in_twenty_seconds(client: Client) -> None:
    """Then 429, until the window has slid; writes count by themselves, managed devices have twice as much."""
    written = {"assignments": [_to_group()]}
    statuses = [(await client.graph("POST", f"{PROFILE}/assign", written)).status for _ in range(100)]
    refused = await client.graph("POST", f"{PROFILE}/assign", written)
    assert ({*statuses}, refused.status, 1 <= int(refused.headers["Retry-After"]) <= 20) == ({200}, 429, True)
    assert (await client.graph("GET", PROFILE)).status == 200
    await client.change("set-intune-throttle", limit=102)
    assert [(await client.graph("GET", PROFILE)).status for _ in range(2)] == [200, 429]
    assert [(await client.graph("GET", MANAGED)).status for _ in range(205)] == [200] * 204 + [429]
    await client.advance("PT20S")
    assert (await client.graph("POST", f"{PROFILE}/assign", written)).status == 200


DEVICE = seed.stable_id("device", "marcus-adeyemi")
MANAGED = "/v1.0/deviceManagement/managedDevices"
REPORT = "/beta/deviceManagement/reports/getConfigurationPoliciesReportForDevice"


async def managed(client: Client) -> list[dict[str, Any]]:
    """Ask Intune for its entries of one device of the directory."""
    query = {"filter": f"azureADDeviceId eq '{DEVICE}'", "select": "id,osVersion,lastSyncDateTime"}
    return list((await client.graph("GET", MANAGED, **query)).body["value"])


async def test_intune_names_the_devices_that_it_manages(client: Client) -> None:
    """By the device's own id, and no device that it does not manage."""
    assert [entry["osVersion"] for entry in await managed(client)] == ["10.0.26100.4061"]
    await client.change("set-device", device=DEVICE, fields={"isManaged": False})
    assert await managed(client) == []


async def test_intune_reports_of_the_profiles_on_a_device(client: Client) -> None:
    """A table with its columns apart; half a question, and one with a field that no report has, are refused."""
    (entry,) = await managed(client)
    asked = {"select": ["PolicyId", "PolicyStatus"], "filter": f"(IntuneDeviceId eq '{entry['id']}')", "skip": 0}
    for word in ("Succeeded", "Conflict"):
        await client.change("set-device", device=DEVICE, fields={"applied": word})
        table = (await client.graph("POST", REPORT, asked)).body
        columns = [column["Column"] for column in table["Schema"]]
        assert [dict(zip(columns, row, strict=True))["PolicyStatus_loc"] for row in table["Values"]] == [word]
    for refused in ({"select": ["PolicyId"]}, asked | {"colour": "blue"}):
        assert (await client.graph("POST", REPORT, refused)).status == 400
    await client.change("set-device", device=DEVICE, fields={"isManaged": False})
    assert (await client.graph("POST", REPORT, asked)).body["Values"] == []
