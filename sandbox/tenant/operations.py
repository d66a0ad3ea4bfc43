"""Changes to the tenant that a test or a curious person asks for: one small function per operation."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.tenant.errors import GraphError
from sandbox.tenant.graph import policies, profiles, schema, shapes
from sandbox.tenant.state import Json, Profile, RoleGrant, TenantState
from sandbox.tenant.times import graph_time


class OperationError(Exception):
    """The operation cannot be carried out; the text says what to send instead."""


@dataclass(frozen=True, slots=True)
class Change:
    """One operation on a state at an instant."""

    state: TenantState
    now: datetime
    body: Json

    def text(self, name: str) -> str:
        """Return a text the operation needs."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise OperationError(f"{self.body.get('op')} needs the text '{name}'")
        return value

    def number(self, name: str) -> float:
        """Return a number the operation needs."""
        value = self.body.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            raise OperationError(f"{self.body.get('op')} needs '{name}', a number that is not negative")
        return value

    def fields(self, name: str) -> Json:
        """Return an object the operation needs."""
        value = self.body.get(name)
        if not isinstance(value, dict):
            raise OperationError(f"{self.body.get('op')} needs the object '{name}'")
        return value

    def person(self, name: str = "user") -> Json:
        """Return the user that a field names by UPN or id."""
        return _known(self.state.user(self.text(name)), self.text(name))

    def group(self) -> Json:
        """Return the group that `group` names."""
        return _known(self.state.group(self.text("group")), self.text("group"))

    def object_id(self, name: str) -> str:
        """Return the directory id of a user, group or device that a field names."""
        key, state = self.text(name), self.state
        found = _known(state.user(key) or state.device(key) or state.group(key), key)
        return str(found["id"])


type Operation = Callable[[Change], Json]


def apply(state: TenantState, now: datetime, body: Json) -> Json:
    """Carry out one operation and return what it made; OperationError where it makes no sense."""
    operation = OPERATIONS.get(str(body.get("op")))
    if operation is None:
        raise OperationError(f"unknown op {body.get('op')!r}; known are {', '.join(OPERATIONS)}")
    try:
        return operation(Change(state, now, body))
    except GraphError as refusal:
        raise OperationError(refusal.message) from refusal


def _known[T](found: T | None, key: str) -> T:
    if found is None:
        raise OperationError(f"there is no {key!r} in this tenant")
    return found


def _upsert_user(change: Change) -> Json:
    given = dict(change.fields("user"))
    state, upn = change.state, given.get("userPrincipalName")
    if not isinstance(upn, str):
        raise OperationError("user needs a userPrincipalName")
    manager, mailbox, roles = given.pop("manager", ...), given.pop("mailbox", None), given.pop("appRoles", None)
    schema.check_body(given, schema.USER, "user")
    known = state.user(str(given.get("id", upn))) or state.user(upn)
    extension = shapes.extension_attributes({}) | (given.pop("onPremisesExtensionAttributes", None) or {})
    if known is None:
        new = {"id": str(uuid.uuid4()), "displayName": upn, "createdDateTime": graph_time(change.now), "mail": upn}
        known = shapes.user(new | given | {"onPremisesExtensionAttributes": extension})
        mailbox = True if mailbox is None else mailbox
        if not change.body.get("visible", False):
            state.visible_from[known["id"]] = change.now + timedelta(seconds=state.knobs.replication)
    state.users[known["id"]] = (
        known | given | ({"onPremisesExtensionAttributes": extension} if any(extension.values()) else {})
    )
    _set_manager(change, known["id"], manager)
    if mailbox is not None:
        (state.mailboxes.add if mailbox else state.mailboxes.discard)(known["id"])
    if roles is not None:
        state.app_roles[known["id"]] = list(roles)
    return {"id": known["id"]}


def _set_manager(change: Change, user_id: str, manager: Any) -> None:
    if manager is None:
        change.state.managers.pop(user_id, None)
    elif manager is not ...:
        change.state.managers[user_id] = _known(change.state.user(manager), manager)["id"]


def _delete_user(change: Change) -> Json:
    user_id, state = change.person()["id"], change.state
    for table in (state.users, state.visible_from, state.managers, state.passes, state.app_roles):
        table.pop(user_id, None)
    state.managers = {below: above for below, above in state.managers.items() if above != user_id}
    state.mailboxes.discard(user_id)
    state.mail_scope.discard(user_id)
    for members in state.members.values():
        if user_id in members:
            members.remove(user_id)
    return {}


def _upsert_group(change: Change) -> Json:
    given, state = dict(change.fields("group")), change.state
    schema.check_body(given, schema.GROUP, "group")
    known = state.group(str(given.get("id") or given.get("displayName")))
    if known is None:
        if not given.get("displayName"):
            raise OperationError("a new group needs a displayName")
        known = shapes.group({"id": str(uuid.uuid4()), "createdDateTime": graph_time(change.now)} | given)
    state.groups[known["id"]] = known | given
    state.members.setdefault(known["id"], [])
    return {"id": known["id"]}


def _delete_group(change: Change) -> Json:
    group_id = change.group()["id"]
    del change.state.groups[group_id]
    del change.state.members[group_id]
    return {}


def _add_member(change: Change) -> Json:
    members = change.state.members[change.group()["id"]]
    member = change.object_id("member")
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
    online = given.pop("online", None)
    schema.check_body(given, schema.DEVICE, "device")
    known = state.device(key)
    if known is None:
        new = {
            "id": str(uuid.uuid4()),
            "deviceId": key,
            "displayName": key,
            "operatingSystemVersion": "10.0.26100.4061",
        }
        known = shapes.device(new)
    state.devices[known["id"]] = known | given
    if online is not None:
        (state.offline.discard if online else state.offline.add)(known["id"])
    return {"id": known["id"]}


def _delete_device(change: Change) -> Json:
    device = _known(change.state.device(change.text("device")), change.text("device"))
    del change.state.devices[device["id"]]
    for members in change.state.members.values():
        if device["id"] in members:
            members.remove(device["id"])
    return {}


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
        found.assignments = profiles.merged(found.body["id"], change.body["assignments"])
    return {"id": found.body["id"]}


def _delete_profile(change: Change) -> Json:
    found = _known(change.state.profile(change.text("profile")), change.text("profile"))
    del change.state.profiles[found.body["id"]]
    return {}


def _set_domain(change: Change) -> Json:
    name, given = change.text("domain").lower(), change.body.get("federation")
    if given is None:
        change.state.domains[name] = None
    else:
        base = change.state.domains.get(name) or shapes.federation(name, None)
        change.state.domains[name] = base | change.fields("federation")
    return {}


def _grant_role(change: Change) -> RoleGrant:
    return RoleGrant(
        str(uuid.uuid4()),
        change.object_id("principal"),
        change.text("role"),
        str(change.body.get("scope", "/")),
        change.now,
    )


def _assign_role(change: Change) -> Json:
    change.state.active_roles.append(grant := _grant_role(change))
    return {"id": grant.id}


def _make_eligible(change: Change) -> Json:
    change.state.eligible_roles.append(grant := _grant_role(change))
    return {"id": grant.id}


def _remove_roles(change: Change) -> Json:
    principal, state = change.object_id("principal"), change.state
    state.active_roles = [grant for grant in state.active_roles if grant.principal_id != principal]
    state.eligible_roles = [grant for grant in state.eligible_roles if grant.principal_id != principal]
    return {}


def _set_permissions(change: Change) -> Json:
    given = change.body.get("permissions")
    if not isinstance(given, list):
        raise OperationError("set-permissions needs the list 'permissions'")
    change.state.permissions = {str(name) for name in given}
    return {}


def _grant_permission(change: Change) -> Json:
    change.state.permissions.add(change.text("permission"))
    return {}


def _revoke_permission(change: Change) -> Json:
    change.state.permissions.discard(change.text("permission"))
    return {}


def _set_app_roles(change: Change) -> Json:
    change.state.app_roles[change.person()["id"]] = [str(role) for role in change.body.get("roles", [])]
    return {}


def _grant_mailbox(change: Change) -> Json:
    change.state.mail_scope.add(change.person()["id"])
    return {}


def _revoke_mailbox(change: Change) -> Json:
    change.state.mail_scope.discard(change.person()["id"])
    return {}


def _set_throttle(change: Change) -> Json:
    change.state.knobs.throttle_limit = int(change.number("limit"))
    if "seconds" in change.body:
        change.state.knobs.throttle_window = change.number("seconds")
    return {}


def _set_replication(change: Change) -> Json:
    change.state.knobs.replication = change.number("seconds")
    if "passSeconds" in change.body:
        change.state.knobs.pass_replication = change.number("passSeconds")
    return {}


def _set_sign_in_delay(change: Change) -> Json:
    change.state.knobs.sign_in_delay = change.number("seconds")
    return {}


def _set_token_life(change: Change) -> Json:
    change.state.knobs.token_life = int(change.number("seconds"))
    return {}


def _set_page_size(change: Change) -> Json:
    change.state.knobs.page_size = max(1, int(change.number("size")))
    return {}


def _set_p1(change: Change) -> Json:
    change.state.knobs.has_p1 = bool(change.body.get("present"))
    return {}


def _set_p2(change: Change) -> Json:
    change.state.knobs.has_p2 = bool(change.body.get("present"))
    return {}


OPERATIONS: dict[str, Operation] = {
    "upsert-user": _upsert_user,
    "delete-user": _delete_user,
    "upsert-group": _upsert_group,
    "delete-group": _delete_group,
    "add-member": _add_member,
    "remove-member": _remove_member,
    "set-device": _set_device,
    "delete-device": _delete_device,
    "set-policy": _set_policy,
    "set-profile": _set_profile,
    "delete-profile": _delete_profile,
    "set-domain": _set_domain,
    "assign-role": _assign_role,
    "make-eligible": _make_eligible,
    "remove-roles": _remove_roles,
    "set-permissions": _set_permissions,
    "grant-permission": _grant_permission,
    "revoke-permission": _revoke_permission,
    "set-app-roles": _set_app_roles,
    "grant-mailbox": _grant_mailbox,
    "revoke-mailbox": _revoke_mailbox,
    "set-throttle": _set_throttle,
    "set-replication": _set_replication,
    "set-sign-in-delay": _set_sign_in_delay,
    "set-token-life": _set_token_life,
    "set-page-size": _set_page_size,
    "set-p1": _set_p1,
    "set-p2": _set_p2,
}
