"""Operations on accounts: who there is, above whom, with which mailbox, app roles and directory roles."""

import uuid
from datetime import timedelta
from typing import Any

from sandbox.tenant.graph import schema, shapes
from sandbox.tenant.operations.change import Change, Operation, OperationError, known
from sandbox.tenant.state import Json, RoleGrant
from sandbox.tenant.times import graph_time


def _upsert_user(change: Change) -> Json:
    given = dict(change.fields("user"))
    state, upn = change.state, given.get("userPrincipalName")
    if not isinstance(upn, str):
        raise OperationError("user needs a userPrincipalName")
    manager, mailbox, roles = given.pop("manager", ...), given.pop("mailbox", None), given.pop("appRoles", None)
    schema.check_body(given, schema.USER, "user")
    found = state.user(str(given.get("id", upn))) or state.user(upn)
    extension = shapes.extension_attributes({}) | (given.pop("onPremisesExtensionAttributes", None) or {})
    if found is None:
        new = {"id": str(uuid.uuid4()), "displayName": upn, "createdDateTime": graph_time(change.now), "mail": upn}
        found = shapes.user(new | given | {"onPremisesExtensionAttributes": extension})
        mailbox = True if mailbox is None else mailbox
        if not change.body.get("visible", False):
            state.visible_from[found["id"]] = change.now + timedelta(seconds=state.knobs.replication)
    state.users[found["id"]] = (
        found | given | ({"onPremisesExtensionAttributes": extension} if any(extension.values()) else {})
    )
    _set_manager(change, found["id"], manager)
    if mailbox is not None:
        (state.mailboxes.add if mailbox else state.mailboxes.discard)(found["id"])
    if roles is not None:
        state.app_roles[found["id"]] = list(roles)
    return {"id": found["id"]}


def _set_manager(change: Change, user_id: str, manager: Any) -> None:
    if manager is None:
        change.state.managers.pop(user_id, None)
    elif manager is not ...:
        change.state.managers[user_id] = known(change.state.user(manager), manager)["id"]


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


OPERATIONS: dict[str, Operation] = {
    "upsert-user": _upsert_user,
    "delete-user": _delete_user,
    "set-app-roles": _set_app_roles,
    "grant-mailbox": _grant_mailbox,
    "revoke-mailbox": _revoke_mailbox,
    "assign-role": _assign_role,
    "make-eligible": _make_eligible,
    "remove-roles": _remove_roles,
}
