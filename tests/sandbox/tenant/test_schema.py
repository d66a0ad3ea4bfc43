"""The stand-in's tables of properties against Graph's metadata, as Microsoft's own SDK carries it."""

import warnings
from typing import Any

import pytest
from msgraph.generated.models.device import Device
from msgraph.generated.models.directory_role import DirectoryRole
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.group import Group
from msgraph.generated.models.internet_message_header import InternetMessageHeader
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.key_value_pair import KeyValuePair
from msgraph.generated.models.managed_device import ManagedDevice
from msgraph.generated.models.message import Message
from msgraph.generated.models.privileged_access_group_eligibility_schedule import (
    PrivilegedAccessGroupEligibilitySchedule,
)
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.sign_in import SignIn
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.models.teamwork_activity_topic import TeamworkActivityTopic
from msgraph.generated.models.temporary_access_pass_authentication_method import (
    TemporaryAccessPassAuthenticationMethod,
)
from msgraph.generated.models.temporary_access_pass_authentication_method_configuration import (
    TemporaryAccessPassAuthenticationMethodConfiguration,
)
from msgraph.generated.models.unified_role_eligibility_schedule import UnifiedRoleEligibilitySchedule
from msgraph.generated.models.user import User
from msgraph.generated.models.user_registration_details import UserRegistrationDetails
from msgraph.generated.models.windows_autopilot_device_identity import WindowsAutopilotDeviceIdentity

from sandbox.tenant.graph import schema

# The SDK's request builders, in whose packages the bodies of actions lie, warn of their own deprecated parts.
with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
    from msgraph.generated.device_management.reports.get_configuration_policy_non_compliance_report import (
        get_configuration_policy_non_compliance_report_post_request_body as report_bodies,
    )
    from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody
    from msgraph.generated.users.item.teamwork.send_activity_notification import (
        send_activity_notification_post_request_body as activity_bodies,
    )

MODELS: dict[str, Any] = {
    "ACTIVITY_REQUEST": activity_bodies.SendActivityNotificationPostRequestBody,
    "ACTIVITY_TOPIC": TeamworkActivityTopic,
    "AUTOPILOT": WindowsAutopilotDeviceIdentity,
    "DEVICE": Device,
    "DIRECTORY_ROLE": DirectoryRole,
    "EMAIL_ADDRESS": EmailAddress,
    "GROUP": Group,
    "GROUP_ELIGIBILITY": PrivilegedAccessGroupEligibilitySchedule,
    "ITEM_BODY": ItemBody,
    "KEY_VALUE": KeyValuePair,
    "MAIL_REQUEST": SendMailPostRequestBody,
    "MANAGED_DEVICE": ManagedDevice,
    "MESSAGE": Message,
    "MESSAGE_HEADER": InternetMessageHeader,
    "PASS": TemporaryAccessPassAuthenticationMethod,
    "PASS_POLICY": TemporaryAccessPassAuthenticationMethodConfiguration,
    "RECIPIENT": Recipient,
    "REFERENCE": ReferenceCreate,
    "REGISTRATION": UserRegistrationDetails,
    # Of Intune's reports, which all take the same, the one for a device is in beta only.
    "REPORT_REQUEST": report_bodies.GetConfigurationPolicyNonComplianceReportPostRequestBody,
    "ROLE_GRANT": UnifiedRoleEligibilitySchedule,
    "SIGN_IN": SignIn,
    "SUBSCRIPTION": Subscription,
    "USER": User,
}
"""The SDK's model for each table."""
UNKNOWN_TO_THE_SDK = {"FILTER", "PROFILE", "SIGN_IN_BETA"}
"""Types as beta has them; the SDK is that of v1.0."""
UNIONS = {"DIRECTORY_OBJECT"}
pytestmark = pytest.mark.filterwarnings("ignore:This class is deprecated:DeprecationWarning")


def test_each_table_of_properties_has_its_model() -> None:
    """A new table needs a model that it is held to."""
    tables = {name for name, value in vars(schema).items() if isinstance(value, frozenset)}
    assert tables == MODELS.keys() | UNKNOWN_TO_THE_SDK | UNIONS


@pytest.mark.parametrize("table", sorted(MODELS))
def test_the_property_tables_name_what_the_metadata_has(table: str) -> None:
    """No property is accepted that Graph's metadata, as the SDK carries it, does not have."""
    assert getattr(schema, table) <= MODELS[table]().get_field_deserializers().keys()
