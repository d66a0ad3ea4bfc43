"""How a Microsoft Entra tenant may fail, by what the caller can still do about it. Pure."""


class TenantError(Exception):
    """Base of what can go wrong in Microsoft Graph. Its text never holds a pass, a key or a token."""


class TenantThrottledError(TenantError):
    """429: nothing was done. `retry_after` is in seconds, None where Graph named none."""

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TenantUnavailableError(TenantError):
    """No usable answer: 5xx, a reset, a time-out, a malformed body. A change may have been made all the same."""


class TenantRefusedError(TenantError):
    """Graph said no (4xx) and will say so again. `code` and `detail` are Graph's own words, without secrets."""

    refuser = "Microsoft Graph"

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{self.refuser} refused with {status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


class TokenRefusedError(TenantRefusedError):
    """401, or no token to be had: who the app is is in doubt, not what it may."""


class PermissionMissingError(TenantRefusedError):
    """403: the app lacks the Graph permission `permission` names (the least one that the call needs)."""

    def __init__(self, status: int, code: str, detail: str, permission: str) -> None:
        super().__init__(status, code, detail)
        self.permission = permission


class NotFoundInTenantError(TenantRefusedError):
    """404: the object is not there, or not yet (a new account may take minutes to replicate)."""


class ApprovalNeededError(TenantRefusedError):
    """Intune's Multi Admin Approval: nothing was done, and a person has to agree before it is.

    `request`: id of the request that a person finds, None where Intune named none.
    """

    def __init__(self, detail: str, request: str | None, status: int = 403) -> None:
        super().__init__(status, "ApprovalRequired", detail)
        self.request = request


class ApprovalRejectedError(TenantRefusedError):
    """Intune's Multi Admin Approval: a person was asked and did not agree."""

    def __init__(self, detail: str) -> None:
        super().__init__(403, "ApprovalRejected", detail)


class LicenceMissingError(TenantRefusedError):
    """The tenant's edition lacks it: no P2, so nobody is eligible for a role; no P1, so no sign-in log is shown."""


class ChangesOver(TenantError):  # noqa: N818 - by what it means
    """What has changed since that link cannot be told any more (410)."""
