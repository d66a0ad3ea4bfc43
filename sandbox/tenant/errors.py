"""How Graph says no: status, code and message of each refusal this stand-in knows, and the body they travel in.

Where the wording was seen or documented it stands to the letter; the facts' marks are kept in `rules.py`.
"""

import uuid
from datetime import datetime

from sandbox.tenant.state import Json


class GraphError(Exception):
    """A refusal: status, code, message, headers, and what stands under innerError besides the usual."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: dict[str, str] | None = None,
        inner: Json | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}
        self.inner = inner or {}

    def body(self, now: datetime, client_request_id: str) -> Json:
        """Write the error as Graph's JSON."""
        inner = self.inner | {
            "date": now.strftime("%Y-%m-%dT%H:%M:%S"),
            "request-id": str(uuid.uuid4()),
            "client-request-id": client_request_id,
        }
        return {"error": {"code": self.code, "message": self.message, "innerError": inner}}


def bad_request(message: str) -> GraphError:
    """Build the 400 of Graph's own front end: a query or body that does not fit the metadata."""
    return GraphError(400, "BadRequest", message)


def no_segment(segment: str) -> GraphError:
    """Build the 400 for a path that this version of Graph does not know."""
    return bad_request(f"Resource not found for the segment '{segment}'.")


def not_found(object_id: str) -> GraphError:
    """Build the directory's 404."""
    return GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{object_id}' does not exist or one of its queried reference-property objects are not present.",
    )


def method_refused(status: int, code: str, message: str) -> GraphError:
    """Build a refusal of the authentication methods, which repeat the message under innerError."""
    return GraphError(status, code, message, inner={"message": message})


def method_not_found() -> GraphError:
    """Build the 404 of the authentication methods: a user or a pass that is not there."""
    return method_refused(404, "resourceNotFound", "The requested resource was not found.")


def pass_refused(message: str) -> GraphError:
    """Build the 400 of the authentication methods."""
    return method_refused(400, "badRequest", message)


def unauthenticated(message: str) -> GraphError:
    """Build the 401 for a missing or unusable access token."""
    return GraphError(
        401,
        "InvalidAuthenticationToken",
        message,
        headers={"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'},
    )


def premium_needed() -> GraphError:
    """Build the 403 of the logs and reports in a tenant without Entra ID P1."""
    return GraphError(
        403,
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "Neither tenant is B2C or tenant doesn't have premium license",
    )


def throttled(retry_after: int) -> GraphError:
    """Build the 429. `retry_after` is in whole seconds."""
    return GraphError(
        429,
        "TooManyRequests",
        "Please retry again later.",
        headers={"Retry-After": str(retry_after)},
        inner={"code": "429", "message": "Please retry after", "status": "429"},
    )


def forbidden(family: str, permissions: frozenset[str]) -> GraphError:
    """Build the 403 for a missing permission, in the words of the service behind the call."""
    needed = ", ".join(sorted(permissions))
    return {
        "authentication": method_refused(403, "accessDenied", "Request Authorization failed"),
        "policy": GraphError(
            403, "accessDenied", "You cannot perform the requested operation, required scopes are missing in the token."
        ),
        "intune": GraphError(
            403,
            "Forbidden",
            "Application is not authorized to perform this operation. Application must have one of the following"
            f" scopes: {needed}",
        ),
        "mail": GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."),
        "reports": GraphError(
            403,
            "Authentication_MSGraphPermissionMissing",
            "The principal does not have required Microsoft Graph permission(s): "
            f"{needed} to call this API. For more information about Microsoft Graph permissions, please visit"
            " https://learn.microsoft.com/graph/permissions-overview.",
        ),
    }.get(
        family,
        GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
    )
