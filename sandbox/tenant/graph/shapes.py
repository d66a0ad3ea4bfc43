"""Whole objects in Graph's shape, filled up with Graph's own defaults from the few properties that matter here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.tenant.state import Json
from sandbox.tenant.times import graph_time

WEB_SIGN_IN = "device_vendor_msft_policy_config_authentication_enablewebsignin"
DEFAULT_PROVIDER = "device_vendor_msft_policy_config_admx_credentialproviders_defaultcredentialprovider"
_CHOICE = "#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance"
_CHOICE_VALUE = "#microsoft.graph.deviceManagementConfigurationChoiceSettingValue"
_EXTENSION_ATTRIBUTES = range(1, 16)


_PLANS = (
    ("AADPremiumService", "41781fb2-bc02-4b7c-bd55-b576c07bb09d"),
    ("SCO", "c1ec4a95-1f05-45b3-a911-aa3fa01094f5"),
)
"""Service and plan of Entra ID P1 and of Intune: everybody here is licensed for both."""


def _plan(service: str, plan: str) -> Json:
    since = "2026-01-01T00:00:00Z"
    return {"assignedDateTime": since, "capabilityStatus": "Enabled", "service": service, "servicePlanId": plan}


def user(known: Mapping[str, Any]) -> Json:
    """Fill up a user; `known` needs id, displayName, userPrincipalName and createdDateTime."""
    return {
        "accountEnabled": True,
        "ageGroup": None,
        "assignedPlans": [_plan(*plan) for plan in _PLANS],
        "businessPhones": [],
        "city": None,
        "companyName": None,
        "country": None,
        "deletedDateTime": None,
        "department": None,
        "employeeHireDate": None,
        "employeeId": None,
        "employeeType": None,
        "externalUserState": None,
        "givenName": None,
        "jobTitle": None,
        "mail": None,
        "mailNickname": known["userPrincipalName"].partition("@")[0],
        "mobilePhone": None,
        "officeLocation": None,
        "onPremisesExtensionAttributes": extension_attributes({}),
        "onPremisesSyncEnabled": None,
        "otherMails": [],
        "preferredLanguage": None,
        "surname": None,
        "usageLocation": None,
        "userType": "Member",
    } | dict(known)


def extension_attributes(known: Mapping[int, str | None]) -> Json:
    """Build onPremisesExtensionAttributes from the numbered attributes that are set."""
    return {f"extensionAttribute{n}": known.get(n) for n in _EXTENSION_ATTRIBUTES}


def group(known: Mapping[str, Any]) -> Json:
    """Fill up a security group; `known` needs id, displayName and createdDateTime."""
    return {
        "classification": None,
        "deletedDateTime": None,
        "description": None,
        "groupTypes": [],
        "isAssignableToRole": None,
        "mail": None,
        "mailEnabled": False,
        "mailNickname": known["id"][:8],
        "membershipRule": None,
        "membershipRuleProcessingState": None,
        "onPremisesSyncEnabled": None,
        "securityEnabled": True,
        "visibility": None,
    } | dict(known)


def device(known: Mapping[str, Any]) -> Json:
    """Fill up a Windows device; `known` needs id, deviceId and displayName."""
    return {
        "accountEnabled": True,
        "approximateLastSignInDateTime": None,
        "deletedDateTime": None,
        "deviceOwnership": "Company",
        "enrollmentProfileName": None,
        "isCompliant": True,
        "isManaged": True,
        "manufacturer": "Dell Inc.",
        "mdmAppId": "0000000a-0000-0000-c000-000000000000",
        "model": None,
        "onPremisesSyncEnabled": None,
        "operatingSystem": "Windows",
        "operatingSystemVersion": None,
        "physicalIds": [],
        "profileType": "RegisteredDevice",
        "registrationDateTime": None,
        "trustType": "AzureAd",
    } | dict(known)


def autopilot_identity(identity: str, serial: str, device_id: str | None) -> Json:
    """Build a Windows Autopilot identity; without a device Intune shows the id of nothing."""
    nothing = "00000000-0000-0000-0000-000000000000"
    named = ("groupTag", "purchaseOrderIdentifier", "productKey", "manufacturer", "model", "addressableUserName")
    return {
        **dict.fromkeys((*named, "userPrincipalName", "resourceName", "skuNumber", "systemFamily", "displayName"), ""),
        "id": identity,
        "serialNumber": serial,
        "enrollmentState": "notContacted",
        "lastContactedDateTime": "0001-01-01T00:00:00Z",
        "azureActiveDirectoryDeviceId": device_id or nothing,
        "managedDeviceId": nothing,
    }


def federation(domain: str, mode: str | None) -> Json:
    """Build the internalDomainFederation of a domain; `mode` is federatedIdpMfaBehavior."""
    return {
        "id": f"federation-{domain}",
        "displayName": domain,
        "issuerUri": f"https://sts.{domain}/adfs/services/trust",
        "metadataExchangeUri": None,
        "signingCertificate": None,
        "passiveSignInUri": f"https://sts.{domain}/adfs/ls",
        "preferredAuthenticationProtocol": "wsFed",
        "activeSignInUri": f"https://sts.{domain}/adfs/services/trust/2005/usernamemixed",
        "signOutUri": f"https://sts.{domain}/adfs/ls",
        "promptLoginBehavior": None,
        "isSignedAuthenticationRequestRequired": None,
        "nextSigningCertificate": None,
        "signingCertificateUpdateStatus": None,
        "federatedIdpMfaBehavior": mode,
        "passwordResetUri": None,
    }


def pass_policy(known: Mapping[str, Any]) -> Json:
    """Build the Temporary Access Pass policy with Graph's defaults, targeting all users."""
    return {
        "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration",
        "id": "TemporaryAccessPass",
        "state": "disabled",
        "defaultLifetimeInMinutes": 60,
        "defaultLength": 8,
        "minimumLifetimeInMinutes": 60,
        "maximumLifetimeInMinutes": 480,
        "isUsableOnce": False,
        "excludeTargets": [],
        "includeTargets": [{"targetType": "group", "id": "all_users", "isRegistrationRequired": False}],
    } | dict(known)


def profile(profile_id: str, name: str, since: datetime) -> Json:
    """Build a settings-catalog policy's own properties."""
    return {
        "createdDateTime": graph_time(since),
        "creationSource": None,
        "description": "",
        "lastModifiedDateTime": graph_time(since),
        "name": name,
        "platforms": "windows10",
        "priorityMetaData": None,
        "roleScopeTagIds": ["0"],
        "settingCount": 1,
        "technologies": "mdm",
        "id": profile_id,
        "templateReference": {
            "templateId": "",
            "templateFamily": "none",
            "templateDisplayName": None,
            "templateDisplayVersion": None,
        },
    }


def choice_setting(definition: str, choice: str) -> Json:
    """Build a choice setting, `choice` being the number Intune puts behind the definition's name."""
    return {
        "@odata.type": "#microsoft.graph.deviceManagementConfigurationSetting",
        "id": "0",
        "settingInstance": {
            "@odata.type": _CHOICE,
            "settingDefinitionId": definition,
            "settingInstanceTemplateReference": None,
            "choiceSettingValue": {
                "@odata.type": _CHOICE_VALUE,
                "settingValueTemplateReference": None,
                "value": f"{definition}_{choice}",
                "children": [],
            },
        },
    }


def assignment_filter(filter_id: str, rule: str) -> Json:
    """Build an assignment filter with this rule."""
    return {
        "id": filter_id,
        "displayName": f"Filter {filter_id[:8]}",
        "description": "",
        "platform": "windows10AndLater",
        "rule": rule,
        "roleScopeTags": ["0"],
        "assignmentFilterManagementType": "devices",
        "payloads": [],
    }


def assignment(profile_id: str, target: Json, source: str, source_id: str) -> Json:
    """Build one assignment of a profile, as Intune answers it."""
    return {
        "id": f"{profile_id}_{target.get('groupId') or target['@odata.type'].rpartition('.')[2]}",
        "source": source,
        "sourceId": source_id,
        "target": target,
    }
