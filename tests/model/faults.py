"""How calls to Graph fail."""

from enum import StrEnum

from shared.tenant.errors import (
    PermissionMissingError,
    TenantError,
    TenantRefusedError,
    TenantThrottledError,
    TenantUnavailableError,
)


class Fault(StrEnum):
    """How a call to Graph fails."""

    THROTTLED = "answers 429 and asks for 30 seconds"
    THROTTLED_SILENTLY = "answers 429 without a Retry-After"
    DOWN = "gives no answer, and has done nothing"
    LOST = "carries it out, and its answer gets lost"
    LATE = "gives no answer, and carries it out 90 seconds later, the lease gone by"
    DEADLY = "gives no answer until the worker is killed, and carries it out 90 seconds later"
    FORBIDDEN = "says that a permission is missing"
    REFUSED = "refuses"


UNANSWERED = frozenset({Fault.DOWN, Fault.LOST, Fault.LATE, Fault.DEADLY})
"""After these nobody knows whether it was done."""
DONE_LATE = frozenset({Fault.LATE, Fault.DEADLY})


def error_of(fault: Fault) -> TenantError:
    """Make the error that the app's ports raise for a fault."""
    match fault:
        case Fault.THROTTLED:
            return TenantThrottledError("patience", 30.0)
        case Fault.THROTTLED_SILENTLY:
            return TenantThrottledError("patience", None)
        case Fault.FORBIDDEN:
            return PermissionMissingError(403, "Forbidden", "no", "UserAuthMethod-TAP.ReadWrite.All")
        case Fault.REFUSED:
            return TenantRefusedError(400, "BadRequest", "no")
        case _:
            return TenantUnavailableError("no answer")
