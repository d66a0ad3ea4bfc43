"""Which properties each Graph type has, and which it shows unasked: for `$select`, `$filter` and bodies.

Taken from the metadata behind the Graph SDK; a test holds the names against the SDK's own models.
"""

from collections.abc import Iterable

from sandbox.tenant.errors import bad_request
from sandbox.tenant.state import Json

USER = frozenset({
    "aboutMe", "accountEnabled", "ageGroup", "assignedLicenses", "assignedPlans", "birthday", "businessPhones", "city",
    "companyName", "consentProvidedForMinor", "country", "createdDateTime", "creationType", "deletedDateTime",
    "department", "displayName", "employeeHireDate", "employeeId", "employeeLeaveDateTime", "employeeOrgData",
    "employeeType", "externalUserState", "externalUserStateChangeDateTime", "faxNumber", "givenName", "hireDate", "id",
    "identities", "imAddresses", "isResourceAccount", "jobTitle", "lastPasswordChangeDateTime", "mail", "mailNickname",
    "mobilePhone", "officeLocation", "onPremisesDistinguishedName", "onPremisesDomainName",
    "onPremisesExtensionAttributes", "onPremisesImmutableId", "onPremisesLastSyncDateTime", "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "onPremisesUserPrincipalName", "otherMails",
    "passwordPolicies", "postalCode", "preferredDataLocation", "preferredLanguage", "preferredName", "proxyAddresses",
    "securityIdentifier", "showInAddressList", "signInActivity", "signInSessionsValidFromDateTime", "state",
    "streetAddress", "surname", "usageLocation", "userPrincipalName", "userType",
})  # fmt: skip
GROUP = frozenset({
    "assignedLabels", "assignedLicenses", "classification", "createdDateTime", "deletedDateTime", "description",
    "displayName", "expirationDateTime", "groupTypes", "id", "isAssignableToRole", "isManagementRestricted", "mail",
    "mailEnabled", "mailNickname", "membershipRule", "membershipRuleProcessingState", "onPremisesDomainName",
    "onPremisesLastSyncDateTime", "onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled",
    "preferredDataLocation", "preferredLanguage", "proxyAddresses", "renewedDateTime", "securityEnabled",
    "securityIdentifier", "theme", "uniqueName", "visibility",
})  # fmt: skip
DEVICE = frozenset({
    "accountEnabled", "alternativeSecurityIds", "approximateLastSignInDateTime", "complianceExpirationDateTime",
    "deletedDateTime", "deviceCategory", "deviceId", "deviceMetadata", "deviceOwnership", "deviceVersion",
    "displayName", "enrollmentProfileName", "enrollmentType", "id", "isCompliant", "isManaged",
    "isManagementRestricted", "isRooted", "managementType", "manufacturer", "mdmAppId", "model",
    "onPremisesLastSyncDateTime", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "operatingSystem",
    "operatingSystemVersion", "physicalIds", "profileType", "registrationDateTime", "systemLabels", "trustType",
})  # fmt: skip
DIRECTORY_ROLE = frozenset({"deletedDateTime", "description", "displayName", "id", "roleTemplateId"})
DIRECTORY_OBJECT = USER | GROUP | DEVICE | DIRECTORY_ROLE
PASS = frozenset({
    "createdDateTime", "id", "isUsable", "isUsableOnce", "lifetimeInMinutes", "methodUsabilityReason", "startDateTime",
    "temporaryAccessPass",
})  # fmt: skip
SIGN_IN = frozenset({
    "appDisplayName", "appId", "clientAppUsed", "correlationId", "createdDateTime", "deviceDetail", "id", "ipAddress",
    "isInteractive", "location", "resourceDisplayName", "resourceId", "status", "userDisplayName", "userId",
    "userPrincipalName",
})  # fmt: skip
SIGN_IN_BETA = SIGN_IN | {"authenticationDetails", "authenticationRequirement", "signInEventTypes"}
ROLE_GRANT = frozenset({
    "appScopeId", "createdDateTime", "directoryScopeId", "id", "memberType", "modifiedDateTime", "principalId",
    "roleDefinitionId", "scheduleInfo", "status", "createdUsing",
})  # fmt: skip
GROUP_ELIGIBILITY = frozenset({
    "accessId", "createdDateTime", "createdUsing", "groupId", "id", "memberType", "modifiedDateTime", "principalId",
    "scheduleInfo", "status",
})  # fmt: skip
PASS_POLICY = frozenset({
    "defaultLength", "defaultLifetimeInMinutes", "excludeTargets", "id", "includeTargets", "isUsableOnce",
    "maximumLifetimeInMinutes", "minimumLifetimeInMinutes", "state",
})  # fmt: skip
SUBSCRIPTION = frozenset({
    "applicationId", "changeType", "clientState", "creatorId", "encryptionCertificate", "encryptionCertificateId",
    "expirationDateTime", "id", "includeResourceData", "latestSupportedTlsVersion", "lifecycleNotificationUrl",
    "notificationQueryOptions", "notificationUrl", "notificationUrlAppId", "resource",
})  # fmt: skip
REFERENCE: frozenset[str] = frozenset()
"""A reference to an object is told by OData's own annotation alone."""
PROFILE = frozenset({
    "createdDateTime", "creationSource", "description", "id", "isAssigned", "lastModifiedDateTime", "name",
    "platforms", "priorityMetaData", "roleScopeTagIds", "settingCount", "technologies", "templateReference",
})  # fmt: skip
AUTOPILOT = frozenset({
    "addressableUserName", "azureActiveDirectoryDeviceId", "displayName", "enrollmentState", "groupTag", "id",
    "lastContactedDateTime", "managedDeviceId", "manufacturer", "model", "productKey", "purchaseOrderIdentifier",
    "resourceName", "serialNumber", "skuNumber", "systemFamily", "userPrincipalName",
})  # fmt: skip
FILTER = frozenset({
    "assignmentFilterManagementType", "createdDateTime", "description", "displayName", "id", "lastModifiedDateTime",
    "payloads", "platform", "roleScopeTags", "rule",
})  # fmt: skip
MANAGED_DEVICE = frozenset({
    "azureADDeviceId", "azureADRegistered", "complianceState", "deviceEnrollmentType", "deviceName",
    "enrolledDateTime", "id", "lastSyncDateTime", "managedDeviceOwnerType", "managementAgent", "manufacturer", "model",
    "operatingSystem", "osVersion", "serialNumber", "userId", "userPrincipalName",
})  # fmt: skip
REPORT_REQUEST = frozenset({
    "filter", "groupBy", "name", "orderBy", "search", "select", "sessionId", "skip", "top",
})  # fmt: skip
REGISTRATION = frozenset({
    "id", "isAdmin", "isMfaCapable", "isMfaRegistered", "isPasswordlessCapable", "isSsprCapable", "isSsprEnabled",
    "isSsprRegistered", "lastUpdatedDateTime", "methodsRegistered", "userDisplayName", "userPrincipalName", "userType",
})  # fmt: skip
MAIL_REQUEST = frozenset({"Message", "SaveToSentItems"})
MESSAGE = frozenset({
    "attachments", "bccRecipients", "body", "categories", "ccRecipients", "from", "importance",
    "internetMessageHeaders", "isDeliveryReceiptRequested", "isReadReceiptRequested", "replyTo", "sender", "subject",
    "toRecipients",
})  # fmt: skip
MESSAGE_HEADER = frozenset({"name", "value"})
RECIPIENT = frozenset({"emailAddress"})
EMAIL_ADDRESS = frozenset({"address", "name"})
ITEM_BODY = frozenset({"content", "contentType"})
ACTIVITY_REQUEST = frozenset({
    "activityType", "chainId", "iconId", "previewText", "teamsAppId", "templateParameters", "topic",
})  # fmt: skip
ACTIVITY_TOPIC = frozenset({"source", "value", "webUrl"})
KEY_VALUE = frozenset({"name", "value"})

USER_UNASKED = (
    "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation",
    "preferredLanguage", "surname", "userPrincipalName", "id",
)  # fmt: skip


def choose(body: Json, names: Iterable[str] | None, known: frozenset[str], kind: str) -> Json:
    """Return the properties `names` of `body` in order (all of them for None); unknown ones are Graph's 400.

    A known property that the sandbox does not hold is null, as it is in a tenant that does not use it.
    """
    if names is None:
        return dict(body)
    wanted = list(names)
    check(wanted, known, kind)
    head = {key: value for key, value in body.items() if key.startswith("@")}
    return head | {name: body.get(name) for name in wanted}


def check(names: Iterable[str], known: frozenset[str], kind: str) -> None:
    """Refuse a `$select` or `$filter` that names a property the type does not have."""
    for name in names:
        if name.partition("/")[0] not in known:
            raise bad_request(
                "Parsing OData Select and Expand failed: Could not find a property named "
                f"'{name}' on type 'microsoft.graph.{kind}'."
            )


def check_body(body: Json, known: Iterable[str], kind: str) -> None:
    """Refuse a body with a property the type does not have. OData's own annotations pass."""
    names = frozenset(known)
    for name in body:
        if "@" not in name and name not in names:
            raise bad_request(
                f"The property '{name}' does not exist on type 'microsoft.graph.{kind}'. "
                "Make sure to only use property names that are defined by the type."
            )
