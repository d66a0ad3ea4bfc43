"""Everything this product asks of Microsoft Graph, on one page, each with the least permission that it needs.

Built with the SDK's request builders, which quote what goes into a path (`#` in a guest's name is `%23`); the settings
catalog is beta only, so the v1.0 SDK has no builders for it and its addresses stand here. Not sent with the builders'
own `get` and `post`: those would pass by the rules of `shared.tenant.graph`.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.audit_logs.sign_ins.sign_ins_request_builder import SignInsRequestBuilder
from msgraph.generated.device_management.windows_autopilot_device_identities import (
    windows_autopilot_device_identities_request_builder as autopilot_builders,
)
from msgraph.generated.devices.item.device_item_request_builder import DeviceItemRequestBuilder
from msgraph.generated.devices.item.transitive_member_of.transitive_member_of_request_builder import (
    TransitiveMemberOfRequestBuilder as GroupsOfDeviceRequestBuilder,
)
from msgraph.generated.devices_with_device_id import devices_with_device_id_request_builder as device_builders
from msgraph.generated.groups.item.group_item_request_builder import GroupItemRequestBuilder
from msgraph.generated.groups.item.owners.owners_request_builder import OwnersRequestBuilder
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.internet_message_header import InternetMessageHeader
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.key_value_pair import KeyValuePair
from msgraph.generated.models.message import Message
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.teamwork_activity_topic import TeamworkActivityTopic
from msgraph.generated.models.teamwork_activity_topic_source import TeamworkActivityTopicSource
from msgraph.generated.models.temporary_access_pass_authentication_method import (
    TemporaryAccessPassAuthenticationMethod,
)
from msgraph.generated.reports.authentication_methods.user_registration_details import (
    user_registration_details_request_builder as registration_builders,
)
from msgraph.generated.role_management.directory.role_assignments.role_assignments_request_builder import (
    RoleAssignmentsRequestBuilder,
)
from msgraph.generated.role_management.directory.role_eligibility_schedules import (
    role_eligibility_schedules_request_builder as eligibility_builders,
)
from msgraph.generated.users.item.registered_devices.registered_devices_request_builder import (
    RegisteredDevicesRequestBuilder,
)
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody
from msgraph.generated.users.item.teamwork.send_activity_notification import (
    send_activity_notification_post_request_body as activity_bodies,
)
from msgraph.generated.users.item.transitive_member_of.transitive_member_of_request_builder import (
    TransitiveMemberOfRequestBuilder,
)
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph.graph_service_client import GraphServiceClient

from shared.channels.ports import Nudge
from shared.tenant.ports.mail import Mail
from shared.tenant.ports.passes import PassOrder
from shared.tenant.ports.profiles import Approval
from shared.tenant.values import is_object_id, quoted, utc

_ACCOUNT = [
    *("id", "displayName", "userPrincipalName", "createdDateTime", "department", "officeLocation", "mail"),
    *("otherMails", "mobilePhone", "accountEnabled", "userType", "employeeId"),
    *("onPremisesExtensionAttributes", "preferredLanguage"),
]
_HIRE = [
    *("id", "displayName", "userPrincipalName", "department", "officeLocation", "preferredLanguage", "employeeId"),
    *("onPremisesExtensionAttributes", "employeeHireDate"),
]
_DEVICE = ["id", "deviceId", "accountEnabled", "operatingSystem", "trustType", "approximateLastSignInDateTime"]
_MANAGER = "manager($select=id,displayName,mail,userPrincipalName,accountEnabled,officeLocation,preferredLanguage)"
_DIRECTORY_OBJECTS = "https://graph.microsoft.com/v1.0/directoryObjects"
_MEMBERS, _DEVICES_AS_MEMBERS = "GroupMember.ReadWrite.All", "Device.ReadWrite.All"
_MEMBERSHIP = f"{_MEMBERS} and {_DEVICES_AS_MEMBERS}"
_POLICIES = "{+baseurl}/deviceManagement/configurationPolicies"
_FILTERS = "{+baseurl}/deviceManagement/assignmentFilters"
_GROUP_ELIGIBILITIES = "{+baseurl}/identityGovernance/privilegedAccess/group/eligibilitySchedules"
_APPROVALS = "{+baseurl}/deviceManagement/operationApprovalRequests"
_SUBSCRIPTIONS = "{+baseurl}/subscriptions"
_MANY = 999
_ENCODED = re.compile(r"(?:%2Did|%2D)(?=\w*\})")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to Graph. `permission`: the least application permission; its repr shows no address, no body."""

    request: RequestInformation
    permission: str
    beta: bool = False

    @property
    def reads(self) -> bool:
        """Whether it is a GET."""
        return self.request.http_method is Method.GET

    @property
    def method(self) -> str:
        """Its HTTP method."""
        return str(self.request.http_method.value) if self.request.http_method else ""

    @property
    def template(self) -> str:
        """Its path with names in the place of ids, and no query: `/users/{user}/sendMail`. Of a next page: nothing."""
        path = (self.request.url_template or "").partition("{?")[0].removeprefix("{+baseurl}")
        return _ENCODED.sub("", path)

    def __repr__(self) -> str:
        return f"Call({self.request.http_method}, {self.permission})"


class GraphCalls:
    """Builds the calls. Object ids are checked: an empty one would turn a path into that of the whole collection."""

    def __init__(self, client: GraphServiceClient) -> None:
        self._client = client

    def account(self, user: str) -> Call:
        """One user by object id or user principal name, with the manager."""
        query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=_ACCOUNT, expand=[_MANAGER])
        return Call(self._client.users.by_user_id(user).to_get_request_information(_with(query)), "User.Read.All")

    def hire(self, user_id: str) -> Call:
        """What a user says of his own start."""
        query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=_HIRE)
        return Call(
            self._client.users.by_user_id(_id(user_id)).to_get_request_information(_with(query)), "User.Read.All"
        )

    def hires_since(self, day: date) -> Call:
        """Id and hire date of the users whose hire date is this day or later.

        An advanced query, for by default the hire date is not filtered by; so a date set a moment ago may be missing.
        Source: Microsoft Learn, “user resource type” (`ge` among its operators).
        """
        query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
            filter=f"employeeHireDate ge {day.isoformat()}T00:00:00Z",
            select=["id", "employeeHireDate"],
            top=_MANY,
            count=True,
        )
        request = self._client.users.to_get_request_information(_with(query))
        request.headers.add("ConsistencyLevel", "eventual")
        return Call(request, "User.Read.All")

    def accounts_with(self, attribute: str, value: str, at_most: int) -> Call:
        """The ids of the users whose attribute has this value.

        An extension attribute is asked for as an advanced query, with its two parameters: the index that serves
        `employeeId` may refuse it.
        """
        advanced = attribute != "employeeId"
        name = f"onPremisesExtensionAttributes/{attribute}" if advanced else attribute
        query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
            filter=f"{name} eq {quoted(value)}", select=["id"], top=at_most, count=True if advanced else None
        )
        request = self._client.users.to_get_request_information(_with(query))
        if advanced:
            request.headers.add("ConsistencyLevel", "eventual")
        return Call(request, "User.Read.All")

    def memberships(self, user_id: str) -> Call:
        """The groups and directory roles a user is in, transitively.

        Not cast to groups: a cast is an advanced query, answered from an index that lags behind. Without
        GroupMember.Read.All as well the groups come with their ids only.
        """
        query = TransitiveMemberOfRequestBuilder.TransitiveMemberOfRequestBuilderGetQueryParameters(
            select=["id", "displayName", "isAssignableToRole", "roleTemplateId"], top=_MANY
        )
        builder = self._client.users.by_user_id(_id(user_id)).transitive_member_of
        return Call(builder.to_get_request_information(_with(query)), "User.Read.All")

    def role_assignments(self, principal_id: str) -> Call:
        """The active directory roles of a user or group, those scoped to an administrative unit among them."""
        query = RoleAssignmentsRequestBuilder.RoleAssignmentsRequestBuilderGetQueryParameters(
            filter=f"principalId eq {quoted(_id(principal_id))}"
        )
        builder = self._client.role_management.directory.role_assignments
        return Call(builder.to_get_request_information(_with(query)), "RoleManagement.Read.Directory")

    def role_eligibilities(self, principal_id: str) -> Call:
        """The directory roles a user or group is eligible for. Needs Entra ID P2."""
        parameters = eligibility_builders.RoleEligibilitySchedulesRequestBuilder
        query = parameters.RoleEligibilitySchedulesRequestBuilderGetQueryParameters(
            filter=f"principalId eq {quoted(_id(principal_id))}"
        )
        builder = self._client.role_management.directory.role_eligibility_schedules
        return Call(builder.to_get_request_information(_with(query)), "RoleManagement.Read.Directory")

    def group_eligibilities(self, principal_id: str) -> Call:
        """The groups that a user may join or own by PIM for Groups. Needs Entra ID P2."""
        request = RequestInformation(Method.GET, _GROUP_ELIGIBILITIES + "{?%24filter}", {})
        request.query_parameters["%24filter"] = f"principalId eq {quoted(_id(principal_id))}"
        request.headers.try_add("Accept", "application/json")
        return Call(request, "PrivilegedEligibilitySchedule.Read.AzureADGroup")

    def group(self, group_id: str) -> Call:
        """One group."""
        query = GroupItemRequestBuilder.GroupItemRequestBuilderGetQueryParameters(
            select=["id", "displayName", "isAssignableToRole"]
        )
        request = self._client.groups.by_group_id(_id(group_id)).to_get_request_information(_with(query))
        return Call(request, "GroupMember.Read.All")

    def group_kind(self, group_id: str) -> Call:
        """What tells who decides on the members of a group."""
        query = GroupItemRequestBuilder.GroupItemRequestBuilderGetQueryParameters(
            select=["id", "groupTypes", "onPremisesSyncEnabled"]
        )
        request = self._client.groups.by_group_id(_id(group_id)).to_get_request_information(_with(query))
        return Call(request, "GroupMember.Read.All")

    def owners(self, group_id: str) -> Call:
        """The owners of a group. Only beta lists service principals among them."""
        query = OwnersRequestBuilder.OwnersRequestBuilderGetQueryParameters(select=["id"])
        request = self._client.groups.by_group_id(_id(group_id)).owners.to_get_request_information(_with(query))
        return Call(request, "GroupMember.Read.All", beta=True)

    def new_member(self, group_id: str, object_id: str) -> Call:
        """Have a directory object join a group. For a device Graph wants Device.ReadWrite.All besides."""
        body = ReferenceCreate(odata_id=f"{_DIRECTORY_OBJECTS}/{_id(object_id)}")
        builder = self._client.groups.by_group_id(_id(group_id)).members.ref
        return Call(builder.to_post_request_information(body), _MEMBERSHIP)

    def no_member(self, group_id: str, object_id: str) -> Call:
        """Have a directory object leave a group. Without `$ref` at its end this would delete the object itself."""
        members = self._client.groups.by_group_id(_id(group_id)).members
        builder = members.by_directory_object_id(_id(object_id)).ref
        return Call(builder.to_delete_request_information(), _MEMBERSHIP)

    def registered_devices(self, user_id: str) -> Call:
        """The devices a user registered. Without Device.Read.All as well they come with their ids only."""
        query = RegisteredDevicesRequestBuilder.RegisteredDevicesRequestBuilderGetQueryParameters(select=_DEVICE)
        builder = self._client.users.by_user_id(_id(user_id)).registered_devices
        return Call(builder.to_get_request_information(_with(query)), "User.Read.All")

    def groups_of_device(self, device_id: str) -> Call:
        """The groups and administrative units a device is in, transitively, by object id."""
        query = GroupsOfDeviceRequestBuilder.TransitiveMemberOfRequestBuilderGetQueryParameters(
            select=["id"], top=_MANY
        )
        builder = self._client.devices.by_device_id(_id(device_id)).transitive_member_of
        return Call(builder.to_get_request_information(_with(query)), "Device.Read.All")

    def device(self, object_id: str) -> Call:
        """One device, by the id of its object."""
        query = DeviceItemRequestBuilder.DeviceItemRequestBuilderGetQueryParameters(select=_DEVICE)
        builder = self._client.devices.by_device_id(_id(object_id))
        return Call(builder.to_get_request_information(_with(query)), "Device.Read.All")

    def device_by_device_id(self, device_id: str) -> Call:
        """One device, by the id that is its own."""
        parameters = device_builders.DevicesWithDeviceIdRequestBuilder
        query = parameters.DevicesWithDeviceIdRequestBuilderGetQueryParameters(select=_DEVICE)
        builder = self._client.devices_with_device_id(_id(device_id))
        return Call(builder.to_get_request_information(_with(query)), "Device.Read.All")

    def autopilot_identities(self, serial: str) -> Call:
        """The Autopilot identities whose serial number contains this one: Intune refuses `eq` here."""
        parameters = autopilot_builders.WindowsAutopilotDeviceIdentitiesRequestBuilder
        query = parameters.WindowsAutopilotDeviceIdentitiesRequestBuilderGetQueryParameters(
            filter=f"contains(serialNumber,{quoted(serial)})"
        )
        builder = self._client.device_management.windows_autopilot_device_identities
        return Call(builder.to_get_request_information(_with(query)), "DeviceManagementServiceConfig.Read.All")

    def pass_policy(self) -> Call:
        """The tenant's policy for Temporary Access Passes."""
        configurations = self._client.policies.authentication_methods_policy.authentication_method_configurations
        builder = configurations.by_authentication_method_configuration_id("temporaryAccessPass")
        return Call(builder.to_get_request_information(), "Policy.Read.AuthenticationMethod")

    def passes(self, user_id: str) -> Call:
        """A user's passes: none or one."""
        builder = self._client.users.by_user_id(_id(user_id)).authentication.temporary_access_pass_methods
        return Call(builder.to_get_request_information(), "UserAuthMethod-TAP.Read.All")

    def new_pass(self, user_id: str, order: PassOrder) -> Call:
        """Create a pass, replacing any other."""
        body = TemporaryAccessPassAuthenticationMethod(
            is_usable_once=order.one_time, lifetime_in_minutes=order.lifetime
        )
        if order.start is not None:
            # As text: the SDK writes +00:00, and Graph has misread offsets; with Z there is none to misread.
            body.additional_data["startDateTime"] = utc(order.start)
        builder = self._client.users.by_user_id(_id(user_id)).authentication.temporary_access_pass_methods
        return Call(builder.to_post_request_information(body), "UserAuthMethod-TAP.ReadWrite.All")

    def no_pass(self, user_id: str, pass_id: str) -> Call:
        """Delete a pass."""
        methods = self._client.users.by_user_id(_id(user_id)).authentication.temporary_access_pass_methods
        builder = methods.by_temporary_access_pass_authentication_method_id(_id(pass_id))
        return Call(builder.to_delete_request_information(), "UserAuthMethod-TAP.ReadWrite.All")

    def mail(self, sender: str, mail: Mail, *, subject: str, header: str) -> Call:
        """Send one mail from `sender`'s mailbox and keep no copy."""
        message = Message(
            subject=subject,
            body=ItemBody(content_type=BodyType.Html, content=mail.html),
            to_recipients=[Recipient(email_address=EmailAddress(address=mail.to))],
            internet_message_headers=[InternetMessageHeader(name=header, value=mail.reference)],
        )
        body = SendMailPostRequestBody(message=message, save_to_sent_items=False)
        return Call(self._client.users.by_user_id(sender).send_mail.to_post_request_information(body), "Mail.Send")

    def mail_to_nobody(self, sender: str) -> Call:
        """A mail without a recipient: Exchange cannot send it, and says so only to who may send from the mailbox."""
        message = Message(subject="Check-up", body=ItemBody(content_type=BodyType.Text, content=""), to_recipients=[])
        body = SendMailPostRequestBody(message=message, save_to_sent_items=False)
        return Call(self._client.users.by_user_id(sender).send_mail.to_post_request_information(body), "Mail.Send")

    def activity(self, nudge: Nudge, app: str) -> Call:
        """Write into a user's activity feed of Teams, by the name of the Teams app `app`, in words of our own."""
        body = activity_bodies.SendActivityNotificationPostRequestBody(
            topic=TeamworkActivityTopic(
                source=TeamworkActivityTopicSource.Text,
                value=nudge.topic,
                web_url=f"https://teams.microsoft.com/l/app/{_id(app)}",
            ),
            activity_type="systemDefault",
            preview_text=ItemBody(content=nudge.text),
            template_parameters=[KeyValuePair(name="systemDefaultText", value=nudge.text)],
            teams_app_id=app,
        )
        builder = self._client.users.by_user_id(_id(nudge.user)).teamwork.send_activity_notification
        return Call(builder.to_post_request_information(body), "TeamsActivity.Send")

    def plans(self, user_id: str) -> Call:
        """The service plans that a user is licensed for."""
        query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=["assignedPlans"])
        request = self._client.users.by_user_id(_id(user_id)).to_get_request_information(_with(query))
        return Call(request, "User.Read.All")

    def sign_ins(self, users: Sequence[str], since: datetime) -> Call:
        """The interactive sign-ins of some users since an instant. Only beta shows by which method."""
        named = " or ".join(f"userId eq {quoted(_id(user).lower())}" for user in users)
        return self._sign_ins(f"createdDateTime ge {utc(since)} and ({named})", _MANY)

    def newest_sign_in(self, since: datetime) -> Call:
        """The newest interactive sign-in of anybody since an instant: the log comes newest first."""
        return self._sign_ins(f"createdDateTime ge {utc(since)}", 1)

    def registrations(self, names: Sequence[str]) -> Call:
        """Which authentication methods the users of these user principal names have registered."""
        named = " or ".join(f"userPrincipalName eq {quoted(name)}" for name in names)
        parameters = registration_builders.UserRegistrationDetailsRequestBuilder
        query = parameters.UserRegistrationDetailsRequestBuilderGetQueryParameters(filter=named)
        builder = self._client.reports.authentication_methods.user_registration_details
        request = builder.to_get_request_information(_with(query))
        return Call(request, "AuditLog.Read.All")

    def _sign_ins(self, wanted: str, top: int) -> Call:
        query = SignInsRequestBuilder.SignInsRequestBuilderGetQueryParameters(filter=wanted, top=top)
        request = self._client.audit_logs.sign_ins.to_get_request_information(_with(query))
        return Call(request, "AuditLog.Read.All", beta=True)

    def profile(self, profile_id: str) -> Call:
        """One settings-catalog profile with its assignments and settings."""
        request = RequestInformation(Method.GET, _POLICIES + "/{id}{?%24expand}", {"id": _id(profile_id)})
        request.query_parameters["%24expand"] = ["assignments", "settings"]
        request.headers.try_add("Accept", "application/json")
        return Call(request, "DeviceManagementConfiguration.Read.All", beta=True)

    def profiles_named(self, name: str) -> Call:
        """The ids and names of the settings-catalog profiles of this name."""
        request = RequestInformation(Method.GET, _POLICIES + "{?%24filter,%24select}", {})
        request.query_parameters.update({"%24filter": f"name eq {quoted(name)}", "%24select": ["id", "name"]})
        request.headers.try_add("Accept", "application/json")
        return Call(request, "DeviceManagementConfiguration.Read.All", beta=True)

    def assign(self, profile_id: str, assignments: tuple[Mapping[str, Any], ...], approval: Approval) -> Call:
        """Replace the whole set of a profile's assignments."""
        request = RequestInformation(Method.POST, _POLICIES + "/{id}/assign", {"id": _id(profile_id)})
        request.set_stream_content(json.dumps({"assignments": list(assignments)}).encode(), "application/json")
        _with_approval(request, approval)
        return Call(request, "DeviceManagementConfiguration.ReadWrite.All", beta=True)

    def new_profile(self, body: Mapping[str, Any], approval: Approval) -> Call:
        """Make a settings-catalog profile."""
        request = RequestInformation(Method.POST, _POLICIES, {})
        request.headers.try_add("Accept", "application/json")
        request.set_stream_content(json.dumps(dict(body)).encode(), "application/json")
        _with_approval(request, approval)
        return Call(request, "DeviceManagementConfiguration.ReadWrite.All", beta=True)

    def approval_requests(self) -> Call:
        """The requests of Multi Admin Approval, whoever made them."""
        request = RequestInformation(Method.GET, _APPROVALS, {})
        request.headers.try_add("Accept", "application/json")
        return Call(request, "DeviceManagementConfiguration.Read.All", beta=True)

    def assignment_filter(self, filter_id: str) -> Call:
        """The rule of an assignment filter."""
        request = RequestInformation(Method.GET, _FILTERS + "/{id}{?%24select}", {"id": _id(filter_id)})
        request.query_parameters["%24select"] = ["id", "rule"]
        request.headers.try_add("Accept", "application/json")
        return Call(request, "DeviceManagementConfiguration.Read.All", beta=True)

    def subscribe(self, wanted: Mapping[str, str]) -> Call:
        """Have changes of users told to an address, for as long as is wanted."""
        request = RequestInformation(Method.POST, _SUBSCRIPTIONS, {})
        request.set_stream_content(json.dumps(dict(wanted)).encode(), "application/json")
        return Call(request, "User.Read.All")

    def renew_subscription(self, subscription_id: str, until: datetime) -> Call:
        """Have changes told for longer; it authorizes anew as well."""
        request = RequestInformation(Method.PATCH, _SUBSCRIPTIONS + "/{id}", {"id": _id(subscription_id)})
        body = {"expirationDateTime": utc(until)}
        request.set_stream_content(json.dumps(body).encode(), "application/json")
        return Call(request, "User.Read.All")

    def unsubscribe(self, subscription_id: str) -> Call:
        """Have changes told no more."""
        request = RequestInformation(Method.DELETE, _SUBSCRIPTIONS + "/{id}", {"id": _id(subscription_id)})
        return Call(request, "User.Read.All")

    def changed_hires(self) -> Call:
        """Nobody yet, and the link by which to ask who has changed in what a hire is read from."""
        request = RequestInformation(Method.GET, "{+baseurl}/users/delta{?%24select,%24deltatoken}", {})
        request.query_parameters.update({"%24select": _HIRE, "%24deltatoken": "latest"})
        request.headers.try_add("Accept", "application/json")
        return Call(request, "User.Read.All")

    def next_page(self, call: Call, url: str) -> Call:
        """Continue a list at the link that Graph gave. That it leads to Graph is for the caller to check."""
        request = RequestInformation(Method.GET, call.request.url_template)
        request.url = url
        request.headers.add_all(call.request.headers.get_all())
        return replace(call, request=request)


def _with(query: Any) -> RequestConfiguration[Any]:
    return RequestConfiguration(query_parameters=query)


def _with_approval(request: RequestInformation, approval: Approval) -> None:
    """Add what Multi Admin Approval wants to know; a tenant without it does not look.

    Never both: with the request's id the write is carried out, with the justification another request is opened.
    """
    if approval.request is not None:
        request.headers.try_add("x-msft-approval-code", approval.request)
    else:
        request.headers.try_add("x-msft-approval-justification", b64encode(approval.why.encode()).decode())


def _id(value: str) -> str:
    if is_object_id(value):
        return value
    raise ValueError("not an object id: nothing is asked of Microsoft Graph")
