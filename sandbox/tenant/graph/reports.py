"""Which methods people have registered: as it was when the report was last made, which is some minutes ago."""

from datetime import datetime, timedelta

from sandbox.tenant import pass_rules
from sandbox.tenant.errors import premium_needed
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.state import Json
from sandbox.tenant.times import graph_time

_PASS = "temporaryAccessPass"  # noqa: S105  # the name of a method


def registrations(call: Call) -> Answer:
    """GET /reports/authenticationMethods/userRegistrationDetails. Disabled accounts are not in it."""
    _check_licence(call)
    made = _made_at(call)
    shown = [_shown(call, person, made) for person in call.state.visible_users(made) if person["accountEnabled"]]
    found = call.matching(shown, schema.REGISTRATION, "userRegistrationDetails")
    chosen = [schema.choose(e, call.select, schema.REGISTRATION, "userRegistrationDetails") for e in found]
    return call.page(chosen, "reports/authenticationMethods/userRegistrationDetails")


def registration(call: Call) -> Answer:
    """GET /reports/authenticationMethods/userRegistrationDetails/{id}."""
    _check_licence(call)
    context = call.context("reports/authenticationMethods/userRegistrationDetails/$entity")
    return Answer(200, context | _shown(call, call.user(), _made_at(call)))


def _check_licence(call: Call) -> None:
    if not call.state.knobs.has_p1:
        raise premium_needed()


def _made_at(call: Call) -> datetime:
    return call.now - timedelta(seconds=call.state.knobs.report_delay)


def _shown(call: Call, person: Json, made: datetime) -> Json:
    own = _own_methods(call, person["id"], made)
    return {
        "id": person["id"],
        "userPrincipalName": person["userPrincipalName"],
        "userDisplayName": person["displayName"],
        "userType": person["userType"].lower(),
        "isAdmin": any(grant.principal_id == person["id"] for grant in call.state.active_roles),
        "isSsprRegistered": False,
        "isSsprEnabled": False,
        "isSsprCapable": False,
        "isMfaRegistered": bool(own),
        "isMfaCapable": bool(own),
        "isPasswordlessCapable": bool(own),
        "methodsRegistered": own + ([_PASS] if _holds_a_pass(call, person["id"], made) else []),
        "lastUpdatedDateTime": graph_time(made),
    }


def _own_methods(call: Call, user_id: str, made: datetime) -> list[str]:
    return [one.method for one in call.state.methods if one.user_id == user_id and one.at <= made]


def _holds_a_pass(call: Call, user_id: str, made: datetime) -> bool:
    held = call.state.passes.get(user_id)
    return held is not None and held.created <= made < pass_rules.end(held)
