"""Users, managers, groups, devices, roles and domains as Graph shows them."""

from urllib.parse import quote

import pytest

from sandbox.tenant import seed
from sandbox.tenant.graph import schema
from tests.sandbox.tenant.client import AMELIE, JANA, Client

USER = f"/v1.0/users/{AMELIE}"
GROUP = seed.stable_id("group", "devices-berlin")
DEVICE = seed.stable_id("deviceObject", "amelie-brandt")
DIRECTORY_OBJECTS = "https://graph.microsoft.com/v1.0/directoryObjects"


def _upn(key: str) -> str:
    return next(person.upn for person in seed.PEOPLE if person.key == key)


async def _grant(client: Client, *names: str) -> None:
    for name in names:
        await client.change("grant-permission", permission=name)
    client.tokens.clear()


async def test_a_user_is_read_by_id_and_by_upn_in_any_case(client: Client) -> None:
    """Both name the same account."""
    by_id = await client.graph("GET", f"/v1.0/users/{seed.stable_id('user', 'amelie-brandt')}")
    by_upn = await client.graph("GET", f"/v1.0/users/{AMELIE.upper()}")
    assert by_id.body == by_upn.body


async def test_most_properties_come_only_with_select(client: Client) -> None:
    """Unasked, neither employeeId nor createdDateTime nor accountEnabled is there."""
    unasked = (await client.graph("GET", USER)).body
    assert set(unasked) == {"@odata.context", *schema.USER_UNASKED}
    assert not {"employeeId", "createdDateTime", "accountEnabled", "department"} & set(unasked)
    asked = (await client.graph("GET", USER, select="id,employeeId,createdDateTime,accountEnabled")).body
    assert set(asked) == {"@odata.context", "id", "employeeId", "createdDateTime", "accountEnabled"}


async def test_a_selected_property_the_type_does_not_have_is_refused(client: Client) -> None:
    """A slip in $select is a 400 that names the property."""
    reply = await client.graph("GET", USER, select="id,employeeNumber")
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert "Could not find a property named 'employeeNumber' on type 'microsoft.graph.user'" in reply.message


async def test_the_manager_comes_expanded_with_its_own_select(client: Client) -> None:
    """The nested $select chooses the manager's properties."""
    above = (await client.graph("GET", USER, select="id", expand="manager($select=id,mail)")).body["manager"]
    jana = {"id": seed.stable_id("user", "jana-hoffmann"), "mail": JANA}
    assert above == {"@odata.type": "#microsoft.graph.user"} | jana
    direct = (await client.graph("GET", f"{USER}/manager", select="id,mail")).body
    assert {name: direct[name] for name in jana} == jana


async def test_nobody_above_is_absent_under_expand(client: Client) -> None:
    """No manager: 200 without the property."""
    reply = await client.graph("GET", f"/v1.0/users/{_upn('nils-ohnesorge')}", select="id", expand="manager")
    assert (reply.status, "manager" in reply.body) == (200, False)


async def test_an_employee_number_finds_none_one_or_many(client: Client) -> None:
    """Nothing makes an employee number unique."""
    for number, found in (("LK-9999", 0), ("LK-1001", 1), ("LK-1911", 2)):
        reply = await client.graph("GET", "/v1.0/users", filter=f"employeeId eq '{number}'", select="id,employeeId")
        assert [one["employeeId"] for one in reply.body["value"]] == [number] * found


async def test_a_quote_in_a_filter_is_doubled(client: Client) -> None:
    """Liam O'Connor is found by a doubled quote; a single one is a syntax error."""
    good = await client.graph("GET", "/v1.0/users", filter="displayName eq 'Liam O''Connor'")
    assert [one["surname"] for one in good.body["value"]] == ["O'Connor"]
    assert (await client.graph("GET", "/v1.0/users", filter="displayName eq 'Liam O'Connor'")).status == 400


async def test_extension_attributes_need_an_advanced_query(client: Client) -> None:
    """Without ConsistencyLevel and $count Graph refuses the filter."""
    wanted = "onPremisesExtensionAttributes/extensionAttribute5 eq 'LK-1001'"
    plain = await client.graph("GET", "/v1.0/users", filter=wanted)
    assert (plain.status, plain.code) == (400, "Request_UnsupportedQuery")
    assert (await client.graph("GET", "/v1.0/users", filter=wanted, count="true")).status == 400
    found = await client.graph("GET", "/v1.0/users", filter=wanted, count="true", eventual="yes")
    assert found.body["@odata.count"] == 1
    assert found.body["value"][0]["userPrincipalName"] == AMELIE


async def test_an_unknown_user_is_404(client: Client) -> None:
    """The directory's own 404, naming what was asked for."""
    reply = await client.graph("GET", "/v1.0/users/nobody@larkspur.example")
    assert (reply.status, reply.code) == (404, "Request_ResourceNotFound")
    assert "nobody@larkspur.example" in reply.message


async def test_a_new_account_is_found_after_replication_only(client: Client) -> None:
    """By UPN and by employee number, 90 seconds of app time later; sooner where the tenant is set so."""
    new = {"userPrincipalName": "new.hire@larkspur.example", "employeeId": "LK-77", "manager": JANA}
    await client.change("upsert-user", user=new)

    async def seen() -> tuple[int, int]:
        by_upn = await client.graph("GET", f"/v1.0/users/{new['userPrincipalName']}")
        by_number = await client.graph("GET", "/v1.0/users", filter="employeeId eq 'LK-77'")
        return by_upn.status, len(by_number.body["value"])

    assert await seen() == (404, 0)
    await client.advance("PT80S")
    assert await seen() == (404, 0)
    await client.advance("PT10S")
    assert await seen() == (200, 1)


async def test_transitive_groups_are_listed_page_by_page(client: Client) -> None:
    """A nested group is there, and @odata.nextLink leads through all pages."""
    await client.change("set-page-size", size=1)
    found, reply = [], await client.graph("GET", f"/v1.0/users/{_upn('svc-payroll')}/transitiveMemberOf")
    while True:
        assert len(reply.body["value"]) == 1
        found += [one["displayName"] for one in reply.body["value"]]
        link = reply.body.get("@odata.nextLink")
        if link is None:
            break
        reply = await client.graph("GET", link.removeprefix(client.address))
    assert sorted(found) == ["All staff", "Batch accounts", "Service accounts"]


async def test_a_role_by_group_and_a_role_assignable_group_show(client: Client) -> None:
    """Tenant-wide roles appear as directoryRole; isAssignableToRole comes with the group."""
    path = f"/v1.0/users/{_upn('greta-gruppe')}/transitiveMemberOf"
    found = (await client.graph("GET", path, select="id,displayName,isAssignableToRole")).body["value"]
    shown = {(one["@odata.type"].rpartition(".")[2], one["displayName"]) for one in found}
    assert {("group", "Desk administrators"), ("directoryRole", "Helpdesk Administrator")} <= shown
    assert [one["displayName"] for one in found if one.get("isAssignableToRole")] == ["Desk administrators"]


async def test_a_role_scoped_to_a_unit_is_no_directory_role(client: Client) -> None:
    """Only roleAssignments shows it, so whoever looks at transitiveMemberOf alone overlooks it."""
    found = (await client.graph("GET", f"/v1.0/users/{_upn('udo-einheit')}/transitiveMemberOf")).body["value"]
    assert {one["@odata.type"] for one in found} == {"#microsoft.graph.group"}


async def test_the_cast_to_groups_is_an_advanced_query(client: Client) -> None:
    """microsoft.graph.group drops the roles, and needs ConsistencyLevel and $count."""
    path = f"/v1.0/users/{_upn('greta-gruppe')}/transitiveMemberOf/microsoft.graph.group"
    assert (await client.graph("GET", path)).status == 400
    found = (await client.graph("GET", path, count="true", eventual="yes")).body["value"]
    assert {one["@odata.type"] for one in found} == {"#microsoft.graph.group"}


async def test_roles_are_listed_by_principal_never_through_a_group(client: Client) -> None:
    """Active ones, those scoped to a unit too; a member of a group with a role has none of its own."""

    async def roles(kind: str, principal: str) -> list[str]:
        path = f"/v1.0/roleManagement/directory/{kind}"
        reply = await client.graph("GET", path, filter=f"principalId eq '{principal}'", expand="roleDefinition")
        return [one["roleDefinition"]["displayName"] for one in reply.body["value"]]

    user, group = (lambda key: seed.stable_id("user", key)), (lambda key: seed.stable_id("group", key))
    assert await roles("roleAssignments", user("dana-direkt")) == ["User Administrator"]
    assert await roles("roleAssignments", user("udo-einheit")) == ["User Administrator"]
    assert await roles("roleAssignments", user("greta-gruppe")) == []
    assert await roles("roleAssignments", group("desk-admins")) == ["Helpdesk Administrator"]
    assert await roles("roleEligibilitySchedules", user("emil-eligible")) == ["Intune Administrator"]
    assert await roles("roleEligibilitySchedules", user("ella-eligible-gruppe")) == []
    assert await roles("roleEligibilitySchedules", group("it-operations")) == ["Cloud Device Administrator"]


async def test_a_group_is_read_and_a_users_id_is_none(client: Client) -> None:
    """GET /groups/{id} finds groups alone."""
    assert (await client.graph("GET", f"/v1.0/groups/{GROUP}")).body["displayName"] == "Devices – Berlin"
    assert (await client.graph("GET", f"/v1.0/groups/{seed.stable_id('user', 'amelie-brandt')}")).status == 404


async def test_members_are_listed_with_their_kind(client: Client) -> None:
    """A device in a group shows as a device."""
    found = (await client.graph("GET", f"/v1.0/groups/{GROUP}/members", select="id")).body["value"]
    assert {"@odata.type": "#microsoft.graph.device", "id": DEVICE} in found


async def test_a_device_joins_and_leaves_a_group_by_its_object_id(client: Client) -> None:
    """204 and 204; the deviceId instead of the object id is not found."""
    await _grant(client, "GroupMember.ReadWrite.All", "Device.ReadWrite.All")
    group = seed.stable_id("group", "devices-reception")
    path = f"/v1.0/groups/{group}/members"
    wrong = {"@odata.id": f"{DIRECTORY_OBJECTS}/{seed.stable_id('device', 'amelie-brandt')}"}
    assert (await client.graph("POST", f"{path}/$ref", wrong)).status == 404
    assert (await client.graph("POST", f"{path}/$ref", {"@odata.id": f"{DIRECTORY_OBJECTS}/{DEVICE}"})).status == 204
    assert [one["id"] for one in (await client.graph("GET", path)).body["value"]] == [DEVICE]
    assert (await client.graph("DELETE", f"{path}/{DEVICE}/$ref")).status == 204
    assert (await client.graph("GET", path)).body["value"] == []


async def test_a_device_as_member_needs_both_permissions(client: Client) -> None:
    """GroupMember.ReadWrite.All alone does not do for a device."""
    await _grant(client, "GroupMember.ReadWrite.All")
    path = f"/v1.0/groups/{seed.stable_id('group', 'devices-reception')}/members/$ref"
    body = {"@odata.id": f"{DIRECTORY_OBJECTS}/{DEVICE}"}
    assert (await client.graph("POST", path, body)).status == 403
    await _grant(client, "Device.ReadWrite.All")
    assert (await client.graph("POST", path, body)).status == 204


async def test_service_principals_are_owners_in_beta_only(client: Client) -> None:
    """The group of a device-preparation policy belongs to the Intune Provisioning Client."""
    path = f"groups/{seed.stable_id('group', 'devices-prepared')}/owners"
    (owner,) = (await client.graph("GET", f"/beta/{path}", select="id")).body["value"]
    assert owner["@odata.type"] == "#microsoft.graph.servicePrincipal"
    assert (await client.graph("GET", f"/v1.0/{path}")).body["value"] == []


async def test_conditional_access_is_listed_as_it_was_set(client: Client) -> None:
    """Each policy with its conditions and its grant, an authentication strength with what it allows."""
    path = "/v1.0/identity/conditionalAccess/policies"
    strong = {"strength": ["fido2"], "users": {"includeUsers": [], "includeGroups": [GROUP]}}
    await client.change("set-access-policy", policy="Keys alone", fields=strong)
    await client.change("set-access-policy", policy="Known devices", fields={"controls": ["compliantDevice"]})
    assert (await client.graph("GET", path)).status == 403
    await _grant(client, "Policy.Read.All")
    found = {one["displayName"]: one for one in (await client.graph("GET", path)).body["value"]}
    keys, known = found["Keys alone"], found["Known devices"]
    assert keys["grantControls"]["authenticationStrength"]["allowedCombinations"] == ["fido2"]
    assert keys["conditions"]["users"]["includeGroups"] == [GROUP]
    assert known["grantControls"]["builtInControls"] == ["compliantDevice"]
    assert known["conditions"]["applications"]["includeApplications"] == ["All"]


async def test_a_dynamic_group_takes_no_members(client: Client) -> None:
    """Its rule decides, not a call."""
    await _grant(client, "GroupMember.ReadWrite.All", "Device.ReadWrite.All")
    path = f"/v1.0/groups/{seed.stable_id('group', 'devices-all-windows')}/members/$ref"
    assert (await client.graph("POST", path, {"@odata.id": f"{DIRECTORY_OBJECTS}/{DEVICE}"})).status == 400


async def test_a_device_is_found_by_either_id_in_its_own_place(client: Client) -> None:
    """devices/{id} takes the object id, devices(deviceId='…') the deviceId, and never the other."""
    device_id = seed.stable_id("device", "amelie-brandt")
    by_object = await client.graph("GET", f"/v1.0/devices/{DEVICE}", select="id,deviceId,trustType")
    by_key = await client.graph("GET", f"/v1.0/devices(deviceId='{device_id}')", select="id,deviceId,trustType")
    by_filter = await client.graph("GET", "/v1.0/devices", filter=f"deviceId eq '{device_id}'", select="id")
    assert by_object.body == by_key.body
    assert by_object.body["trustType"] == "AzureAd"
    assert [one["id"] for one in by_filter.body["value"]] == [DEVICE]
    assert (await client.graph("GET", f"/v1.0/devices/{device_id}")).status == 404
    assert (await client.graph("GET", f"/v1.0/devices(deviceId='{DEVICE}')")).status == 404


async def test_a_device_is_registered_for_whoever_joined_it(client: Client) -> None:
    """Somebody who is here has his device; a joiner's waits for him, and is nobody's until he has signed in."""
    path, chosen = "/v1.0/users/{}/registeredDevices", "id,trustType,operatingSystem"
    (held,) = (await client.graph("GET", path.format(_upn("marcus-adeyemi")), select=chosen)).body["value"]
    assert held == {
        "@odata.type": "#microsoft.graph.device",
        "id": seed.stable_id("deviceObject", "marcus-adeyemi"),
        "trustType": "AzureAd",
        "operatingSystem": "Windows",
    }
    assert (await client.graph("GET", path.format(AMELIE))).body["value"] == []
    await client.change("register-device", user=AMELIE, device=DEVICE)
    assert [one["id"] for one in (await client.graph("GET", path.format(AMELIE))).body["value"]] == [DEVICE]


async def test_the_groups_of_a_device_are_listed_at_any_depth(client: Client) -> None:
    """Its own group, and the one that this is nested in."""
    await client.change("add-member", group="Devices – Finance", member="Devices – Berlin")
    reply = await client.graph("GET", f"/v1.0/devices/{DEVICE}/transitiveMemberOf", select="id,displayName")
    names = {one["displayName"] for one in reply.body["value"]}
    assert names == {"Devices – Berlin", "Devices – Finance", "Devices – All Windows"}
    assert {one["@odata.type"] for one in reply.body["value"]} == {"#microsoft.graph.group"}
    assert (
        await client.graph("GET", f"/v1.0/devices/{seed.stable_id('device', 'nobody')}/transitiveMemberOf")
    ).status == 404


async def test_federation_is_one_element_or_404(client: Client) -> None:
    """A managed domain has no federation settings."""
    await client.change("grant-permission", permission="Domain-InternalFederation.Read.All")
    reply = await client.graph("GET", f"/v1.0/domains/{seed.FEDERATED_DOMAIN}/federationConfiguration")
    assert [one["federatedIdpMfaBehavior"] for one in reply.body["value"]] == ["enforceMfaByFederatedIdp"]
    assert (await client.graph("GET", f"/v1.0/domains/{seed.DOMAIN}/federationConfiguration")).status == 404


async def test_a_guests_upn_must_be_percent_encoded(client: Client) -> None:
    """The # of a guest's UPN cuts the address off unless it travels as %23."""
    guest = _upn("gus-gast")
    good = await client.send(
        "GET", f"/v1.0/users/{quote(guest)}", headers={"Authorization": f"Bearer {await client.token()}"}
    )
    assert good.body["userPrincipalName"] == guest
    assert (await client.graph("GET", f"/v1.0/users/{guest}")).status == 404


async def test_registrations_show_what_people_have(client: Client) -> None:
    """The report knows everybody, found by user principal name, and nobody has registered a method."""
    path = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
    found = await client.graph("GET", path, filter=f"userPrincipalName eq '{AMELIE}'")
    assert [one["methodsRegistered"] for one in found.body["value"]] == [[]]
    assert (await client.graph("GET", f"{path}/{found.body['value'][0]['id']}")).body["userPrincipalName"] == AMELIE


async def test_the_report_leaves_out_disabled_accounts(client: Client) -> None:
    """What is not in it is not known."""
    await client.change("upsert-user", user={"userPrincipalName": AMELIE, "accountEnabled": False})
    path = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
    found = await client.graph("GET", path, filter=f"userPrincipalName eq '{AMELIE}'")
    assert found.body["value"] == []


@pytest.mark.parametrize(
    ("path", "segment"),
    [
        ("/v1.0/persons", "persons"),
        ("/v1.0/users/x/passes", "passes"),
        (f"/v1.0/users/{AMELIE}/authentication/temporaryAccessPasses", "temporaryAccessPasses"),
        ("/v1.0/deviceManagement/configurationPolicies/x/assign", "configurationPolicies"),
        ("/beta/deviceManagement/configurationProfiles", "configurationProfiles"),
    ],
)
async def test_an_unknown_path_names_the_first_segment_graph_does_not_know(
    client: Client, path: str, segment: str
) -> None:
    """400 BadRequest, Resource not found for the segment."""
    reply = await client.graph("GET", path)
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert reply.message == f"Resource not found for the segment '{segment}'."


async def test_an_unknown_version_or_method_or_option_is_refused(client: Client) -> None:
    """Neither /v2.0 nor PUT nor $pick exists."""
    assert (await client.graph("GET", "/v2.0/users")).message == "Invalid version: v2.0."
    assert (await client.graph("PUT", USER)).status == 405
    assert (await client.graph("GET", USER, pick="id")).status == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"/v1.0/groups/{GROUP}/members/$ref", {"@odata.id": DEVICE}),
        ("POST", f"/v1.0/groups/{GROUP}/members/$ref", {"id": DEVICE}),
        ("POST", f"/v1.0/groups/{GROUP}/members/$ref", ["x"]),
        ("POST", f"/v1.0/groups/{GROUP}/members/$ref", {"@odata.id": f"{DIRECTORY_OBJECTS}/{DEVICE}", "role": "owner"}),
        ("GET", "/v1.0/devices?$top=0", None),
        ("GET", "/v1.0/devices?$top=many", None),
        ("GET", "/v1.0/devices?$skiptoken=!", None),
        ("GET", "/v1.0/devices?$filter=serial eq 'x'", None),
        ("GET", f"{USER}?$expand=drive", None),
        ("GET", "/v1.0/roleManagement/directory/roleAssignments?$expand=principal", None),
        ("GET", f"/beta/deviceManagement/configurationPolicies/{seed.PROFILE_ID}?$expand=people", None),
        ("GET", f"{USER}/transitiveMemberOf?$select=colour", None),
    ],
)
async def test_a_malformed_query_or_body_is_refused(client: Client, method: str, path: str, body: object) -> None:
    """References, pages, filters and expansions that Graph could not read: 400."""
    await _grant(client, "GroupMember.ReadWrite.All", "Device.ReadWrite.All")
    reply = await client.graph(method, path, body)
    assert (reply.status, reply.code) == (400, "BadRequest"), reply.body


async def test_a_body_that_is_no_json_is_refused(client: Client) -> None:
    """Neither plain text nor half an object is a request."""
    await _grant(client, "GroupMember.ReadWrite.All", "Device.ReadWrite.All")
    path = f"/v1.0/groups/{GROUP}/members/$ref"
    for content, kind in ((b'{"@odata.id": ', "application/json"), (b"{}", "text/plain"), (b"", "application/json")):
        headers = {"Authorization": f"Bearer {await client.token()}", "Content-Type": kind}
        assert (await client.send("POST", path, data=content, headers=headers)).status == 400


async def test_who_may_activate_a_group_is_listed_by_principal(client: Client) -> None:
    """With a permission of its own, in a tenant with P2; a filter is needed."""
    path, person = (
        "/v1.0/identityGovernance/privilegedAccess/group/eligibilitySchedules",
        seed.stable_id("user", "noor-rahman"),
    )
    await client.change("make-eligible-member", principal=person, group="Future administrators", access="owner")
    wanted = f"principalId eq '{person}'"
    assert (await client.graph("GET", path, filter=wanted)).status == 403
    await client.change("grant-permission", permission="PrivilegedEligibilitySchedule.Read.AzureADGroup")
    client.tokens.clear()
    (found,) = (await client.graph("GET", path, filter=wanted)).body["value"]
    assert (found["principalId"], found["accessId"]) == (person, "owner")
    assert (await client.graph("GET", path)).status == 400
    await client.change("set-p2", present=False)
    assert (await client.graph("GET", path, filter=wanted)).code == "AadPremiumLicenseRequired"
