"""Who asks the tenant: an administrator by `az login` or in a browser, or the app's own identity."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from functools import partial
from types import TracebackType
from typing import Any

from azure.core.credentials import AccessToken, TokenCredential
from azure.core.credentials_async import AsyncTokenCredential
from azure.identity import DeviceCodeCredential, InteractiveBrowserCredential
from azure.identity.aio import AzureCliCredential, ManagedIdentityCredential

from shared.runtime.settings.model import Settings

COMMAND_LINE_TOOLS = "14d82eec-204b-4c2f-b7e8-296a70dab67e"
"""Microsoft Graph Command Line Tools, Microsoft's own public client, the same in every tenant (`Connect-MgGraph`)."""
READING = (
    "Application.Read.All",
    "AuditLog.Read.All",
    "DeviceManagementConfiguration.Read.All",
    "DeviceManagementRBAC.Read.All",
    "Domain-InternalFederation.Read.All",
    "Domain.Read.All",
    "GroupMember.Read.All",
    "Policy.Read.All",
    "Policy.Read.AuthenticationMethod",
    "RoleManagement.Read.Directory",
    "User.Read.All",
)
FIXING = ("DeviceManagementConfiguration.ReadWrite.All", "Policy.ReadWrite.AuthenticationMethod")


class SignIn(StrEnum):
    """The ways to sign in.

    A token of the Azure CLI reaches the directory, but no policy and no Intune (Azure/azure-cli issues 23906, 33062):
    its scopes are Microsoft's to give. With a browser or a device code the administrator consents to what is needed.
    """

    AZURE_CLI = "azure-cli"
    BROWSER = "browser"
    DEVICE_CODE = "device-code"
    APP = "app"


def credential(way: SignIn, settings: Settings, *, fixing: bool) -> AsyncTokenCredential:
    """Return the credential of whoever signs in, to the tenant that settings name."""
    tenant = settings.tenant_id
    scopes = tuple(f"{settings.graph_base_url}/{scope}" for scope in (*READING, *(FIXING if fixing else ())))
    match way:
        case SignIn.AZURE_CLI:
            return TokenSource(partial(_by_azure_cli, tenant))
        case SignIn.BROWSER:
            return _consented(InteractiveBrowserCredential(client_id=COMMAND_LINE_TOOLS, tenant_id=tenant), scopes)
        case SignIn.DEVICE_CODE:
            return _consented(DeviceCodeCredential(client_id=COMMAND_LINE_TOOLS, tenant_id=tenant), scopes)
        case SignIn.APP:
            return ManagedIdentityCredential(client_id=settings.client_id)


class TokenSource(AsyncTokenCredential):
    """Fetches a token for each scope once, and keeps it: the Azure CLI takes a second for each, and keeps none."""

    def __init__(self, fetch: Callable[[str], Awaitable[AccessToken]]) -> None:
        self._fetch = fetch
        self._kept: dict[str, AccessToken] = {}
        self._one_at_a_time = asyncio.Lock()

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return the token for one scope. It outlives the command, which runs for seconds."""
        (scope,) = scopes
        async with self._one_at_a_time:
            if scope not in self._kept:
                self._kept[scope] = await self._fetch(scope)
            return self._kept[scope]

    async def close(self) -> None:
        """Nothing is kept open."""

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Nothing is kept open."""


def _consented(person: TokenCredential, scopes: Sequence[str]) -> TokenSource:
    """Sign a person in for these scopes: `.default`, which the SDK asks for, names none.

    A person is waited for beside the event loop.
    """
    return TokenSource(lambda _: asyncio.to_thread(person.get_token, *scopes))


async def _by_azure_cli(tenant: str, scope: str) -> AccessToken:
    async with AzureCliCredential(tenant_id=tenant) as credential:
        token: AccessToken = await credential.get_token(scope)
    return token
