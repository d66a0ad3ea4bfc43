"""Groups and their members."""

import re

from sandbox.tenant.errors import GraphError, bad_request, not_found
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.state import Json

SERVICE_PRINCIPAL = "#microsoft.graph.servicePrincipal"
_REFERENCE = re.compile(
    r"https://graph\.microsoft\.com/(?:v1\.0|beta)/(?:directoryObjects|devices|users)/([0-9a-fA-F-]{36})"
)


def read(call: Call) -> Answer:
    """GET /groups/{id}; a user's id is not found here."""
    return Answer(200, call.context("groups/$entity") | schema.choose(_group(call), call.select, schema.GROUP, "group"))


def members(call: Call) -> Answer:
    """GET /groups/{id}/members, direct ones, page by page."""
    found = [_member(call, member) for member in call.state.members[_group(call)["id"]]]
    chosen = call.select
    if chosen is not None:
        schema.check(chosen, schema.DIRECTORY_OBJECT, "directoryObject")
        found = [{key: m[key] for key in ("@odata.type", *chosen) if key in m} for m in found]
    return call.page(found, "directoryObjects")


def owners(call: Call) -> Answer:
    """GET /groups/{id}/owners; v1.0 leaves out service principals."""
    found = call.state.owners.get(_group(call)["id"], [])
    shown = [one for one in found if call.version == "beta" or one["@odata.type"] != SERVICE_PRINCIPAL]
    return call.page(shown, "directoryObjects")


def add_member(call: Call) -> Answer:
    """POST /groups/{id}/members/$ref: takes the directory object's id, not a deviceId."""
    group = _group(call)
    body = call.json()
    schema.check_body(body, schema.REFERENCE, "directoryObject")
    reference = body.get("@odata.id")
    match = _REFERENCE.fullmatch(reference) if isinstance(reference, str) else None
    if match is None:
        raise bad_request("Invalid entity reference: '@odata.id' must name a directory object.")
    member = match[1].lower()
    if member not in call.state.users | call.state.devices | call.state.groups:
        raise not_found(member)
    _refuse_dynamic(group)
    if member in call.state.members[group["id"]]:
        raise GraphError(
            400,
            "Request_BadRequest",
            "One or more added object references already exist for the following modified properties: 'members'.",
        )
    call.state.members[group["id"]].append(member)
    return Answer(204)


def remove_member(call: Call) -> Answer:
    """DELETE /groups/{id}/members/{id}/$ref."""
    group = _group(call)
    member = call.parameters["id"].lower()
    _refuse_dynamic(group)
    if member not in call.state.members[group["id"]]:
        raise not_found(member)
    call.state.members[group["id"]].remove(member)
    return Answer(204)


def _group(call: Call) -> Json:
    found = call.state.groups.get(call.parameters["group"].lower())
    if found is None:
        raise not_found(call.parameters["group"])
    return found


def _refuse_dynamic(group: Json) -> None:
    if "DynamicMembership" in group["groupTypes"]:
        raise GraphError(
            400, "Request_BadRequest", "Insufficient privileges to complete the operation: the membership is dynamic."
        )


def _member(call: Call, member: str) -> Json:
    state = call.state
    for kind, objects in (("user", state.users), ("device", state.devices), ("group", state.groups)):
        if member in objects:
            shown = (
                {key: objects[member].get(key) for key in schema.USER_UNASKED} if kind == "user" else objects[member]
            )
            return {"@odata.type": f"#microsoft.graph.{kind}"} | shown
    raise not_found(member)
