"""Azure Communication Services by the app's own identity: how a call is made once, and what its failure means.

`shared.composition` imports this module on first use, and only where settings turn a channel of it on. The SDK's own
retries are off: a message that was sent twice is two messages. Its errors hold the request, and so the message; what
is raised here names no more than a status and a code.
"""

import asyncio
import re
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.identity import CredentialUnavailableError

from shared.channels.ports import ChannelRefusedError
from shared.runtime.telemetry import port as telemetry
from shared.runtime.telemetry import vocabulary as says
from shared.tenant.errors import (
    PermissionMissingError,
    TenantError,
    TenantThrottledError,
    TenantUnavailableError,
    TokenRefusedError,
)

SEND_SECONDS = 15.0
"""How long one message may take, token included: code and link together stay within what a step has."""
ROLE = "Communication and Email Service Owner on Azure Communication Services"
CONNECTION_TIMEOUT = 5
READ_TIMEOUT = 10
_CODE = re.compile(r"[A-Za-z0-9_.]{1,80}")


def options(endpoint: str) -> dict[str, Any]:
    """Return how either SDK is to behave: each request once, nothing followed, nothing asked of the environment."""
    plain = urlsplit(endpoint).scheme == "http"
    return {
        "retry_total": 0,
        "permit_redirects": False,
        "use_env_settings": False,
        "connection_timeout": CONNECTION_TIMEOUT,
        "read_timeout": READ_TIMEOUT,
        "per_call_policies": [_PlainOnLoopback()] if plain else [],
    }


class _PlainOnLoopback(SansIOHTTPPolicy[Any, Any]):
    """Lets a token go by plain HTTP: settings take such an address only where it is this machine's own."""

    def on_request(self, request: PipelineRequest[Any]) -> None:
        request.context.options["enforce_https"] = False


async def sent[T](call: Awaitable[T], endpoint: str, path: str) -> T:
    """Await one call of an SDK.

    Raises:
        TenantThrottledError: nothing was sent.
        TenantRefusedError: nothing was sent.
        TenantUnavailableError: it may have been sent all the same.
    """
    attributes = {
        says.HTTP_METHOD: "POST",
        says.URL_TEMPLATE: path,
        says.SERVER: urlsplit(endpoint).hostname or "",
    }
    failure: TenantError
    with telemetry.span(f"POST {path}", telemetry.Kind.CLIENT, attributes):
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await call
        except Exception as error:  # noqa: BLE001 - the edge: whatever the SDK raises becomes a TenantError
            failure = _meaning(error)
        # Raised here, not in the handler: even `from None` keeps the SDK's error, and the message with it.
        raise failure


def refused(status: int, code: str) -> TenantError:
    """Say what a refusal with this status means."""
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return PermissionMissingError(status, code, "the identity may not send", f"the role {ROLE}")
        case HTTPStatus.TOO_MANY_REQUESTS:
            return TenantThrottledError("Azure Communication Services ask for patience (429)", None)
        case _ if status == HTTPStatus.REQUEST_TIMEOUT or not 400 <= status < 500:  # noqa: PLR2004 - the 4xx
            return TenantUnavailableError(f"Azure Communication Services answered {status} {code}")
        case _:
            return ChannelRefusedError(status, code, "the message was not taken")


def _meaning(error: Exception) -> TenantError:
    match error:
        case HttpResponseError(status_code=HTTPStatus.TOO_MANY_REQUESTS):
            return TenantThrottledError("Azure Communication Services ask for patience (429)", _retry_after(error))
        case HttpResponseError(status_code=int(status)):
            return refused(status, _code(error))
        case CredentialUnavailableError():
            return TenantUnavailableError("no token for Azure Communication Services just now")
        case ClientAuthenticationError():
            detail = "the app's identity got no token for Azure Communication Services"
            return TokenRefusedError(HTTPStatus.UNAUTHORIZED, "NoToken", detail)
        case _:
            return TenantUnavailableError(f"no usable answer of Azure Communication Services ({type(error).__name__})")


def _retry_after(error: HttpResponseError) -> float | None:
    """Return the seconds to wait, which this service names as a whole number; None where it names none."""
    named = getattr(error.response, "headers", {}).get("Retry-After", "")
    return float(named) if named.isdecimal() else None


def _code(error: HttpResponseError) -> str:
    """Return the service's own name of the fault; never its message, which may quote an address."""
    code = getattr(error.error, "code", None)
    return code if isinstance(code, str) and _CODE.fullmatch(code) else "unknown"
