"""Operations on accounts: who there is, above whom, with which mailbox, app roles and directory roles."""

import uuid
from datetime import timedelta

from sandbox.tenant import lockscreen
from sandbox.tenant.graph import schema, shapes
from sandbox.tenant.operations.change import Change, Operation, OperationError, known
from sandbox.tenant.state import EligibleMember, Json, Registered, RoleGrant
from sandbox.tenant.times import graph_time

_BESIDE = ("manager", "mailbox", "teamsApp", "appRoles")  # what Graph keeps elsewhere than in the user
_EXTENSION = "onPremisesExtensionAttributes"


def _upsert_user(change: Change) -> Json:
    given = change.fields("user")
    upn, state = given.get("userPrincipalName"), change.state
    if not isinstance(upn, str) or "@" not in upn:
        raise OperationError("user needs a userPrincipalName")
    beside = {name: given[name] for name in _BESIDE if name in given}
    if beside.get("manager") is not None:
        known(state.user(beside["manager"]), beside["manager"])
    own = {name: value for name, value in given.items() if name not in _BESIDE}
    schema.check_body(own, schema.USER, "user")
    before = state.user(str(given.get("id", upn))) or state.user(upn)
    if before is None:
        before, beside = _new_user(change, upn), {"mailbox": True} | beside
    state.users[before["id"]] = before | own | {_EXTENSION: before[_EXTENSION] | own.get(_EXTENSION, {})}
    _set_beside(change, before["id"], beside)
    return {"id": before["id"]}


def _new_user(change: Change, upn: str) -> Json:
    given = change.fields("user")
    user_id = str(given.get("id") or uuid.uuid4())
    if not change.body.get("visible", False):
        delay = timedelta(seconds=change.state.knobs.replication)
        change.state.visible_from[user_id] = change.now + delay
    created = graph_time(change.now)
    known_so_far = {"id": user_id, "displayName": upn, "userPrincipalName": upn, "mail": upn}
    return shapes.user(known_so_far | {"createdDateTime": created})


def _set_beside(change: Change, user_id: str, beside: Json) -> None:
    state = change.state
    if "manager" in beside:
        _set_manager(change, user_id, beside["manager"])
    if "mailbox" in beside:
        (state.mailboxes.add if beside["mailbox"] else state.mailboxes.discard)(user_id)
    if "teamsApp" in beside:
        (state.without_teams_app.discard if beside["teamsApp"] else state.without_teams_app.add)(user_id)
    if "appRoles" in beside:
        state.app_roles[user_id] = list(beside["appRoles"])


def _set_manager(change: Change, user_id: str, manager: str | None) -> None:
    if manager is None:
        change.state.managers.pop(user_id, None)
    else:
        change.state.managers[user_id] = known(change.state.user(manager), manager)["id"]


def _delete_user(change: Change) -> Json:
    user_id, state = change.person()["id"], change.state
    for table in (state.users, state.visible_from, state.managers, state.passes, state.app_roles, state.registered):
        table.pop(user_id, None)
    state.managers = {below: above for below, above in state.managers.items() if above != user_id}
    state.mailboxes.discard(user_id)
    state.mail_scope.discard(user_id)
    for members in state.members.values():
        if user_id in members:
            members.remove(user_id)
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


def _grant_role(change: Change) -> RoleGrant:
    group = change.state.groups.get(change.object_id("principal"))
    if group is not None and not group["isAssignableToRole"]:
        raise OperationError("Entra gives roles to groups only if they are role-assignable")
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


def _make_eligible_member(change: Change) -> Json:
    """Let somebody activate a group by PIM for Groups, as its member or its owner."""
    access = str(change.body.get("access", "member"))
    one = EligibleMember(str(uuid.uuid4()), change.object_id("principal"), change.group()["id"], access, change.now)
    change.state.eligible_members.append(one)
    return {"id": one.id}


def _remove_roles(change: Change) -> Json:
    principal, state = change.object_id("principal"), change.state
    state.active_roles = [grant for grant in state.active_roles if grant.principal_id != principal]
    state.eligible_roles = [grant for grant in state.eligible_roles if grant.principal_id != principal]
    return {}


def _register_method(change: Change) -> Json:
    """Set up another authentication method, as who is signed in at some device can."""
    state, user_id = change.state, change.person()["id"]
    here = (lockscreen.session(state, device, change.now) for device in state.sessions)
    if not any(session and session.user_id == user_id for session in here):
        raise OperationError(f"{change.text('user')} is signed in nowhere, and so cannot set up a method")
    state.methods.append(Registered(user_id, change.text("method"), change.now))
    return {}


OPERATIONS: dict[str, Operation] = {
    "upsert-user": _upsert_user,
    "delete-user": _delete_user,
    "set-app-roles": _set_app_roles,
    "grant-mailbox": _grant_mailbox,
    "revoke-mailbox": _revoke_mailbox,
    "assign-role": _assign_role,
    "make-eligible": _make_eligible,
    "make-eligible-member": _make_eligible_member,
    "remove-roles": _remove_roles,
    "register-method": _register_method,
}
