"""Service principals: the app's own and Microsoft Graph's, and what the one was granted of the other."""

from sandbox.tenant import seed
from sandbox.tenant.errors import not_found
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.seed import stable_id
from sandbox.tenant.state import Json
from sandbox.tenant.times import graph_time

MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000"
_GRAPH_OBJECT = stable_id("servicePrincipal", "microsoft-graph")


def by_app_id(call: Call) -> Answer:
    """GET servicePrincipals(appId='…')."""
    app = call.parameters["appId"].strip("'")
    known = {
        seed.APP_CLIENT_ID: (seed.APP_OBJECT_ID, "id-day-one-pass-sandbox", []),
        MICROSOFT_GRAPH: (_GRAPH_OBJECT, "Microsoft Graph", _roles(call)),
    }
    if app not in known:
        raise not_found(app)
    object_id, name, roles = known[app]
    body: Json = {"id": object_id, "appId": app, "displayName": name, "appRoles": roles}
    chosen = body if call.select is None else {key: body[key] for key in call.select if key in body}
    return Answer(200, call.context("servicePrincipals/$entity") | chosen)


def granted(call: Call) -> Answer:
    """GET servicePrincipals/{id}/appRoleAssignments: what Entra granted, not what Exchange did."""
    principal = call.parameters["id"]
    if principal != seed.APP_OBJECT_ID:
        raise not_found(principal)
    assignments = [
        {
            "id": stable_id("appRoleAssignment", name),
            "appRoleId": stable_id("appRole", name),
            "createdDateTime": graph_time(call.now),
            "principalDisplayName": "id-day-one-pass-sandbox",
            "principalId": principal,
            "principalType": "ServicePrincipal",
            "resourceDisplayName": "Microsoft Graph",
            "resourceId": _GRAPH_OBJECT,
        }
        for name in sorted(call.state.permissions)
    ]
    return call.page(assignments, f"servicePrincipals('{principal}')/appRoleAssignments")


def _roles(call: Call) -> list[Json]:
    names = sorted(seed.PERMISSIONS | call.state.permissions)
    return [{"id": stable_id("appRole", name), "value": name, "isEnabled": True} for name in names]
