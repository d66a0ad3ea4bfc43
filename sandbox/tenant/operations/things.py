"""Operations on groups, devices, profiles, domains and the pass policy."""

import uuid

from sandbox.tenant.filter_rules import FilterNotUnderstoodError, matches
from sandbox.tenant.graph import access, policies, profiles, schema, shapes
from sandbox.tenant.operations.change import Change, Operation, OperationError, known
from sandbox.tenant.state import Json, Profile
from sandbox.tenant.times import graph_time


def _upsert_group(change: Change) -> Json:
    given, state = dict(change.fields("group")), change.state
    schema.check_body(given, schema.GROUP, "group")
    found = state.group(str(given.get("id") or given.get("displayName")))
    if found is None:
        if not given.get("displayName"):
            raise OperationError("a new group needs a displayName")
        found = shapes.group({"id": str(uuid.uuid4()), "createdDateTime": graph_time(change.now)} | given)
    state.groups[found["id"]] = found | given
    state.members.setdefault(found["id"], [])
    return {"id": found["id"]}


def _delete_group(change: Change) -> Json:
    group_id = change.group()["id"]
    del change.state.groups[group_id]
    del change.state.members[group_id]
    return {}


def _add_member(change: Change) -> Json:
    group, member = change.group(), change.object_id("member")
    if group["isAssignableToRole"] and member in change.state.groups:
        raise OperationError("a role-assignable group takes no groups as members")
    members = change.state.members[group["id"]]
    if member not in members:
        members.append(member)
    return {}


def _remove_member(change: Change) -> Json:
    members = change.state.members[change.group()["id"]]
    member = change.object_id("member")
    if member in members:
        members.remove(member)
    return {}


def _set_device(change: Change) -> Json:
    given, state, key = dict(change.fields("fields")), change.state, change.text("device")
    online, applied = given.pop("online", None), given.pop("applied", None)
    schema.check_body(given, schema.DEVICE, "device")
    found = state.device(key)
    if found is None:
        new = {
            "id": str(uuid.uuid4()),
            "deviceId": key,
            "displayName": key,
            "operatingSystemVersion": "10.0.26100.4061",
        }
        found = shapes.device(new)
    state.devices[found["id"]] = found | given
    if online is not None:
        (state.offline.discard if online else state.offline.add)(found["id"])
    if applied is not None:
        state.applied[found["id"]] = applied
    return {"id": found["id"]}


def _delete_device(change: Change) -> Json:
    device = known(change.state.device(change.text("device")), change.text("device"))
    del change.state.devices[device["id"]]
    for ids in (*change.state.members.values(), *change.state.registered.values()):
        if device["id"] in ids:
            ids.remove(device["id"])
    return {}


def _register_device(change: Change) -> Json:
    user, device = change.person()["id"], known(change.state.device(change.text("device")), change.text("device"))
    change.state.registered.setdefault(user, []).append(device["id"])
    return {}


def _add_autopilot(change: Change) -> Json:
    """Let Autopilot know a serial number; `device`, where one is given, is what the directory has for it."""
    key = change.body.get("device")
    device = known(change.state.device(key), key)["deviceId"] if key else None
    made = shapes.autopilot_identity(str(uuid.uuid4()), change.text("serial"), device)
    change.state.autopilot.append(made)
    return {"id": made["id"]}


def _set_policy(change: Change) -> Json:
    change.state.pass_policy = policies.merged(change.state.pass_policy, change.fields("policy"))
    return {}


def _set_profile(change: Change) -> Json:
    name, state = change.text("profile"), change.state
    found = state.profile(name)
    if found is None:
        found = Profile(shapes.profile(str(uuid.uuid4()), name, change.now), [], [])
        state.profiles[found.body["id"]] = found
    fields = change.body.get("fields") or {}
    schema.check_body(fields, schema.PROFILE, "deviceManagementConfigurationPolicy")
    found.body |= fields
    if "enabled" in change.body:
        choice = change.body["enabled"]
        found.settings = [] if choice is None else [shapes.choice_setting(shapes.WEB_SIGN_IN, str(choice))]
    if "assignments" in change.body:
        found.assignments = profiles.merged(found.body["id"], change.body["assignments"], _kinds(change))
    return {"id": found.body["id"]}


def _rival_profile(change: Change) -> Json:
    """Let another tool write what it believes to be all, directly after each of the next writes."""
    found = known(change.state.profile(change.text("profile")), change.text("profile"))
    theirs = profiles.merged(found.body["id"], change.body["assignments"], _kinds(change))
    found.rivals = [theirs] * int(change.number("times"))
    return {}


def _kinds(change: Change) -> frozenset[str]:
    """Let every kind of target be known that is given, for Intune learns new ones."""
    targets = [given.get("target") for given in change.body["assignments"] if isinstance(given, dict)]
    return frozenset(str(target.get("@odata.type")) for target in targets if isinstance(target, dict))


def _delete_profile(change: Change) -> Json:
    found = known(change.state.profile(change.text("profile")), change.text("profile"))
    del change.state.profiles[found.body["id"]]
    return {}


def _set_filter(change: Change) -> Json:
    """Make or replace an assignment filter; the lock screen evaluates its rule."""
    filter_id = str(change.body.get("id") or uuid.uuid4()).lower()
    try:
        matches(change.text("rule"), {})
    except FilterNotUnderstoodError as fault:
        raise OperationError(f"this rule is not understood here: {fault}") from fault
    change.state.filters[filter_id] = change.text("rule")
    return {"id": filter_id}


def _set_domain(change: Change) -> Json:
    name, given = change.text("domain").lower(), change.body.get("federation")
    if given is None:
        change.state.domains[name] = None
    else:
        base = change.state.domains.get(name) or shapes.federation(name, None)
        change.state.domains[name] = base | change.fields("federation")
    return {}


def _set_access_policy(change: Change) -> Json:
    """Make or replace a Conditional Access policy; what is not told is as usual."""
    name = change.text("policy")
    change.state.access_policies[name] = access.policy(name, change.now, **(change.body.get("fields") or {}))
    return {"id": change.state.access_policies[name]["id"]}


def _delete_access_policy(change: Change) -> Json:
    known(change.state.access_policies.pop(change.text("policy"), None), change.text("policy"))
    return {}


OPERATIONS: dict[str, Operation] = {
    "upsert-group": _upsert_group,
    "delete-group": _delete_group,
    "add-member": _add_member,
    "remove-member": _remove_member,
    "set-device": _set_device,
    "delete-device": _delete_device,
    "register-device": _register_device,
    "add-autopilot": _add_autopilot,
    "set-policy": _set_policy,
    "set-profile": _set_profile,
    "rival-profile": _rival_profile,
    "delete-profile": _delete_profile,
    "set-filter": _set_filter,
    "set-domain": _set_domain,
    "set-access-policy": _set_access_policy,
    "delete-access-policy": _delete_access_policy,
}
