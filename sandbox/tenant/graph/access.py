"""Conditional Access policies, with their authentication strengths as Graph expands them."""

from datetime import datetime
from typing import Any

from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.seed import stable_id
from sandbox.tenant.state import Json
from sandbox.tenant.times import graph_time


def policies(call: Call) -> Answer:
    """GET identity/conditionalAccess/policies."""
    return call.page(list(call.state.access_policies.values()), "identity/conditionalAccess/policies")


def policy(name: str, since: datetime, **told: Any) -> Json:
    """Build a policy for everybody and everything that asks for a second factor, but for what is `told`.

    `state`, `users`, `applications` and `conditions` as Graph has them; `controls` and `operator` are those of its
    grant, and `strength` lists the combinations that an authentication strength allows.
    """
    users = dict.fromkeys(("includeGroups", "excludeGroups", "excludeUsers", "includeRoles", "excludeRoles"), ())
    applications = {"includeApplications": ["All"], "excludeApplications": [], "includeUserActions": []}
    conditions = {"clientAppTypes": ["all"], "platforms": None, "locations": None, "devices": None}
    narrower: Json = told.get("conditions") or {}
    strength = told.get("strength")
    return {
        "id": stable_id("conditionalAccessPolicy", name),
        "displayName": name,
        "state": told.get("state", "enabled"),
        "createdDateTime": graph_time(since),
        "modifiedDateTime": None,
        "sessionControls": None,
        "conditions": conditions
        | {"userRiskLevels": [], "signInRiskLevels": []}
        | {"users": users | {"includeUsers": ["All"]} | (told.get("users") or {})}
        | {"applications": applications | (told.get("applications") or {})}
        | narrower,
        "grantControls": {
            "operator": told.get("operator", "OR"),
            "builtInControls": told.get("controls", [] if strength else ["mfa"]),
            "customAuthenticationFactors": [],
            "termsOfUse": [],
            "authenticationStrength": _strength(strength) if strength else None,
        },
    }


def _strength(combinations: list[str]) -> Json:
    return {
        "id": stable_id("authenticationStrength", ",".join(combinations)),
        "displayName": "Strength of this policy",
        "policyType": "custom",
        "requirementsSatisfied": "mfa",
        "allowedCombinations": list(combinations),
    }
