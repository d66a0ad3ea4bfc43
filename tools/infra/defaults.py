"""Secure defaults, one by one: what every resource of a type must say, and what must stand beside it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tools.infra.templates import TEMPLATES, Resource, defaults, module_parameters, resources
from tools.infra.tree import Tree

MUST_SAY: Mapping[str, Mapping[str, Any]] = {
    "Microsoft.Storage/storageAccounts": {
        "properties.allowSharedKeyAccess": False,
        "properties.allowBlobPublicAccess": False,
        "properties.allowCrossTenantReplication": False,
        "properties.defaultToOAuthAuthentication": True,
        "properties.isLocalUserEnabled": False,
        "properties.minimumTlsVersion": "TLS1_2",
        "properties.supportsHttpsTrafficOnly": True,
        "properties.networkAcls.bypass": "None",
        "properties.encryption.requireInfrastructureEncryption": True,
    },
    "Microsoft.Storage/storageAccounts/blobServices/containers": {"properties.publicAccess": "None"},
    "Microsoft.KeyVault/vaults": {
        "properties.enableRbacAuthorization": True,
        "properties.enablePurgeProtection": True,
        "properties.enableSoftDelete": True,
        "properties.softDeleteRetentionInDays": 90,
        "properties.enabledForDeployment": False,
        "properties.enabledForDiskEncryption": False,
        "properties.enabledForTemplateDeployment": False,
        "properties.networkAcls.bypass": "None",
        "properties.sku.name": "standard",
    },
    "Microsoft.OperationalInsights/workspaces": {"properties.features.disableLocalAuth": True},
    "Microsoft.Insights/components": {
        "properties.DisableLocalAuth": True,
        "properties.DisableIpMasking": False,
        "properties.WorkspaceResourceId": "workspace.id",
    },
    "Microsoft.Web/serverfarms": {"sku.name": "FC1", "properties.reserved": True},
    "Microsoft.Web/sites": {
        "identity.type": "UserAssigned",
        "properties.httpsOnly": True,
        "properties.clientAffinityEnabled": False,
        "properties.keyVaultReferenceIdentity": "identity.id",
        "properties.siteConfig.alwaysOn": False,
        "properties.siteConfig.ftpsState": "Disabled",
        "properties.siteConfig.http20Enabled": True,
        "properties.siteConfig.minTlsVersion": "1.2",
        "properties.siteConfig.scmMinTlsVersion": "1.2",
        "properties.siteConfig.remoteDebuggingEnabled": False,
        "properties.functionAppConfig.deployment.storage.authentication.type": "UserAssignedIdentity",
    },
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies": {"properties.allow": False},
    "Microsoft.Communication/communicationServices": {"properties.disableLocalAuth": True},
    "Microsoft.Authorization/locks": {"properties.level": "CanNotDelete"},
    "Microsoft.Graph/applications": {
        "signInAudience": "AzureADMyOrg",
        "api.requestedAccessTokenVersion": 2,
        "web.implicitGrantSettings.enableAccessTokenIssuance": False,
    },
}
"""By type, the values that stand there whatever the platform's default is or becomes."""

SIGN_IN: Mapping[str, Any] = {
    "properties.globalValidation.requireAuthentication": False,
    "properties.globalValidation.unauthenticatedClientAction": "AllowAnonymous",
    "properties.httpSettings.requireHttps": True,
    "properties.login.tokenStore.enabled": False,
    "properties.identityProviders.azureActiveDirectory.registration.clientSecretSettingName": (
        "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
    ),
}
"""What the resource `authsettingsV2` says: anonymous to the platform, proved by the identity, no tokens kept."""

LOCKED = frozenset({
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
})  # fmt: skip

LOGGED = frozenset({
    "Microsoft.KeyVault/vaults",
    "Microsoft.Storage/storageAccounts/blobServices",
    "Microsoft.Storage/storageAccounts/tableServices",
    "Microsoft.Storage/storageAccounts/queueServices",
})  # fmt: skip

MAIN = "infra/main.bicep"
USUAL: Mapping[str, Any] = {
    "instanceMemory": 512,
    "alwaysReady": 0,
    "storageSku": "Standard_ZRS",
    "logDays": 90,
    "privateNetwork": False,
    "communication": False,
}
"""What docs/cost.md and docs/deploy.md say of a deployment where nothing else is chosen."""

NEVER: Mapping[str, str] = {
    r"\blistKeys\(": "account keys are switched off, and nothing may hold one",
    r"AccountKey=": "a connection string with a key is a secret; use the identity",
    r"\bclientSecret\b": "the app registration trusts the identity; there is no client secret",
    r"passwordCredentials": "the app registration trusts the identity; there is no client secret",
    r"'Owner'|8e3af657-a8ff-443c-a75c-2fe8c4bcb635|b24988ac-6180-42a0-ab88-20f7382dd24c": (
        "Owner and Contributor are far wider than anything here needs"
    ),
    r"Microsoft\.(?:DataProtection|RecoveryServices)/": (
        "a copy of the tables brings back links that were dead and people who were erased; they are in no backup"
    ),
}
"""Patterns that stand in no template."""


def default_findings(tree: Tree) -> Iterator[str]:
    """Say where a secure default is missing."""
    declared = [one for one in resources(tree) if not one.existing]
    for one in declared:
        yield from _wrong(one, MUST_SAY.get(one.type, {}))
        if one.at("name") == "authsettingsV2":
            yield from _wrong(one, SIGN_IN)
    yield from _beside(declared, LOCKED, "Microsoft.Authorization/locks", "a lock, or one slip deletes it")
    yield from _beside(declared, LOGGED, "Microsoft.Insights/diagnosticSettings", "diagnostic logs to the workspace")
    yield from _passwords(declared)
    yield from _apart(tree, declared)
    yield from _usual(tree)
    for path in tree.paths(TEMPLATES):
        for pattern, reason in NEVER.items():
            if re.search(pattern, tree.text(path)):
                yield f"{path}: has {pattern!r}: {reason}."


def _wrong(resource: Resource, wanted: Mapping[str, Any]) -> Iterator[str]:
    for path, value in wanted.items():
        said = _reference(resource.at(path))
        if said != value or isinstance(said, bool) is not isinstance(value, bool):
            yield f"{resource.file}: {resource.symbol} must say {path}: {value!r}, and says {said!r}."


def _reference(value: Any) -> Any:
    """Return `symbol.member` for an expression that is no more than that."""
    match value:
        case {"operator": {"type": "property_accessor", "operands": {"operand_1": str(one), "operand_2": str(other)}}}:
            return f"{one}.{other}"
        case _:
            return value


def _beside(declared: list[Resource], types: frozenset[str], companion: str, what: str) -> Iterator[str]:
    there = {(one.file, one.at("scope")) for one in declared if one.type == companion}
    for one in declared:
        if one.type in types and (one.file, one.symbol) not in there:
            yield f"{one.file}: {one.symbol} has no {companion.rpartition('/')[2]}. Give it {what}."


def _passwords(declared: list[Resource]) -> Iterator[str]:
    closed = {one.at("name") for one in declared if one.type.endswith("/basicPublishingCredentialsPolicies")}
    for name in sorted({"ftp", "scm"} - closed):
        yield f"infra/app/app.bicep: passwords for {name} still work. Add the policy {name} with allow: false."


def _apart(tree: Tree, declared: list[Resource]) -> Iterator[str]:
    """Say where whoever writes data could write code as well, or where there is more than the one identity."""
    for module in ("app", "roles"):
        told = module_parameters(tree, MAIN, module)
        if told["platformStorageName"] == told["dataStorageName"]:
            yield f"{MAIN}: {module} is given one storage account for code and data. Give it the two."
    identities = [one.symbol for one in declared if one.type == "Microsoft.ManagedIdentity/userAssignedIdentities"]
    if len(identities) != 1:
        yield f"infra/app/: makes the identities {', '.join(identities)}. Leave one: whoever has it holds the rights."


def _usual(tree: Tree) -> Iterator[str]:
    given = defaults(tree, MAIN)
    for name, value in USUAL.items():
        if given.get(name) != value:
            yield f"{MAIN}: {name} is {given.get(name)!r} by default. Make it {value!r}, or correct docs/cost.md."
