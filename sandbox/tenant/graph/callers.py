"""What a caller may ask: an app by the roles in its token, a person by scopes and by the directory roles held."""

import re
from collections.abc import Iterator

from sandbox.tenant.state import Json, TenantState

_DIRECTORY = "Directory.AccessAsUser.All"
_BY_DIRECTORY = frozenset({"Application.Read.All", "Directory.Read.All", "Domain.Read.All"})
"""What comes with the one scope by which the Azure CLI reaches the directory. It reaches no policy, and no Intune."""
_MAY = {
    "Global Administrator": r".*",
    "Global Reader": r".*\.Read(\..*)?",
    "Authentication Policy Administrator": r"Policy\.Read(Write)?\.AuthenticationMethod",
    "Intune Administrator": r"DeviceManagement.*",
}


def held(claims: Json, state: TenantState) -> frozenset[str]:
    """Return the permissions that count for a call: those in the token, as far as they are good just now."""
    if "scp" in claims:
        return frozenset(_delegated(claims, state))
    return (frozenset(claims.get("roles", ())) & state.permissions) | state.exchange


def _delegated(claims: Json, state: TenantState) -> Iterator[str]:
    roles = {grant.role for grant in state.active_roles if grant.principal_id == claims["oid"] and grant.scope == "/"}
    scopes = set(claims["scp"].split())
    for scope in scopes | (_BY_DIRECTORY if _DIRECTORY in scopes else frozenset()):
        if any(re.fullmatch(_MAY[role], scope) for role in roles & _MAY.keys()):
            yield scope
