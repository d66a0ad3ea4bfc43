"""What the SDK raises, in the product's own terms: the one place where that is decided.

Texts made here are stored with the hire and shown to people, so they hold Graph's words at most, cut to a length and
without anything that looks like a key or a token.
"""

import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.identity import CredentialUnavailableError
from kiota_abstractions.api_error import APIError
from msgraph.generated.models.o_data_errors.o_data_error import ODataError

from shared.tenant.errors import (
    ApprovalNeededError,
    LicenceMissingError,
    NotFoundInTenantError,
    PermissionMissingError,
    TenantError,
    TenantRefusedError,
    TenantThrottledError,
    TenantUnavailableError,
    TokenRefusedError,
)

_DETAIL_CHARACTERS = 300
_CODE = re.compile(r"[A-Za-z0-9_.]{1,80}")
_KEY_LIKE = re.compile(r"eyJ[A-Za-z0-9_.=-]+|[A-Za-z0-9_=-]{40,}")
"""A token begins so, being JSON; a link key has 43 such characters. A GUID has 36, and people need those."""
_LICENCE_CODES = frozenset({"AadPremiumLicenseRequired", "Authentication_RequestFromNonPremiumTenantOrB2CTenant"})
_APPROVAL = re.compile(
    r"ApprovalRequired|Approval Required|active Approval Request|x-msft-approval-(?:justification|code)", re.IGNORECASE
)
"""Intune's Multi Admin Approval: the app may write, but a person has to agree first.

Microsoft's pages name the statuses 403 and 400 for it, others have seen 412, and 409 where one is asked already.
"""
_APPROVAL_REQUEST = re.compile(r"x-msft-approval-code\W+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class UnexpectedStatusError(Exception):
    """An answer that is neither a success nor an error: a redirect, mostly. `status` is its number."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


def translate(error: Exception, permission: str) -> TenantError:
    """Return what `error` means to the caller; `permission` is the least one that the call needs."""
    if isinstance(error, APIError):
        return _answered(error, permission)
    if isinstance(error, ClientAuthenticationError) and not isinstance(error, CredentialUnavailableError):
        detail = "the app's identity got no token; see AZURE_CLIENT_ID and whether that identity is assigned to the app"
        return TokenRefusedError(HTTPStatus.UNAUTHORIZED, "NoToken", detail)
    return TenantUnavailableError(_without_answer(error))


def _without_answer(error: Exception) -> str:
    """Say why there is no usable answer, by the error's kind alone: its text may quote the answer."""
    match error:
        case UnexpectedStatusError():
            return f"Microsoft Graph answered with the status {error.status}, which was not followed"
        case AzureError():
            return f"no token for Microsoft Graph just now ({type(error).__name__})"
        case TimeoutError() | httpx.TimeoutException():
            return "Microsoft Graph did not answer in time"
        case httpx.HTTPError():
            return f"no answer from Microsoft Graph ({type(error).__name__})"
        case _:
            return f"Microsoft Graph's answer could not be read ({type(error).__name__})"


def _answered(error: APIError, permission: str) -> TenantError:
    status = error.response_status_code or 0
    headers: Mapping[str, str] = error.response_headers or {}
    code, detail = _words(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return TenantThrottledError("Microsoft Graph asks for patience (429)", _retry_after(headers))
    if status == HTTPStatus.REQUEST_TIMEOUT or not 400 <= status < 500:  # noqa: PLR2004 - the 4xx
        return TenantUnavailableError(f"Microsoft Graph answered {status} {code}")
    if _APPROVAL.search(f"{code} {detail}"):
        return ApprovalNeededError(detail, _approval_request(headers, detail), status)
    return _refused(status, code, detail, permission)


def _approval_request(headers: Mapping[str, str], detail: str) -> str | None:
    """Return the id of the request for approval: the header holds it, and the message repeats it."""
    header = str(next((value for name, value in headers.items() if name.lower() == "x-msft-approval-code"), ""))
    if _GUID.fullmatch(header):
        return header.lower()
    told = _APPROVAL_REQUEST.search(detail)
    return told[1].lower() if told else None


def _refused(status: int, code: str, detail: str, permission: str) -> TenantRefusedError:
    """Tell the refusals apart by who can mend them."""
    if code in _LICENCE_CODES:
        return LicenceMissingError(status, code, detail)
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return TokenRefusedError(status, code, detail)
        case HTTPStatus.FORBIDDEN:
            return PermissionMissingError(status, code, detail, permission)
        case HTTPStatus.NOT_FOUND:
            return NotFoundInTenantError(status, code, detail)
        case _:
            return TenantRefusedError(status, code, detail)


def _words(error: APIError) -> tuple[str, str]:
    """Return Graph's own code and message, made fit to be stored."""
    main = error.error if isinstance(error, ODataError) else None
    if main is None:
        return "unknown", "no reason given"
    code = main.code if main.code and _CODE.fullmatch(main.code) else "unknown"
    detail = _KEY_LIKE.sub("***", " ".join((main.message or "no reason given").split()))
    return code, detail[:_DETAIL_CHARACTERS]


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait (RFC 9110, 10.2.3): a number, or a date counted from the answer's own Date."""
    value = headers.get("Retry-After")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        return _seconds_until(value, headers.get("Date"))
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(date: str, answered: str | None) -> float | None:
    try:
        return max(0.0, (parsedate_to_datetime(date) - parsedate_to_datetime(answered or "")).total_seconds())
    except (ValueError, TypeError):  # no date, or one of the two without a zone
        return None
