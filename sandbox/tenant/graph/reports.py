"""Which methods people have registered; in this tenant nobody has, and the report says so."""

from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.state import Json
from sandbox.tenant.times import graph_time


def registrations(call: Call) -> Answer:
    """GET /reports/authenticationMethods/userRegistrationDetails."""
    shown = [_shown(call, person) for person in call.state.visible_users(call.now)]
    found = call.matching(shown, schema.REGISTRATION, "userRegistrationDetails")
    chosen = [schema.choose(e, call.select, schema.REGISTRATION, "userRegistrationDetails") for e in found]
    return call.page(chosen, "reports/authenticationMethods/userRegistrationDetails")


def registration(call: Call) -> Answer:
    """GET /reports/authenticationMethods/userRegistrationDetails/{id}."""
    context = call.context("reports/authenticationMethods/userRegistrationDetails/$entity")
    return Answer(200, context | _shown(call, call.user()))


def _shown(call: Call, person: Json) -> Json:
    return {
        "id": person["id"],
        "userPrincipalName": person["userPrincipalName"],
        "userDisplayName": person["displayName"],
        "userType": person["userType"].lower(),
        "isAdmin": any(grant.principal_id == person["id"] for grant in call.state.active_roles),
        "isSsprRegistered": False,
        "isSsprEnabled": False,
        "isSsprCapable": False,
        "isMfaRegistered": False,
        "isMfaCapable": False,
        "isPasswordlessCapable": False,
        "methodsRegistered": [],
        "lastUpdatedDateTime": graph_time(call.now),
    }
