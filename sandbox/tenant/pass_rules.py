"""When a Temporary Access Pass works: by policy, clock and use. Pure; Graph and the lock screen both ask here."""

from datetime import datetime, timedelta

from sandbox.tenant.state import StoredPass, TenantState

USABLE = "EnabledByPolicy"
DISABLED = "DisabledByPolicy"
USED = "OneTimeUsed"
NOT_YET = "NotYetValid"
EXPIRED = "Expired"


def usability(state: TenantState, held: StoredPass, now: datetime) -> str:
    """Return Graph's methodUsabilityReason for a pass at `now`.

    A multi-use pass is blocked when the policy turns to one-time later, and when its user leaves the targets.
    """
    blocked = state.pass_policy["isUsableOnce"] and not held.one_time
    if blocked or not targets(state, held.user_id):
        return DISABLED
    if held.one_time and held.used is not None:
        return USED
    if now < held.start:
        return NOT_YET
    return EXPIRED if now >= end(held) else USABLE


def end(held: StoredPass) -> datetime:
    """Return the instant a pass ends; the lifetime counts from the start."""
    return held.start + timedelta(minutes=held.lifetime)


def targets(state: TenantState, user_id: str) -> bool:
    """Tell whether the policy is on and a user is among its targets; an excluded group wins over all."""
    policy = state.pass_policy
    reach = {"all_users", user_id, *state.groups_of(user_id)}
    included = any(target["id"] in reach for target in policy["includeTargets"])
    excluded = any(target["id"] in reach for target in policy["excludeTargets"])
    return policy["state"] == "enabled" and included and not excluded
