"""Operations on what the app may do and what the tenant can: permissions, licences, limits, delays."""

from sandbox.tenant import seed
from sandbox.tenant.graph import approvals
from sandbox.tenant.operations.change import Change, Operation, OperationError
from sandbox.tenant.state import Json


def _set_permissions(change: Change) -> Json:
    given = change.body.get("permissions")
    if not isinstance(given, list):
        raise OperationError("set-permissions needs the list 'permissions'")
    names = {str(name) for name in given}
    change.state.permissions, change.state.exchange = names - seed.EXCHANGE, names & seed.EXCHANGE
    return {}


def _grant_permission(change: Change) -> Json:
    """Grant in Entra: of Mail.Send that is a grant for every mailbox."""
    change.state.permissions.add(change.text("permission"))
    return {}


def _revoke_permission(change: Change) -> Json:
    for granted in (change.state.permissions, change.state.exchange):
        granted.discard(change.text("permission"))
    return {}


def _set_throttle(change: Change) -> Json:
    change.state.knobs.throttle_limit = int(change.number("limit"))
    if "seconds" in change.body:
        change.state.knobs.throttle_window = change.number("seconds")
    return {}


def _set_intune_throttle(change: Change) -> Json:
    """Let Intune take less: requests, or writes, of one app in 20 seconds."""
    knobs = change.state.knobs
    knobs.intune_limit = int(change.number("limit")) if "limit" in change.body else knobs.intune_limit
    knobs.intune_writes = int(change.number("writes")) if "writes" in change.body else knobs.intune_writes
    return {}


def _set_replication(change: Change) -> Json:
    change.state.knobs.replication = change.number("seconds")
    if "passSeconds" in change.body:
        change.state.knobs.pass_replication = change.number("passSeconds")
    return {}


def _set_sign_in_delay(change: Change) -> Json:
    change.state.knobs.sign_in_delay = change.number("seconds")
    return {}


def _set_report_delay(change: Change) -> Json:
    change.state.knobs.report_delay = change.number("seconds")
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


def _set_approval(change: Change) -> Json:
    """Protect profiles by Multi Admin Approval, answering such a write with this status; null lifts it."""
    status = change.body.get("status")
    if status is not None and status not in approvals.CODES:
        raise OperationError(f"set-approval takes a status of {sorted(approvals.CODES)}, or null")
    change.state.knobs.approval_status = status or 0
    return {}


def _decide_approval(change: Change) -> Json:
    """Decide all requests that wait, as an administrator would: approved, rejected, cancelled, expired."""
    if change.text("status") not in approvals.DECIDED:
        raise OperationError(f"decide-approval takes a status of {sorted(approvals.DECIDED)}")
    waiting = [asked for asked in change.state.approvals if asked.status == "needsApproval"]
    for asked in waiting:
        asked.status = change.text("status")
    return {"decided": [asked.id for asked in waiting]}


def _set_p2(change: Change) -> Json:
    change.state.knobs.has_p2 = bool(change.body.get("present"))
    return {}


OPERATIONS: dict[str, Operation] = {
    "set-permissions": _set_permissions,
    "grant-permission": _grant_permission,
    "revoke-permission": _revoke_permission,
    "set-throttle": _set_throttle,
    "set-intune-throttle": _set_intune_throttle,
    "set-replication": _set_replication,
    "set-sign-in-delay": _set_sign_in_delay,
    "set-report-delay": _set_report_delay,
    "set-token-life": _set_token_life,
    "set-page-size": _set_page_size,
    "set-approval": _set_approval,
    "decide-approval": _decide_approval,
    "set-p1": _set_p1,
    "set-p2": _set_p2,
}
