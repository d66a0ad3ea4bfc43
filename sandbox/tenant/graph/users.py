"""Users, their managers and their groups."""

from sandbox.tenant.errors import GraphError, not_found
from sandbox.tenant.graph import query, schema
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.seed import ROLE_IDS, stable_id
from sandbox.tenant.state import Json

# These take $filter only as an advanced query
_ADVANCED = ("onPremisesExtensionAttributes/", "employeeHireDate")


def read(call: Call) -> Answer:
    """GET /users/{id or UPN} with $select and $expand=manager."""
    person = call.user()
    return Answer(200, call.context("users/$entity") | _shown(call, person))


def find(call: Call) -> Answer:
    """GET /users with $filter: none, one or many, for nothing makes an employee number unique."""
    text = call.options.get("$filter")
    if text:
        named = query.parse_filter(text).properties
        if any(name.startswith(_ADVANCED) for name in named) and not call.advanced:
            raise GraphError(
                400,
                "Request_UnsupportedQuery",
                f"Unsupported or invalid query filter clause specified for property '{min(named)}' of resource 'User'.",
            )
    found = call.matching(call.state.visible_users(call.now), schema.USER, "user")
    return call.page([_shown(call, person) for person in found], "users")


def manager(call: Call) -> Answer:
    """GET /users/{id}/manager; somebody without one gets the directory's 404."""
    found = _manager(call, call.user())
    if found is None:
        raise not_found("manager")
    shown = schema.choose(found, call.select or schema.USER_UNASKED, schema.USER, "user")
    return Answer(200, call.context("directoryObjects/$entity") | {"@odata.type": "#microsoft.graph.user"} | shown)


def transitive_member_of(call: Call) -> Answer:
    """GET /users/{id}/transitiveMemberOf: groups at any depth, and the directory roles held tenant-wide."""
    person = call.user()
    groups = [_as_object(call.state.groups[g], "group") for g in call.state.groups_of(person["id"])]
    return _objects(call, groups + _roles(call, person["id"]))


def transitive_groups(call: Call) -> Answer:
    """GET /users/{id}/transitiveMemberOf/microsoft.graph.group: an OData cast, so an advanced query."""
    if not call.advanced:
        raise GraphError(
            400, "Request_UnsupportedQuery", "The OData cast needs ConsistencyLevel: eventual and $count=true."
        )
    return _objects(call, [_as_object(call.state.groups[g], "group") for g in call.state.groups_of(call.user()["id"])])


def registered_devices(call: Call) -> Answer:
    """GET /users/{id}/registeredDevices: what the user joined or registered, not what waits for him."""
    held = call.state.registered.get(call.user()["id"], [])
    return _objects(call, [_as_object(call.state.devices[device], "device") for device in held])


def _objects(call: Call, objects: list[Json]) -> Answer:
    chosen = call.select
    if chosen is not None:
        schema.check(chosen, schema.DIRECTORY_OBJECT, "directoryObject")
        objects = [{key: o[key] for key in ("@odata.type", *chosen) if key in o} for o in objects]
    return call.page(objects, "directoryObjects")


def _as_object(body: Json, kind: str) -> Json:
    return {"@odata.type": f"#microsoft.graph.{kind}"} | body


def _roles(call: Call, user_id: str) -> list[Json]:
    holders = {user_id, *call.state.groups_of(user_id)}
    held = {grant.role for grant in call.state.active_roles if grant.principal_id in holders and grant.scope == "/"}
    return [
        {
            "@odata.type": "#microsoft.graph.directoryRole",
            "id": stable_id("directoryRole", role),
            "deletedDateTime": None,
            "description": role,
            "displayName": role,
            "roleTemplateId": ROLE_IDS.get(role, stable_id("role", role)),
        }
        for role in sorted(held)
    ]


def _manager(call: Call, person: Json) -> Json | None:
    manager_id = call.state.managers.get(person["id"])
    found = call.state.users.get(manager_id or "")
    return found if found and call.state.is_visible(found["id"], call.now) else None


def _shown(call: Call, person: Json) -> Json:
    shown = schema.choose(person, call.select or schema.USER_UNASKED, schema.USER, "user")
    wanted = query.expansions(call.options.get("$expand"))
    for name, chosen in wanted.items():
        if name != "manager":
            schema.check([name], frozenset({"manager"}), "user")
        above = _manager(call, person)
        if above:
            picked = schema.choose(above, chosen or schema.USER_UNASKED, schema.USER, "user")
            shown["manager"] = {"@odata.type": "#microsoft.graph.user"} | picked
    return shown
