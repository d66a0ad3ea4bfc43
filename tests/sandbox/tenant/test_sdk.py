"""The stand-in against Microsoft's own SDK: what it serves parses whole, what the SDK sends is understood."""

import dataclasses
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models import sign_in, user
from msgraph.generated.models.authentication_method_state import AuthenticationMethodState
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.compliance_state import ComplianceState
from msgraph.generated.models.device import Device
from msgraph.generated.models.directory_role import DirectoryRole
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.group import Group
from msgraph.generated.models.internet_message_header import InternetMessageHeader
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.key_value_pair import KeyValuePair
from msgraph.generated.models.message import Message
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.privileged_access_group_relationships import PrivilegedAccessGroupRelationships
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.models.teamwork_activity_topic import TeamworkActivityTopic
from msgraph.generated.models.teamwork_activity_topic_source import TeamworkActivityTopicSource
from msgraph.generated.models.temporary_access_pass_authentication_method import (
    TemporaryAccessPassAuthenticationMethod as Pass,
)
from msgraph.generated.models.temporary_access_pass_authentication_method_configuration import (
    TemporaryAccessPassAuthenticationMethodConfiguration as PassPolicy,
)
from msgraph.generated.models.unified_role_eligibility_schedule import UnifiedRoleEligibilitySchedule
from msgraph.generated.models.user_registration_details import UserRegistrationDetails

from sandbox.tenant import seed
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Call
from sandbox.tenant.graph.principals import MICROSOFT_GRAPH
from tests.sandbox.tenant.client import AMELIE, JANA, NOW, SENDER, Client, device_of

# The SDK's request builders warn of their own deprecated parts while they are imported, some of them at first use.
with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
    from msgraph.generated.device_management.windows_autopilot_device_identities import (
        windows_autopilot_device_identities_request_builder as autopilot_builders,
    )
    from msgraph.generated.identity_governance.privileged_access.group.eligibility_schedules import (
        eligibility_schedules_request_builder as eligibility_builders,
    )
    from msgraph.generated.role_management.directory.role_assignments.role_assignments_request_builder import (
        RoleAssignmentsRequestBuilder as Assignments,
    )
    from msgraph.generated.users.delta.delta_request_builder import DeltaRequestBuilder
    from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody
    from msgraph.generated.users.item.teamwork.send_activity_notification import (
        send_activity_notification_post_request_body as activity_bodies,
    )
    from msgraph.generated.users.item.transitive_member_of.graph_group.graph_group_request_builder import (
        GraphGroupRequestBuilder,
    )
    from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder as OneUser
    from msgraph.generated.users.users_request_builder import UsersRequestBuilder as AllUsers

AutopilotIdentities = autopilot_builders.WindowsAutopilotDeviceIdentitiesRequestBuilder
ChangedUsers = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters
GroupEligibility = (
    eligibility_builders.EligibilitySchedulesRequestBuilder.EligibilitySchedulesRequestBuilderGetQueryParameters
)
SendActivityNotificationPostRequestBody = activity_bodies.SendActivityNotificationPostRequestBody
GroupsOfUser = GraphGroupRequestBuilder.GraphGroupRequestBuilderGetQueryParameters
pytestmark = [
    pytest.mark.filterwarnings("ignore:This class is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:GetQueryParameters is deprecated:DeprecationWarning"),
]
GROUP = seed.stable_id("group", "devices-reception")
DEVICE = seed.stable_id("deviceObject", "amelie-brandt")
BERLIN = seed.stable_id("group", "devices-berlin")


@dataclasses.dataclass(frozen=True, slots=True)
class _Credential:
    """Hands the SDK a token that was fetched before."""

    token: str

    async def get_token(self, *_: str, **__: Any) -> AccessToken:
        return AccessToken(self.token, 4_102_444_800)

    async def close(self) -> None:
        """Nothing to close."""


def left_over(model: Any, where: str = "") -> Iterator[str]:
    """List every property that the SDK found no place for, at any depth. OData's own annotations hold an @."""
    if isinstance(model, list):
        for index, item in enumerate(model):
            yield from left_over(item, f"{where}[{index}]")
        return
    for name in getattr(model, "additional_data", None) or {}:
        if "@" not in name:
            yield f"{where}.{name}"
    # Kiota keeps a model's values in its backing store, and shows them as the dataclass's fields.
    if dataclasses.is_dataclass(model) and not isinstance(model, type):
        for field in dataclasses.fields(model):
            if field.name not in {"additional_data", "backing_store"}:
                yield from left_over(getattr(model, field.name), f"{where}.{field.name}")


class StrictAdapter(GraphRequestAdapter):
    """The SDK's own way to Graph, on which an answer with a property unknown to the SDK fails the test."""

    async def send_async(self, *sent: Any) -> Any:
        """Send a request and return the answer as a model."""
        model = await super().send_async(*sent)
        assert list(left_over(model)) == []
        return model


@pytest.fixture
async def graph(client: Client) -> AsyncIterator[GraphServiceClient]:
    """Give the SDK's client, pointed at the tenant, with permissions besides the app's."""
    for name in (
        "Device.ReadWrite.All",
        "DeviceManagementServiceConfig.Read.All",
        "Domain-InternalFederation.Read.All",
        "Domain.Read.All",
        "Application.Read.All",
        "Policy.Read.All",
        "GroupMember.ReadWrite.All",
        "Policy.ReadWrite.AuthenticationMethod",
        "PrivilegedEligibilitySchedule.Read.AzureADGroup",
        "TeamsActivity.Send",
    ):
        await client.change("grant-permission", permission=name)
    provider = AzureIdentityAuthenticationProvider(
        _Credential(await client.token()), scopes=["https://graph.microsoft.com/.default"], allowed_hosts=["127.0.0.1"]
    )
    adapter = StrictAdapter(provider)
    adapter.base_url = f"{client.address}/v1.0"
    yield GraphServiceClient(request_adapter=adapter)
    # The SDK's own transports do not pass a close on to what they wrap.
    for outer in (adapter._http_client._transport, *adapter._http_client._mounts.values()):
        if outer is not None:
            await outer.transport.aclose()


async def test_a_body_the_sdk_does_not_know_is_noticed(
    graph: GraphServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check itself can fail, at any depth, and fails whoever asks."""
    reply = await graph.users.by_user_id(AMELIE).get()
    assert reply is not None
    reply.manager = user.User(additional_data={"favouriteColour": "blue", "@odata.context": "x"})
    assert list(left_over(reply)) == [".manager.favouriteColour"]
    monkeypatch.setattr(Call, "context", lambda *_: {"favouriteColour": "blue"})
    with pytest.raises(AssertionError, match="favouriteColour"):
        await graph.users.by_user_id(AMELIE).get()


async def test_users_and_managers_parse_whole(graph: GraphServiceClient) -> None:
    """With every property selected, and the manager expanded."""
    query = OneUser.UserItemRequestBuilderGetQueryParameters
    config = RequestConfiguration(
        query_parameters=query(select=sorted(schema.USER), expand=["manager($select=id,displayName,mail)"])
    )
    found = await graph.users.by_user_id(AMELIE).get(config)
    assert (found.user_principal_name, found.employee_id, found.account_enabled) == (AMELIE, "LK-1001", True)
    assert found.created_date_time.tzinfo is not None
    assert found.on_premises_extension_attributes.extension_attribute5 == "LK-1001"
    assert (found.manager.mail, found.manager.display_name) == (JANA, "Jana Hoffmann")
    assert (await graph.users.by_user_id(AMELIE).manager.get()).id == seed.stable_id("user", "jana-hoffmann")


async def test_advanced_queries_of_the_sdk_are_understood(graph: GraphServiceClient) -> None:
    """Filter, $count and the ConsistencyLevel header as the SDK sends them."""
    query = AllUsers.UsersRequestBuilderGetQueryParameters
    wanted = "onPremisesExtensionAttributes/extensionAttribute5 eq 'LK-1001'"
    config = RequestConfiguration(query_parameters=query(filter=wanted, count=True))
    config.headers.add("ConsistencyLevel", "eventual")
    found = await graph.users.get(config)
    assert found.odata_count == 1


async def test_a_pass_goes_its_way_through_the_sdk(graph: GraphServiceClient) -> None:
    """POST (the SDK writes +00:00 for Z), list, get, delete; seven decimals of a second parse."""
    methods = graph.users.by_user_id(AMELIE).authentication.temporary_access_pass_methods
    start = datetime(2030, 6, 3, 6, 30, tzinfo=UTC)
    made = await methods.post(Pass(start_date_time=start, lifetime_in_minutes=480, is_usable_once=False))
    assert (made.start_date_time, made.lifetime_in_minutes, made.is_usable_once) == (start, 480, False)
    assert len(made.temporary_access_pass) == seed.PASS_POLICY["defaultLength"]
    assert made.created_date_time.year == 2030
    listed = (await methods.get()).value
    assert [(one.id, one.temporary_access_pass) for one in listed] == [(made.id, None)]
    one = methods.by_temporary_access_pass_authentication_method_id(made.id)
    assert (await one.get()).method_usability_reason == "NotYetValid"
    await one.delete()
    assert (await methods.get()).value == []


async def test_the_policy_parses_and_the_sdks_patch_is_taken(graph: GraphServiceClient) -> None:
    """As the derived configuration type, targets included."""
    config = graph.policies.authentication_methods_policy.authentication_method_configurations
    one = config.by_authentication_method_configuration_id("temporaryAccessPass")
    found = await one.get()
    assert isinstance(found, PassPolicy)
    assert found.state is AuthenticationMethodState.Enabled
    assert [target.id for target in found.include_targets or []] == ["all_users"]
    await one.patch(PassPolicy(maximum_lifetime_in_minutes=480))
    assert (await one.get()).maximum_lifetime_in_minutes == 480


async def test_groups_members_and_references_go_through_the_sdk(graph: GraphServiceClient) -> None:
    """Read, list, add, remove."""
    group = graph.groups.by_group_id(GROUP)
    assert (await group.get()).display_name == "Devices – Reception"
    link = f"https://graph.microsoft.com/v1.0/directoryObjects/{DEVICE}"
    await group.members.ref.post(ReferenceCreate(odata_id=link))
    (member,) = (await group.members.get()).value
    assert isinstance(member, Device)
    await group.members.by_directory_object_id(DEVICE).ref.delete()
    assert (await group.members.get()).value == []
    assert (await group.owners.get()).value == []


async def test_transitive_groups_and_roles_parse_as_what_they_are(graph: GraphServiceClient) -> None:
    """A group as a group, a role as a role."""
    greta = seed.stable_id("user", "greta-gruppe")
    found = (await graph.users.by_user_id(greta).transitive_member_of.get()).value
    assert {type(one) for one in found} == {Group, DirectoryRole}
    assert any(one.is_assignable_to_role for one in found if isinstance(one, Group))
    config: RequestConfiguration[Any] = RequestConfiguration(query_parameters=GroupsOfUser(count=True))
    config.headers.add("ConsistencyLevel", "eventual")
    groups = graph.users.by_user_id(greta).transitive_member_of.graph_group
    assert {type(one) for one in (await groups.get(config)).value} == {Group}
    named = groups.to_get_request_information(config).url.replace("/graph.group", "/microsoft.graph.group")
    again: RequestConfiguration[Any] = RequestConfiguration(headers=config.headers)
    assert {type(one) for one in (await groups.with_url(named).get(again)).value} == {Group}


async def test_devices_parse_whole(graph: GraphServiceClient) -> None:
    """By object id, by deviceId, in a list, as a user's, and with their groups."""
    by_key = await graph.devices_with_device_id(device_of("amelie-brandt")).get()
    by_id = await graph.devices.by_device_id(DEVICE).get()
    assert (by_key.id, by_id.trust_type) == (DEVICE, "AzureAd")
    assert len((await graph.devices.get()).value) > 10
    marcus = graph.users.by_user_id(seed.stable_id("user", "marcus-adeyemi"))
    assert {type(one) for one in (await marcus.registered_devices.get()).value} == {Device}
    groups = (await graph.devices.by_device_id(DEVICE).transitive_member_of.get()).value
    assert {type(one) for one in groups} == {Group}


async def test_autopilot_identities_parse_whole(graph: GraphServiceClient) -> None:
    """All of them, and those whose serial number contains another."""
    builder = graph.device_management.windows_autopilot_device_identities
    query = AutopilotIdentities.WindowsAutopilotDeviceIdentitiesRequestBuilderGetQueryParameters
    wanted = f"contains(serialNumber,'{seed.serial_of('amelie-brandt')}')"
    (found,) = (await builder.get(RequestConfiguration(query_parameters=query(filter=wanted)))).value
    assert found.azure_active_directory_device_id == device_of("amelie-brandt")
    assert len((await builder.get()).value) > 10


async def test_devices_that_intune_manages_parse_whole(graph: GraphServiceClient) -> None:
    """Each with all that Intune shows of it."""
    found = (await graph.device_management.managed_devices.get()).value
    (one,) = [entry for entry in found if entry.azure_a_d_device_id == device_of("amelie-brandt")]
    assert (one.operating_system, one.compliance_state) == ("Windows", ComplianceState.Compliant)
    assert one.last_sync_date_time < datetime.fromisoformat(NOW) < one.last_sync_date_time + timedelta(days=1)


async def test_role_assignments_and_eligibility_parse_whole(client: Client, graph: GraphServiceClient) -> None:
    """With the definition expanded; schedules with their schedule; and who may activate the membership of a group."""
    query = Assignments.RoleAssignmentsRequestBuilderGetQueryParameters
    config = RequestConfiguration(query_parameters=query(expand=["roleDefinition"]))
    active = (await graph.role_management.directory.role_assignments.get(config)).value
    assert "User Administrator" in {one.role_definition.display_name for one in active}
    eligible = (await graph.role_management.directory.role_eligibility_schedules.get()).value
    assert all(isinstance(one, UnifiedRoleEligibilitySchedule) and one.schedule_info for one in eligible)
    person = seed.stable_id("user", "noor-rahman")
    await client.change("make-eligible-member", principal=person, group="Future administrators", access="owner")
    members = graph.identity_governance.privileged_access.group.eligibility_schedules
    wanted = GroupEligibility(filter=f"principalId eq '{person}'")
    (member,) = (await members.get(RequestConfiguration(query_parameters=wanted))).value
    assert (member.principal_id, member.access_id) == (person, PrivilegedAccessGroupRelationships.Owner)


async def test_federation_parses_whole(graph: GraphServiceClient) -> None:
    """With its behaviour as the SDK's enumeration."""
    domain = graph.domains.by_domain_id(seed.FEDERATED_DOMAIN)
    (found,) = (await domain.federation_configuration.get()).value
    assert found.federated_idp_mfa_behavior.value == "enforceMfaByFederatedIdp"


async def test_what_an_administrator_reads_parses_whole(graph: GraphServiceClient) -> None:
    """Domains, Conditional Access with its strengths expanded, and what an app was granted."""
    domains = {one.id: one.authentication_type for one in (await graph.domains.get()).value}
    assert domains == {seed.DOMAIN: "Managed", seed.FEDERATED_DOMAIN: "Federated"}
    policies = (await graph.identity.conditional_access.policies.get()).value
    strengths = [one.grant_controls.authentication_strength for one in policies]
    assert [[mode.value for mode in one.allowed_combinations] for one in strengths if one] == [
        ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"]
    ]
    app = await graph.service_principals_with_app_id(seed.APP_CLIENT_ID).get()
    assignments = graph.service_principals.by_service_principal_id(app.id).app_role_assignments
    granted = {str(one.app_role_id) for one in (await assignments.get()).value}
    known = (await graph.service_principals_with_app_id(MICROSOFT_GRAPH).get()).app_roles
    assert {role.value for role in known if str(role.id) in granted} >= seed.PERMISSIONS - seed.EXCHANGE


async def test_the_sdks_mail_is_taken(client: Client, graph: GraphServiceClient) -> None:
    """Message and SaveToSentItems in the SDK's own capitals."""
    message = Message(
        subject="s",
        body=ItemBody(content_type=BodyType.Html, content="<p>hello</p>"),
        to_recipients=[Recipient(email_address=EmailAddress(address=JANA))],
        internet_message_headers=[InternetMessageHeader(name="x-day-one-pass", value="1")],
    )
    body = SendMailPostRequestBody(message=message, save_to_sent_items=False)
    await graph.users.by_user_id(SENDER).send_mail.post(body)
    assert [mail["text"] for mail in (await client.control("GET", "inbox"))["mails"]] == ["hello"]


async def test_the_sdks_notification_is_taken(client: Client, graph: GraphServiceClient) -> None:
    """With all that a text of one's own needs, and the Teams app that it is sent by."""
    topic = TeamworkActivityTopic(
        source=TeamworkActivityTopicSource.Text, value="First sign-in", web_url="https://teams.microsoft.com/l/app/x"
    )
    body = SendActivityNotificationPostRequestBody(
        topic=topic,
        activity_type="systemDefault",
        preview_text=ItemBody(content="A mail is in your mailbox."),
        template_parameters=[KeyValuePair(name="systemDefaultText", value="A mail is in your mailbox.")],
        teams_app_id="x",
    )
    await graph.users.by_user_id(JANA).teamwork.send_activity_notification.post(body)
    (sent,) = (await client.control("GET", "requests"))["requests"]
    assert (sent["status"], sent["body"]["topic"]["source"]) == (204, "text")


async def test_a_subscription_goes_its_way_through_the_sdk(graph: GraphServiceClient, address: str) -> None:
    """Made, renewed, ended: each answer is a whole subscription."""
    end = datetime.fromisoformat(NOW) + timedelta(days=1)
    made = await graph.subscriptions.post(Subscription(
        change_type="updated", resource="users", client_state="x" * 16, expiration_date_time=end,
        notification_url=address, lifecycle_notification_url=address,
    ))  # fmt: skip
    assert (made.resource, made.expiration_date_time, made.client_state) == ("users", end, None)
    one = graph.subscriptions.by_subscription_id(made.id)
    later = end + timedelta(days=1)
    assert (await one.patch(Subscription(expiration_date_time=later))).expiration_date_time == later
    await one.delete()
    with pytest.raises(ODataError):
        await one.patch(Subscription(expiration_date_time=later))


async def test_changed_users_parse_whole(client: Client, graph: GraphServiceClient) -> None:
    """Everybody at first; by the link then who has changed, and who is gone with why."""
    query = RequestConfiguration(query_parameters=ChangedUsers(select=sorted(schema.USER)))
    first = await graph.users.delta.get(query)
    assert len(first.value) == len(seed.PEOPLE)
    await client.change("upsert-user", user={"userPrincipalName": AMELIE, "jobTitle": "Poet"})
    await client.change("delete-user", user=JANA)
    changed, gone = (await graph.users.delta.with_url(first.odata_delta_link).get()).value
    assert (changed.user_principal_name, changed.job_title) == (AMELIE, "Poet")
    assert gone.additional_data == {"@removed": {"reason": "changed"}}


async def test_the_sign_in_log_parses_whole(client: Client, graph: GraphServiceClient) -> None:
    """The v1.0 form; beta has no models in this SDK."""
    await client.change("set-sign-in-delay", seconds=0)
    await client.change("set-profile", profile=seed.PROFILE_ID, assignments=[
        {"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": BERLIN}}
    ])  # fmt: skip
    code = (await client.make_pass()).body["temporaryAccessPass"]
    assert await client.lock_screen(AMELIE, code, device_of("amelie-brandt")) == "in"
    (found,) = (await graph.audit_logs.sign_ins.get()).value
    assert isinstance(found, sign_in.SignIn)
    assert (found.user_principal_name, found.status.error_code) == (AMELIE, 0)


async def test_registration_details_parse_whole(graph: GraphServiceClient) -> None:
    """All people of the tenant whose account is enabled, and one of them."""
    details = graph.reports.authentication_methods.user_registration_details
    found = (await details.get()).value
    assert len(found) == sum(person.enabled for person in seed.PEOPLE)
    assert {type(one) for one in found} == {UserRegistrationDetails}
    one = await details.by_user_registration_details_id(found[0].id).get()
    assert one.user_principal_name == found[0].user_principal_name


async def test_errors_parse_as_the_sdks_error(client: Client, graph: GraphServiceClient) -> None:
    """Code, message, inner error and status, whatever the service."""
    await client.change("set-p2", present=False)
    calls = (
        (graph.users.by_user_id("nobody@larkspur.example").get(), 404, "Request_ResourceNotFound"),
        (graph.role_management.directory.role_eligibility_schedules.get(), 400, "AadPremiumLicenseRequired"),
        (graph.groups.by_group_id(GROUP).sites.get(), 400, "BadRequest"),
    )
    for call, status, code in calls:
        with pytest.raises(ODataError) as caught:
            await call
        assert caught.value.response_status_code == status
        assert caught.value.error is not None
        assert caught.value.error.code == code
        assert caught.value.error.inner_error is not None
